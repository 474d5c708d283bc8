"""The directory of cities."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from languages.shared_values import shared_by_pages
from languages.text import current_language
from members.city_filter import CityFilter
from members.city_rows import PER_PAGE, cities_by_name, rows_of
from members.city_sets import keys_by_name, sets_of_cities
from members.facets import CountedCityFilter, facets_of, found_by
from members.map.cities import map_of, map_of_network
from members.map.view import PARAMETER
from members.models import City
from members.paging import page_or_404, query_without_page

# Cities outside the selection that are named; beyond these a link leads to all.
NAMED_OUTSIDE = 10


def city_list(request: HttpRequest) -> HttpResponse:
    """Cities by name, with filters in the query string; the same list on the map. Where a part of
    the map is shown, the list has the cities of that part."""
    filters = CountedCityFilter(request.GET, queryset=cities_by_name())
    sets = sets_of_cities(current_language())
    found = found_by(filters, sets)
    draw = map_of_network if found == sets.members else map_of
    drawing = draw(frozenset(found), request.GET)
    keys = _in_order(filters, drawing["map_keys"] or found)
    page: Any = page_or_404(Paginator(keys, PER_PAGE), request)
    page.object_list = rows_of(page.object_list, filters.point_numbers)
    outside = list(filters.outside[: NAMED_OUTSIDE + 1])
    is_long = len(outside) > NAMED_OUTSIDE
    context = {
        "filters": filters,
        "file_query": _query_of(filters, drawing["map_part"]),
        "facets": facets_of(filters, sets),
        "page_obj": page,
        "query_prefix": query_without_page(request),
        "total": len(sets.listed),
        "members": len(sets.members),
        "outside": outside[:NAMED_OUTSIDE],
        "outside_count": filters.outside.count() if is_long else len(outside),
        "invented": _invented_cities() if sets.has_invented else [],
        **drawing,
    }
    return render(request, "members/city_list.html", context, status=filters.status)


def _query_of(filters: CityFilter, part: str) -> str:
    """What leads to exactly this list: its filters, and the part of the map."""
    if not part:
        return filters.query
    separator = "&" if filters.query else "?"
    return f"{filters.query}{separator}{urlencode({PARAMETER: part})}"


def _in_order(filters: CityFilter, found: AbstractSet[int]) -> list[int]:
    """The keys of the cities that were found, in the order that was asked for."""
    keys: Iterable[int] = keys_by_name(current_language())
    if filters.values.get(filters.ORDER):
        keys = filters.qs.values_list("pk", flat=True)
    return [key for key in keys if key in found]


@shared_by_pages
def _invented_cities() -> list[City]:
    return list(City.objects.public().filter(fictional=True).order_by("slug"))
