"""A figure and the matrix as files: CSV as RFC 4180 has it, from the numbers that are drawn."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import override

from languages.names import country_name
from languages.text import Text, current_language, translated
from members.models import Action, Point
from members.spreadsheet import plain_cell
from portal.figures.figure import Figure
from portal.figures.matrix import Cell, MatrixRow, matrix_rows
from portal.open_data.formats.table import today
from portal.open_data.point_codes import COLUMNS, point_codes

Status = Action.Status
ACTION_STATUSES = (Status.DONE, Status.IN_PROGRESS, Status.PLANNED, Status.STOPPED)
MATRIX_HEADING = (
    *("city", "city_name", "city_name_language", "country", "country_label"),
    *("point", "point_label", "point_label_language", *COLUMNS),
    *(status.value for status in ACTION_STATUSES),
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
    language = current_language()
    rows = matrix_rows(cities)
    titles = _point_titles()
    yield _text([MATRIX_HEADING])
    while True:
        with override(language):
            row = next(rows, None)
            if row is None:
                return
            cells = [cell for cell in row.cells if cell.column.is_known]
            lines = [_line(row, cell, titles[cell.column.number]) for cell in cells]
            text = _text(lines)
        yield text


def _point_titles() -> dict[int, Text]:
    """Of the points of the plan, by their number."""
    points = Point.objects.public().filter(plan__in_force=True)
    return {point.number: translated(point, "short_title") for point in points}


def _line(row: MatrixRow, cell: Cell, title: Text) -> list[Any]:
    city, column = row.city, cell.column
    country = city.country.code
    statuses = [action.status for action in column.actions]
    values: dict[str, Any] = {
        "city": city.slug,
        "city_name": row.title.value,
        "city_name_language": row.title.language,
        "country": country,
        "country_label": country_name(country, current_language()),
        "point": column.number,
        "point_label": title.value,
        "point_label_language": title.language,
        **point_codes(column),
        **{status.value: statuses.count(status) for status in ACTION_STATUSES},
        "as_of": today(),
    }
    return [values[name] for name in MATRIX_HEADING]


def _text(lines: Iterable[Iterable[Any]]) -> str:
    """No text is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    for line in lines:
        writer.writerow([plain_cell(cell) if isinstance(cell, str) else cell for cell in line])
    return text.getvalue()
