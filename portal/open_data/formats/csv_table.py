"""A table for spreadsheets and programs: CSV as RFC 4180 has it, in UTF-8."""

import csv
import io
import json
from typing import Any

from members.spreadsheet import plain_cell
from portal.open_data.fields import Field
from portal.open_data.formats.table import Chunks, KindTable

# Between several values of a cell: no web address and no key contains it.
SEPARATOR = "|"


def write(table: KindTable) -> Chunks:
    """The heading, then the rows, some hundred at a time."""
    fields = table.kind.fields
    yield _lines([[field.name for field in fields]])
    for batch in table.values():
        yield _lines([[cell(field, row[field.name]) for field in fields] for row in batch])


def _lines(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def cell(field: Field, value: Any) -> str:
    """A value as text. Nothing known is an empty cell; no text is taken for a formula."""
    if field.parts:
        return as_json(value)
    if field.many:
        texts = []
        for one in value:
            text = str(one)
            texts.append(text.replace(SEPARATOR, "/"))
        text = SEPARATOR.join(texts)
        return plain_cell(text)
    return cell_of(value)


def as_json(objects: list[Any]) -> str:
    """Rows that belong to a row, in one cell: a JSON list (RFC 8259); empty for none."""
    return json.dumps(objects, ensure_ascii=False) if objects else ""


def cell_of(value: Any) -> str:
    """The same of a value alone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return plain_cell(value)
    return str(value)
