"""The values of an indicator as a line: where each lies, and what the line says in words.

Places across are percentages of the width, so that the type keeps its size; places down are CSS
pixels. The line begins at nought, so that no change looks larger than it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext

from languages.dates import PartialDateError, format_partial, parse
from languages.names import number
from languages.text import current_language
from members.models import IndicatorValue

# Of the drawing, in CSS pixels: room for a figure above the line, for a date under it.
TOP, BOTTOM, HEIGHT = 26.0, 104.0, 128
# Per cent of the width: room for half a figure on each side.
MARGIN = 7.0


@dataclass(frozen=True)
class ChartPoint:
    """A value where it is drawn; `is_labelled`: its figure and date stand in the drawing."""

    x: str
    y: float
    figure: str
    date: str
    is_labelled: bool

    @property
    def figure_line(self) -> float:
        """The base line of its figure."""
        return round(self.y - 9, 1)


@dataclass(frozen=True)
class LineChart:
    """What `components/line_chart.html` draws."""

    points: list[ChartPoint]
    words: str

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def base(self) -> float:
        """Where nought lies."""
        return BOTTOM

    @property
    def date_line(self) -> int:
        return HEIGHT - 6

    @property
    def segments(self) -> list[tuple[ChartPoint, ChartPoint]]:
        return list(pairwise(self.points))


def line_chart(values: Sequence[IndicatorValue]) -> LineChart | None:
    """The chart of these values, the oldest first; None for fewer than two days, where a value lies
    below nought, and where a date is none."""
    try:
        days = [parse(value.on).first_day().toordinal() for value in values]
    except PartialDateError:
        return None
    if len(set(days)) < 2 or min(value.value for value in values) < 0:
        return None
    highest = max(value.value for value in values) or Decimal(1)
    labelled = {0, len(values) - 1}
    points = []
    for place, (value, day) in enumerate(zip(values, days, strict=True)):
        share = (day - days[0]) / (days[-1] - days[0])
        height = float(value.value / highest) * (BOTTOM - TOP)
        points.append(
            ChartPoint(
                x=f"{MARGIN + share * (100 - 2 * MARGIN):.1f}%",
                y=round(BOTTOM - height, 1),
                figure=number(value.value, current_language()),
                date=format_partial(value.on, current_language()),
                is_labelled=place in labelled,
            )
        )
    return LineChart(points, _words(points))


def _words(points: Sequence[ChartPoint]) -> str:
    first, last = points[0], points[-1]
    sentence = gettext("From {first} ({first_date}) to {last} ({last_date}).")
    return sentence.format(
        first=first.figure,
        first_date=first.date,
        last=last.figure,
        last_date=last.date,
    )
