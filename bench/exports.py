"""What a table of 100,000 rows costs: seconds, megabytes of the file, memory beyond that before.

`python bench/exports.py [ROWS [FILE…]]`: in a scratch database with the real data and copies of an
action; all files together take half an hour. The archive has every table in every language; it is
measured as the nightly command writes it and as it is served. `geojson.gz` is measured alone, with
copies of the cities. The limit is 30 MB more memory. Nothing is asserted.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from growth import copy_cities
from pages import prepare

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ARCHIVE, PLACES = "archive.zip", "geojson.gz"
FILES = sys.argv[2:] or ["csv", "csv.gz", "json", "json.gz", "xlsx", "xlsx.gz", ARCHIVE]
AT_A_TIME = 2_000
PAGE = os.sysconf("SC_PAGE_SIZE")


def fill(wanted: int) -> None:
    from members.models import Action  # noqa: PLC0415

    action = Action.objects.public().order_by("pk").first()
    columns = [field for field in Action._meta.concrete_fields if not field.primary_key]
    values = {field.attname: getattr(action, field.attname) for field in columns}
    there = Action.objects.count()
    while there < wanted:
        number = min(AT_A_TIME, wanted - there)
        Action.objects.bulk_create([Action(**values) for _copy in range(number)])
        there += number


class Memory:
    """The most that the process holds while something runs, in MB beyond what it held before."""

    def __enter__(self) -> "Memory":
        self.before = self.most = held()
        self.is_over = threading.Event()
        self.watch = threading.Thread(target=self._look)
        self.watch.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.is_over.set()
        self.watch.join()

    def _look(self) -> None:
        while not self.is_over.wait(0.02):
            self.most = max(self.most, held())

    @property
    def more(self) -> float:
        return self.most - self.before


def held() -> float:
    """Megabytes that the process holds now."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * PAGE / 1e6


def measure(name: str, write: Callable[[], int]) -> None:
    """Print what a file costs; `write` gives its size in bytes."""
    start = time.perf_counter()
    with Memory() as memory:
        size = write()
    seconds = time.perf_counter() - start
    print(f"{name:<20} {seconds:>7.1f} {size / 1e6:>7.1f} {memory.more:>16.1f}", flush=True)


def read(address: str, encoding: str = "identity") -> int:
    """The size of an answer that is read in pieces and kept nowhere."""
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"host": "127.0.0.1", "accept-encoding": encoding})
    return sum(len(piece) for piece in client.get(address).streaming_content)


def measure_table(name: str) -> None:
    ending, _dot, packed = name.partition(".")
    encoding = "gzip" if packed else "identity"
    folder = "cities" if name == PLACES else "data/actions"
    address = f"/en/{folder}/export.{ending}"
    # A small one first: what is loaded once is no cost of rows.
    read(f"{address}?country=CH", encoding)
    measure(name, lambda: read(address, encoding))


def measure_archive(name: str) -> None:
    from portal.services.open_data import publish_archive  # noqa: PLC0415

    path = ""

    def write() -> int:
        nonlocal path
        release = publish_archive()
        path = release.file.removeprefix("open-data/")
        return release.size

    measure(name, write)
    measure(f"{name}, served", lambda: read(f"/data/archive/{path}"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MEDIA_ROOT"] = f"{folder}/media"
        prepare(folder)
        copies = copy_cities if PLACES in FILES else fill
        copies(ROWS)
        print(f"\n{'file':<20} {'s':>7} {'MB':>7} {'more memory, MB':>16}")
        for name in FILES:
            cost = measure_archive if name == ARCHIVE else measure_table
            cost(name)
