"""A figure and the matrix as files: CSV as RFC 4180 has it, from the numbers that are drawn."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import override

from languages.names import country_name
from languages.text import current_language
from members.models import Action
from members.spreadsheet import plain_cell
from portal.figures.figure import Figure
from portal.figures.matrix import Cell, MatrixRow, matrix_rows
from portal.open_data.formats.table import today

Status = Action.Status
MATRIX_HEADING = (
    "city",
    "city_name",
    "city_name_language",
    "country",
    "country_label",
    "point",
    "chosen",
    "done",
    "in_progress",
    "planned",
    "stopped",
    "state_label",
    "state_as_of",
    "as_of",
)


def figure_csv(figure: Figure) -> str:
    """Every row of the figure, those that are not drawn too. The denominator is named by what it
    counts, `out_of_actions`: a column of something else is no part of it."""
    names = [column.name for column in figure.columns]
    key = figure.head.name
    heading = [key, f"{key}_label", *names, f"out_of_{figure.unit}", "as_of"]
    day = today()
    lines: list[list[Any]] = [heading]
    for row in figure.rows:
        line = [row.key, row.label, *row.numbers, figure.total, day]
        lines.append(line)
    return _text(lines)


def matrix_csv(cities: Iterable[Any]) -> Iterator[str]:
    """A line for each city and point of which something is known; in pieces, because there may be
    many. The language holds only while a piece is made: a stream outlives its request."""
    language, day = current_language(), today()
    rows = matrix_rows(cities)
    yield _text([MATRIX_HEADING])
    while True:
        with override(language):
            row = next(rows, None)
            if row is None:
                return
            lines = [_line(row, cell, day) for cell in row.cells if cell.column.is_known]
            text = _text(lines)
        yield text


def _line(row: MatrixRow, cell: Cell, day: str) -> list[Any]:
    city, column = row.city, cell.column
    statuses = [action.status for action in column.actions]
    order = (Status.DONE, Status.IN_PROGRESS, Status.PLANNED, Status.STOPPED)
    code = city.country.code
    return [
        city.slug,
        row.title.value,
        row.title.language,
        code,
        country_name(code, current_language()),
        column.number,
        column.chosen,
        *(statuses.count(status) for status in order),
        column.words,
        cell.date,
        day,
    ]


def _text(lines: Iterable[Iterable[Any]]) -> str:
    """No text is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    for line in lines:
        writer.writerow([plain_cell(cell) if isinstance(cell, str) else cell for cell in line])
    return text.getvalue()
