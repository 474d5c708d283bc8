"""The cities of a list as dots on the drawn map."""

from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from languages.names import country_name
from languages.text import current_language
from members.map import Dot, land_path, place_dots, project, region_links, view_for
from members.models import (
    City,
)


def map_of(cities: QuerySet[City], region: str | None = None, query: str = "") -> dict[str, object]:
    """What `components/map.html` draws: the cities of this list that have coordinates. One
    query."""
    view = view_for(region)
    names = ("slug", "latitude", "longitude", "population", "country__code", "index_rows__title")
    located = cities.filter(latitude__isnull=False, index_rows__language=current_language())
    dots = [
        _dot(*values)
        for values in located.order_by("index_rows__sort_key", "slug").values_list(*names)
    ]
    return {
        "map_view": view,
        "map_dots": place_dots([dot for dot in dots if dot], view),
        "map_regions": region_links(view, query),
        "land_path": land_path(),
    }


def _dot(
    slug: str, latitude: Decimal, longitude: Decimal, population: int, country: str, name: str
) -> Dot | None:
    place = project(latitude, longitude)
    if place is None:
        return None
    url = reverse("city_detail", args=[slug])
    return Dot(*place, name, url, country_name(country, current_language()), population or 0)
