"""Which models stand in the index, and whose rows change with which other model."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from languages.text import translated
from members.models import (
    Action,
    BodyTask,
    City,
    CityName,
    Commitment,
    Country,
    Document,
    Ground,
    LegalAct,
    Meeting,
    Organisation,
    Plan,
    Point,
    SuggestedAction,
    SupportContact,
)
from portal.index import entries
from portal.index.entries import Entry
from portal.models import Event, News
from programs.models import Edition, Programme, ProgrammeItem

Model = type[models.Model]


def own_city(record: Any) -> int | None:
    """The key of the city that a record belongs to."""
    return getattr(record, "city_id", None)


def no_country(record: Any) -> str:
    return ""


def country_of_city(record: Any) -> str:
    """The country of the city that a record is by; empty for the network's own."""
    if not record.city_id:
        return ""
    code: str = record.city.country.code
    return code


def own_country(record: Any) -> str:
    return record.country.code if record.country_id else ""


def no_points(record: Any) -> Iterable[int]:
    return ()


def every_public_row(record: Any) -> bool:
    return True


@dataclass(frozen=True)
class IndexedKind:
    """How objects of one model are described, and which other objects' rows depend on theirs."""

    name: str
    entry: Callable[[Any, str], Entry]
    # What `entry` reads: rows that the row names, in the same query, and lists, in one query each.
    joined: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    # What is public only together with a row, and may say something of it.
    dependents: tuple[str, ...] = ()
    city: Callable[[Any], int | None] = own_city
    country: Callable[[Any], str] = no_country
    # Whether a public row says something that could be found; what depends on it may do so without.
    stands: Callable[[Any], bool] = every_public_row
    # Numbers of the plan's points that it works on.
    points: Callable[[Any], Iterable[int]] = no_points
    # There will never be more than some hundred: all are looked through, however common a word is.
    few: bool = False

    @property
    def is_selective(self) -> bool:
        """Whether some public rows do not stand in the index."""
        return self.stands is not every_public_row


# --- What differs from model to model -------------------------------------------------------------


def points_of_programme(programme: Programme) -> Iterable[int]:
    points = programme.points.all()
    return [point.number for point in points]


def points_of_action(action: Action) -> Iterable[int]:
    own_point = action.commitment.point
    points = [own_point, *action.further_points.all()]
    return {point.number for point in points}


def country_of_contact(contact: SupportContact) -> str:
    return country_of_city(contact) or own_country(contact)


def says_something(commitment: Commitment) -> bool:
    return bool(translated(commitment, "statement"))


KINDS: dict[Model, IndexedKind] = {
    City: IndexedKind(
        "city",
        entries.city_entry,
        joined=("country",),
        related=("other_names",),
        dependents=(
            "programmes",
            "organisations",
            "support_contacts",
            "commitments",
            "legal_acts",
            "news",
            "events",
        ),
        city=lambda city: city.pk,
        country=own_country,
        few=True,
    ),
    Country: IndexedKind(
        "country", entries.country_entry, country=lambda country: country.code, few=True
    ),
    Meeting: IndexedKind("meeting", entries.meeting_entry, few=True),
    Point: IndexedKind(
        "point",
        entries.point_entry,
        related=("suggested_actions",),
        points=lambda point: [point.number],
        few=True,
    ),
    Ground: IndexedKind("ground", entries.ground_entry, few=True),
    Commitment: IndexedKind(
        "commitment",
        entries.commitment_entry,
        joined=("city__country", "point"),
        dependents=("actions",),
        country=country_of_city,
        points=lambda commitment: [commitment.point.number],
        stands=says_something,
    ),
    Action: IndexedKind(
        "action",
        entries.action_entry,
        joined=("commitment__city__country", "commitment__point"),
        related=("further_points",),
        city=lambda action: action.commitment.city_id,
        country=lambda action: action.commitment.city.country.code,
        points=points_of_action,
    ),
    Organisation: IndexedKind(
        "organisation",
        entries.organisation_entry,
        joined=("city__country", "country"),
        related=("tasks",),
        dependents=("support_contacts",),
        country=own_country,
    ),
    SupportContact: IndexedKind(
        "contact",
        entries.contact_entry,
        joined=("city__country", "country", "organisation"),
        country=country_of_contact,
    ),
    LegalAct: IndexedKind(
        "act",
        entries.act_entry,
        joined=("city__country", "document"),
        country=country_of_city,
    ),
    Programme: IndexedKind(
        "programme",
        entries.programme_entry,
        joined=("city__country",),
        related=("points", "editions__items"),
        country=country_of_city,
        points=points_of_programme,
    ),
    News: IndexedKind(
        "news", entries.news_entry, joined=("city__country",), country=country_of_city
    ),
    Event: IndexedKind(
        "event", entries.event_entry, joined=("city__country",), country=country_of_city
    ),
}

# Whose entry a row of another model stands in.
PARTS: dict[Model, Callable[[Any], Iterable[models.Model]]] = {
    CityName: lambda name: [name.city],
    Document: lambda document: document.legal_acts.all(),
    Plan: lambda plan: plan.points.all(),
    SuggestedAction: lambda action: [action.point],
    BodyTask: lambda task: [task.organisation],
    Edition: lambda edition: [edition.programme],
    ProgrammeItem: lambda item: [item.edition.programme],
}

# Published ahead of time: public from a moment on at which nobody saves them.
DATED = (News, Event)
