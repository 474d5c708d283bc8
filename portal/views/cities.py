"""A city, and a country."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from languages.text import current_language, language_columns
from members.citations import citations_of
from members.help import help_for, help_in, regional_help_for
from members.map.cities import map_of
from members.models import (
    City,
    Country,
    Membership,
    RecordQuerySet,
    SupportContact,
)
from members.standing import standings_of
from members.strip import strips_for
from portal.city_records import records_of
from portal.queries import news_of_country
from portal.timeline import timeline
from programs.models import Programme


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
        **_help_of(city),
        **_records_of(city),
    }
    return render(request, "portal/city_detail.html", context)


def _help_of(city: City) -> dict[str, list[SupportContact]]:
    own_help, national_help = help_for(city)
    return {
        "own_help": own_help,
        "regional_help": regional_help_for(city),
        "national_help": national_help,
    }


def _records_of(city: City) -> dict[str, object]:
    """Promises, people, membership, programmes, news, and all of it by date."""
    records = records_of(city)
    return {
        "promises": records.promises,
        "news": records.news,
        "upcoming": records.upcoming,
        "membership": records.membership,
        "memberships": records.memberships,
        "decisions": records.decisions,
        "milestones": records.milestones,
        "acts": records.acts,
        "units": records.units,
        "programmes": records.programmes,
        "bodies": records.bodies,
        "other_names": city.other_names.order_by("name"),
        "timeline": timeline(records),
        "citations": citations_of(records.with_sources),
    }


def country_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A country: where to get help, its cities."""
    country = _country(code)
    if country is None or code != code.lower():
        raise Http404
    programmes = Programme.objects.public().real().filter(city__country=country)
    own_cities = City.objects.public().real().filter(country=country)
    region = request.GET.get("region")
    query = request.META["QUERY_STRING"]
    context = {
        "country": country,
        "cities": _with_strips(own_cities),
        "national_help": help_in(country),
        "news": news_of_country(country),
        "programmes": programmes.by_name(current_language()),
        **map_of(own_cities, region, query),
    }
    return render(request, "portal/country_detail.html", context)


def _with_strips(cities: RecordQuerySet[City]) -> list[City]:
    """As the list shows them: by name, each with its standing and its strip."""
    public = Membership.objects.public().order_by("pk")
    memberships = Prefetch("memberships", public, to_attr="public_memberships")
    listed: QuerySet[Any] = cities.listed(current_language())
    related = listed.select_related("country").prefetch_related(memberships)
    columns = language_columns(City)
    rows: list[Any] = list(related.defer(*columns))
    strips = strips_for(rows)
    standings = standings_of(rows)
    for city in rows:
        city.strip = strips[city.pk]
        city.standing = standings[city.pk]
    return rows


def help_index(request: HttpRequest) -> HttpResponse:
    """Choose a city or a country."""
    language = current_language()
    contacts = SupportContact.objects.public()
    real_cities = City.objects.public().real()
    has_help = Q(support_contacts__in=contacts.real())
    has_cities = Q(cities__in=real_cities)
    countries = Country.objects.filter(has_help | has_cities).distinct()
    cities = real_cities.filter(support_contacts__in=contacts).listed(language)
    names = ("slug", "title", "title_language", "country__code")
    context = {
        "countries": countries.by_name(language),
        "cities": cities.values(*names).distinct(),
    }
    return render(request, "portal/help_index.html", context)


def help_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom to turn to in a city (by its slug) or in a country (by its two letters)."""
    if len(slug) == 2:
        return _help_in_country(request, slug)
    city = City.objects.public().select_related("country").filter(slug=slug).first()
    if city is None:
        raise Http404
    contacts = _help_of(city)
    everything = [contact for group in contacts.values() for contact in group]
    context = {
        "city": city,
        "country": city.country,
        **contacts,
        "citations": citations_of(everything),
    }
    return render(request, "portal/help_detail.html", context)


def _help_in_country(request: HttpRequest, code: str) -> HttpResponse:
    country = _country(code)
    if country is None:
        raise Http404
    national_help = help_in(country)
    context = {
        "country": country,
        "own_help": [],
        "national_help": national_help,
        "citations": citations_of(national_help),
    }
    return render(request, "portal/help_detail.html", context)


def _country(code: str) -> Country | None:
    countries = Country.objects.public()
    return countries.filter(code=code.upper()).first()
