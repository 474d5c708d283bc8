"""What a partial date is, and how it is stored.

It may lack its day or month, as sources give it: "2024-09-25", "2024-09" or "2024" (ISO 8601,
reduced precision). This text sorts in the right order. "" means that no date is known.
"""

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

FIRST_YEAR = 1000
LAST_YEAR = 2999
# A fact of these last calendar years, the present one included, is told as the present.
RECENT_YEARS = 3

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


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
    return from_digits(year, month, day)


def from_digits(year: str, month: str | None, day: str | None) -> PartialDate:
    """A date of its parts as digits. Raises a `PartialDateError`."""
    # 0 means "not known" in a PartialDate, but "2024-00" is a mistake.
    for part in (month, day):
        if part is not None and int(part) == 0:
            raise PartialDateCalendarError
    return PartialDate(
        year=int(year),
        month=int(month or 0),
        day=int(day or 0),
    )
