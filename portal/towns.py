"""Finding a town of Europe by its name, and the cities of the network near it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from languages.folding import words
from languages.text import current_language
from members.map.projection import kilometres_between
from members.models import City, SupportContact
from portal.models import Town

NEAREST = 3
MOST_TOWNS = 12
# The centres of one place in two tables lie at most so many kilometres apart.
SAME_PLACE = 25
# Of latitude; a degree of longitude is about half as long in the middle of Europe.
DEGREES_AROUND = Decimal("0.9")


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


def is_town_of(city: City, town: Town) -> bool:
    """Whether a town of the gazetteer is this city of the network."""
    if city.latitude is None or city.longitude is None:
        return city.country.code == town.country_code
    here = (float(city.latitude), float(city.longitude))
    there = (float(town.latitude), float(town.longitude))
    distance = kilometres_between(here, there)
    return distance <= SAME_PLACE


def larger_neighbors(towns: Iterable[Town]) -> dict[int, Town]:
    """By the key of each town the largest of its country within about 100 km, where that is larger:
    it says where a town lies whose name another one has too. One query."""
    towns = list(towns)
    condition = Q(pk__in=[])
    for town in towns:
        condition |= Q(
            country_code=town.country_code,
            latitude__range=_range(town.latitude, DEGREES_AROUND),
            longitude__range=_range(town.longitude, 2 * DEGREES_AROUND),
            population__gt=town.population,
        )
    around = list(Town.objects.filter(condition).order_by("-population", "pk"))
    neighbors = {}
    for town in towns:
        near = (other for other in around if _is_larger_neighbor(other, town))
        if largest := next(near, None):
            neighbors[town.pk] = largest
    return neighbors


def _range(degrees: Decimal, around: Decimal) -> tuple[Decimal, Decimal]:
    return degrees - around, degrees + around


def _is_larger_neighbor(other: Town, town: Town) -> bool:
    is_near = abs(other.latitude - town.latitude) <= DEGREES_AROUND
    is_near &= abs(other.longitude - town.longitude) <= 2 * DEGREES_AROUND
    is_in_country = other.country_code == town.country_code
    return is_near and is_in_country and other.population > town.population


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
