"""Workbooks as Excel and LibreOffice save them: the first sheet, as the text of a CSV file."""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook

# How every ZIP archive begins, and with it every XLSX file.
ZIP_START = b"PK\x03\x04"
# How Excel's files of before 2007 begin.
OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"
_MEGABYTE = 1024 * 1024
# A file of 1 MB may hide far more: what it may have when it is unpacked.
_MOST_UNPACKED = 50 * _MEGABYTE
# Of a sheet. What lies beyond is format without content, or no table of cities.
_MOST_LINES = 2000
_MOST_COLUMNS = 50


def is_workbook(content: bytes) -> bool:
    """Whether the file is a spreadsheet of some program, or another archive."""
    return content.startswith((ZIP_START, OLD_EXCEL_START))


def csv_of(content: bytes) -> str:
    """The first sheet as CSV, line for line. Raises ValidationError for all but XLSX."""
    if not _is_xlsx(content):
        message = _(
            "Of spreadsheet files, only XLSX is read. Save the table as “Excel workbook (.xlsx)” "
            "or as “CSV UTF-8” and choose it anew."
        )
        raise ValidationError(message, code="spreadsheet")
    try:
        return _text(_cells(content))
    # A damaged workbook fails in as many ways as the format has parts.
    except Exception as error:
        message = _("This workbook is damaged or has a password. Save it anew, or as “CSV UTF-8”.")
        raise ValidationError(message, code="damaged") from error


def _is_xlsx(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
            return "xl/workbook.xml" in archive.namelist() and size <= _MOST_UNPACKED
    except (zipfile.BadZipFile, ValueError):
        return False


def _cells(content: bytes) -> Iterable[Iterable[Any]]:
    """The values of the first sheet; what a formula gave when the file was saved."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    rows: Iterable[Iterable[Any]] = sheet.iter_rows(
        max_row=_MOST_LINES, max_col=_MOST_COLUMNS, values_only=True
    )
    return rows


def _text(rows: Iterable[Iterable[Any]]) -> str:
    output = io.StringIO()
    writer = csv.writer(output)
    for row in rows:
        words = [_cell_text(value) for value in row]
        # An empty line too, so that the lines keep their numbers.
        writer.writerow(words)
    return output.getvalue()


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        day = value.date()
        return day.isoformat()
    # A year typed as a number may be stored with a decimal point.
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
