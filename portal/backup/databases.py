"""A snapshot of the database to read from, and an empty database that takes the place of the
live one when it is complete."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.backup.faults import BackupFault
from portal.backup.rows import StoredTable

# Where rows wait on PostgreSQL.
SCHEMA = "ten_points_restored"
# Long statements are no fault here; to wait long for a lock is one.
_PATIENT = "-c statement_timeout=0 -c lock_timeout=10000"


@contextmanager
def instead_of_live(settings: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Everything that asks the database asks this one: data migrations know no other."""
    live = connections[DEFAULT_DB_ALIAS]
    other = live.copy()
    other.settings_dict = {**live.settings_dict, **settings}
    connections[DEFAULT_DB_ALIAS] = other
    ContentType.objects.clear_cache()
    try:
        yield other
    finally:
        other.close()
        connections[DEFAULT_DB_ALIAS] = live
        ContentType.objects.clear_cache()


@contextmanager
def snapshot() -> Iterator[None]:
    """The database as it is at this moment, while others go on writing."""
    options = dict(connection.settings_dict["OPTIONS"])
    if connection.vendor == "postgresql":
        # Not at the head: most commands of the portal need no PostgreSQL.
        from psycopg import IsolationLevel  # noqa: PLC0415

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
        options["options"] = f"{_PATIENT} -c default_transaction_read_only=on"
    else:
        # Readers see what was there when they began, and stop no writer.
        options["transaction_mode"] = "DEFERRED"
    with instead_of_live({"OPTIONS": options}), transaction.atomic():
        yield


def sequences_of(tables: Iterable[StoredTable]) -> dict[str, int]:
    """The last number that each table gave: a new row never gets the number of a deleted one, to
    which the log of changes refers."""
    numbers = {}
    for table in tables:
        for (number,) in _rows(*_last_number(table)):
            if number:
                numbers[table.name] = number
    return numbers


def _last_number(table: StoredTable) -> tuple[str, list[str]]:
    """The statement that asks for it, with its parameters."""
    if connection.vendor == "sqlite":
        return "SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name]
    return (
        "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
        [connection.ops.quote_name(table.name), str(table.model._meta.pk.column)],
    )


def set_sequences(tables: list[StoredTable], numbers: dict[str, int]) -> None:
    models = [table.model for table in tables]
    statements = connection.ops.sequence_reset_sql(no_style(), models)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        for table in tables:
            if numbers.get(table.name):
                _raise_sequence(cursor, table, numbers[table.name])


def _raise_sequence(cursor: Any, table: StoredTable, number: int) -> None:
    if connection.vendor == "sqlite":
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
        cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table.name, number])
        return
    cursor.execute(
        "WITH own AS (SELECT pg_get_serial_sequence(%s, %s)::regclass AS name) "
        "SELECT setval(name, GREATEST(%s, COALESCE(pg_sequence_last_value(name), 1))) FROM own",
        [connection.ops.quote_name(table.name), table.model._meta.pk.column, number],
    )


class StagedDatabase(ABC):
    """An empty database beside the live one."""

    @staticmethod
    def beside_live() -> "StagedDatabase":
        if connection.vendor == "postgresql":
            return StagedSchema()
        return StagedFile()

    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """What differs from the settings of the live database."""

    @abstractmethod
    def create(self) -> None: ...

    @abstractmethod
    def drop(self) -> None: ...

    @abstractmethod
    def without_triggers(self) -> Any:
        """Rows arrive as they were, although steps and log are only added to in order."""

    @abstractmethod
    def check(self) -> None:
        """Whether the database is whole, by its own word."""

    @abstractmethod
    def publish(self) -> None:
        """Take the place of the live database, in one moment or not at all."""


