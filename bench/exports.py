"""What a table of 100,000 rows costs: seconds, megabytes of the file, memory beyond that before.

`python bench/exports.py [ROWS]`: in a scratch database with the real data and copies of an action.
The limit is 30 MB more memory. Nothing is asserted.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from pages import prepare

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
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


def memory() -> float:
    """Megabytes that the process holds now."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * PAGE / 1e6


def measure() -> None:
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"host": "127.0.0.1"})
    print(f"\n{'table':<10} {'rows':>8} {'s':>7} {'MB':>7} {'more memory, MB':>16}")
    for name in ("csv", "csv, gzip", "json", "xlsx"):
        ending, _comma, encoding = name.partition(", ")
        address = f"/en/data/actions/export.{ending}"
        headers = {"accept-encoding": encoding or "identity"}
        # A small one first: what is loaded once is no cost of rows.
        for query in ("?city=krakow", ""):
            before, most, size = memory(), 0.0, 0
            start = time.perf_counter()
            for piece in client.get(address + query, headers=headers).streaming_content:
                size += len(piece)
                most = max(most, memory())
            seconds = time.perf_counter() - start
        print(f"{name:<10} {ROWS:>8} {seconds:>7.1f} {size / 1e6:>7.1f} {most - before:>16.1f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        fill(ROWS)
        measure()
