"""Which cities an address chooses, and which a person names who wants one more."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse

from languages.search.matching import matching_rows
from languages.search.places import CITY, Place, PlaceReading, read_places
from languages.text import current_language
from members.models import City, Membership
from portal.moved_addresses import MOST_CITIES, SLUG

MOST = 4
# Cities offered where a text may mean several.
MOST_OFFERED = 8
LONGEST_SHOWN = 80


@dataclass(frozen=True)
class CityChoice:
    """The cities that an address names, in its order.

    `cities` are compared; `beyond` are more than can be; `unknown` are texts that no public city
    has as its slug; `doubles` stand in the address more than once.
    """

    cities: list[City] = field(default_factory=list)
    beyond: list[City] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    doubles: list[City] = field(default_factory=list)

    @property
    def slugs(self) -> list[str]:
        return [city.slug for city in [*self.cities, *self.beyond]]

    @property
    def is_full(self) -> bool:
        return len(self.cities) >= MOST

    @property
    def has_invented(self) -> bool:
        return any(city.fictional for city in self.cities)

    @property
    def query(self) -> str:
        """What names the compared cities in an address."""
        return query_of([city.slug for city in self.cities])

    def address_with(self, *slugs: str, q: str = "") -> str:
        return compare_url([*self.slugs, *slugs], q)

    def address_without(self, slug: str) -> str:
        return compare_url([own for own in self.slugs if own != slug])


def compare_url(slugs: list[str], q: str = "") -> str:
    """The address of the comparison of these cities."""
    query = query_of(slugs, q)
    address = reverse("compare")
    return f"{address}?{query}" if query else address


def query_of(slugs: list[str], q: str = "") -> str:
    parameters = [("city", slug) for slug in slugs]
    if q:
        parameters.append(("q", q))
    return urlencode(parameters)


def choice_of(slugs: list[str]) -> CityChoice:
    """The public cities of these slugs. Two queries."""
    wanted = list(dict.fromkeys(slugs))[:MOST_CITIES]
    rows = _cities_of([slug for slug in wanted if SLUG.fullmatch(slug)])
    cities = [rows[slug] for slug in wanted if slug in rows]
    return CityChoice(
        cities=cities[:MOST],
        beyond=cities[MOST:],
        unknown=[slug[:LONGEST_SHOWN] for slug in wanted if slug and slug not in rows],
        doubles=[city for city in cities if slugs.count(city.slug) > 1],
    )


def _cities_of(slugs: list[str]) -> dict[str, City]:
    public = Membership.objects.public().order_by("-joined", "-pk")
    memberships = Prefetch("memberships", public, to_attr="public_memberships")
    cities = City.objects.public().filter(slug__in=slugs).select_related("country")
    return {city.slug: city for city in cities.prefetch_related(memberships)}


# --- Named by a person ----------------------------------------------------------------------------


@dataclass(frozen=True)
class NamedCities:
    """The cities that a text names.

    `sure`: those of which a name means one; `offered`: what the first of the other names may mean;
    `later`: the names after it, and what else the text says. `unclear` is all but the sure names.
    """

    sure: list[City] = field(default_factory=list)
    offered: list[City] = field(default_factory=list)
    unclear: str = ""
    later: str = ""


def cities_named(text: str) -> NamedCities:
    """By name as people write it, in any language; else by any words of their own pages."""
    if not text:
        return NamedCities()
    reading = read_places(text)
    named = _cities_read(reading)
    if named.sure or named.offered:
        return named
    rows = matching_rows(text).filter(kind=CITY)
    cities = City.objects.public().real().by_name(current_language())
    cities = cities.filter(pk__in=rows.values("object_id"))
    matches = list(cities.select_related("country")[:MOST_OFFERED])
    return NamedCities(sure=matches) if len(matches) == 1 else NamedCities(offered=matches)


def _cities_read(reading: PlaceReading) -> NamedCities:
    if not reading.cities:
        return NamedCities()
    cities = City.objects.public().select_related("country").in_bulk(reading.city_keys)
    sure: dict[int, City] = {}
    offered: list[list[City]] = []
    unclear = []
    for name, places in zip(reading.names, reading.meanings, strict=True):
        public = [place for place in places if place.key in cities]
        if _means_the_first(public):
            key = public[0].key
            sure[key] = cities[key]
        elif public:
            offered.append([cities[place.key] for place in public])
            unclear.append(name)
    return NamedCities(
        sure=list(sure.values()),
        offered=offered[0][:MOST_OFFERED] if offered else [],
        unclear=_listed([*unclear, reading.rest]),
        later=_listed([*unclear[1:], reading.rest]),
    )


def _means_the_first(places: list[Place]) -> bool:
    """Whether it is the only one, or the only one of which this is the whole name: "Bologna", not
    the "Metropolitan City of Bologna"."""
    if len(places) == 1:
        return True
    exact = [place for place in places if not place.unit]
    return len(exact) == 1 and places[0] == exact[0]


def _listed(names: list[str]) -> str:
    return ", ".join(filter(None, names))
