"""Partial dates: dates that may lack their day or month, as sources give them.

They are stored as text, "2024-09-25", "2024-09" or "2024" (ISO 8601, reduced precision), which
sorts in the right order. "" means that no date is known.
"""

import calendar
import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.dates import format_date as format_by_pattern
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from languages.names import locale_of

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable
    from django_stubs_ext import StrPromise

    CharField = models.CharField[str | int | Combinable, str]
else:
    CharField = models.CharField

FIRST_YEAR = 1000
LAST_YEAR = 2999
# A fact of these last calendar years, the present one included, is told as the present.
RECENT_YEARS = 3

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

# How people write dates: the day first, or the year first. A full stop, slash, hyphen or space
# separates the parts ("25/9 2024").
_PART = r"(?:\s*[./-]\s*|\s+)"
_DAY_FIRST = re.compile(
    rf"(?:(?:(?P<day>[0-9]{{1,2}}){_PART})?(?P<month>[0-9]{{1,2}}){_PART})?(?P<year>[0-9]{{4}})\.?"
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>[0-9]{{4}}){_PART}(?P<month>[0-9]{{1,2}})(?:{_PART}(?P<day>[0-9]{{1,2}}))?\.?"
)
_LONGEST_INPUT = 30


class PartialDateError(ValueError):
    """A text or a combination of numbers is no partial date. `message` says why, in the reader's
    language."""

    code = "invalid"
    message: "StrPromise" = _("This is not a date.")

    def __str__(self) -> str:
        return str(self.message)


class PartialDateFormatError(PartialDateError):
    code = "format"
    message = _("Write a date as 2024-09-25, a month as 2024-09 or a year as 2024.")


class DateInputFormatError(PartialDateError):
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
    """A day, a month or a year. `month` and `day` are 0 if they are not known; a day needs a month.

    The order is that of the stored text: a year comes before its months, a month before its days.
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
            self.first_day()
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
        month = self.month or 1
        day = self.day or 1
        return datetime.date(self.year, month, day)

    def last_day(self) -> datetime.date:
        month = self.month or 12
        _weekday, length = calendar.monthrange(self.year, month)
        day = self.day or length
        return datetime.date(self.year, month, day)


def parse(text: str) -> PartialDate:
    """Read a stored date: "YYYY", "YYYY-MM" or "YYYY-MM-DD". Raises a `PartialDateError`."""
    match = _ISO.fullmatch(text)
    if not match:
        raise PartialDateFormatError
    year, month, day = match.groups()
    return _from_digits(year, month, day)


def parse_input(text: str) -> PartialDate:
    """Read a date as people write it in our languages: "25.9.2024", "25/09/2024", "25/9 2024",
    "9.2024", "2024", "2024-9-25".

    The day comes before the month, and the year has four digits. Raises a `PartialDateError`.
    """
    text = text.strip()
    # A date is short. So the patterns never read a long text.
    if len(text) > _LONGEST_INPUT:
        raise DateInputFormatError
    match = _DAY_FIRST.fullmatch(text)
    if not match:
        match = _YEAR_FIRST.fullmatch(text)
    if not match:
        raise DateInputFormatError
    year, month, day = match.group("year", "month", "day")
    return _from_digits(year, month, day)


def _from_digits(year: str, month: str | None, day: str | None) -> PartialDate:
    # 0 means "not known" in a PartialDate, but "2024-00" is a mistake.
    for part in (month, day):
        if part is not None and int(part) == 0:
            raise PartialDateCalendarError
    return PartialDate(
        year=int(year),
        month=int(month or 0),
        day=int(day or 0),
    )


def surely_before(first: PartialDate, second: PartialDate) -> bool:
    """Whether the first date is before the second, whatever the unknown days are: 2023 is surely
    before 2024-05, 2024 is not."""
    return first.last_day() < second.first_day()


def possibly_before(first: PartialDate, second: PartialDate) -> bool:
    """Whether the first date may be before the second, depending on unknown days: 2024 and 2024-05
    may, in both directions."""
    return first.first_day() < second.last_day()


def is_future(text: str) -> bool:
    """Whether a stored date is surely after today; False for "". Raises `PartialDateError`."""
    if not text:
        return False
    return timezone.localdate() < parse(text).first_day()


def is_past(text: str) -> bool:
    """Whether the last possible day of a stored date is over; False for "". Raises
    `PartialDateError`."""
    if not text:
        return False
    return parse(text).last_day() < timezone.localdate()


def is_long_ago(text: str) -> bool:
    """Whether a stored date lies before the last three calendar years; False for "".

    What was said that long ago is told as the past. Raises `PartialDateError`.
    """
    if not text:
        return False
    this_year = timezone.localdate().year
    return parse(text).year <= this_year - RECENT_YEARS


def format_date(date: datetime.date, language: str) -> str:
    """A full date in a language: "25 September 2024", "25 września 2024", "25 de septiembre de
    2024". In a language that CLDR lacks: ISO 8601."""
    partial = PartialDate(date.year, date.month, date.day)
    return format_partial(partial, language)


