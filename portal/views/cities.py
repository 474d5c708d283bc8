"""A city, and a country."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from languages.text import current_language
from members.age import is_new, years_of
from members.citations import citations_of
from members.city_rows import PER_PAGE, rows_of
from members.city_sets import keys_by_name, sets_of_cities
from members.map.cities import NearbyCity, cities_near, locator_for, map_of
from members.map.locator import Locator, small_land_path
from members.models import City, Country
from members.paging import page_or_404, query_without_page
from members.standing import standing_of
from portal.city_records import records_of
from portal.city_sentences import sentences_of
from portal.likeness import similar_cities
from portal.models import News
from portal.neighborhood import neighbors_of
from portal.queries import news_of_country
from portal.timeline import newest_first, timeline
from portal.towns import towns_round
from programs.models import Programme
from programs.stages import newest_programmes
from programs.time_axis import time_axis


def city_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A city, member or not, in the order in which people ask: help, who, what, when, how we
    know."""
    successor = Prefetch("successor", City.objects.public())
    public = City.objects.public().select_related("country")
    cities = public.prefetch_related(successor)
    city = cities.filter(slug=slug).first()
    if city is None:
        raise Http404
    context = {
        "city": city,
        **_records_of(city),
    }
    return render(request, "portal/city_detail.html", context)


def _records_of(city: City) -> dict[str, object]:
    """Promises, people, membership, programmes, news, and all of it by date; where it lies."""
    records = records_of(city)
    # Spares the question after them: see `standings_of`.
    city.public_memberships = records.memberships  # type: ignore[attr-defined]
    lines = timeline(records)
    nearby = cities_near(city)
    return {
        "standing": standing_of(city),
        "sentences": sentences_of(records),
        "locator": _locator_of(city, nearby),
        "small_land": small_land_path(),
        "own_picture": records.pictures[0] if records.pictures else None,
        "neighbors": neighbors_of(nearby) if records.is_sparse else [],
        "similar": similar_cities(city, nearby),
        "is_sparse": records.is_sparse,
        "promises": records.promises,
        "news": records.news,
        "upcoming": records.upcoming,
        "membership": records.membership,
        "memberships": records.memberships,
        "decisions": records.decisions,
        "milestones": records.milestones,
        "acts": records.acts,
        "units": records.units,
        "programme_rows": records.programme_rows,
        "bodies": records.bodies,
        "other_names": records.other_names,
        "timeline": lines,
        "axis": time_axis([line.date for line in lines], records.editions),
        "newest_lines": newest_first(lines),
        "citations": citations_of(records.with_sources),
    }


def _locator_of(city: City, nearby: list[NearbyCity]) -> Locator | None:
    """The small map, with the large towns that are not in the network."""
    if city.fictional:
        return None
    names = {other.town.name for other in nearby} | {str(city)}
    towns = towns_round(city.latitude, city.longitude, names)
    return locator_for(city, nearby, towns)


def country_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A country: where to get help, its cities, those of a page at a time."""
    country = _country(code)
    if country is None or code != code.lower():
        raise Http404
    own_programmes = Programme.objects.public().real().filter(city__country=country)
    programmes = own_programmes.select_related("city")
    news = list(news_of_country(country))
    own_cities = sets_of_cities(current_language()).of({"country": country.code, "status": "all"})
    keys = [key for key in keys_by_name(current_language()) if key in own_cities]
    page: Any = page_or_404(Paginator(keys, PER_PAGE), request)
    page.object_list = rows_of(page.object_list)
    context = {
        "country": country,
        "page_obj": page,
        "query_prefix": query_without_page(request),
        "news": news,
        "news_years": _years_of_old(news),
        "programmes": newest_programmes(programmes.by_name(current_language())),
        **map_of(own_cities, request.GET),
    }
    return render(request, "portal/country_detail.html", context)


def _years_of_old(news: list[News]) -> str:
    """The years of news of which none is new, for their heading; empty where one is."""
    dates = [str(item.on) for item in news]
    if not dates or any(map(is_new, dates)):
        return ""
    return years_of(dates)


def _country(code: str) -> Country | None:
    countries = Country.objects.public()
    return countries.filter(code=code.upper()).first()
