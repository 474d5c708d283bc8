"""What one line says publicly of a city: member, applied, rejected, former member.

The line is computed from the records, here alone: the city's page, the directory, the search and
the feed show it. A city that only thinks of joining has no line. A file itself is never public;
the line says how far it came, and on which day. A decision that is not public is not told.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.dates import format_partial, format_range, format_since, is_long_ago
from languages.text import current_language
from members.models import (
    Accession,
    AccessionStep,
    City,
    Decision,
    Meeting,
    Membership,
    Milestone,
    Record,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise
else:
    from django.utils.functional import Promise as StrPromise

R = TypeVar("R", Membership, Accession, Milestone)
Rows = dict[int, list[R]]

Status = Accession.Status
Outcome = Decision.Outcome


class StandingKind(StrEnum):
    """What a line says. The value chooses the mark of the line in a style sheet."""

    MEMBER = "member"
    SUSPENDED = "suspended"
    LISTED = "listed"
    APPLIED = "applied"
    ON_AGENDA = "on-agenda"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ANNULLED = "annulled"
    LEFT = "left"
    EXCLUDED = "excluded"


Kind = StandingKind

# With the date, and without. No word takes the gender of what is meant: a city, a county, a region.
# {since} and {until} are a month or a year in the form that follows "since" ("września 2024");
# {date} is a day, a month or a year; {period} is "2009–2020".
WORDS: dict[StandingKind, tuple[StrPromise, StrPromise]] = {
    Kind.MEMBER: (gettext_lazy("Member since {since}"), gettext_lazy("Member of the network")),
    Kind.SUSPENDED: (
        gettext_lazy("Member since {since}; the membership is suspended"),
        gettext_lazy("The membership is suspended"),
    ),
    Kind.LISTED: (gettext_lazy("Listed as a member, {date}"), gettext_lazy("Listed as a member")),
    Kind.APPLIED: (gettext_lazy("Applied to join, {date}"), gettext_lazy("Applied to join")),
    Kind.ON_AGENDA: (
        gettext_lazy("Application on the agenda, {date}"),
        gettext_lazy("Application on the agenda"),
    ),
    Kind.DEFERRED: (
        gettext_lazy("Application deferred, {date}"),
        gettext_lazy("Application deferred"),
    ),
    Kind.REJECTED: (
        gettext_lazy("Application rejected, {date}"),
        gettext_lazy("Application rejected"),
    ),
    Kind.WITHDRAWN: (
        gettext_lazy("Application withdrawn, {date}"),
        gettext_lazy("Application withdrawn"),
    ),
    Kind.ANNULLED: (
        gettext_lazy("Admission recorded by mistake and annulled, {date}"),
        gettext_lazy("Admission recorded by mistake and annulled"),
    ),
    Kind.LEFT: (
        gettext_lazy("Former member, {period}; left the network"),
        gettext_lazy("Former member until {until}; left the network"),
    ),
    Kind.EXCLUDED: (
        gettext_lazy("Former member, {period}; excluded"),
        gettext_lazy("Former member until {until}; excluded"),
    ),
}
# With a year alone: Italian has an article before it, Polish and Ukrainian a word after it.
WORDS_WITH_YEAR: dict[StandingKind, StrPromise] = {
    Kind.MEMBER: gettext_lazy("Member since {year}"),
    Kind.SUSPENDED: gettext_lazy("Member since {year}; the membership is suspended"),
}
# One word, for a column of a list; the city is "it", whatever its kind.
SHORT_WORDS: dict[StandingKind, StrPromise] = {
    Kind.MEMBER: pgettext_lazy("one word for a city in a list", "Member"),
    Kind.SUSPENDED: pgettext_lazy("one word for a city in a list", "Suspended"),
    Kind.LISTED: pgettext_lazy("one word for a city in a list", "Listed"),
    Kind.APPLIED: pgettext_lazy("one word for a city in a list", "Applied"),
    Kind.ON_AGENDA: pgettext_lazy("one word for a city in a list", "Applied"),
    Kind.DEFERRED: pgettext_lazy("one word for a city in a list", "Deferred"),
    Kind.REJECTED: pgettext_lazy("one word for a city in a list", "Rejected"),
    Kind.WITHDRAWN: pgettext_lazy("one word for a city in a list", "Withdrawn"),
    Kind.ANNULLED: pgettext_lazy("one word for a city in a list", "Annulled"),
    Kind.LEFT: pgettext_lazy("one word for a city in a list", "Left"),
    Kind.EXCLUDED: pgettext_lazy("one word for a city in a list", "Excluded"),
}
# A source told it long ago, and nothing is known of what became of it.
APPLIED_LONG_AGO = pgettext_lazy(
    "standing of a city", "Applied to join, {date}; nothing later found"
)

MEMBERSHIP_KINDS = {
    Membership.Standing.ACTIVE: Kind.MEMBER,
    Membership.Standing.SUSPENDED: Kind.SUSPENDED,
    Membership.Standing.EVIDENCED: Kind.LISTED,
    Membership.Standing.WITHDRAWN: Kind.LEFT,
    Membership.Standing.EXCLUDED: Kind.EXCLUDED,
}
VOTE_KINDS = {Outcome.DEFERRED: Kind.DEFERRED, Outcome.REJECTED: Kind.REJECTED}


def word_of(standing: str) -> str:
    """The word that visitors read for the stored standing of a membership: `Listed`; "" for what is
    none."""
    if standing not in Membership.Standing.values:
        return ""
    kind = MEMBERSHIP_KINDS[Membership.Standing(standing)]
    return str(SHORT_WORDS[kind])


@dataclass(frozen=True)
class StandingLine:
    """What is said publicly of a city; `str()` gives the words in the reader's language.

    `on`: since when the city is a member, or the day of what the line says; `until`: the end of a
    membership. Both are partial dates or empty. `record` is what the line rests on, for its
    sources; None for a file.
    """

    kind: StandingKind
    on: str = ""
    until: str = ""
    record: Record | None = None

    @property
    def is_member(self) -> bool:
        """Whether the city is a member, as far as the records say."""
        return self.kind in (Kind.MEMBER, Kind.SUSPENDED, Kind.LISTED)

    @property
    def short(self) -> str:
        """The same in one word, which stands beside `year`."""
        return str(SHORT_WORDS[self.kind])

    @property
    def year(self) -> str:
        """Of the date, or of the end of a membership; "" where there is none."""
        year, _hyphen, _rest = (self.until or self.on).partition("-")
        return year

    def dated_by(self, dates: Iterable[str]) -> "StandingLine":
        """A city that sources name as a member, of which no date of joining is known, with the
        year of the newest of them: these are the partial dates of the sources."""
        if self.kind is not Kind.LISTED or self.on:
            return self
        newest = max(dates, default="")
        year, _hyphen, _rest = newest.partition("-")
        return replace(self, on=year)

    def __str__(self) -> str:
        language = current_language()
        return self._words.format(
            since=format_since(self.on, language),
            year=self.on,
            until=format_since(self.until, language),
            date=format_partial(self.on, language),
            period=format_range(self.on, self.until, language),
        )

    @property
    def _words(self) -> str:
        with_date, without_date = WORDS[self.kind]
        if not self.on:
            return str(without_date)
        is_from_source = isinstance(self.record, Milestone)
        if is_from_source and is_long_ago(self.on):
            return str(APPLIED_LONG_AGO)
        is_year = len(self.on) == len("YYYY")
        return str(WORDS_WITH_YEAR.get(self.kind, with_date) if is_year else with_date)


def standing_of(city: City) -> StandingLine | None:
    """The line of one city; None where nothing is known but that it may think of joining."""
    return standings_of([city])[city.pk]


def standings_of(cities: Iterable[City]) -> dict[int, StandingLine | None]:
    """The lines of these cities, by their keys.

    One query where all are members, else four: the files with their steps and the candidacies that
    sources name. Cities may bring their `public_memberships` with them.
    """
    cities = list(cities)
    memberships = _memberships_of(cities)
    lines = {city.pk: _line_of_member(memberships[city.pk]) for city in cities}
    others = [key for key, line in lines.items() if line is None]
    if not others:
        return lines
    files = _files_of(others)
    candidacies = _by_city(
        Milestone.objects.public().filter(city__in=others, kind=Milestone.Kind.CANDIDATE)
    )
    for key in others:
        lines[key] = _line_of_other(memberships[key], files[key], candidacies[key])
    return lines


# --- The records ----------------------------------------------------------------------------------


def _memberships_of(cities: list[City]) -> Rows[Membership]:
    """Public memberships by city: those that the rows bring with them, else of one query."""
    prefetched = [getattr(city, "public_memberships", None) for city in cities]
    if None not in prefetched:
        rows = [row for memberships in prefetched for row in memberships or ()]
        return _by_city(rows)
    keys = [city.pk for city in cities]
    return _by_city(Membership.objects.public().filter(city__in=keys))


def _files_of(cities: list[int]) -> Rows[Accession]:
    """Files that the network has or had, with their steps and meetings."""
    decisions = Prefetch("decision", Decision.objects.public().select_related("meeting__held_in"))
    steps = AccessionStep.objects.order_by("pk").prefetch_related(decisions)
    meetings = Prefetch("meeting", Meeting.objects.public())
    submitted = Accession.objects.filter(
        city__in=cities, steps__verb=AccessionStep.Verb.SUBMIT
    ).distinct()
    return _by_city(submitted.prefetch_related(meetings, Prefetch("steps", steps)))


def _by_city(rows: Iterable[R]) -> Rows[R]:
    """The rows of each city, the oldest first."""
    groups: Rows[R] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.pk):
        groups[row.city_id].append(row)
    return groups


# --- From records to lines ------------------------------------------------------------------------


def _line_of_member(memberships: list[Membership]) -> StandingLine | None:
    """Of the one open membership of a city."""
    for row in memberships:
        if row.standing in Membership.OPEN:
            return _membership_line(row)
    return None


def _membership_line(row: Membership) -> StandingLine:
    kind = MEMBERSHIP_KINDS[Membership.Standing(row.standing)]
    return StandingLine(kind, row.joined, row.ended, row)


def _line_of_other(
    memberships: list[Membership], files: list[Accession], candidacies: list[Milestone]
) -> StandingLine | None:
    """The latest of what a city without an open membership has: a candidacy that a source names, a
    former membership, a file."""
    former = [row for row in memberships if row.standing in MEMBERSHIP_KINDS]
    lines = [StandingLine(Kind.APPLIED, row.on, record=row) for row in candidacies]
    lines += [_membership_line(row) for row in former]
    lines += [_file_line(file) for file in files]
    latest = sorted(lines, key=lambda line: line.until or line.on)[-1:]
    return latest[0] if latest else None


def _file_line(file: Accession) -> StandingLine:
    """How far a file came, as far as everybody may know it; at least that the city applied."""
    steps = list(file.steps.all())
    last = steps[-1]
    if file.status == Status.WITHDRAWN:
        return StandingLine(Kind.WITHDRAWN, _day(last.at))
    if last.decision:
        return _vote_line(last.decision)
    if file.status == Status.ON_AGENDA:
        meeting = file.meeting
        return StandingLine(Kind.ON_AGENDA, meeting.starts if meeting else "", record=meeting)
    submitted = next(step for step in steps if step.verb == AccessionStep.Verb.SUBMIT)
    return StandingLine(Kind.APPLIED, _day(submitted.at))


def _vote_line(decision: Decision) -> StandingLine:
    """A public vote on a file, or its annulment."""
    if not decision.annulled_at:
        return StandingLine(VOTE_KINDS[Outcome(decision.outcome)], decision.date, record=decision)
    if decision.outcome == Outcome.ADMITTED:
        return StandingLine(Kind.ANNULLED, _day(decision.annulled_at), record=decision)
    meeting = decision.meeting
    return StandingLine(Kind.ON_AGENDA, meeting.starts, record=meeting)


def _day(moment: datetime) -> str:
    """A moment's day in the portal's time zone (partial date)."""
    return timezone.localdate(moment).isoformat()
