"""The cities of a list as dots on the drawn map."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from languages.names import country_name
from languages.text import current_language
from members.map.dots import Dot
from members.map.placing import place_dots
from members.map.projection import land_path, project
from members.map.view import region_links, view_for
from members.models import City

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
