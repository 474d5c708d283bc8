"""SQLite, with writers in the order in which they come.

SQLite lets one transaction write at a time. Whoever comes meanwhile looks again and again, and ever
more rarely: newcomers overtake those that wait, until these give up ("database is locked"). Here
only one looks. The others wait for a lock of the system, which wakes them in order, and which a
process that is killed lets go of.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        """Begin to write. Raises OperationalError where that is not possible within the time-out
        of the settings, the time in the queue included."""
        options = self.settings_dict["OPTIONS"]
        patience = float(options.get("timeout", 5))
        began = time.monotonic()
        with self._turn():
            waited = time.monotonic() - began
            left = patience - waited
            self._look_for(left)
            try:
                # Django's own types do not name it.
                super()._start_transaction_under_autocommit()  # type: ignore[misc]
            finally:
                self._look_for(patience)

    def _look_for(self, seconds: float) -> None:
        """For how long a statement waits for another transaction; 0: it fails at once."""
        milliseconds = max(0, round(seconds * 1000))
        self.connection.execute(f"PRAGMA busy_timeout = {milliseconds}")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The block runs in one thread of one process at a time for a database. It begins when
        those before have their transaction or gave up."""
        if self.is_in_memory_db():
            yield
            return
        path = f"{self.settings_dict['NAME']}-queue"
        try:
            queue = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
        except OSError:
            # A folder in which nobody can write, or too many open files: without an order.
            yield
            return
        try:
            fcntl.flock(queue, fcntl.LOCK_EX)
            yield
        finally:
            os.close(queue)
