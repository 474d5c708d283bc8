"""How long `manage.py rebuild_index` takes at 5,000, 50,000 and 500,000 rows: `bench/rebuild.py
[ROWS…]`.

Works on a database of its own like `bench/search.py`, and shows the command's own bar of progress.
What is indexed are invented programmes in eight languages whose words are drawn from the real data.
Prints a table; nothing is asserted.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.search import SIZES, prepare, sizes, timed

if TYPE_CHECKING:
    from bench.rows import Drawn
    from programs.models import Programme

NAME_WORDS, INTRODUCTION_WORDS = 6, 40


def programmes(wanted: int, drawn: Drawn) -> Iterator[Programme]:
    """So many published programmes with a name and an introduction in every language."""
    from django.utils import timezone  # noqa: PLC0415

    from programs.models import Programme  # noqa: PLC0415

    chance, there = random.Random(wanted), Programme.objects.count()
    for number in range(there, there + wanted):
        texts = {}
        for code in drawn.heaps:
            texts[f"name_{code}"] = " ".join(drawn.chosen(code, NAME_WORDS, chance))[:300]
            texts[f"introduction_{code}"] = " ".join(drawn.chosen(code, INTRODUCTION_WORDS, chance))
        yield Programme(
            slug=f"bench-{number}",
            kind=Programme.Kind.PROJECT,
            original_name=texts["name_en"],
            original_language="en",
            published_at=timezone.now(),
            **texts,
        )


def grow(rows: int, drawn: Drawn) -> None:
    """Programmes until the index will have so many rows."""
    from languages.models import IndexRow  # noqa: PLC0415
    from languages.upkeep import batches  # noqa: PLC0415
    from programs.models import Programme  # noqa: PLC0415

    missing = max(0, rows - IndexRow.objects.count()) // len(drawn.heaps)
    for batch in batches(programmes(missing, drawn)):
        Programme.objects.bulk_create(batch)


def main(wanted: list[int]) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.utils.translation import activate  # noqa: PLC0415

    from bench.rows import Drawn  # noqa: PLC0415
    from languages import desk  # noqa: PLC0415
    from languages.models import DeskRow, IndexRow  # noqa: PLC0415
    from portal import index  # noqa: PLC0415
    from portal.management.commands.rebuild_index import Command  # noqa: PLC0415

    activate("en")
    drawn, progress = Drawn(), Command().progress
    print(f"{connection.vendor}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(
        "| rows | index s | rows a second | entries of the desk | desk s | memory at most, "
        "MB | size |"
    )
    print("|---:|---:|---:|---:|---:|---:|---|")
    for size in wanted:
        grow(size, drawn)
        seconds = timed(lambda: index.rebuild(progress)) / 1000
        desk_seconds = timed(lambda: desk.rebuild(progress)) / 1000
        rows, entries = IndexRow.objects.count(), DeskRow.objects.count()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(
            f"| {rows:,} | {seconds:.0f} | {rows / seconds:,.0f} | {entries:,} | "
            f"{desk_seconds:.0f} | {memory:.0f} |"
            f" {sizes()} |",
            flush=True,
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        prepare(scratch)
        main([int(argument) for argument in sys.argv[1:]] or SIZES)
