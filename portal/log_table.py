"""The log of changes as a table for spreadsheets: one line for each entry, in English."""

import csv
import io
import json
from collections.abc import Iterator

from auditlog.models import LogEntry
from django.db.models import QuerySet

from members.personal_data import ACTIONS
from members.spreadsheet import plain_cell

# By which a spreadsheet knows that the file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"
HEADING = ["at", "by", "action", "kind", "number", "name", "request", "changes"]
# Entries that are read from the database at once.
BATCH = 500


def lines(entries: QuerySet[LogEntry]) -> Iterator[str]:
    """CSV as RFC 4180 has it, a line at a time: a log of years is never in memory as a whole."""
    yield BYTE_ORDER_MARK + _line(HEADING)
    rows = entries.select_related("content_type").order_by("-timestamp", "-pk")
    for entry in rows.iterator(chunk_size=BATCH):
        yield _line(cells(entry))


def cells(entry: LogEntry) -> list[str]:
    """Times in ISO 8601; the changes as JSON: by field, the value before and after."""
    kind = entry.content_type
    return [
        entry.timestamp.isoformat(),
        entry.actor_email or "",
        ACTIONS.get(entry.action, ""),
        f"{kind.app_label}.{kind.model}",
        entry.object_pk,
        entry.object_repr,
        entry.cid or "",
        json.dumps(entry.changes or {}, ensure_ascii=False),
    ]


def _line(texts: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([plain_cell(text) for text in texts])
    return line.getvalue()
