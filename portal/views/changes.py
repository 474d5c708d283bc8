"""What changed about a city."""

from typing import Any

from auditlog.models import LogEntry
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from members.models import City
from members.paging import page_or_404
from portal.changes import changes_of, readable

PER_PAGE = 20


def city_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Every change that the public could see, the latest first."""
    city = _city(slug)
    entries: Any = changes_of(city)
    paginator: Paginator[LogEntry] = Paginator(entries, PER_PAGE)
    page = page_or_404(paginator, request)
    context = {
        "city": city,
        "page_obj": page,
        "changes": readable(page.object_list),
        "query_prefix": "",
    }
    return render(request, "portal/city_changes.html", context)


def _city(slug: str) -> City:
    cities = City.objects.public()
    city = cities.filter(slug=slug).first()
    if city is None:
        raise Http404
    return city
