"""A ninth language, added to a copy of the project as `docs/adding-a-language.md` says: no old row
changes."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

FOLDERS = ("portal", "programs", "members", "languages", "templates", "static", "locale", "data")
# The commands of `docs/adding-a-language.md` after the first, in two processes instead of five:
# starting the portal takes longer than most of them.
MIGRATE = """
from django.core.management import call_command
call_command("makemigrations", name="language_nl", verbosity=0)
call_command("migrate", verbosity=0)
"""
FINISH = """
from django.core.management import call_command
call_command("makemigrations", check_changes=True, dry_run=True)
call_command("compile_catalogues")
call_command("rebuild_index")
"""
# What the copied portal says of itself once it has Dutch; run by its own Python process.
PROBE = """
from django.test import Client
from languages.sorting import sort_key
from languages.text import translated
from members.models import Ground, Point
visitor = Client(SERVER_NAME="127.0.0.1")
for path in ("", "plan/", "plan/7/", "cities/", "programmes/", "search/?q=housing", "help/"):
    answer = visitor.get(f"/nl/{path}")
    html = answer.content.decode()
    assert answer.status_code == 200, path
    assert '<html lang="nl" dir="ltr">' in html, path
    assert 'hreflang="nl"' in html, path
page = visitor.get("/nl/plan/7/").content.decode()
assert 'lang="en"' in page, "a fallback carries its language"
assert "Engels" in page, "the note names the language, in Dutch"
point = Point.objects.get(number=7)
assert translated(point, "title", "nl").is_fallback
point.title_nl = "Toegang tot woningen"
point.save()
page = visitor.get("/nl/plan/7/").content.decode()
assert "Toegang tot woningen" in page
found = visitor.get("/nl/search/?q=woning").content.decode()
assert '/nl/plan/7/' in found, "inflected, by Snowball's Dutch"
assert sort_key("Één", "nl") < sort_key("Twee", "nl")
assert len(Ground.objects.by_name("nl")) == Ground.objects.count() > 0, "lists have rows"
print("PROBED")
"""


def rows_of(
    path: Path, columns: dict[str, list[str]] | None = None
) -> tuple[dict[str, list[str]], dict[str, list]]:
    """The columns of every table, and every row byte by byte; `columns`: only these."""
    with sqlite3.connect(path) as database:
        database.text_factory = bytes
        names = [
            name.decode()
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        names = [name for name in names if not name.startswith(("sqlite_", "django_migrations"))]
        known = columns or {
            name: [row[1].decode() for row in database.execute(f'PRAGMA table_info("{name}")')]
            for name in names
        }
        rows = {}
        for name, wanted in known.items():
            listed = ", ".join(f'"{column}"' for column in wanted)
            rows[name] = database.execute(f'SELECT {listed} FROM "{name}" ORDER BY 1').fetchall()  # noqa: S608
    return known, rows


def triggers_of(path: Path) -> set[tuple]:
    with sqlite3.connect(path) as database:
        return set(
            database.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project without its history, and nothing of this machine's settings."""
    for name in FOLDERS:
        shutil.copytree(
            settings.BASE_DIR / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(settings.BASE_DIR / "manage.py", tmp_path)
    return tmp_path


@pytest.fixture
def manage(copy: Path) -> Callable[..., str]:
    """Runs a command of the copy, in a process of its own, on a database of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    own = {
        "DEBUG": "1",
        "SECRET_KEY": "only-for-this-test",
        "DATABASE_URL": f"sqlite:///{copy / 'rows.sqlite3'}",
    }

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=copy,
            env={**kept, **own},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.mark.django_db
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="begins with a copy of the suite's own SQLite database"
)
def test_ninth_language_is_added_without_touching_old_rows(
    reference_data: None, copy: Path, manage: Callable[..., str]
):
    database = copy / "rows.sqlite3"
    with (
        sqlite3.connect(settings.DATABASES["default"]["NAME"]) as suite,
        sqlite3.connect(database) as own,
    ):
        # What other tests do is not committed: today's tables, and the reference data.
        suite.backup(own)
    columns, before = rows_of(database)
    triggers = triggers_of(database)
    assert len(before["members_point"]) == 10

    said = manage("add_language", "nl")
    assert "makemigrations --name language_nl" in said
    manage("shell", "--no-imports", "--command", MIGRATE)
    now, _rows = rows_of(database)
    assert set(now["members_point"]) - set(columns["members_point"]) == {
        "title_nl",
        "short_title_nl",
        "objective_nl",
    }
    assert rows_of(database, columns)[1] == before
    assert triggers_of(database) == triggers
    with sqlite3.connect(database) as rows:
        assert rows.execute("SELECT DISTINCT title_nl FROM members_point").fetchall() == [(None,)]

    assert "PROBED" in manage("shell", "--no-imports", "--command", FINISH + PROBE)


def test_new_catalogue_has_every_text_and_the_plurals_of_its_language(
    copy: Path, manage: Callable[..., str]
):
    manage("add_language", "cs")
    with (copy / "locale" / "cs" / "LC_MESSAGES" / "django.po").open("rb") as file:
        begun = read_po(file, locale="cs")
    with (copy / "locale" / "de" / "LC_MESSAGES" / "django.po").open("rb") as file:
        pattern = read_po(file)
    assert {(m.id, m.context) for m in begun if m.id} == {
        (m.id, m.context) for m in pattern if m.id
    }
    assert not any(
        text
        for m in begun
        if m.id
        for text in ([m.string] if isinstance(m.string, str) else m.string)
    )
    assert begun.num_plurals == 3
    assert '("cs", _("Czech")),' in (copy / "portal" / "settings.py").read_text(encoding="utf-8")
    # A second time nothing is overwritten, and what is there is said.
    with pytest.raises(AssertionError, match="cs is one of the portal's languages already"):
        manage("add_language", "cs")


@pytest.mark.parametrize("code", ["xx-yy-zz", "NL", "../nl", "zzz", "n", "nl; DROP", ""])
def test_what_is_no_language_is_refused_with_a_sentence(code):
    before = (settings.BASE_DIR / "portal" / "settings.py").read_bytes()
    with pytest.raises(CommandError, match="is no language that CLDR knows"):
        call_command("add_language", code)
    assert (settings.BASE_DIR / "portal" / "settings.py").read_bytes() == before
