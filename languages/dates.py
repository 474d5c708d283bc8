"""Dates that may lack their day or month, as sources give them: "2024-09-25", "2024-09" or "2024".

They are stored as that text (ISO 8601, reduced precision), which sorts as it should; "" says that
no date is known.
"""

import calendar
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from babel import Locale
from babel.dates import format_date as format_by_pattern
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from languages.names import locale_of

FIRST_YEAR = 1000
LAST_YEAR = 2999

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

# What people type: the day first, or the year first. The parts are separated by a full stop,
# slash, hyphen or space ("25/9 2024").
_PART = r"(?:\s*[./-]\s*|\s+)"
_DAY_FIRST = re.compile(
    rf"(?:(?:(?P<day>[0-9]{{1,2}}){_PART})?(?P<month>[0-9]{{1,2}}){_PART})?(?P<year>[0-9]{{4}})\.?"
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>[0-9]{{4}}){_PART}(?P<month>[0-9]{{1,2}})(?:{_PART}(?P<day>[0-9]{{1,2}}))?\.?"
)
_LONGEST_TYPED = 30


class PartialDateError(ValueError):
    """A text or a combination of numbers is no partial date; `message` says why, in the reader's
    language."""

    code = "invalid"
    message: str | Promise = _("This is not a date.")

    def __str__(self) -> str:
        return str(self.message)


class PartialDateFormatError(PartialDateError):
    code = "format"
    message = _("Write a date as 2024-09-25, a month as 2024-09 or a year as 2024.")


class TypedDateFormatError(PartialDateError):
    code = "format"
    message = _(
        "Write a date as 25.9.2024, a month as 9.2024 or a year as 2024, the day before the month. "
        "2024-09-25 and 2024-09 are accepted too."
    )


class PartialDateYearError(PartialDateError):
    code = "year"
    message = _("The year must lie between 1000 and 2999.")


class PartialDateCalendarError(PartialDateError):
    code = "calendar"
    message = _("There is no such day or month in the calendar.")


@dataclass(frozen=True, order=True)
class PartialDate:
    """A day, a month or a year. `month` and `day` are 0 where they are not known; a day needs its
    month.

    The order is that of the stored text: a year stands before its months, a month before its days.
    To compare what is known, use `surely_before`. Raises `PartialDateYearError` or
    `PartialDateCalendarError`.
    """

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise PartialDateYearError
        try:
            datetime.date(self.year, self.month or 1, self.day or 1)
        except ValueError as error:
            raise PartialDateCalendarError from error
        if self.day and not self.month:
            raise PartialDateCalendarError

    def __str__(self) -> str:
        """Return the text to store: "2024", "2024-09" or "2024-09-25"."""
        text = f"{self.year}"
        if self.month:
            text += f"-{self.month:02}"
        if self.day:
            text += f"-{self.day:02}"
        return text

    def first_day(self) -> datetime.date:
        return datetime.date(self.year, self.month or 1, self.day or 1)

    def last_day(self) -> datetime.date:
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


def parse(text: str) -> PartialDate:
    """Read "YYYY", "YYYY-MM" or "YYYY-MM-DD", nothing else; raises a `PartialDateError` that says
    what is wrong."""
    found = _ISO.fullmatch(text)
    if not found:
        raise PartialDateFormatError
    return _from_digits(*found.groups())


def parse_typed(text: str) -> PartialDate:
    """Read what people type in our languages: "25.9.2024", "25/09/2024", "25/9 2024", "9.2024",
    "2024", "2024-9-25".

    The day always stands before the month, and the year has four digits. Raises a
    `PartialDateError`.
    """
    text = text.strip()
    # An honest date is short; the patterns need not look at a novel.
    found = len(text) <= _LONGEST_TYPED and (
        _DAY_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    )
    if not found:
        raise TypedDateFormatError
    return _from_digits(found["year"], found["month"], found["day"])


def _from_digits(year: str, month: str | None, day: str | None) -> PartialDate:
    parts = [int(part) for part in (year, month, day) if part is not None]
    # 0 means "not known" in a PartialDate, but "2024-00" is a slip.
    if 0 in parts[1:]:
        raise PartialDateCalendarError
    return PartialDate(*parts)


def surely_before(first: PartialDate, second: PartialDate) -> bool:
    """Tell whether the first date lies before the second whatever the days not known: 2023 before
    2024-05, not 2024."""
    return first.last_day() < second.first_day()


def possibly_before(first: PartialDate, second: PartialDate) -> bool:
    """Tell whether the first date may lie before the second, given the days not known: 2024 and
    2024-05 both ways."""
    return first.first_day() < second.last_day()


