"""Dates as people type them, and the field in which they do.

A date is typed as the reader's language writes it, in figures or with the name of the month, or as
ISO 8601. Where scripts run, a button beside the field opens the browser's calendar.
"""

import datetime
import re
from functools import cache
from typing import Any

from babel import Locale
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext, gettext_lazy

from languages.folding import fold
from languages.names import locale_of
from languages.partial_dates import (
    PartialDate,
    PartialDateError,
    PartialDateFormatError,
    from_digits,
    parse,
)

# The day first, or the year first. A full stop, slash, hyphen or space separates the parts
# ("25/9 2024").
_PART = r"(?:\s*[./-]\s*|\s+)"
_DAY_FIRST = re.compile(
    rf"(?:(?:(?P<day>[0-9]{{1,2}}){_PART})?(?P<month>[0-9]{{1,2}}){_PART})?"
    r"(?P<year>[0-9]{1,4})\.?"
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>[0-9]{{4}}){_PART}(?P<month>[0-9]{{1,2}})(?:{_PART}(?P<day>[0-9]{{1,2}}))?\.?"
)
# "25 September 2024", "1er janvier 2024", "25 de septiembre de 2024", "25 вересня 2024 р."
_WITH_NAME = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?:\.|er|º|°)? (?:de )?)?(?P<name>[^\W\d_]+)\.?,? (?:de |del )?"
    r"(?P<year>[0-9]{1,4})(?: ?(?:r|р|року|roku)\.?)?"
)
_LONGEST_INPUT = 40
_FULL_YEAR = 4
# A year of two figures may lie this many years ahead; a later one was in the last century.
_YEARS_AHEAD = 20


class DateInputFormatError(PartialDateFormatError):
    @property
    def message(self) -> str:  # type: ignore[override]
        words = gettext(
            "Write a date as %(day)s, a month as %(month)s or a year as %(year)s. 2024-09-25 and "
            "2024-09 are accepted too."
        )
        return words % examples()


class ShortYearError(PartialDateError):
    """The year has not four figures. Nobody guesses for the person: the message asks."""

    code = "short_year"

    def __init__(self, year: str) -> None:
        super().__init__(year)
        self.year = year

    @property
    def message(self) -> str:  # type: ignore[override]
        if int(self.year) >= 100:
            return gettext("Write the year with four figures.")
        words = gettext("Do you mean %(year)d? Write the year with four figures.")
        return words % {"year": _likely_year(self.year)}


def _likely_year(text: str) -> int:
    this_year = timezone.localdate().year
    century = this_year - this_year % 100
    year = century + int(text)
    return year if year <= this_year + _YEARS_AHEAD else year - 100


# --- Reading --------------------------------------------------------------------------------------


def parse_input(text: str) -> PartialDate:
    """Read a date as people write it in our languages: "25.9.2024", "25/09/2024", "25/9 2024",
    "25 September 2024", "9.2024", "2024", "2024-9-25".

    The day comes before the month, and the year has four figures. Raises a `PartialDateError`.
    """
    text = text.strip()
    # A date is short. So the patterns never read a long text.
    if len(text) > _LONGEST_INPUT:
        raise DateInputFormatError
    text = " ".join(text.split())
    for pattern in (_YEAR_FIRST, _DAY_FIRST, _WITH_NAME):
        match = pattern.fullmatch(text)
        if match:
            return _from_match(match.groupdict())
    raise DateInputFormatError


def _from_match(parts: dict[str, str | None]) -> PartialDate:
    year = parts["year"] or ""
    month = parts.get("month")
    name = parts.get("name")
    if name:
        number = _month_numbers().get(fold(name))
        if number is None:
            raise DateInputFormatError
        month = str(number)
    if len(year) < _FULL_YEAR or int(year) < 100:
        # "25.9" is no month of the year 9.
        if parts["day"] is None and not name:
            raise DateInputFormatError
        raise ShortYearError(year)
    return from_digits(year, month, parts["day"])


@cache
def _month_numbers() -> dict[str, int]:
    """The names of the months in all our languages, folded, and their numbers.

    No name means two months (a test says so).
    """
    numbers = {}
    for code, _name in settings.SCHEMA_LANGUAGES:
        locale = locale_of(code)
        if locale:
            numbers.update(month_names(locale))
    return numbers


def month_names(locale: Locale) -> dict[str, int]:
    """The names of the months in a language, long and short, in all their forms."""
    numbers = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                folded = fold(name.rstrip("."))
                numbers[folded] = number
    return numbers


# --- Writing --------------------------------------------------------------------------------------


def input_text(date: PartialDate) -> str:
    """A date in figures as the reader's language writes it: "25/09/2024", "25.9.2024"."""
    return _by_pattern(date, input_pattern(date))


def input_pattern(date: PartialDate) -> str:
    """The pattern of the reader's language with the parts `d`, `M` and `y` (CLDR)."""
    if not date.month:
        return "y"
    locale = locale_of(_language())
    skeleton = "yMd" if date.day else "yM"
    if locale is None:
        return "y-MM-dd" if date.day else "y-MM"
    pattern: str = locale.datetime_skeletons[skeleton].pattern
    return pattern


def _by_pattern(date: PartialDate, pattern: str) -> str:
    """A pattern of CLDR with its parts filled: "dd.MM.y" gives "05.09.2024"."""
    figures = {
        "d": str(date.day),
        "dd": f"{date.day:02}",
        "M": str(date.month),
        "MM": f"{date.month:02}",
        "y": str(date.year),
    }

    def figure(part: re.Match[str]) -> str:
        return figures[part[0]]

    return re.sub(r"dd|MM|d|M|y", figure, pattern)


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def examples() -> dict[str, str]:
    """The same date as a day, a month and a year, as the reader's language writes it."""
    return {
        "day": input_text(PartialDate(2024, 9, 25)),
        "month": input_text(PartialDate(2024, 9)),
        "year": "2024",
    }


# --- The field ------------------------------------------------------------------------------------


def _day_help() -> str:
    return gettext("For example %(day)s.") % examples()


def _partial_help() -> str:
    return gettext("For example %(day)s, %(month)s or %(year)s.") % examples()


def _pattern_of_days() -> str:
    return input_pattern(PartialDate(2024, 9, 25))


day_help = lazy(_day_help, str)
partial_help = lazy(_partial_help, str)
_lazy_pattern = lazy(_pattern_of_days, str)


class DateTextInput(forms.TextInput):
    """A text field for a date: it shows a stored date as the reader's language writes it.

    `static/js/pick-date.js` adds the calendar.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {
            "autocomplete": "off",
            "size": "14",
            "data-date": _lazy_pattern(),
            "data-pick": gettext_lazy("Choose a day"),
        }
        super().__init__({**own, **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        if not value:
            return None
        text = value.isoformat() if isinstance(value, datetime.date) else str(value)
        try:
            date = parse(text)
        except PartialDateError:
            # What the person typed stays as it is.
            return text
        return input_text(date)
