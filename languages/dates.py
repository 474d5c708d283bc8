"""Partial dates: dates that may lack their day or month, as sources give them.

They are stored as text, "2024-09-25", "2024-09" or "2024" (ISO 8601, reduced precision), which
sorts in the right order. "" means that no date is known.
"""

import datetime
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from babel import Locale
from babel.dates import format_date as format_by_pattern
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from languages.date_input import (
    DateInputFormatError,
    DateTextInput,
    ShortYearError,
    day_help,
    parse_input,
    partial_help,
)
from languages.fields import KeepingFormField
from languages.names import locale_of
from languages.partial_dates import (
    FIRST_YEAR,
    LAST_YEAR,
    RECENT_YEARS,
    PartialDate,
    PartialDateCalendarError,
    PartialDateError,
    PartialDateFormatError,
    PartialDateYearError,
    parse,
)
from languages.shared_values import shared_by_pages

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable
    from django_stubs_ext import StrOrPromise

    CharField = models.CharField[str | int | Combinable, str]
else:
    CharField = models.CharField

__all__ = [
    "EARLIEST_YEAR",
    "FIRST_YEAR",
    "LAST_YEAR",
    "RECENT_YEARS",
    "Bounds",
    "DateInputFormatError",
    "DayField",
    "DayFormField",
    "PartialDate",
    "PartialDateCalendarError",
    "PartialDateError",
    "PartialDateField",
    "PartialDateFormField",
    "PartialDateFormatError",
    "PartialDateYearError",
    "ShortYearError",
    "format_after",
    "format_date",
    "format_partial",
    "format_range",
    "is_future",
    "parse",
    "parse_input",
    "possibly_before",
    "surely_before",
    "validate_partial_date",
]

# The bounds of what people enter. Towns are older, but nothing that the portal records is.
EARLIEST_YEAR = 1800
YEARS_AHEAD = 80


def surely_before(first: PartialDate, second: PartialDate) -> bool:
    """Whether the first date is before the second, whatever the unknown days are: 2023 is surely
    before 2024-05, 2024 is not."""
    return first.last_day() < second.first_day()


def possibly_before(first: PartialDate, second: PartialDate) -> bool:
    """Whether the first date may be before the second, depending on unknown days: 2024 and 2024-05
    may, in both directions."""
    return first.first_day() < second.last_day()


def local_moment(value: datetime.datetime) -> datetime.datetime:
    """A moment in the portal's time zone; as it is stored where that lies outside the calendar."""
    try:
        return timezone.localtime(value)
    except OverflowError:
        return value


def is_future(text: str) -> bool:
    """Whether a stored date is surely after today; False for "" and for what is no date."""
    date = _as_partial(text)
    return date is not None and timezone.localdate() < date.first_day()


def is_past(text: str) -> bool:
    """Whether the last possible day of a stored date is over; False for "" and for what is no
    date."""
    date = _as_partial(text)
    return date is not None and date.last_day() < timezone.localdate()


def is_long_ago(text: str) -> bool:
    """Whether a stored date lies before the last three calendar years; False for "" and for what
    is no date.

    What was said that long ago is told as the past.
    """
    date = _as_partial(text)
    return date is not None and date.year <= _this_year() - RECENT_YEARS


@shared_by_pages
def _this_year() -> int:
    """A list asks a hundred times."""
    return timezone.localdate().year


def format_date(date: datetime.date, language: str) -> str:
    """A full date in a language: "25 September 2024", "25 września 2024", "25 de septiembre de
    2024". In a language that CLDR lacks: ISO 8601."""
    locale = locale_of(language)
    if not locale:
        return date.isoformat()
    return _format_day(date, _full_pattern(locale), locale)


def format_moment(moment: datetime.datetime, language: str) -> str:
    """A day and the time of the portal's clock, with its distance from world time: "25 September
    2024, 14:05 (UTC+02:00)"."""
    here = local_moment(moment)
    zone = f"{here:%z}"
    return f"{format_date(here.date(), language)}, {here:%H:%M} (UTC{zone[:3]}:{zone[3:5]})"


