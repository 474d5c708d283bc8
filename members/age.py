"""How old a fact is, and its status with the year in it.

A fact is *recent* if its date lies in the last three calendar years, the present one included;
else it is *old*, or it has no date. Only recent facts are told as the present.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import Enum

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from languages.dates import RECENT_YEARS, format_partial, format_since, is_long_ago
from languages.text import current_language
from members.models import Action, Undertaking

DAYS_OF_NEW = 365


class Age(Enum):
    RECENT = "recent"
    OLD = "old"
    UNDATED = "undated"


def age_of(on: str) -> Age:
    """The age of a fact by its partial date; "" is no date."""
    if not on:
        return Age.UNDATED
    return Age.OLD if is_long_ago(on) else Age.RECENT


def is_recent(on: str) -> bool:
    """Whether a fact with this partial date is told as the present."""
    return age_of(on) is Age.RECENT


def has_recent_status() -> Q:
    """Of an action: its status is told as the present. The same as `is_recent(action.as_of)`, for
    the database."""
    first_year = timezone.localdate().year - RECENT_YEARS + 1
    # Partial dates compare as texts.
    is_dated_so = Q(status_as_of__gte=str(first_year))
    is_stated_so = Q(status_as_of="", stated_at__year__gte=first_year)
    return is_dated_so | is_stated_so


def year_of(on: str) -> str:
    """The year of a partial date: "2024-03" gives "2024"; "" gives ""."""
    # Of any year: a column of days can hold what no form takes.
    year, _hyphen, _rest = on.partition("-")
    return year


def is_new(on: str) -> bool:
    """Whether a fact is surely at most a year old: only that is called new."""
    a_year_ago = timezone.localdate() - timedelta(days=DAYS_OF_NEW)
    # Partial dates compare as texts; one without a day counts as the first of its days.
    return on >= a_year_ago.isoformat()


def years_of(dates: Iterable[str]) -> str:
    """The years of partial dates: `2024`, or `2019–2024`."""
    years = sorted(map(year_of, dates))
    first, last = years[0], years[-1]
    return first if first == last else f"{first}–{last}"


class DatedFact:
    """A fact with a date of its own: the year that stands beside it, and whether it is told as
    the present."""

    @property
    def date(self) -> str:
        """A partial date, or "" for none."""
        raise NotImplementedError

    @property
    def year(self) -> str:
        return year_of(self.date)

    @property
    def is_recent(self) -> bool:
        return is_recent(self.date)


Status = Action.Status

# {date} is written out, as far as it is known: "March 2024"; {year} is "2014".
STATUS_WORDS = {
    Status.PLANNED: {
        Age.RECENT: pgettext_lazy("action", "planned, {date}"),
        Age.OLD: pgettext_lazy("action", "planned in {year}, nothing later known"),
        Age.UNDATED: pgettext_lazy("action", "planned; the source has no date"),
    },
    Status.IN_PROGRESS: {
        Age.RECENT: pgettext_lazy("action", "under way, {date}"),
        Age.OLD: pgettext_lazy("action", "under way in {year}, nothing later known"),
        Age.UNDATED: pgettext_lazy("action", "under way; the source has no date"),
    },
    Status.DONE: {
        Age.RECENT: pgettext_lazy("action", "done, {date}"),
        Age.OLD: pgettext_lazy("action", "done in {year}"),
        Age.UNDATED: pgettext_lazy("action", "done; the source has no date"),
    },
    Status.STOPPED: {
        Age.RECENT: pgettext_lazy("action", "stopped, {date}"),
        Age.OLD: pgettext_lazy("action", "stopped in {year}"),
        Age.UNDATED: pgettext_lazy("action", "stopped; the source has no date"),
    },
    Status.UNKNOWN: {
        Age.RECENT: pgettext_lazy("action", "mentioned, {date}"),
        Age.OLD: pgettext_lazy("action", "mentioned in {year}, nothing later known"),
        Age.UNDATED: pgettext_lazy("action", "mentioned; the source has no date"),
    },
}
LATE = pgettext_lazy("action", "late: was due {date}")


def status_words(action: Action) -> str:
    """The status of an action with its year: `planned in 2014, nothing later known`."""
    if action.is_late:
        return LATE.format(date=format_partial(action.due, current_language()))
    on = action.as_of
    words = STATUS_WORDS[Status(action.status)][age_of(on)]
    return words.format(date=format_partial(on, current_language()), year=year_of(on))


ADOPTED_WORDS = {
    Age.RECENT: pgettext_lazy("undertaking", "adopted, {date}"),
    Age.OLD: pgettext_lazy("undertaking", "adopted in {year}, nothing later known"),
    Age.UNDATED: pgettext_lazy("undertaking", "adopted; the source has no date"),
}
KNOWN_LATER_WORDS = pgettext_lazy("undertaking", "adopted in {year}, last known in {last}")


def undertaking_words(undertaking: Undertaking) -> str:
    """When a city undertook something, and of when the last news is: `adopted in 2009, last known
    in 2020`."""
    on = str(undertaking.decided_on) or str(undertaking.as_of)
    year, last = year_of(on), year_of(str(undertaking.as_of))
    if last > year:
        return KNOWN_LATER_WORDS.format(year=year, last=last)
    date = format_partial(on, current_language())
    return ADOPTED_WORDS[age_of(on)].format(year=year, date=date)


def since(on: str) -> str:
    """The month and year of a date, as they stand after "since" and "until"."""
    return format_since(on, current_language())
