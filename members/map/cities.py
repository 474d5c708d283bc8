"""The cities of a list as dots on the drawn map."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from languages.names import country_name
from languages.text import current_language
from members.map.dots import Dot
from members.map.locator import Locator, Town, locator_of
from members.map.placing import place_dots
from members.map.projection import Degrees, kilometres_between, land_path, project
from members.map.view import region_links, view_for
from members.models import City, Membership

# Of a city, with its row of the index.
COLUMNS = ("slug", "latitude", "longitude", "population", "country__code", "index_rows__title")


def map_of(cities: QuerySet[City], region: str | None = None, query: str = "") -> dict[str, object]:
    """What `components/map.html` draws: the cities of this list that have coordinates.

    `region`: the key of the part to show; `query`: the query string that links to other parts keep.
    One query to the database.
    """
    view = view_for(region)
    return {
        "map_view": view,
        "map_dots": place_dots(_dots(cities), view),
        "map_regions": region_links(view, query),
        "land_path": land_path(),
    }


def _dots(cities: QuerySet[City]) -> Iterator[Dot]:
    """Dots of the cities in the frame, in the dictionary order of the reader's language."""
    language = current_language()
    in_language = cities.filter(latitude__isnull=False, index_rows__language=language)
    rows = in_language.order_by("index_rows__sort_key", "slug").values_list(*COLUMNS)
    for slug, latitude, longitude, population, country, name in rows:
        position = project(latitude, longitude)
        if position is None:
            continue
        url = reverse("city_detail", args=[slug])
        yield Dot(
            *position,
            name=name,
            url=url,
            country=country_name(country, language),
            weight=population or 0,
        )


@dataclass(frozen=True)
class NearbyCity:
    """A city of the network and how far it is, in km."""

    key: int
    town: Town
    distance: int


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
    columns = ("pk", "slug", "index_rows__title", "latitude", "longitude")
    rows = []
    for key, *values in in_language.values_list(*columns).distinct():
        town = _town(*values)
        distance = round(kilometres_between(here, town.degrees))
        rows.append(NearbyCity(key, town, distance))
    return sorted(rows, key=lambda row: (row.distance, row.town.url))


def locator_for(city: City, others: list[NearbyCity]) -> Locator | None:
    """The small map of a city; None for an invented one and one without coordinates."""
    if city.fictional or city.latitude is None or city.longitude is None:
        return None
    town = _town(city.slug, str(city), city.latitude, city.longitude)
    return locator_of(town, [other.town for other in others])


def _town(slug: str, name: str, latitude: object, longitude: object) -> Town:
    url = reverse("city_detail", args=[slug])
    return Town(name, url, float(str(latitude)), float(str(longitude)))
