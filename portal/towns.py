"""Finding a town of Europe by its name, and the cities of the network near it."""

from typing import Any

from django.db.models import Count

from languages.folding import words
from languages.text import current_language
from members.map.projection import kilometres_between
from members.models import City, SupportContact
from portal.models import Town

NEAREST = 3
MOST_TOWNS = 12


def folded_name(text: str) -> str:
    """A name as `TownName` keeps it: "Bad Tölz" → "bad tolz"."""
    return " ".join(words(text))


def towns_named(text: str, country: str = "") -> list[Town]:
    """The towns with this name, the largest first; `country`: only there."""
    towns = Town.objects.filter(names__folded=folded_name(text))
    if country:
        towns = towns.filter(country_code=country)
    return list(towns.distinct().order_by("-population", "pk")[:MOST_TOWNS])


def towns_beginning(text: str, most: int) -> list[Town]:
    """The towns of which a name begins so, the largest first."""
    folded = folded_name(text)
    if not folded:
        return []
    towns = Town.objects.filter(names__folded__startswith=folded)
    return list(towns.distinct().order_by("-population", "pk")[:most])


def nearest_cities(place: Town | City) -> list[dict[str, Any]]:
    """The nearest cities of the network with contacts of their own, each with its kilometres.

    None where it is not known where the place lies.
    """
    if place.latitude is None or place.longitude is None:
        return []
    contacts = SupportContact.objects.public().reachable().filter(city__isnull=False)
    cities = City.objects.public().real().filter(support_contacts__in=contacts)
    listed = cities.exclude(latitude=None).exclude(longitude=None).listed(current_language())
    names = ("slug", "title", "title_language", "country__code", "latitude", "longitude")
    rows = list(listed.values(*names).annotate(contacts=Count("support_contacts")))
    here = (float(place.latitude), float(place.longitude))
    for row in rows:
        there = (float(row["latitude"]), float(row["longitude"]))
        row["kilometres"] = round(kilometres_between(here, there))
    return sorted(rows, key=lambda row: row["kilometres"])[:NEAREST]
