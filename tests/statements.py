"""Which long tests PostgreSQL must run, too, proved by the statements that they send.

A run on SQLite with STATEMENTS=record notes for every test how long it took and which statements it
sent from which functions of ours, without their values (`var/statements/`). A run on PostgreSQL
with STATEMENTS=use leaves a long test out if the other tests that run there send each of its
statements from the same function. So PostgreSQL sees every statement of the suite, and all short
tests with all their values. A test that the notes do not know runs. Without STATEMENTS every test
runs. Of a test in a browser the server notes what it sends (tests/browser/recording.py).
"""

import functools
import hashlib
import json
import os
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import pytest
from django.conf import settings
from django.db import connection

FOLDER = settings.BASE_DIR / "var" / "statements"
MODE = os.environ.get("STATEMENTS", "")
PLUGIN = "statements"
OURS = tuple(
    f"{settings.BASE_DIR / app}/" for app in ("portal", "programs", "members", "languages")
)
# In seconds of processor time: what takes longer is looked at.
LONG = 0.05
# Lists of values are as long as the data: that makes no other statement.
_LISTS = re.compile(r"\((?:%s|NULL|DEFAULT)(?:, (?:%s|NULL|DEFAULT))*\)(?:, \([^()]*\))*")
# Nor do the columns of a text in another language, which have the same type, nor another page.
_LANGUAGE = re.compile(rf"_(?:{'|'.join(code for code, _name in settings.SCHEMA_LANGUAGES)})\b")
_PAGE = re.compile(r"\b(LIMIT|OFFSET) \d+")
_NO_STATEMENT = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA", "EXPLAIN")


@dataclass
class Notes:
    """What one test sent, and how many seconds it took: of processor time, in a browser by the
    clock."""

    seconds: float
    statements: set[str]


@functools.lru_cache(maxsize=50_000)
def key_of(sql: str, place: str) -> str:
    """The same for two statements of one place that differ in their values only; "" for what asks
    nothing."""
    if sql.lstrip().startswith(_NO_STATEMENT):
        return ""
    shape = _PAGE.sub(r"\1 …", _LANGUAGE.sub("_…", _LISTS.sub("(…)", sql)))
    return hashlib.sha256(f"{place} {shape}".encode()).hexdigest()[:12]


def place_of(frame: FrameType | None) -> str:
    """The innermost function of ours that waits for this statement. SQLite knows no locks of rows:
    two statements that differ there are the same here, but not their places."""
    while frame is not None:
        code = frame.f_code
        if is_ours(code.co_filename):
            return f"{code.co_filename} {code.co_qualname}"
        frame = frame.f_back
    return ""


@functools.cache
def is_ours(path: str) -> bool:
    return path.startswith(OURS)


# --- On SQLite: note ------------------------------------------------------------------------------


class Recorder:
    """The plugin that notes what each test sends."""

    def __init__(self) -> None:
        self.tests: dict[str, tuple[float, list[str]]] = {}
        self.sent: set[str] = set()

    def note(self, run, sql, params, many, context):
        self.sent.add(key_of(sql, place_of(sys._getframe(1))))
        return run(sql, params, many, context)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.sent = set()
        if self.note not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.note)
        # What a browser and its server work is not work of this process.
        now = time.monotonic if item.get_closest_marker("browser") else time.process_time
        start = now()
        yield
        seconds = round(now() - start, 3)
        self.tests[item.nodeid] = (seconds, sorted(self.sent - {""}))

    def pytest_sessionfinish(self) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{os.getpid()}.json"
        path.write_text(json.dumps(self.tests), encoding="utf-8")


def record(config: pytest.Config) -> None:
    """Let every process of this run note what its tests send."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(FOLDER, ignore_errors=True)
    config.pluginmanager.register(Recorder(), PLUGIN)


# --- On PostgreSQL: leave out ---------------------------------------------------------------------


def recorded(folder: Path = FOLDER) -> dict[str, Notes]:
    """The notes of the last recorded run, by the name of the test."""
    notes = {}
    for path in folder.glob("*.json"):
        for name, (seconds, statements) in json.loads(path.read_text(encoding="utf-8")).items():
            notes[name] = Notes(seconds, set(statements))
    return notes


def superfluous(names: Iterable[str], notes: dict[str, Notes], needed: set[str]) -> set[str]:
    """The long ones of these tests that send nothing which the others do not send.

    `needed`: tests that run in any case.
    """
    known = [name for name in names if name in notes]
    senders = Counter(statement for name in known for statement in notes[name].statements)
    long = [name for name in known if notes[name].seconds > LONG and name not in needed]
    left_out = set()
    # The longest first: of tests with the same statements the shortest stays.
    for name in sorted(long, key=lambda name: notes[name].seconds, reverse=True):
        if all(senders[statement] > 1 for statement in notes[name].statements):
            left_out.add(name)
            senders.subtract(notes[name].statements)
    return left_out
