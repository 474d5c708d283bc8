"""Databases that tests start from. They are built once and copied; no test builds one.

Each is a copy of the one before, and more:

1. "migrated": the tables, without rows.
2. "reference", "network", "demo": the data of `load_reference`, of `load_network`, of `load_demo`.
3. A cast: one of these, and the rows of the fixtures that are marked with `@prepared.fixture`.

On SQLite a database is a file. Those of 1 and 2 are kept between runs in var/prepared/, under a
name that changes with every source that they are made from, and for 2 also with the day: the
demonstration counts from today. On PostgreSQL a database is a template for `CREATE DATABASE`; the
processes of one run share those of 1 and 2, and the last process to end drops all. There the rows
of the network are copied from the SQLite database of the same name, where that is kept: loading
them takes as long as two hundred tests. The reference data and the demonstration are loaded.

Casts are built once per process, because their rows carry the time of their making.

`make prepared` builds those of 1 and 2 on SQLite before a run: while one process loads the network,
others that need it have nothing to do, and what counts branches counts those of the loaders too.
"""

import fcntl
import functools
import hashlib
import io
import os
import pickle
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import django
import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import setup_test_environment
from django.utils import timezone
from django.utils.translation import override

FOLDER = settings.BASE_DIR / "var" / "prepared"
# A database that no run has used for so long is deleted.
KEPT = timedelta(days=1)
# The processes of one run have this name in common: pytest-xdist starts them with the environment.
RUN = os.environ.setdefault("PREPARED_RUN", uuid.uuid4().hex[:8])
FAST_PASSWORDS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The sources that the tables are made from, and those that the rows of the network are made from.
APPS = ("portal", "programs", "members", "languages")
ALWAYS = ["tests/prepared.py", "portal/settings.py", "requirements.txt"]
TABLES = [*ALWAYS, "portal/kept_pages/triggers.py"] + [
    f"{app}/{name}"
    for app in APPS
    for name in ("migrations/*.py", "models/**/*.py", "models.py", "translation.py", "apps.py")
]
ROWS = [*ALWAYS, "data/**/*", *(f"{app}/**/*.py" for app in APPS)]
# No loader may know these (import-linter proves it).
PAGES = {"views", "admin", "templatetags"}

# The databases that all processes share, in the order in which each is made from the one before;
# and the fixture that asks for each.
SHARED = ("migrated", "reference", "network", "demo")
ASKED_BY = {"reference_data": "reference", "network_data": "network", "real_data": "demo"}

Builder = Callable[..., object]


def digest(patterns: Iterable[str], *more: object) -> str:
    """A short text that changes with the name or content of any file that a pattern finds."""
    total = hashlib.sha256(repr(more).encode())
    for path in sorted({path for pattern in patterns for path in settings.BASE_DIR.glob(pattern)}):
        if path.is_file() and path.suffix != ".pyc" and not PAGES.intersection(path.parts):
            total.update(str(path.relative_to(settings.BASE_DIR)).encode() + b"\0")
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


