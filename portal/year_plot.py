"""Since when cities work on a point, and of when the newest news is: a line for each city.

Places are percentages of the width, so that the type keeps its size.
"""

from dataclasses import dataclass

from django.utils import timezone

from languages.dates import RECENT_YEARS, parse
from members.age import is_recent
from portal.point_work import WorkingCity

# Years between two labels under the plot, at least.
TICKS = 5
# Per cent of the width: room for half a label on each side.
MARGIN = 5.0


@dataclass(frozen=True)
class PlotRow:
    """A city: from its first known year to the newest; both in the plot and in words."""

    city: WorkingCity
    first_year: int
    last_year: int
    first: str
    last: str
    is_recent: bool

    @property
    def is_line(self) -> bool:
        return self.first_year < self.last_year


@dataclass(frozen=True)
class YearPlot:
    """The rows, the newest first; the years under them with their places; where recent begins."""

    rows: list[PlotRow]
    ticks: list[tuple[str, int]]
    recent: str
    recent_width: str


def year_plot(dated: list[WorkingCity]) -> YearPlot | None:
    """Of cities with a date, those with the newest news first; None of fewer than two."""
    if len(dated) < 2:
        return None
    this_year = timezone.localdate().year
    scale = _Scale(
        first=min(parse(city.first_date).year for city in dated),
        last=max(this_year, *(parse(city.newest_date).year for city in dated)),
    )
    first_recent_year = this_year - RECENT_YEARS + 1
    return YearPlot(
        rows=[_row(city, scale) for city in dated],
        ticks=scale.ticks,
        recent=scale.place(first_recent_year, -0.5),
        recent_width=scale.width(RECENT_YEARS),
    )


def _row(city: WorkingCity, scale: "_Scale") -> PlotRow:
    first_year = parse(city.first_date).year
    last_year = parse(city.newest_date).year
    return PlotRow(
        city,
        first_year,
        last_year,
        first=scale.place(first_year),
        last=scale.place(last_year),
        is_recent=is_recent(city.newest_date),
    )


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int

    @property
    def _step(self) -> float:
        """Per cent of the width for a year."""
        return (100 - 2 * MARGIN) / max(self.last - self.first, 1)

    def place(self, year: int, offset: float = 0) -> str:
        percent = MARGIN + (year - self.first + offset) * self._step
        return f"{percent:.1f}%"

    def width(self, years: int) -> str:
        return f"{years * self._step:.1f}%"

    @property
    def ticks(self) -> list[tuple[str, int]]:
        distance = max(1, (self.last - self.first) // TICKS)
        years = range(self.last, self.first - 1, -distance)
        return [(self.place(year), year) for year in reversed(years)]
