"""A portal whose clock goes wrong while people read and write; for faults.py.

Debian's faketime sets the clock of the portal's processes by a file. The database, the readers and
the writers keep the right one.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from deploy.readers import Fault, warm
from deploy.serving import PORT, Gunicorn
from deploy.writers import Writers

ZONE = "Europe/Warsaw"
# Four seconds before the clocks of Warsaw go from three back to two.
SUMMER_ENDS = datetime(2026, 10, 25, 0, 59, 56, tzinfo=UTC)
HOUR = 3600


class Clock:
    """How far the portal's clock is from the right one; read by its processes every second."""

    def __init__(self, folder: str, library: Path) -> None:
        self.file = Path(folder, "clock")
        self.library = library
        self.set(0)

    def set(self, seconds: int) -> None:
        # In one step: a process may read it at any moment.
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.replace(self.file)

    @property
    def settings(self) -> dict[str, str]:
        """For a process that shall have this clock. Waiting goes by the right one, and so do the
        times of files, by which gunicorn sees that its workers live."""
        return {
            "LD_PRELOAD": str(self.library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "GUNICORN_CMD_ARGS": "--config deploy/clock_gunicorn.py",
        }

    @contextmanager
    def behind(self) -> Iterator[None]:
        self.set(-HOUR)
        yield
        self.set(0)

    @contextmanager
    def at_the_end_of_summer(self) -> Iterator[None]:
        self.set(int(SUMMER_ENDS.timestamp() - time.time()))
        yield


def check_clock(session: psycopg.Connection) -> bool:
    """Prints a line for each; whether every row is there of which somebody was told that it is
    saved."""
    libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not libraries:
        sys.stdout.write("*** NOT checked: faketime is missing (apt-get install faketime) ***\n")
        return True
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock(folder, libraries[0])
        with Gunicorn(PORT, TIME_ZONE=ZONE, **clock.settings).running():
            warm(PORT)
            with Writers(PORT, mark="c") as writers:
                faults = [
                    Fault("clock set back an hour", clock.behind),
                    Fault("the hour that is twice", clock.at_the_end_of_summer),
                ]
                results = [fault.run(PORT) for fault in faults]
    sentence, is_whole = writers.compared(session)
    sys.stdout.write(f"{sentence}\n")
    return is_whole and all(results)