@contextmanager
def one_process(name: str) -> Iterator[None]:
    """The block runs in one process at a time; the others wait here."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# --- One database of either kind ------------------------------------------------------------------


class SQLiteFiles:
    """Databases are files, named by their path."""

    def __init__(self, scratch: Path):
        self.scratch = scratch

    def shared(self, name: str) -> str:
        return str(FOLDER / f"{name}.sqlite3")

    def media(self, name: str) -> Path:
        return FOLDER / f"{name}-media"

    def own(self, name: str) -> str:
        return str(self.scratch / f"{name}.sqlite3")

    def address(self, database: str) -> str:
        """For DATABASE_URL."""
        return f"sqlite:///{database}"

    def exists(self, database: str) -> bool:
        return Path(database).exists()

    def create(self, database: str) -> None:
        """Nothing to do: SQLite makes the file when it connects."""

    def copy(self, source: str, target: str) -> None:
        # Not over the old file: a connection that a test forgot may still write into that one.
        self.drop(target)
        shutil.copyfile(source, target)

    def rename(self, old: str, new: str) -> None:
        Path(old).replace(new)

    def drop(self, database: str) -> None:
        for suffix in ("", "-wal", "-shm", "-queue"):
            Path(f"{database}{suffix}").unlink(missing_ok=True)


class PostgresDatabases:
    """Databases of the server that DATABASE_URL names; each is the template of its copies."""

    def __init__(self):
        used = connection.settings_dict
        self.parameters = {
            name: used[name.upper()] or None for name in ("host", "port", "user", "password")
        }

    def execute(self, sql: str) -> list[tuple]:
        with psycopg.connect(**self.parameters, dbname="postgres", autocommit=True) as server:
            cursor = server.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def shared(self, name: str) -> str:
        return f"test_{RUN}_{name.partition('-')[0]}"

    def media(self, name: str) -> Path:
        return FOLDER / f"{name}-{RUN}-media"

    def own(self, name: str) -> str:
        return f"test_{RUN}_{os.getpid()}_{name}"

    def address(self, database: str) -> str:
        """For DATABASE_URL."""
        used = settings.DATABASES["default"]
        login = quote(used["USER"] or "")
        if used["PASSWORD"]:
            login += f":{quote(used['PASSWORD'])}"
        port = f":{used['PORT']}" if used["PORT"] else ""
        # The folder of a socket stands after two slashes: that is how django-environ reads it.
        host = f"/{used['HOST']}" if used["HOST"].startswith("/") else used["HOST"]
        return f"postgres://{login}@{host}{port}/{database}"

    def exists(self, database: str) -> bool:
        return database in self.all()

    def create(self, database: str) -> None:
        self.execute(f'CREATE DATABASE "{database}"')

    def copy(self, source: str, target: str) -> None:
        self.drop(target)
        self.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def rename(self, old: str, new: str) -> None:
        self.execute(f'ALTER DATABASE "{old}" RENAME TO "{new}"')

    def drop(self, database: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def drop_all_of_this_run(self) -> None:
        """Where the server ends with the run, its folder goes as a whole: dropping hundreds of
        databases one by one, each with a checkpoint, would take longer than many tests."""
        names = [] if os.environ.get("SERVER_ENDS_WITH_THE_RUN") else self.all()
        for name in names:
            if name.startswith(f"test_{RUN}_"):
                self.drop(name)
        for folder in FOLDER.glob(f"*-{RUN}-media"):
            shutil.rmtree(folder)

    def all(self) -> list[str]:
        return [name for (name,) in self.execute("SELECT datname FROM pg_database")]


# --- What a test starts from ----------------------------------------------------------------------


@dataclass
class Start:
    """A database with its files, and the objects that the `@prepared.fixture` fixtures hand out."""

    database: str
    media: Path
    # Pickled: each test gets its own objects, which know each other.
    objects: bytes = field(default_factory=lambda: pickle.dumps({}))


class Prepared:
    """The databases of this process, and which one the connection leads to."""

    def __init__(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        forget_what_is_old()
        self.scratch = Path(tempfile.mkdtemp(prefix="process-", dir=FOLDER))
        if connection.vendor == "sqlite":
            # No row here outlives the machine: nothing waits for the disk.
            connection.settings_dict["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
            self.server = SQLiteFiles(self.scratch)
        else:
            self.server = PostgresDatabases()
        # Of the sources as they are at the start: somebody may write while tests run.
        tables, rows = digest(TABLES), digest(ROWS, settings.LANGUAGES, timezone.localdate())
        self.keys = {base: tables if base == "migrated" else rows for base in SHARED}
        self.starts: dict[tuple, Start] = {}
        self.here: Start | None = None
        self.objects: dict[str, object] = {}
        # Nowhere: whoever connects before a test has its database is refused by Django.
        self.go("")

    def go(self, database: str) -> None:
        """Lead the connection, and those that threads open, to this database."""
        if connection.settings_dict["NAME"] != database:
            connection.close()
            connection.settings_dict["NAME"] = database

    def copy(self, source: str, name: str) -> str:
        """A database of this process, made anew; nobody may be connected to the source."""
        target = self.server.own(name)
        self.server.copy(source, target)
        return target

    def address_of_own(self, name: str) -> str:
        """For DATABASE_URL: a database of this process, for a process that it starts."""
        return self.server.address(self.server.own(name))

    def enter(self, item: pytest.Item) -> None:
        """Before the test: the database that it asks for by its fixtures. A test that commits gets
        a copy that nobody uses after it."""
        asked = [ASKED_BY[name] for name in item.fixturenames if name in ASKED_BY]
        base = max(asked, key=SHARED.index, default="migrated")
        self.here = start = self.start(base, builders_of(item))
        self.objects = pickle.loads(start.objects)  # noqa: S301 - written by this process
        if commits(item):
            self.go("")
            self.go(self.copy(start.database, "committed"))
        else:
            self.go(start.database)

    def give_files(self, folder: Path) -> None:
        """Copy the files that belong to the rows of the database."""
        if self.here and self.here.media.exists():
            shutil.copytree(self.here.media, folder)

    def start(self, base: str, builders: tuple[tuple[str, Builder], ...]) -> Start:
        key = (base, *builders)
        if key not in self.starts:
            before = self.start(base, builders[:-1]) if builders else self.shared(base)
            name = f"start_{len(self.starts)}"
            self.go("")
            database = self.copy(before.database, name)
            start = Start(database, self.scratch / name, before.objects)
            if before.media.exists():
                shutil.copytree(before.media, start.media, dirs_exist_ok=True)
            if builders:
                self.build(start, *builders[-1])
            self.starts[key] = start
        return self.starts[key]

    def build(self, start: Start, name: str, builder: Builder) -> None:
        """Add what one fixture makes."""
        self.go(start.database)
        objects = pickle.loads(start.objects)  # noqa: S301 - written by this process
        arguments = {name: objects.get(name) for name in argument_names(builder)}
        own = override_settings(MEDIA_ROOT=start.media, PASSWORD_HASHERS=FAST_PASSWORDS)
        cache.clear()
        with own, override("en"), transaction.atomic():
            objects[name] = builder(**arguments)
        start.objects = pickle.dumps(objects)

    # --- Those that all processes share ---

    def shared(self, base: str) -> Start:
        """The one that is kept, or a new one; the other processes wait for it."""
        name = f"{base}-{self.keys[base]}"
        database, media = self.server.shared(name), self.server.media(name)
        with one_process(f"{base}-{connection.vendor}"):
            if not self.server.exists(database):
                shutil.rmtree(media, ignore_errors=True)
                self.make(base, database, media)
            for kept in (Path(database), media):
                if kept.exists():
                    os.utime(kept)
        return Start(database, media)

    def make(self, base: str, database: str, media: Path) -> None:
        """Under another name until it is whole: what breaks off is never taken for the database."""
        unfinished = self.server.shared(f"unfinished{os.getpid()}")
        self.go("")
        kept = FOLDER / f"{base}-{self.keys[base]}.sqlite3"
        if base == "migrated":
            self.server.create(unfinished)
            self.go(unfinished)
            call_command("migrate", verbosity=0)
        elif base == "network" and connection.vendor == "postgresql" and kept.exists():
            before = self.shared("migrated")
            self.go("")
            self.server.copy(before.database, unfinished)
            self.go(unfinished)
            copy_rows(kept)
            files = kept.with_name(f"{kept.stem}-media")
            if files.exists():
                shutil.copytree(files, media)
        else:
            before = self.shared(SHARED[SHARED.index(base) - 1])
            if before.media.exists():
                shutil.copytree(before.media, media)
            self.go("")
            self.server.copy(before.database, unfinished)
            self.go(unfinished)
            load(f"load_{base}", media)
        self.go("")
        self.server.rename(unfinished, database)

    def leave(self) -> None:
        """At the end of the process. What a server holds is dropped at the end of the run."""
        self.go("")
        shutil.rmtree(self.scratch)


def load(command: str, media: Path) -> None:
    """Data that a new installation has, into the database that we are at."""
    with override_settings(MEDIA_ROOT=media), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEMO", "1")
        with transaction.atomic():
            call_command(command, verbosity=0, stdout=io.StringIO())
    with connection.cursor() as cursor:
        # The server of the tests gathers no statistics by itself, and plans badly without.
        cursor.execute("ANALYZE")


def copy_rows(source: Path) -> None:
    """The rows of a SQLite database into the migrated tables of PostgreSQL that we are at: every
    type and constraint is checked, and no row is made anew.

    What migrating writes by itself, the kinds of content and the permissions, is the same on both
    and stays; rows of the others refer to it by its keys.
    """
    tables = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as rows,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        # A busy machine may need longer for a table than a page may for a query.
        cursor.execute("SET LOCAL statement_timeout = 0")
        kinds = "SELECT id, app_label, model FROM django_content_type"
        cursor.execute(kinds)
        assert sorted(cursor.fetchall()) == sorted(rows.execute(kinds)), "kinds of content differ"
        for model in tables:
            if model._base_manager.exists():
                continue
            table = model._meta.db_table
            columns = ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields)
            with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in rows.execute(f'SELECT {columns} FROM "{table}"'):  # noqa: S608 - ours
                    copy.write_row(row)
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def forget_what_is_old() -> None:
    """Databases of sources or days that are past, and what a process left that was killed."""
    past = (timezone.now() - KEPT).timestamp()
    for path in FOLDER.iterdir():
        try:
            if path.suffix == ".lock" or path.stat().st_mtime > past:
                continue
        except FileNotFoundError:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def drop_databases_of_this_run() -> None:
    """On a server that outlives the run, nothing stays."""
    if connection.vendor == "postgresql":
        PostgresDatabases().drop_all_of_this_run()


# --- Fixtures whose rows stand in the database before the test ------------------------------------

databases: Prepared | None = None


def fixture(builder: Builder) -> Callable[..., object]:
    """A fixture that always makes the same rows: they are made once, in a database that the test
    starts from.

    Its arguments are other prepared fixtures. What it gives can be pickled: objects of models, and
    lists and dicts of them. A test that asks for it late, by `getfixturevalue`, has it made on the
    spot.
    """

    @functools.wraps(builder)
    def from_database(**arguments: object) -> object:
        objects = databases.objects
        return objects[builder.__name__] if builder.__name__ in objects else builder(**arguments)

    from_database.builder = builder
    return pytest.fixture(from_database)


def builders_of(item: pytest.Item) -> tuple[tuple[str, Builder], ...]:
    """The prepared fixtures that a test asks for, each after those that it needs itself."""
    known = item._fixtureinfo.name2fixturedefs
    ordered: dict[str, Builder] = {}

    def visit(name: str) -> None:
        builder = getattr(known[name][-1].func, "builder", None) if name in known else None
        if builder and name not in ordered:
            for argument in argument_names(builder):
                visit(argument)
            ordered[name] = builder

    for name in item.fixturenames:
        visit(name)
    return tuple(ordered.items())


def commits(item: pytest.Item) -> bool:
    """Tell whether pytest-django gives the test no transaction of its own."""
    marker = item.get_closest_marker("django_db")
    asked = bool(marker) and marker.kwargs.get("transaction", False)
    return asked or "transactional_db" in item.fixturenames


def argument_names(builder: Builder) -> list[str]:
    code = builder.__code__
    return list(code.co_varnames[: code.co_argcount])


def main() -> None:
    """Build the databases that all processes share, each from the one before."""
    django.setup()
    setup_test_environment(debug=False)
    own = Prepared()
    own.shared(SHARED[-1])
    own.leave()


if __name__ == "__main__":
    main()
