"""The directory of cities."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from languages.text import current_language, language_columns
from members.city_filter import CityFilter
from members.facets import facets_of
from members.figures import member_counts
from members.map.cities import map_of
from members.models import City, Membership
from members.paging import page_or_404, query_without_page
from members.standing import standings_of
from members.strip import strips_for

PER_PAGE = 50
# Cities outside the selection that are named; beyond these a link leads to all.
NAMED_OUTSIDE = 10


def city_list(request: HttpRequest) -> HttpResponse:
    """Cities by name, with filters in the query string; the same list on the map."""
    cities = (
        City.objects.public()
        .real()
        .listed(current_language())
        .select_related("country")
        .defer(*language_columns(City))
    )
    filters = CityFilter(request.GET, queryset=cities)
    public_memberships = Membership.objects.public().order_by("pk")
    memberships = Prefetch("memberships", public_memberships, to_attr="public_memberships")
    rows = filters.qs.prefetch_related(memberships)
    page = page_or_404(Paginator(rows, PER_PAGE), request)
    strips = strips_for(page.object_list, filters.point_numbers)
    standings = standings_of(page.object_list)
    for city in page.object_list:
        city.strip = strips[city.pk]
        city.standing = standings[city.pk]
    outside = list(filters.outside[: NAMED_OUTSIDE + 1])
    is_long = len(outside) > NAMED_OUTSIDE
    invented = City.objects.public().filter(fictional=True)
    context = {
        "filters": filters,
        "facets": facets_of(filters),
        "page_obj": page,
        "query_prefix": query_without_page(request),
        "counts": member_counts(),
        "outside": outside[:NAMED_OUTSIDE],
        "outside_count": filters.outside.count() if is_long else len(outside),
        "invented": invented.order_by("slug"),
        **map_of(filters.qs, request.GET),
    }
    return render(request, "members/city_list.html", context)
