"""A workbook: the rows, and a sheet that explains them. Written row by row to a file."""

import tempfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from members.spreadsheet import workbook_cell
from portal.open_data.dictionary import HEADINGS, dictionary_of
from portal.open_data.fields import Field
from portal.open_data.formats.csv_table import SEPARATOR, as_json
from portal.open_data.formats.table import Chunks, KindTable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 64 * 1024
WIDTH = 24


def write(table: KindTable) -> Chunks:
    """The file in pieces; it lies in a temporary file meanwhile."""
    with tempfile.TemporaryFile() as file:
        book = Workbook(write_only=True)
        _write_rows(book, table)
        with override(table.language):
            _write_explanation(book, table)
        book.save(file)
        yield from _pieces(file)


def _pieces(file: Any) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(CHUNK):
        yield piece


def _write_rows(book: Workbook, table: KindTable) -> None:
    fields = table.kind.fields
    sheet = book.create_sheet(table.kind.name)
    sheet.freeze_panes = "B2"
    for number in range(1, len(fields) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    sheet.append([_heading(sheet, field.name) for field in fields])
    for batch in table.values():
        for row in batch:
            sheet.append([_cell_of(sheet, field, row[field.name]) for field in fields])


def _write_explanation(book: Workbook, table: KindTable) -> None:
    # Translators: name of the sheet of a workbook that explains its table
    sheet = book.create_sheet(_("Explanation"))
    for letter in "ABCDEFG":
        sheet.column_dimensions[letter].width = 2 * WIDTH
    about = table.about()
    sheet.append([_heading(sheet, about["title"])])
    sheet.append([_cell(sheet, str(table.kind.meaning))])
    for label, text in _facts(about):
        sheet.append([_heading(sheet, label), _cell(sheet, text)])
    sheet.append([])
    sheet.append([_heading(sheet, str(heading)) for heading in HEADINGS])
    for entry in dictionary_of(table.kind):
        sheet.append([_cell(sheet, text) for text in entry.texts()])


def _facts(about: dict[str, str]) -> list[tuple[str, str]]:
    """Where exactly this table is read again, of when it is, and its terms."""
    return [
        (_("Address"), about["address"]),
        (_("As of"), about["as_of"]),
        (_("Language"), about["language"]),
        (_("Licence"), about["licence"]),
        (_("How to name it"), about["attribution"]),
    ]


def _heading(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _cell_of(sheet: Any, field: Field, value: Any) -> Any:
    """A value of a field; several in one cell as in CSV."""
    if field.parts:
        value = as_json(value)
    elif field.many:
        value = SEPARATOR.join(str(one) for one in value)
    return _cell(sheet, value)


def _cell(sheet: Any, value: Any) -> Any:
    """A value of the sheet. A text that begins like a formula is marked as a text."""
    if not isinstance(value, str):
        return value
    return workbook_cell(sheet, value)