def format_partial(value: PartialDate | str, language: str) -> str:
    """A partial date, or its stored text, in a language: "wrzesień 2024", "вересень 2024 р.",
    "2024".

    "" gives "". Ukrainian has a narrow no-break space before р., as in CLDR. A text that is no
    partial date stays as it is.
    """
    partial = _as_partial(value)
    locale = locale_of(language)
    if not partial:
        return str(value)
    if not locale or not partial.month:
        return str(partial)
    pattern = _full_pattern(locale) if partial.day else _month_pattern(locale)
    return _format(partial, pattern, locale)


def format_since(value: PartialDate | str, language: str) -> str:
    """The month or the year of a partial date, as it stands after "since" and "until": "września
    2024", "вересня 2024 р.", "September 2024".

    Polish and Ukrainian need the genitive, which CLDR has for a month within a date. A day is left
    out: with it French, Italian and Spanish would need an article.
    """
    partial = _as_partial(value)
    locale = locale_of(language)
    if not partial:
        return str(value)
    if not locale or not partial.month:
        return str(partial.year)
    pattern = _month_pattern(locale).replace("LLLL", "MMMM")
    return _format(PartialDate(partial.year, partial.month), pattern, locale)


def format_after(value: PartialDate | str, language: str) -> str:
    """A partial date as it stands after "from", "since" and "until": "2 września 2024", "września
    2024", "2024". Only Polish and Ukrainian differ from `format_partial`, by the genitive."""
    partial = _as_partial(value)
    if partial and partial.month and not partial.day:
        return format_since(partial, language)
    return format_partial(value, language)


def format_range(first: PartialDate | str, last: PartialDate | str, language: str) -> str:
    """A range in a language, as short as possible: "2020–2022", "13–15 June 2024", "13 June – 5
    July 2024", "May 2023 – 2024".

    The en dash has spaces if one side has. An unknown side ("") leaves the range open: "2020 –".
    """
    start = _as_partial(first)
    end = _as_partial(last)
    if first == last or (start and start == end):
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
    if not partial.day:
        return format_by_pattern(partial.first_day(), pattern, locale=locale)
    return _format_day(partial.first_day(), pattern, locale)


def _format_day(day: datetime.date, pattern: str, locale: Locale) -> str:
    # "1er janvier": an ordinal that CLDR's patterns do not have.
    is_french = locale.language == "fr"
    if is_french and day.day == 1:
        pattern = pattern.replace("d", "d'er'", 1)
    return format_by_pattern(day, pattern, locale=locale)


def _as_partial(value: PartialDate | str) -> PartialDate | None:
    if not value:
        return None
    if isinstance(value, PartialDate):
        return value
    try:
        return parse(value)
    except PartialDateError:
        return None


def validate_partial_date(text: str) -> None:
    """Raise a ValidationError unless the text is a partial date as it is stored."""
    _validate(parse, text)


def _validate(read: Callable[[str], PartialDate], text: str) -> PartialDate:
    """Read a text; raise a ValidationError in place of a PartialDateError."""
    try:
        return read(text)
    except PartialDateError as error:
        raise ValidationError(error.message, code=error.code) from error


class Bounds(Enum):
    """When a date may lie. A rule with "today" cannot be a constraint of the database: a row would
    break it, or keep it, by the passing of time. So the form, the model and the loaders check it.
    """

    # What has happened: never in the future.
    HAPPENED = "happened"
    # What is planned, or may be: within a lifetime.
    PLANNED = "planned"

    def last_day(self) -> datetime.date:
        today = timezone.localdate()
        if self is Bounds.HAPPENED:
            return today
        return datetime.date(today.year + YEARS_AHEAD, 12, 31)

    def check(self, day: datetime.date) -> None:
        """Raise ValidationError for a day outside; of a month or a year, give the first day."""
        if day.year < EARLIEST_YEAR:
            words = _("This lies before the year %(year)d. Check the year.")
            raise ValidationError(words, code="too_early", params={"year": EARLIEST_YEAR})
        if day <= self.last_day():
            return
        if self is Bounds.HAPPENED:
            words = _("This date lies in the future. Give the day on which it happened.")
            raise ValidationError(words, code="future")
        words = _("This lies after the year %(year)d. Check the year.")
        raise ValidationError(
            words,
            code="too_late",
            params={"year": self.last_day().year},
        )

    def validate(self, value: "str | datetime.date") -> None:
        """`check` of a stored value. What is no date is for others to refuse."""
        if isinstance(value, datetime.date):
            self.check(value)
            return
        with suppress(PartialDateError):
            self.check(parse(value).first_day())


