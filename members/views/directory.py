"""The directory of cities."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from languages.text import current_language, language_columns
from members.city_filter import CityFilter
from members.city_sets import sets_of_cities
from members.facets import facets_of, found_by
from members.map.cities import map_of
from members.models import City, Membership, RecordQuerySet
from members.paging import page_or_404, query_without_page
from members.standing import standings_of
from members.strip import strips_for

PER_PAGE = 50
# Cities outside the selection that are named; beyond these a link leads to all.
NAMED_OUTSIDE = 10


def city_list(request: HttpRequest) -> HttpResponse:
    """Cities by name, with filters in the query string; the same list on the map. Where a part of
    the map is shown, the list has the cities of that part."""
    cities = (
        City.objects.public()
        .real()
        .listed(current_language())
        .select_related("country")
        .defer(*language_columns(City))
    )
    filters = CityFilter(request.GET, queryset=cities)
    sets = sets_of_cities(current_language())
    public_memberships = Membership.objects.public().order_by("pk")
    memberships = Prefetch("memberships", public_memberships, to_attr="public_memberships")
    rows = filters.qs.prefetch_related(memberships)
    drawing = map_of(filters.qs, request.GET)
    slugs = drawing["map_slugs"]
    if slugs:
        rows = rows.filter(slug__in=slugs)
    paginator = Paginator(rows, PER_PAGE)
    paginator.count = len(slugs) or len(found_by(filters, sets))
    page = page_or_404(paginator, request)
    strips = strips_for(page.object_list, filters.point_numbers)
    standings = standings_of(page.object_list)
    for city in page.object_list:
        city.strip = strips[city.pk]
        city.standing = standings[city.pk]
    outside = list(filters.outside[: NAMED_OUTSIDE + 1])
    is_long = len(outside) > NAMED_OUTSIDE
    context = {
        "filters": filters,
        "facets": facets_of(filters, sets),
        "page_obj": page,
        "query_prefix": query_without_page(request),
        "total": len(sets.listed),
        "members": len(sets.of({})),
        "outside": outside[:NAMED_OUTSIDE],
        "outside_count": filters.outside.count() if is_long else len(outside),
        "invented": _invented_cities() if sets.has_invented else [],
        **drawing,
    }
    return render(request, "members/city_list.html", context)


def _invented_cities() -> RecordQuerySet[City]:
    return City.objects.public().filter(fictional=True).order_by("slug")
