"""A table as JSON: what is said about it, then its rows."""

import json
from typing import Any

from portal.open_data.formats.table import Chunks, KindTable


def write(table: KindTable) -> Chunks:
    """One object; its last key, named like the kind, holds the rows."""
    about = as_text(table.about())
    name = as_text(table.kind.name)
    yield f"{about[:-1]}, {name}: ["
    yield from joined(table, as_text)
    yield "\n]}\n"


def joined(table: KindTable, write_row: Any) -> Chunks:
    """The rows with commas between, one a line."""
    separator = "\n"
    for batch in table.values():
        rows = [write_row(row) for row in batch]
        yield separator + ",\n".join(rows)
        separator = ",\n"


def as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
