"""Cells of tables that people open in a spreadsheet, and the two kinds of files."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

# A spreadsheet takes a cell that begins so for a formula; after an apostrophe it is a text.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
# E.164: a plus and 7 to 15 digits. Nothing in it can be computed, and programs dial it as it is.
PHONE_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
# By it spreadsheets know that a table is UTF-8.
BYTE_ORDER_MARK = "\ufeff"
# What XML cannot hold (XML 1.0, 2.2): openpyxl itself knows the control characters only, and
# writes a file that no program opens, or stops where lxml is installed.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The most characters that a cell of a workbook holds.
LONGEST = 32_767
Cell = str | int


def plain_cell(text: str) -> str:
    """The text in a form that a spreadsheet never takes for a formula."""
    if text.startswith(FORMULA_SIGNS) and not PHONE_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def workbook_cell(sheet: Any, text: str) -> Any:
    """The text as a cell of a workbook. One that begins like a formula is marked as a text."""
    clean = NOT_IN_XML.sub("", text)[:LONGEST]
    if not clean.startswith(FORMULA_SIGNS):
        return clean
    cell = WriteOnlyCell(sheet, value=clean)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def csv_file(rows: Iterable[list[Cell]]) -> bytes:
    """A table as CSV in UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([plain_cell(str(value)) for value in row])
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def workbook_file(rows: Iterable[list[Cell]], name: str) -> bytes:
    """A table as a workbook with one sheet of this name."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    for row in rows:
        sheet.append([_value(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _value(sheet: Any, value: Cell) -> Any:
    if isinstance(value, int):
        return value
    return workbook_cell(sheet, value)
