"""Opening hours as data: the weekly part of OpenStreetMap's `opening_hours`.

`Mo 10:00-18:00; Tu-Fr 08:00-16:00; PH off`. The library `opening-hours-py` reads it and knows the
public holidays (`PH`) of each country; https://wiki.openstreetmap.org/wiki/Key:opening_hours.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_time, get_day_names
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from opening_hours import (  # type: ignore[attr-defined]
    OpeningHours,
    ParserError,
    State,
    UnknownCountryError,
)

from languages.names import locale_of
from languages.validity import holds_until

# What a week needs: days, times, public holidays, "off". Months and single dates are left out:
# nobody would correct them in time.
DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
DAYS = rf"{DAY}(?:[-,]{DAY})*"
TIME = r"\d\d:\d\d-\d\d:\d\d"
RULE = rf"(?:{DAYS} )?(?:{TIME}(?:,{TIME})*|off)|24/7"
WEEK = re.compile(rf"(?:{RULE})(?:; (?:{RULE}))*")
DAY_CODES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
# A span of time as people write it: "9-17", "9.30-12", "09:00-17:00".
LOOSE_SPAN = re.compile(r"(?<![\d:.])(\d{1,2})(?:[:.h](\d\d))?-(\d{1,2})(?:[:.h](\d\d))?(?![\d:.])")
# A Monday; without a country the library knows no public holidays.
MONDAY = date(2024, 1, 1)
DAYS_OF_WEEK = 7


Span = tuple[time, time]


@dataclass(frozen=True)
class OpenState:
    """Whether something is open at a moment, and when that changes (none: never)."""

    is_open: bool
    moment: datetime
    change: datetime | None


@dataclass(frozen=True)
class DayGroup:
    """Days in a row (0 is Monday) with the same hours."""

    first: int
    last: int
    spans: tuple[Span, ...]


def check_opening(text: str) -> None:
    """Raise ValidationError for what is no weekly opening hours."""
    if WEEK.fullmatch(text) and _parse(text) is not None:
        return
    example = "Mo-Fr 09:00-17:00; PH off"
    message = _("Write days and times like this: %(example)s") % {"example": example}
    raise ValidationError(
        message,
        code="opening",
    )


def read_opening(text: str, language: str) -> str:
    """What a person writes, as it is stored: ("pon.–pt. 9–17", "pl") → "Mo-Fr 09:00-17:00".

    What is not understood stays as it is, for `check_opening` to refuse.
    """
    spans = _joined("-", re.split("[–—-]", text.strip()))
    for name, code in _day_codes(language):
        pattern = rf"(?<!\w){re.escape(name)}\.?(?!\w)"
        spans = re.sub(pattern, code, spans, flags=re.IGNORECASE)
    spans = LOOSE_SPAN.sub(_strict_span, spans)
    spans = _joined(",", spans.split(","))
    spans = _joined("; ", spans.split(";"))
    return re.sub(r"\s+", " ", spans)


def _joined(sign: str, parts: list[str]) -> str:
    """The parts without the spaces beside the sign. A pattern for them would read the spaces of a
    long text from each of them."""
    return sign.join(part.strip() for part in parts)


def _day_codes(language: str) -> list[tuple[str, str]]:
    """Names of the days in a language, wide and short, with their codes; the longest first."""
    locale = locale_of(language) or "en_GB"
    codes = []
    for width in ("wide", "abbreviated"):
        for day, name in get_day_names(width, "stand-alone", locale).items():
            codes.append((name.rstrip("."), DAY_CODES[day]))
    return sorted(codes, key=lambda pair: -len(pair[0]))


def _strict_span(match: re.Match[str]) -> str:
    """`9-17.30` → `09:00-17:30`."""
    start, start_minutes, end, end_minutes = match.groups(default="00")
    return f"{int(start):02}:{start_minutes}-{int(end):02}:{end_minutes}"


def check_time_zone(name: str) -> None:
    """Raise ValidationError for an unknown time zone."""
    if name not in available_timezones():
        raise ValidationError(_("There is no such time zone."), code="time_zone")


def _parse(text: str, **place: Any) -> OpeningHours | None:
    """None for hours that cannot be read: a row that was stored past the form can hold them.

    Raises UnknownCountryError.
    """
    try:
        return OpeningHours(text, **place)
    except ParserError:
        return None


def state_at(text: str, moment: datetime, time_zone: str, country: str) -> OpenState | None:
    """None for hours that cannot be read: nobody knows whether it is open.

    `country`: two letters, for its public holidays; one that is unknown has none.
    """
    zone = ZoneInfo(time_zone)
    here = moment.astimezone(zone)
    try:
        hours = _parse(
            text,
            timezone=zone,
            country=country,
        )
    except UnknownCountryError:
        hours = _parse(text, timezone=zone)
    if hours is None:
        return None
    change = hours.next_change(here)
    if change is not None:
        # "Opens tomorrow" becomes "opens today" at midnight there.
        holds_until(min(change, midnight_after(here)))
    return OpenState(hours.is_open(here), here, change)


def midnight_after(moment: datetime) -> datetime:
    """The end of the day, in the time zone of the moment."""
    tomorrow = moment.date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=moment.tzinfo)


def weekly(text: str) -> list[DayGroup]:
    """The days of a week without holidays, in groups of neighbours with the same hours; none for
    hours that cannot be read."""
    groups: list[DayGroup] = []
    for day, spans in enumerate(_spans_of_days(text)):
        last = groups[-1] if groups else None
        if last and last.spans == spans and last.last == day - 1:
            groups[-1] = DayGroup(last.first, day, spans)
        else:
            groups.append(DayGroup(day, day, spans))
    return [group for group in groups if group.spans]


@lru_cache(maxsize=256)
def _spans_of_days(text: str) -> tuple[tuple[Span, ...], ...]:
    hours = _parse(text)
    if hours is None:
        return ()
    days = []
    for number in range(DAYS_OF_WEEK):
        midnight = datetime.combine(MONDAY + timedelta(days=number), time.min)
        intervals = hours.intervals(midnight, midnight + timedelta(days=1))
        days.append(tuple(_open_spans(intervals)))
    return tuple(days)


def _open_spans(intervals: Iterable[tuple[datetime, datetime, State, str]]) -> Iterator[Span]:
    for start, end, state, _comment in intervals:
        if state == State.OPEN:
            yield start.time(), end.time()


def week_in_words(text: str, language: str) -> str:
    """`Mon 10:00–18:00, Tue–Fri 8:00–16:00` in a language; "every day" where all are the same."""
    groups = weekly(text)
    parts = []
    for group in groups:
        is_whole_week = (group.first, group.last) == (0, DAYS_OF_WEEK - 1)
        days = _("every day") if is_whole_week else _days_in_words(group, language)
        spans = ", ".join(_span_in_words(span, language) for span in group.spans)
        parts.append(f"{days} {spans}")
    return ", ".join(parts) if len(parts) < 3 else "; ".join(parts)


def _days_in_words(group: DayGroup, language: str) -> str:
    locale = locale_of(language) or "en_GB"
    names = get_day_names("abbreviated", "stand-alone", locale)
    first, last = names[group.first], names[group.last]
    if group.first == group.last:
        return str(first)
    between = "–" if group.last - group.first > 1 else ", "
    return f"{first}{between}{last}"


def _span_in_words(span: Span, language: str) -> str:
    if span == (time.min, time.min):
        return _("round the clock")
    start, end = span
    return f"{clock(start, language)}–{clock(end, language)}"


def clock(value: time | datetime, language: str) -> str:
    """A time of day as the language writes it: `10:00`."""
    locale = locale_of(language) or "en_GB"
    words: str = format_time(value, "short", locale=locale)
    return words


def day_in_words(day: date, language: str) -> str:
    """The name of a weekday, as it stands alone: `Monday`."""
    locale = locale_of(language) or "en_GB"
    names = get_day_names("wide", "stand-alone", locale)
    name: str = names[day.weekday()]
    return name


def state_in_words(state: OpenState, language: str) -> str:
    """`Open now, until 18:00.`, `Closed now. Opens tomorrow at 10:00.`"""
    if state.change is None:
        return _("Open now, round the clock.") if state.is_open else ""
    values = {"time": clock(state.change, language)}
    if state.is_open:
        return _("Open now, until %(time)s.") % values
    day = state.change.date()
    days = (day - state.moment.date()).days
    if days == 0:
        return _("Closed now. Opens today at %(time)s.") % values
    if days == 1:
        return _("Closed now. Opens tomorrow at %(time)s.") % values
    values["day"] = day_in_words(day, language)
    return _("Closed now. Opens again: %(day)s, %(time)s.") % values
