"""In a test, the index and the translation desk are written when something looks at them.

A test saves dozens of rows, and writing what is built of each of them took a sixth of the processor
time of tests without a browser. So the rows to write wait until a statement names one of the built
tables, or until statements are counted. They are written at once, as in the portal, where a test
commits (other connections look there), and where a test asks for the fixture `written_at_once`: one
that looks at the writing itself, or sets the clock between the rows.
"""

import re
from collections import defaultdict
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from languages import desk
from languages.models import DeskRow, DeskState, IndexRow, IndexWord, PlaceForm, WordPart
from languages.upkeep import Keys, Upkeep
from portal.index import writing

BUILT = (IndexRow, IndexWord, WordPart, PlaceForm, DeskRow, DeskState)
NAMES = re.compile("|".join(rf"\b{model._meta.db_table}\b" for model in BUILT))


class BuiltRows:
    """What waits to be written."""

    def __init__(self) -> None:
        self.is_late = False
        self.waiting: dict[Callable[[Keys], None], Keys] = {}

    def begin(self) -> None:
        """A test in a transaction begins: from here on, rows wait."""
        self.is_late = True
        if self.look not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.look)

    def be_on_time(self) -> None:
        """For the rest of the test, rows are written at once."""
        self.write()
        self.is_late = False

    def end(self) -> None:
        """What nothing looked at is rolled back with the test."""
        self.is_late = False
        self.waiting.clear()

    def look(self, run, sql, params, many, context):
        """For `connection.execute_wrappers`: before a statement that names a built table."""
        if self.waiting and NAMES.search(sql):
            self.write()
        return run(sql, params, many, context)

    def write(self) -> None:
        """Write what waits; what that changes in turn is written with it."""
        was_late, self.is_late = self.is_late, False
        try:
            while self.waiting:
                write, keys = self.waiting.popitem()
                write(keys)
        finally:
            self.is_late = was_late

    def write_late(self, upkeep: Upkeep) -> Callable[[Keys], None]:
        """In place of the upkeep's own writing."""
        write = upkeep._write

        def wait(keys: Keys) -> None:
            if not self.is_late or connection.force_debug_cursor:
                write(keys)
                return
            waiting = self.waiting.setdefault(write, defaultdict(set))
            for model, own in keys.items():
                waiting[model] |= own

        return wait

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """From now on, of all tests."""
        for upkeep in (writing.upkeep, desk.upkeep):
            patch.setattr(upkeep, "_write", self.write_late(upkeep))
        count = CaptureQueriesContext.__enter__

        def write_and_count(context: CaptureQueriesContext) -> CaptureQueriesContext:
            self.write()
            return count(context)

        patch.setattr(CaptureQueriesContext, "__enter__", write_and_count)


built_rows = BuiltRows()