class DateFormField(KeepingFormField, forms.CharField):
    """What the two date fields of forms share: typed in the reader's language, or picked."""

    widget = DateTextInput

    def __init__(
        self, *, bounds: Bounds = Bounds.PLANNED, help_text: "StrOrPromise" = "", **kwargs: Any
    ) -> None:
        example = self.example()
        words = format_lazy("{} {}", help_text, example) if help_text else example
        super().__init__(help_text=words, **kwargs)
        self.bounds = bounds
        self.validators = [*self.validators, bounds.validate]

    def example(self) -> "StrOrPromise":
        raise NotImplementedError

    def clean(self, value: Any) -> Any:
        """A date from before that no rule allows now stays as it is, if nobody changes it."""
        if self.present and value == DateTextInput().format_value(self.present):
            return self.present
        return super().clean(value)


class PartialDateFormField(DateFormField):
    """A text field for a date as people write it (`parse_input`). Its value is the text to
    store."""

    def example(self) -> "StrOrPromise":
        return partial_help()

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if text is None or text in self.empty_values:
            return ""
        date = _validate(parse_input, text)
        return str(date)


class DayFormField(DateFormField):
    """The same for a full day. Its value is a `datetime.date`, or None."""

    def example(self) -> "StrOrPromise":
        return day_help()

    def to_python(self, value: Any) -> Any:
        if isinstance(value, datetime.date):
            return value
        text = super().to_python(value)
        if text is None or text in self.empty_values:
            return None
        date = _validate(parse_input, text)
        if not date.day:
            raise ValidationError(
                _("Give the day too."),
                code="day",
            )
        return date.first_day()


class PartialDateField(CharField):
    """A column for a partial date as text: "2024-09-25", "2024-09", "2024", or "" (the default: not
    known).

    Optional unless `blank=False`. One may assign a `PartialDate` or a `datetime.date` too.
    """

    default_validators = [validate_partial_date]
    description = _("Date, month or year")

    def __init__(self, *args: Any, bounds: Bounds = Bounds.PLANNED, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", len("YYYY-MM-DD"))
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)
        self.bounds = bounds
        self.validators = [*self.validators, bounds.validate]

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Name `blank` always: Django leaves out False, but without `blank` this field is
        optional. The bounds are no business of the database."""
        name, path, args, kwargs = super().deconstruct()
        kwargs["blank"] = self.blank
        return name, path, args, kwargs

    def from_db_value(self, value: str, _expression: object, _connection: object) -> str:
        """What is no date is not known. No form or loader stores it, but the column can hold it,
        and no page may be lost to it."""
        return value if _is_readable(value) else ""

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        # No maximum: the text in a form may be longer than the stored text.
        options: dict[str, Any] = {
            "form_class": PartialDateFormField,
            "max_length": None,
            "bounds": self.bounds,
        }
        return super().formfield(**{**kwargs, "widget": DateTextInput, **options})


@lru_cache(maxsize=4096)
def _is_readable(text: str) -> bool:
    """Whether a stored text is "" or a partial date."""
    try:
        return not text or bool(parse(text))
    except PartialDateError:
        return False


class BoundedDateField(models.DateField):  # type: ignore[type-arg]
    """A column for a full day."""

    def __init__(self, *args: Any, bounds: Bounds = Bounds.PLANNED, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bounds = bounds
        self.validators = [*self.validators, bounds.validate]

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateField", args, kwargs

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """The administration offers a field of its own here; there is one for all forms."""
        options: dict[str, Any] = {"form_class": DayFormField, "bounds": self.bounds}
        return super().formfield(**{**kwargs, "widget": DateTextInput, **options})


if TYPE_CHECKING:
    Set = TypeVar("Set", contravariant=True)
    Get = TypeVar("Get", covariant=True)

    class DayField(models.DateField[Set, Get]):
        """As Django's own field, so that the type checker knows its values, null or not."""

        def __init__(self, *args: Any, bounds: Bounds = Bounds.PLANNED, **kwargs: Any) -> None: ...

else:
    DayField = BoundedDateField
