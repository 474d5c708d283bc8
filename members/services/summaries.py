"""A letter a month to the people who write for a city: what waits, three things at most.

Nothing waits: no letter. A letter that still waits is taken back as soon as nobody needs it.
"""

from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from languages.text import labelled
from members import emails
from members.gaps import WRITERS, has_left
from members.models import City, CityRole, User
from members.models.cities import city_name
from members.services import letters
from members.services.monthly import MonthlyLetter, link_in_letter, willing
from members.waiting import SORTS, Waiting, waiting_for
from members.wording import KINDS

KIND = "summary_city"
# So many things stand in one letter.
MOST = 3


class Thing(NamedTuple):
    """One thing that waits for a city."""

    city: City
    waiting: Waiting


# --- Who gets one ---------------------------------------------------------------------------------


def readers() -> QuerySet[User]:
    """Who writes for a city today and wants the letter, at an address that takes letters.

    The office has its own letter.
    """
    roles = CityRole.objects.current().filter(role__in=WRITERS, user=OuterRef("pk"))
    people = User.objects.filter(Exists(roles), is_active=True, is_secretariat=False)
    return willing(people)


def cities_of(person: User) -> QuerySet[City]:
    """For which the person writes, without those that left the network."""
    keys = person.city_ids(*WRITERS)
    cities = City.objects.filter(pk__in=keys).select_related("country")
    return cities.filter(~has_left())


# --- What it says ---------------------------------------------------------------------------------


def things_for(person: User, language: str) -> list[Thing]:
    """The first things of the desks of the person's cities, in the order of these desks."""
    with override(language):
        things = [
            Thing(city, waiting)
            for city in cities_of(person).order_by("slug")
            for waiting in waiting_for(city)
        ]
    things.sort(key=_worth)
    return things[:MOST]


def _worth(thing: Thing) -> tuple[int, Any]:
    return SORTS.index(thing.waiting.sort), thing.waiting.since


def lines_of(things: list[Thing], language: str) -> str:
    """Numbered, each with the address of the page with its button; with its city where there are
    several."""
    has_several = len({thing.city.pk for thing in things}) > 1
    lines = []
    for number, thing in enumerate(things, start=1):
        with override(language):
            text = labelled(thing.waiting.what, thing.waiting.about)
            if has_several:
                text = labelled(city_name(thing.city, language), text)
        link = link_in_letter(thing.waiting.url, language)
        lines.append(f"{number}. {text}\n{link}")
    return "\n\n".join(lines)


def _letter(person: User, things: list[Thing]) -> letters.NewLetter:
    language = emails.letter_language(person.language)
    cities = {thing.city.pk: str(city_name(thing.city, language)) for thing in things}
    desk = reverse("admin:city_work", args=[things[0].city.slug])
    if len(cities) > 1:
        desk = reverse("admin:index")
    context = {
        "city": ", ".join(cities.values()),
        "things": lines_of(things, language),
        "link": link_in_letter(desk, language),
        "stop": emails.stop_link(person.pk, language),
    }
    return letters.NewLetter(
        kind=KIND,
        to=person.email,
        language=language,
        context=context,
    )


def _zone_of(things: list[Thing]) -> str:
    return things[0].city.country.time_zone or settings.TIME_ZONE


# --- Writing, and taking back ---------------------------------------------------------------------


MONTHLY = MonthlyLetter(KIND, readers, things_for, _letter, _zone_of)
write_due = MONTHLY.write_due


@transaction.atomic
def stop(*, person: User) -> None:
    """The person wants no summaries: those that wait are taken back, and none is written."""
    row = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    row.gets_summaries = False
    row.save(update_fields=["gets_summaries"])
    letters.withdraw_unsent(
        about=row,
        kinds=[name for name, kind in KINDS.items() if kind.stops],
        why=_("The person wants no such letters."),
    )