def format_partial(value: PartialDate | str, language: str) -> str:
    """A partial date, or its stored text, in a language: "wrzesień 2024", "вересень 2024 р.",
    "2024".

    "" gives "". Ukrainian has a narrow no-break space before р., as in CLDR. Raises
    `PartialDateError` for a text that is no partial date.
    """
    partial = _as_partial(value)
    locale = locale_of(language)
    if not partial:
        return ""
    if not locale or not partial.month:
        return str(partial)
    pattern = _full_pattern(locale) if partial.day else _month_pattern(locale)
    return _format(partial, pattern, locale)


def format_since(value: PartialDate | str, language: str) -> str:
    """The month or the year of a partial date, as it stands after "since" and "until": "września
    2024", "вересня 2024 р.", "September 2024".

    Polish and Ukrainian need the genitive, which CLDR has for a month within a date. A day is left
    out: with it French, Italian and Spanish would need an article. Raises `PartialDateError`.
    """
    partial = _as_partial(value)
    locale = locale_of(language)
    if not partial:
        return ""
    if not locale or not partial.month:
        return str(partial.year)
    pattern = _month_pattern(locale).replace("LLLL", "MMMM")
    return _format(PartialDate(partial.year, partial.month), pattern, locale)


def format_range(first: PartialDate | str, last: PartialDate | str, language: str) -> str:
    """A range in a language, as short as possible: "2020–2022", "13–15 June 2024", "13 June – 5
    July 2024", "May 2023 – 2024".

    The en dash has spaces if one side has. An unknown side ("") leaves the range open: "2020 –".
    Raises `PartialDateError`.
    """
    start = _as_partial(first)
    end = _as_partial(last)
    if start == end:
        return format_partial(first, language)
    closing = format_partial(last, language)
    if start and end:
        opening = _short_start(start, end, language)
        if opening:
            # "13–15 June", "June–July 2024": the dash joins one word on each side.
            dash = " – " if " " in opening else "–"
            return opening + dash + closing
        has_month = start.month or end.month
        if not has_month:
            return f"{start}–{end}"
    opening = format_partial(first, language)
    return f"{opening} – {closing}".strip()


def _short_start(start: PartialDate, end: PartialDate, language: str) -> str:
    """The start of a range without what the end repeats; "" if the end repeats nothing."""
    locale = locale_of(language)
    if not locale or not start.month:
        return ""
    if start.year != end.year:
        return ""
    if not _have_same_precision(start, end):
        return ""
    full = _full_pattern(locale)
    # Languages that start with the year (Hungarian) would leave it out of the end. None of ours
    # does, so here both sides have the year.
    if not full.startswith("d"):
        return ""
    if not start.day:
        return _format(start, "LLLL", locale)
    if start.month == end.month:
        has_stop = full.startswith("d.")
        pattern = "d." if has_stop else "d"
        return _format(start, pattern, locale)
    day_and_month = locale.datetime_skeletons["MMMMd"]
    return _format(start, day_and_month.pattern, locale)


def _have_same_precision(one: PartialDate, other: PartialDate) -> bool:
    """Whether both are days, both months or both years."""
    if bool(one.month) != bool(other.month):
        return False
    return bool(one.day) == bool(other.day)


def _full_pattern(locale: Locale) -> str:
    return locale.date_formats["long"].pattern


def _month_pattern(locale: Locale) -> str:
    return locale.datetime_skeletons["yMMMM"].pattern


def _format(partial: PartialDate, pattern: str, locale: Locale) -> str:
    # "1er janvier": an ordinal that CLDR's patterns do not have.
    is_french = locale.language == "fr"
    if is_french and partial.day == 1:
        pattern = pattern.replace("d", "d'er'", 1)
    date = partial.first_day()
    return format_by_pattern(date, pattern, locale=locale)


def _as_partial(value: PartialDate | str) -> PartialDate | None:
    if not value:
        return None
    return parse(value) if isinstance(value, str) else value


def validate_partial_date(text: str) -> None:
    """Raise a ValidationError unless the text is a partial date as it is stored."""
    _validate(parse, text)


def _validate(read: Callable[[str], PartialDate], text: str) -> PartialDate:
    """Read a text; raise a ValidationError in place of a PartialDateError."""
    try:
        return read(text)
    except PartialDateError as error:
        raise ValidationError(error.message, code=error.code) from error


class PartialDateFormField(forms.CharField):
    """A text field for a date as people write it (`parse_input`). Its value is the text to
    store."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if text is None or text in self.empty_values:
            return ""
        date = _validate(parse_input, text)
        return str(date)


class PartialDateField(CharField):
    """A column for a partial date as text: "2024-09-25", "2024-09", "2024", or "" (the default: not
    known).

    Optional unless `blank=False`. One may assign a `PartialDate` or a `datetime.date` too.
    """

    default_validators = [validate_partial_date]
    description = _("Date, month or year")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", len("YYYY-MM-DD"))
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Name `blank` always: Django leaves out False, but without `blank` this field is
        optional."""
        name, path, args, kwargs = super().deconstruct()
        kwargs["blank"] = self.blank
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        # No maximum: the text in a form may be longer than the stored text.
        options: dict[str, Any] = {
            "form_class": PartialDateFormField,
            "max_length": None,
        }
        options.update(kwargs)
        return super().formfield(**options)
