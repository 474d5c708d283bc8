"""The tables below `data/` that are read when somebody asks, and kept: words, terms, advice."""

import csv
from functools import cache

from django.conf import settings

FOLDER = settings.BASE_DIR / "data"

Row = dict[str, str]


@cache
def rows_of(name: str) -> tuple[Row, ...]:
    """The rows of a table: `search/numerals` → those of `data/search/numerals.csv`."""
    path = FOLDER / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
