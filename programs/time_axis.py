"""The years of a city or a programme as one drawing: a bar for each period of a programme, a ring
for each dated record.

Places across are percentages of the width, so that the type keeps its size; places down are CSS
pixels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext

from languages.dates import PartialDateError, parse
from languages.names import join_list
from languages.sentences import excerpt_of
from languages.text import current_language, named
from members.age import is_recent, years_of
from programs.models import Edition

# A drawing of fewer dates, or of fewer years, says nothing that the list does not.
FEWEST_DATES, FEWEST_YEARS = 4, 2
# The newest programmes that are drawn; years under the axis at most, and how far apart they lie.
BARS, TICKS = 4, 6
STEPS = (1, 2, 4, 5, 10, 20, 50, 100, 1000)
# Per cent of the width: room for half a label on each side. CSS pixels: a bar with its name above.
MARGIN, LANE, TOP = 5.0, 24, 16
LONGEST_NAME = 50
MIDDLE = 50
NOT_ADOPTED = {Edition.Stage.PREPARATION, Edition.Stage.CONSULTATION}


@dataclass(frozen=True)
class AxisBar:
    """The period of an edition; its name, perhaps "", begins or ends where the bar does."""

    name: str
    language: str
    years: str
    x: str
    width: str
    name_place: str
    anchor: str
    lane: int
    is_draft: bool

    @property
    def y(self) -> int:
        return TOP + self.lane * LANE + 16

    @property
    def name_line(self) -> int:
        return self.y - 5


@dataclass(frozen=True)
class AxisMark:
    """A dated record."""

    x: str
    is_recent: bool


@dataclass(frozen=True)
class TimeAxis:
    """What `programs/time_axis.html` draws."""

    bars: list[AxisBar]
    marks: list[AxisMark]
    ticks: list[tuple[str, int]]
    today: str
    words: str

    @property
    def line(self) -> int:
        """Where the axis lies."""
        return TOP + len(self.bars) * LANE + 12

    @property
    def top(self) -> int:
        return TOP

    @property
    def tick_end(self) -> int:
        return self.line + 5

    @property
    def year_line(self) -> int:
        return self.line + 21

    @property
    def height(self) -> int:
        return self.line + 26

    @property
    def has_draft(self) -> bool:
        return any(bar.is_draft for bar in self.bars)


def time_axis(
    dates: Iterable[str], editions: Iterable[Edition], *, is_named: bool = True
) -> TimeAxis | None:
    """The axis of partial dates and of editions with a period, with the names of their programmes
    where `is_named`; None for so few that a list says it as well, and where a date is none."""
    try:
        days = {on: parse(on).first_day() for on in dates if on}
        periods = _periods(editions)
    except PartialDateError:
        return None
    ends = [day for edition in periods for day in _ends(edition)]
    scale = _years_of([*days.values(), *ends])
    if len(days) + len(periods) < FEWEST_DATES or scale is None:
        return None
    bars = [_bar(edition, lane, scale) for lane, edition in enumerate(periods)]
    if not is_named:
        bars = [replace(bar, name="") for bar in bars]
    marks = [AxisMark(scale.place(day), is_recent(on)) for on, day in sorted(days.items())]
    today = scale.place(timezone.localdate())
    return TimeAxis(bars, marks, scale.ticks, today, _words(scale, bars))


def _periods(editions: Iterable[Edition]) -> list[Edition]:
    """The newest editions of which both ends are known, the oldest first."""
    whole = [edition for edition in editions if edition.period_from and edition.period_to]
    newest = sorted(whole, key=lambda edition: edition.period_from, reverse=True)[:BARS]
    return sorted(newest, key=_ends)


def _ends(edition: Edition) -> tuple[date, date]:
    """The first and the last day of its period."""
    return parse(edition.period_from).first_day(), parse(edition.period_to).last_day()


def _bar(edition: Edition, lane: int, scale: "_Years") -> AxisBar:
    first, last = _ends(edition)
    begin, end = scale.percent(first), scale.percent(last)
    is_late = begin > MIDDLE
    name = named(edition.programme)
    return AxisBar(
        name=excerpt_of(name.value, LONGEST_NAME),
        language=name.language,
        years=years_of([edition.period_from, edition.period_to]),
        x=f"{begin:.1f}%",
        width=f"{max(end - begin, 0.5):.1f}%",
        name_place=f"{end if is_late else begin:.1f}%",
        anchor="end" if is_late else "start",
        lane=lane,
        is_draft=edition.stage in NOT_ADOPTED,
    )


def _words(scale: "_Years", bars: Sequence[AxisBar]) -> str:
    years = {"first": scale.first, "last": scale.last}
    if not bars:
        return gettext("Timeline from {first} to {last}.").format(**years)
    periods = [f"{bar.name} ({bar.years})" if bar.name else bar.years for bar in bars]
    sentence = gettext("Timeline from {first} to {last}, with the periods of: {programmes}.")
    return sentence.format(**years, programmes=join_list(periods, current_language()))


@dataclass(frozen=True)
class _Years:
    """From the first day of the first year to the last day of the last; today lies between."""

    first: int
    last: int

    def percent(self, day: date) -> float:
        begin, end = date(self.first, 1, 1), date(self.last, 12, 31)
        share = (day - begin) / (end - begin)
        return MARGIN + share * (100 - 2 * MARGIN)

    def place(self, day: date) -> str:
        return f"{self.percent(day):.1f}%"

    @property
    def ticks(self) -> list[tuple[str, int]]:
        """Round years, each at its beginning."""
        span = self.last - self.first
        step = next((years for years in STEPS if span / years < TICKS), STEPS[-1])
        first_round_year = self.first + -self.first % step
        round_years = range(first_round_year, self.last + 1, step)
        return [(self.place(date(year, 1, 1)), year) for year in round_years]


def _years_of(days: Sequence[date]) -> _Years | None:
    """None where all of it lies in few years."""
    years = sorted(day.year for day in days)
    if not years or years[-1] - years[0] < FEWEST_YEARS:
        return None
    this_year = timezone.localdate().year
    return _Years(
        first=min(years[0], this_year),
        last=max(years[-1], this_year),
    )
