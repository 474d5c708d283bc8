"""The cities of a list as dots on the drawn map."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from languages.names import country_name
from languages.text import current_language
from members.map.dots import Dot
from members.map.labels import FreeRoom
from members.map.locator import Locator, MapTown, locator_of, small_land_path
from members.map.placing import place_dots, place_neighbors
from members.map.projection import FRAME, Degrees, kilometres_between, locate
from members.map.view import PARAMETER, view_around, view_of, whole_url
from members.models import City, Membership

# Of a city, with its row of the index.
COLUMNS = (
    *("slug", "latitude", "longitude", "population", "country__code"),
    *("index_rows__title", "index_rows__path"),
)


def map_of(cities: QuerySet[City], query: QueryDict) -> dict[str, Any]:
    """What `components/map.html` draws: the cities of this list that have coordinates.

    `query`: the parameters of the page; `map` names the part to show, else it shows the list.
    `map_slugs` are the cities of that part, for a list beside it.
    Two queries to the database, the second for the names of other cities in a small part.
    """
    dots = list(_dots(cities))
    part = view_of(query.get(PARAMETER))
    view = part or view_around([dot.position for dot in dots])
    room = FreeRoom()
    room.take_corner(view.scale.box)
    dots_in_view = [dot for dot in dots if view.box.holds(dot.position)]
    drawing: dict[str, Any] = {
        "map_view": view,
        "map_dots": place_dots(dots, view, query.urlencode(), room),
        "map_count": len(dots_in_view),
        "map_slugs": [dot.slug for dot in dots_in_view] if part else [],
        "map_whole": whole_url(query.urlencode()) if part else "",
    }
    if view.is_close:
        drawing["map_small_land"] = small_land_path()
    if not view.is_wide:
        own = {dot.url for dot in dots}
        others = [dot for dot in _dots(City.objects.public().real()) if dot.url not in own]
        drawing["map_neighbors"] = place_neighbors(others, view, room)
    return drawing


def _dots(cities: QuerySet[City]) -> Iterator[Dot]:
    """Dots of the cities in the frame, in the dictionary order of the reader's language."""
    language = current_language()
    in_language = cities.filter(latitude__isnull=False, index_rows__language=language)
    rows = in_language.order_by("index_rows__sort_key", "slug").values_list(*COLUMNS)
    for slug, latitude, longitude, population, country, name, path in rows:
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
            slug=slug,
        )


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
    """All other cities of the network, the nearest first; none for an invented city and for one
    without coordinates.

    One query to the database.
    """
    if city.fictional or city.latitude is None or city.longitude is None:
        return []
    here = (float(city.latitude), float(city.longitude))
    return [nearby for nearby in members_near(here) if nearby.key != city.pk]


def members_near(here: Degrees) -> list[NearbyCity]:
    """All cities of the network, the nearest to this place first. One query to the database."""
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
        distance = round(kilometres_between(here, town.degrees))
        rows.append(NearbyCity(key, slug, town, distance, country, population, year))
    return sorted(rows, key=lambda row: (row.distance, row.town.url))


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
