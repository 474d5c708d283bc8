"""The cities of a list as dots on the drawn map."""

import heapq
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from languages.names import country_name
from languages.shared_values import shared_by_pages
from languages.text import current_language
from members.map.dots import Dot
from members.map.labels import FreeRoom
from members.map.locator import Locator, MapTown, locator_of, small_land_path
from members.map.placing import dots_within, place_dots, place_neighbors
from members.map.projection import (
    FRAME,
    Degrees,
    Direction,
    direction_of,
    kilometres_between,
    locate,
)
from members.map.view import PARAMETER, MapView, view_around, view_of, whole_url
from members.models import City, Membership

# A page looks at so many of the cities round it, for its small map and for cities like it.
MOST_NEARBY = 1000
# Of a city, with its row of the index.
COLUMNS = (
    *("pk", "latitude", "longitude", "population", "country__code"),
    *("index_rows__title", "index_rows__path"),
)


def map_of(keys: AbstractSet[int], query: QueryDict) -> dict[str, Any]:
    """What `components/map.html` draws: those of these real cities that have coordinates.

    `query`: the parameters of the page; `map` names the part to show, else it shows the list.
    `map_keys` are the cities of that part, for a list beside it, `map_part` is its address;
    `map_missing` is how many of the list lie nowhere on it.
    """
    all_dots = dots_of_cities()
    dots = [dot for dot in all_dots if dot.key in keys]
    part = view_of(query.get(PARAMETER))
    view = part or view_around([dot.position for dot in dots])
    room = FreeRoom()
    room.take_corner(view.scale.box)
    dots_in_view = dots_within(dots, view)
    drawing: dict[str, Any] = {
        "map_view": view,
        "map_dots": place_dots(dots, view, query.urlencode(), room),
        "map_count": len(dots_in_view),
        "map_missing": 0 if part else len(keys) - len(dots),
        "map_keys": {dot.key for dot in dots_in_view} if part else set(),
        "map_whole": whole_url(query.urlencode()) if part else "",
        "map_part": query[PARAMETER] if part else "",
    }
    if view.is_close:
        drawing["map_small_land"] = small_land_path()
    if not view.is_wide:
        others = [dot for dot in all_dots if dot.key not in keys]
        drawing["map_neighbors"] = place_neighbors(others, view, room)
    return drawing


def keys_in_view(cities: QuerySet[City], view: MapView) -> list[int]:
    """The keys of those that lie in this part of the map. One query."""
    keys = []
    placed: QuerySet[Any] = cities.order_by().filter(latitude__isnull=False)
    for key, latitude, longitude in placed.values_list("pk", "latitude", "longitude"):
        position = locate(latitude, longitude)
        if position and FRAME.holds(position) and view.box.holds(position):
            keys.append(key)
    return keys


def map_of_network(members: frozenset[int], query: QueryDict) -> dict[str, Any]:
    """The same of all members: the pages that show all of them share one drawing."""
    if query.get(PARAMETER):
        return map_of(members, query)
    drawing = _whole_map(members)
    parameters = query.urlencode()
    dots = [dot.in_list(parameters) for dot in drawing["map_dots"]]
    return drawing | {"map_dots": dots}


@shared_by_pages
def _whole_map(members: frozenset[int]) -> dict[str, Any]:
    return map_of(members, QueryDict())


@shared_by_pages
def dots_of_cities() -> tuple[Dot, ...]:
    """Public, real cities in the frame, in the dictionary order of the reader's language. One
    query."""
    return tuple(_dots())


def _dots() -> Iterator[Dot]:
    language = current_language()
    cities = City.objects.public().real()
    in_language = cities.filter(latitude__isnull=False, index_rows__language=language)
    rows = in_language.order_by("index_rows__sort_key", "slug").values_list(*COLUMNS)
    for key, latitude, longitude, population, country, name, path in rows:
        position = locate(latitude, longitude)
        if position is None or not FRAME.holds(position):
            continue
        own_country = country_name(country, language)
        yield Dot(
            *position,
            name=name,
            url=f"/{language}/{path}",
            country=own_country,
            weight=population or 0,
            key=key,
        )


class NetworkCity(NamedTuple):
    """A city of the network: its key, its country's code, its inhabitants."""

    key: int
    slug: str
    town: MapTown
    direction: Direction
    country: str
    population: int | None
    population_year: int | None


@dataclass(frozen=True)
class NearbyCity:
    """A city of the network and how far it is, in km; its country's code, its inhabitants."""

    key: int
    slug: str
    town: MapTown
    distance: int
    country: str
    population: int | None
    population_year: int | None = None


def cities_near(city: City) -> list[NearbyCity]:
    """The other cities of the network, the nearest first; none for an invented city and for one
    without coordinates.

    One query to the database.
    """
    if city.fictional or city.latitude is None or city.longitude is None:
        return []
    here = (float(city.latitude), float(city.longitude))
    return [nearby for nearby in members_near(here) if nearby.key != city.pk]


def members_near(here: Degrees) -> list[NearbyCity]:
    """The cities of the network, the nearest to this place first, at most `MOST_NEARBY`. One query
    to the database."""
    x, y, z = direction_of(here)

    def nearness(city: NetworkCity) -> float:
        east, north, up = city.direction
        return x * east + y * north + z * up

    nearest = heapq.nlargest(MOST_NEARBY, cities_of_network(), key=nearness)
    rows = [_nearby(city, here) for city in nearest]
    return sorted(rows, key=lambda row: (row.distance, row.town.url))


def _nearby(city: NetworkCity, here: Degrees) -> NearbyCity:
    return NearbyCity(
        city.key,
        city.slug,
        city.town,
        round(kilometres_between(here, city.town.degrees)),
        city.country,
        city.population,
        city.population_year,
    )


@shared_by_pages
def cities_of_network() -> list[NetworkCity]:
    """Real cities with a membership that has not ended, and with coordinates. One query."""
    members = Membership.objects.public().filter(ended="")
    others = City.objects.public().real().filter(memberships__in=members)
    language = current_language()
    in_language = others.filter(latitude__isnull=False, index_rows__language=language)
    place = ("index_rows__title", "index_rows__path", "latitude", "longitude")
    columns = ("pk", "country__code", "population", "population_year", "slug", *place)
    rows = []
    for row in in_language.values_list(*columns).distinct():
        key, country, population, year, slug, name, path, *degrees = row
        town = _town(name, f"/{language}/{path}", *degrees)
        direction = direction_of(town.degrees)
        rows.append(NetworkCity(key, slug, town, direction, country, population, year))
    return rows


def locator_for(
    city: City, others: list[NearbyCity], towns: Iterable[MapTown] = ()
) -> Locator | None:
    """The small map of a city; None for an invented one and one without coordinates."""
    if city.fictional or city.latitude is None or city.longitude is None:
        return None
    url = reverse("city_detail", args=[city.slug])
    town = _town(str(city), url, city.latitude, city.longitude)
    return locator_of(town, [other.town for other in others], towns)


def _town(name: str, url: str, latitude: object, longitude: object) -> MapTown:
    return MapTown(name, url, float(str(latitude)), float(str(longitude)))