class StagedFile(StagedDatabase):
    """On SQLite: a file beside the live one."""

    def __init__(self) -> None:
        self._live = Path(connection.settings_dict["NAME"])
        self._path = self._live.with_name(f"{self._live.name}.restored")

    def settings(self) -> dict[str, Any]:
        return {"NAME": str(self._path)}

    def create(self) -> None:
        self.drop()
        self._path.touch(mode=0o600)

    def drop(self) -> None:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{self._path}{ending}").unlink(missing_ok=True)

    @contextmanager
    def without_triggers(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
            yield
            for _name, sql in triggers:
                cursor.execute(sql, None)
            cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'", None)
            for (name,) in cursor.fetchall():
                table = connection.ops.quote_name(name)
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")  # noqa: S608

    def check(self) -> None:
        [[answer], *_more] = _rows("PRAGMA integrity_check")
        if answer != "ok":
            raise BackupFault(f"The restored database is not whole: {answer}")

    def publish(self) -> None:
        """SQLite copies it page by page in one transaction: whoever has the file open sees the old
        rows or the new ones."""
        if not self._live.exists():
            self._live.touch(mode=0o600)
        with (
            connection.wrap_database_errors,
            closing(sqlite3.connect(self._path)) as staged,
            closing(
                sqlite3.connect(
                    self._live,
                    timeout=20,
                )
            ) as live,
        ):
            staged.backup(live)
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class StagedSchema(StagedDatabase):
    """On PostgreSQL: a schema of its own in the same database."""

    def settings(self) -> dict[str, Any]:
        options = dict(connection.settings_dict["OPTIONS"])
        options["options"] = f"{_PATIENT} -c search_path={SCHEMA}"
        return {"OPTIONS": options}

    def create(self) -> None:
        self.drop()
        _execute(f"CREATE SCHEMA {SCHEMA}")

    def drop(self) -> None:
        _execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")

    @contextmanager
    def without_triggers(self) -> Iterator[None]:
        names = [connection.ops.quote_name(name) for name in connection.introspection.table_names()]
        for name in names:
            _execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        yield
        # The constraints between rows are looked at first: they wait for the end.
        _execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in names:
            _execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")

    def check(self) -> None:
        """PostgreSQL has looked at every constraint when the rows were committed."""

    def publish(self) -> None:
        with transaction.atomic():
            [[place]] = _rows("SELECT current_schema()")
            rights = _rows(_RIGHTS, [place])
            for kind, name in _rows(_RELATIONS, [place]):
                if _is_ours(name):
                    _execute(f"DROP {kind} IF EXISTS {_name(place, name)} CASCADE")
            for kind, name in _rows(_RELATIONS, [SCHEMA]):
                _execute(f"ALTER {kind} {_name(SCHEMA, name)} SET SCHEMA {_name(place)}")
            self._grant_again(place, rights)
            _execute(f"DROP SCHEMA {SCHEMA} CASCADE")

    def _grant_again(self, place: str, rights: list[tuple[Any, ...]]) -> None:
        """What other roles could do with the tables that were there, they can do with these, and no
        more: default privileges may have given them all."""
        names = {name for (name,) in _rows(_NAMES, [place])}
        known = {name for _kind, name, _right, _role in rights}
        for kind, name, _right, role in _rows(_RIGHTS, [place]):
            if name in known:
                _execute(f"REVOKE ALL ON {kind} {_name(place, name)} FROM {_name(role)}")
        for kind, name, right, role in rights:
            if name in names:
                _execute(f"GRANT {right} ON {kind} {_name(place, name)} TO {_name(role)}")


# Functions after the tables, whose triggers call them.
_RELATIONS = """
WITH place AS (SELECT oid FROM pg_namespace WHERE nspname = %s)
SELECT kind, name FROM (
    SELECT 'TABLE' AS kind, relname AS name FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace IN (SELECT oid FROM place)
    UNION ALL
    SELECT 'FUNCTION', proname FROM pg_proc WHERE pronamespace IN (SELECT oid FROM place)
) AS relation ORDER BY kind DESC, name
"""
# What other roles may do with tables, with some of their columns, and with their sequences.
_RIGHTS = """
WITH relation AS (
    SELECT pg_class.oid, relname, relacl, relowner,
        CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
    FROM pg_class JOIN pg_namespace AS place ON place.oid = relnamespace
    WHERE nspname = %s AND relkind IN ('r', 'p', 'S')
), entry AS (
    SELECT kind, relname, relowner, '' AS columns, (aclexplode(relacl)).* FROM relation
    UNION ALL
    SELECT kind, relname, relowner, format(' (%%I)', attname), (aclexplode(attacl)).*
    FROM relation JOIN pg_attribute ON attrelid = relation.oid
)
SELECT kind, relname, privilege_type || columns, rolname
FROM entry JOIN pg_roles AS role ON role.oid = grantee WHERE grantee <> relowner
"""
_NAMES = """
SELECT relname FROM pg_class JOIN pg_namespace AS place ON place.oid = relnamespace
WHERE nspname = %s AND relkind IN ('r', 'p', 'S')
"""


def _is_ours(name: str) -> bool:
    """Whether an app of the portal made it: tables and functions begin with the app's name."""
    labels = tuple(f"{app.label}_" for app in apps.get_app_configs())
    return name.startswith((*labels, "django_"))


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _rows(sql: str, parameters: list[str] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _name(*parts: str) -> str:
    return ".".join(connection.ops.quote_name(part) for part in parts)
