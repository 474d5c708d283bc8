"""What is published of one city, fetched once for its page, its timeline and its sources."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from members.age import DatedFact
from members.models import (
    City,
    Decision,
    LegalAct,
    Membership,
    Milestone,
    Organisation,
    Record,
    Unit,
)
from portal.models import Event, News
from portal.promises import Promises, promises_of
from portal.queries import news_of_city
from programs.models import Edition, EditionEvent, Programme
from programs.stages import dated_stages, newest_date


@dataclass(frozen=True)
class ProgrammeRow(DatedFact):
    """An edition of a programme, or a programme without any, as a line of the city's page."""

    programme: Programme
    edition: Edition | None = None

    @property
    def date(self) -> str:
        return newest_date(self.edition) if self.edition else ""


@dataclass(frozen=True)
class CityRecords:
    """The public records of a city, each list in the order of the page."""

    city: City
    promises: Promises
    memberships: list[Membership]
    decisions: list[Decision]
    milestones: list[Milestone]
    acts: list[LegalAct]
    units: list[Unit]
    organisations: list[Organisation]
    programmes: list[Programme]
    # Of the programmes: all editions with their stages, and the dated steps.
    editions: list[Edition]
    programme_events: list[EditionEvent]
    news: list[News]
    events: list[Event]

    @property
    def membership(self) -> Membership | None:
        """The newest one."""
        return self.memberships[0] if self.memberships else None

    @property
    def bodies(self) -> list[Organisation]:
        """Organisations that a legal act of the city appointed."""
        return [row for row in self.organisations if row.appointed_by_id]

    @property
    def programme_rows(self) -> list[ProgrammeRow]:
        """Editions and programmes without any, the newest first."""
        rows = [ProgrammeRow(edition.programme, edition) for edition in self.editions]
        with_editions = {edition.programme_id for edition in self.editions}
        rows += [ProgrammeRow(row) for row in self.programmes if row.pk not in with_editions]
        return sorted(rows, key=lambda row: row.date, reverse=True)

    @property
    def is_sparse(self) -> bool:
        """Whether of the city itself at most one point, and no programme or body, is known."""
        if self.programmes or self.bodies:
            return False
        return len(self.promises.known) <= 1

    @property
    def undated_editions(self) -> list[Edition]:
        """Editions with a period and without a single dated step, the oldest first."""
        with_events = {event.edition_id for event in self.programme_events}
        without = [edition for edition in self.editions if edition.pk not in with_events]
        with_period = [row for row in without if row.period_from or row.period_to]
        return sorted(with_period, key=lambda edition: (edition.period_from, edition.pk))

    @property
    def upcoming(self) -> list[Event]:
        return [event for event in self.events if not event.is_past]

    @property
    def with_sources(self) -> list[Record]:
        """Everything whose sources the page names."""
        return [
            self.city,
            *self.memberships,
            *self.milestones,
            *self.acts,
            *self.decisions,
            *self.units,
            *self.programme_events,
            *self.editions,
            *self.organisations,
            *self.news,
            *self.events,
            *self.promises.records,
        ]


def records_of(city: City) -> CityRecords:
    """Fetch what is published of a city. The number of queries does not grow with the rows."""
    programmes = programmes_of(city)
    decisions = Decision.objects.public().filter(city=city, annulled_at=None)
    return CityRecords(
        city=city,
        promises=promises_of(city),
        memberships=list(city.memberships.public().order_by("-joined", "-pk")),
        decisions=list(
            decisions.select_related("meeting__held_in", "membership").order_by("on", "pk")
        ),
        milestones=list(city.milestones.public().order_by("on", "pk")),
        acts=list(city.legal_acts.public().select_related("document").order_by("passed", "pk")),
        units=list(city.units.public().order_by("-is_focal_point", "pk")),
        organisations=list(city.organisations.public().order_by("pk")),
        programmes=list(programmes.order_by("pk")),
        editions=_editions_of(programmes),
        programme_events=_events_of(programmes),
        news=news_of_city(city),
        events=list(city.events.public().order_by("first_day", "pk")),
    )


def programmes_of(city: City) -> QuerySet[Programme]:
    """Its own, and those that it joins in."""
    relation = Programme.further_cities.through
    joined = relation.objects.filter(city=city)
    is_own = Q(city=city)
    is_joined = Q(pk__in=joined.values("programme"))
    return Programme.objects.public().filter(is_own | is_joined)


def _events_of(programmes: QuerySet[Programme]) -> list[EditionEvent]:
    keys = programmes.values("pk")
    public = EditionEvent.objects.public()
    events = public.filter(edition__programme__in=keys)
    related = events.select_related("edition__programme")
    return list(related)


def _editions_of(programmes: QuerySet[Programme]) -> list[Edition]:
    keys = programmes.values("pk")
    editions = dated_stages(Edition.objects.public().filter(programme__in=keys))
    related = editions.select_related("programme")
    return list(related.order_by("-period_from", "-pk"))
