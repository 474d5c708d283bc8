"""What is published of one city, fetched once for its page, its timeline and its sources."""

from dataclasses import dataclass

from django.db.models import QuerySet

from members.age import DatedFact
from members.models import (
    City,
    CityName,
    Decision,
    LegalAct,
    Membership,
    Milestone,
    Organisation,
    Record,
    Unit,
)
from portal.city_keys import keys_of
from portal.models import CityPicture, Event, News
from portal.promises import Promises, promises_of
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
    other_names: list[CityName]
    # One at most.
    pictures: list[CityPicture]

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
    """Fetch what is published of a city: one query for each kind of which it has rows."""
    keys = keys_of([city])
    decisions = Decision.objects.select_related("meeting__held_in", "membership")
    acts = LegalAct.objects.select_related("document")
    events = EditionEvent.objects.select_related("edition__programme")
    return CityRecords(
        city=city,
        promises=promises_of(city, keys),
        memberships=keys.rows(Membership.objects.order_by("-joined", "-pk")),
        decisions=keys.rows(decisions.order_by("on", "pk")),
        milestones=keys.rows(Milestone.objects.order_by("on", "pk")),
        acts=keys.rows(acts.order_by("passed", "pk")),
        units=keys.rows(Unit.objects.order_by("-is_focal_point", "pk")),
        organisations=keys.rows(Organisation.objects.order_by("pk")),
        programmes=keys.rows(Programme.objects.order_by("pk")),
        editions=keys.rows(_newest_editions()),
        programme_events=keys.rows(events),
        news=keys.rows(News.objects.public().newest()),
        events=keys.rows(Event.objects.public().order_by("first_day", "pk")),
        other_names=keys.rows(CityName.objects.order_by("name")),
        pictures=keys.rows(CityPicture.objects.select_related("picture")),
    )


def _newest_editions() -> QuerySet[Edition]:
    editions = Edition.objects.select_related("programme")
    dated = dated_stages(editions)
    return dated.order_by(
        "-period_from",
        "-pk",
    )