def is_future(text: str) -> bool:
    """Tell whether a stored date surely lies after today; not where none is known (""). Raises
    `PartialDateError`."""
    return bool(text) and timezone.localdate() < parse(text).first_day()


def format_date(date: datetime.date, language: str) -> str:
    """Write a full date as the language does: "25 September 2024", "25 września 2024", "25 de
    septiembre de 2024".

    A language that CLDR does not know gets ISO 8601.
    """
    return format_partial(PartialDate(date.year, date.month, date.day), language)


def format_partial(value: PartialDate | str, language: str) -> str:
    """Write a partial date, or its stored text, as the language does: "wrzesień 2024", "вересень
    2024 р.", "2024".

    "" stays "". Ukrainian has a narrow no-break space before р., as CLDR has it. Raises
    `PartialDateError` for a text that is no partial date.
    """
    partial = _as_partial(value)
    locale = locale_of(language)
    if not partial:
        return ""
    if not locale or not partial.month:
        return str(partial)
    return _written(
        partial, _full_pattern(locale) if partial.day else _month_pattern(locale), locale
    )


def format_range(first: PartialDate | str, last: PartialDate | str, language: str) -> str:
    """Write a range as short as it can be: "2020–2022", "13–15 June 2024", "13 June – 5 July 2024",
    "May 2023 – 2024".

    The en dash has spaces where one side has. A side that is not known ("") leaves the dash open:
    "2020 –".
    """
    start, end = _as_partial(first), _as_partial(last)
    if start == end:
        return format_partial(first, language)
    locale = locale_of(language)
    closing = format_partial(last, language)
    if start and end and locale and (opening := _shortened(start, end, locale)):
        # "13–15 June", "June–July 2024": what the dash joins is one word on each side.
        return f"{opening} – {closing}" if " " in opening else f"{opening}–{closing}"
    if start and end and not (start.month or end.month):
        return f"{start}–{end}"
    return f"{format_partial(first, language)} – {closing}".strip()


def _shortened(start: PartialDate, end: PartialDate, locale: Locale) -> str:
    """Write the start of a range without what the end says again, or "" where nothing can be left
    out."""
    same_precision = bool(start.day) == bool(end.day) and bool(start.month) == bool(end.month)
    if start.year != end.year or not same_precision or not start.month:
        return ""
    full = _full_pattern(locale)
    # Languages that begin with the year (Hungarian) say it once at the start: not one of ours, so
    # it is said twice.
    if not full.startswith("d"):
        return ""
    if not start.day:
        return _written(start, "LLLL", locale)
    if start.month == end.month:
        return _written(start, "d." if full.startswith("d.") else "d", locale)
    return _written(start, locale.datetime_skeletons["MMMMd"].pattern, locale)


def _full_pattern(locale: Locale) -> str:
    return locale.date_formats["long"].pattern


def _month_pattern(locale: Locale) -> str:
    return locale.datetime_skeletons["yMMMM"].pattern


def _written(partial: PartialDate, pattern: str, locale: Locale) -> str:
    # "1er janvier": the one ordinal that CLDR's patterns cannot say.
    if locale.language == "fr" and partial.day == 1:
        pattern = pattern.replace("d", "d'er'", 1)
    return format_by_pattern(partial.first_day(), pattern, locale=locale)


def _as_partial(value: PartialDate | str) -> PartialDate | None:
    if not value:
        return None
    return parse(value) if isinstance(value, str) else value


def validate_partial_date(text: str) -> None:
    """Raise a ValidationError unless the text is a partial date as it is stored."""
    _validated(parse, text)


def _validated(read: Callable[[str], PartialDate], text: str) -> PartialDate:
    try:
        return read(text)
    except PartialDateError as error:
        raise ValidationError(error.message, code=error.code) from error


class PartialDateFormField(forms.CharField):
    """A text field that takes a date as people type it (`parse_typed`) and cleans to the text to
    store."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return text if text in self.empty_values else str(_validated(parse_typed, text))


class PartialDateField(models.CharField):
    """Stores a partial date as text: "2024-09-25", "2024-09", "2024" or "" (the default: not
    known).

    Optional unless `blank=False`. Values are plain text; a `PartialDate` or `datetime.date` may be
    assigned.
    """

    default_validators = [validate_partial_date]
    description = _("Date, month or year")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", len("YYYY-MM-DD"))
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Name `blank` always: Django leaves out a False, which here is not what a missing one
        means."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"blank": self.blank}

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        # Without a maximum: what is typed may be longer than what is stored.
        return super().formfield(
            **{"form_class": PartialDateFormField, "max_length": None, **kwargs}
        )
