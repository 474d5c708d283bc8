"""Tables as spreadsheets write them: read into rows by the names of their columns."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members.forms.uploaded_workbooks import csv_of, is_workbook

if TYPE_CHECKING:
    from _csv import Reader

MOST_ROWS = 1000
SEPARATORS = ",;\t"
# Marks at the beginning of a file, and the encodings that they stand for.
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# How PDF files, pictures and texts of word processors begin.
NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")
# Excel's own first line about the separator; no part of the table. Where the table has further
# columns, Excel writes it back with their empty cells: `sep=;;;;`, `"sep=,",,,`.
_SEPARATOR_LINE = re.compile(
    r"\s*(\"?)sep=(?P<separator>.)\1(?P=separator)*[^\S\r\n]*(?:\r\n|\r|\n|$)", re.IGNORECASE
)


class TableError(ValidationError):
    """The table as a whole cannot be read."""


@dataclass(frozen=True)
class UploadedRow:
    """A row with its number and its cells by the names of the columns.

    The number counts the file's rows, the line about the separator included.
    """

    line: int
    cells: dict[str, str]
    # What is wrong with the row as a whole.
    mistake: str = ""


def text_of(content: bytes) -> str:
    """The text of an uploaded table: CSV in UTF-8 or UTF-16, or a workbook's first sheet.

    Raises ValidationError for any other file, with how to save it so that it is read.
    """
    if is_workbook(content):
        return csv_of(content)
    if content.startswith(NO_TABLES):
        raise TableError(no_table(), "no_table")
    try:
        return content.decode(_encoding(content))
    except UnicodeDecodeError as error:
        message = _(
            "Line %(line)d has letters in an older encoding of Windows, which this portal cannot "
            "tell apart. Save the table as “CSV UTF-8” or as “Excel workbook (.xlsx)” and choose "
            "it anew."
        )
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError(message, "encoding", {"line": line}) from error


def no_table() -> str:
    return _("This is not a table. Choose a CSV file or an Excel workbook (.xlsx).")


def _encoding(content: bytes) -> str:
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return encoding
    # Without a mark: the names of the columns are plain letters, every second byte is zero.
    head = content[:64]
    if len(head) > 3 and not head[1::2].strip(b"\0"):
        return "utf-16-le"
    if len(head) > 3 and not head[::2].strip(b"\0"):
        return "utf-16-be"
    return "utf-8"


def rows_of(text: str, columns: Sequence[str], needed: Sequence[str]) -> list[UploadedRow]:
    """The rows of a table; capitals, empty lines and empty columns at the end do not count.

    `needed`: columns that the table must have. Raises TableError.
    """
    if not text.strip():
        raise TableError(_("This file is empty."))
    separator, lines = _separator(text, columns)
    # Every way to end a line, and none of them inside a cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for _number in range(lines):
            next(reader)
        rows = _named_rows(reader, columns, needed, lines + 1)
    except csv.Error as error:
        message = _("Line %(line)d cannot be read as CSV: %(reason)s.")
        raise TableError(message, params={"line": reader.line_num, "reason": error}) from error
    if not rows or len(rows) > MOST_ROWS:
        message = _("The file must have between 1 and %(number)d lines.")
        raise TableError(message, params={"number": MOST_ROWS})
    return rows


def _separator(text: str, columns: Sequence[str]) -> tuple[str, int]:
    """What separates the cells, and how many lines stand before the names of the columns.

    The first line says so (`sep=;`), or it is whatever makes most of the columns' names.
    """
    stated = _SEPARATOR_LINE.match(text)
    if stated:
        return stated["separator"], 1
    first_line = text.lstrip().splitlines()[0]

    def known(separator: str) -> int:
        names = [column_name(cell) for cell in first_line.split(separator)]
        return sum(name in columns for name in names)

    return max(SEPARATORS, key=known), 0


def column_name(cell: str) -> str:
    """The name of a column however it is written: `Source URL` is `source_url`."""
    words = re.split(r"[\W_]+", cell.strip().strip('"').casefold())
    return "_".join(word for word in words if word)


def _named_rows(
    reader: "Reader", columns: Sequence[str], needed: Sequence[str], first: int
) -> list[UploadedRow]:
    """`first`: the number of the first line that the reader gives."""
    header: list[str] = []
    rows = []
    for line, record in enumerate(reader, first):
        cells = _without_empty_end(record)
        if not cells:
            continue
        if not header:
            header = [column_name(cell) for cell in cells]
            _check_header(header, columns, needed)
            continue
        rows.append(_named(header, cells, line))
    return rows


def _without_empty_end(record: list[str]) -> list[str]:
    cells = [cell.strip() for cell in record]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _check_header(header: list[str], columns: Sequence[str], needed: Sequence[str]) -> None:
    wrong = [name for name in header if header.count(name) > 1 or name not in columns]
    missing = [name for name in needed if name not in header]
    if not wrong and not missing:
        return
    message = _(
        "The first line must name these columns, in any order: %(columns)s. Wrong: %(wrong)s. "
        "Missing: %(missing)s."
    )
    names = {
        "columns": ", ".join(columns),
        "wrong": ", ".join(wrong) or "–",
        "missing": ", ".join(missing) or "–",
    }
    raise TableError(message, params=names)


def _named(header: list[str], cells: list[str], line: int) -> UploadedRow:
    missing = len(header) - len(cells)
    named = dict(zip(header, [*cells, *[""] * missing], strict=False))
    if missing >= 0:
        return UploadedRow(line, named)
    message = _("This line has %(cells)d cells where the first line has %(columns)d.")
    numbers = {"cells": len(cells), "columns": len(header)}
    return UploadedRow(line, named, message % numbers)
