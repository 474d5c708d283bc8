"""Where to get help: choose a place; in a city, a country."""

from babel.core import get_global
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from languages.names import locale_of
from languages.text import current_language
from members.citations import citations_of
from members.help import Help, help_for, help_in
from members.models import City, Country, Situation, SupportContact
from portal.forms import HelpForm

# Cities offered at once: the largest of the country of the reader's language.
HOME_CITIES = 3
NAMES = ("slug", "title", "title_language")


def help_index(request: HttpRequest) -> HttpResponse:
    """Where did it happen? A city or a country to choose."""
    situation = _situation(request)
    context = {
        **_places_to_choose(),
        "situation": situation,
        "situations": Situation.choices,
        "query_suffix": f"?happened={situation}" if situation else "",
    }
    return render(request, "portal/help_index.html", context)


def _places_to_choose() -> dict[str, object]:
    """Countries, the cities with contacts of their own, and what is near to most readers."""
    language = current_language()
    contacts = SupportContact.objects.public().reachable()
    real_cities = City.objects.public().real()
    has_help = Q(support_contacts__in=contacts.real())
    has_cities = Q(cities__in=real_cities)
    countries = Country.objects.filter(has_help | has_cities).distinct()
    by_name = countries.by_name(language)
    cities = real_cities.filter(support_contacts__in=contacts).listed(language)
    rows = list(cities.values(*NAMES, "country__code", "population").distinct())
    home = _home_country(language)
    home_cities = [row for row in rows if row["country__code"] == home]
    home_cities.sort(key=lambda row: -(row["population"] or 0))
    return {
        "countries": by_name,
        "cities": rows,
        "home_country": next((country for country in by_name if country.code == home), None),
        "home_cities": home_cities[:HOME_CITIES],
    }


def _home_country(language: str) -> str:
    """Where most people speak the language: "pl" → "PL"; British English has its own."""
    locale = locale_of(language)
    if locale and locale.territory:
        return locale.territory
    likely: str = get_global("likely_subtags").get(language, "")
    return likely.rpartition("_")[2]


def help_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom to turn to in a city (by its slug) or in a country (by its two letters)."""
    situation = _situation(request)
    if len(slug) == 2:
        return _help_in_country(request, slug, situation)
    city = City.objects.public().select_related("country").filter(slug=slug).first()
    if city is None:
        raise Http404
    help_here = help_for(city, situation)
    context = {"city": city, "country": city.country, **_context(help_here, situation)}
    return render(request, "portal/help_detail.html", context)


def _help_in_country(request: HttpRequest, code: str, situation: str) -> HttpResponse:
    countries = Country.objects.public()
    country = countries.filter(code=code.upper()).first()
    if country is None:
        raise Http404
    cities = City.objects.public().real().filter(country=country)
    context = {
        "country": country,
        "cities": cities.listed(current_language()).values(*NAMES),
        **_context(help_in(country, situation), situation),
    }
    return render(request, "portal/help_detail.html", context)


def _situation(request: HttpRequest) -> str:
    """The code of what happened; empty for none, and for nonsense."""
    form = HelpForm(request.GET)
    form.is_valid()
    return str(form.cleaned_data.get("happened", ""))


def _context(help_here: Help, situation: str) -> dict[str, object]:
    return {
        "help": help_here,
        "situation": situation,
        "situations": Situation.choices,
        "citations": citations_of(help_here.contacts),
    }
