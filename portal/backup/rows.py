"""Rows as lines of JSON that are the same on SQLite and PostgreSQL, and back.

A line holds the values of one row in the order of its columns. NULL and an empty text differ,
moments are UTC, decimal numbers, UUIDs and dates are texts.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Field, ForeignKey, JSONField, Model, TextField
from django.db.models.expressions import F
from django.db.models.functions import Collate
from django.utils.duration import duration_iso_string

# Rows that are held in memory at a time.
ROWS = 500
# Bytes of a part of a table, about.
PART = 4 * 1024 * 1024


class StoredTable:
    """The rows of one model as it was at a state of the migrations."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.name = model._meta.db_table
        self.fields: list[Field[Any, Any]] = [
            field for field in model._meta.local_concrete_fields if not field.generated
        ]
        self.columns = [str(field.column) for field in self.fields]
        self._has_json = any(isinstance(field, JSONField) for field in self.fields)

    # --- From the database ------------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """Every row, by its key, in an order that both databases share."""
        names = [field.attname for field in self.fields]
        rows = self.model._base_manager.order_by(_binary_order(self.model)).values_list(*names)
        for row in rows.iterator(chunk_size=ROWS):
            cells = zip(self.fields, row, strict=True)
            yield _line([_to_json(field.get_prep_value(value)) for field, value in cells])

    def parts(self, digest: "TableDigest") -> Iterator[bytes]:
        """The lines, some megabytes at a time; `digest` counts them."""
        part = bytearray()
        for line in self.lines():
            digest.add(line)
            part += line.encode() + b"\n"
            if len(part) >= PART:
                yield bytes(part)
                part.clear()
        if part:
            yield bytes(part)

    def digest(self) -> "TableDigest":
        """Of the rows that are in the database now."""
        digest = TableDigest(self)
        for line in self.lines():
            digest.add(line)
        return digest

    # --- Into the database ------------------------------------------------------------------------

    def insert(self, lines: Iterable[str]) -> None:
        """Add these rows with their keys and moments, past everything that saving would change."""
        quote = connection.ops.quote_name
        columns = ", ".join(quote(column) for column in self.columns)
        places = ", ".join(["%s"] * len(self.columns))
        # Names of tables and columns come from the migrations, not from the archive.
        sql = f"INSERT INTO {quote(self.name)} ({columns}) VALUES ({places})"  # noqa: S608
        remaining = iter(lines)
        with connection.cursor() as cursor:
            while batch := list(islice(remaining, ROWS)):
                cursor.executemany(sql, [self._parameters(line) for line in batch])

    def _parameters(self, line: str) -> list[Any]:
        cells = zip(self.fields, json.loads(line), strict=True)
        return [_to_database(field, value) for field, value in cells]


class TableDigest:
    """How many rows a table has, and their checksum."""

    def __init__(self, table: StoredTable) -> None:
        self._has_json = table._has_json
        self._hash = hashlib.sha256()
        self.rows = 0

    def add(self, line: str) -> None:
        # PostgreSQL orders the keys of JSON anew, SQLite leaves them: the checksum does not care.
        text = _line(json.loads(line), sort_keys=True) if self._has_json else line
        self._hash.update(text.encode() + b"\n")
        self.rows += 1

    def summary(self) -> dict[str, Any]:
        return {"rows": self.rows, "sha256": self._hash.hexdigest()}


def _binary_order(model: type[Model]) -> Any:
    """By key; texts by their code points, whatever the language of the database."""
    key = model._meta.pk
    while isinstance(key, ForeignKey):
        key = key.target_field
    name = model._meta.pk.attname
    if isinstance(key, CharField | TextField) and connection.vendor == "postgresql":
        return Collate(F(name), "C")
    return F(name)


def _line(values: list[Any], *, sort_keys: bool = False) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=sort_keys)


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value


def _to_database(field: "Field[Any, Any]", value: Any) -> Any:
    if value is None and isinstance(field, JSONField) and not field.null:
        # The word null of JSON: such a column holds no NULL.
        return field.get_db_prep_value(None, connection)
    return field.get_db_prep_save(field.to_python(value), connection)
