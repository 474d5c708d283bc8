"""Where to get help: choose a place; in a city, a country, another town."""

from urllib.parse import urlencode

from babel.core import get_global
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from languages.names import locale_of
from languages.text import current_language
from members import limits, telephone
from members.citations import citations_of
from members.help import Help, help_for, help_in
from members.map.cities import members_near
from members.map.locator import Locator, MapTown, locator_of
from members.models import City, Country, Situation, SupportContact
from members.services import contacts
from members.views.join import from_own_pages
from portal import places
from portal.advice import lines, steps_for
from portal.forms import HelpForm, HelpPageForm, SuggestForm, TakenBackForm
from portal.models import Town
from portal.towns import cities_by_town, nearest_cities, towns_round
from portal.views.search import SUGGESTIONS_CACHE_SECONDS, status

# Cities offered at once: the largest of the country of the reader's language.
HOME_CITIES = 3
WRONG_PER_HOUR = 10
NAMES = ("slug", "title", "title_language")


def help_index(request: HttpRequest) -> HttpResponse:
    """Where did it happen? A city or a country to choose, or a name to write; a town by its id."""
    form = HelpForm(request.GET)
    form.is_valid()
    values = form.cleaned_data
    situation = values.get("happened", "")
    key = values.get("town")
    town = Town.objects.filter(pk=key).first() if key else None
    if town:
        return _help_in_town(request, town, situation)
    query = values.get("q", "")
    choices = places.choices_for(query, situation)
    if len(choices) == 1:
        return redirect(choices[0].url)
    names_no_town = bool(key) or "town" in form.errors
    context = {
        **_places_to_choose(),
        "names_no_town": names_no_town,
        "is_no_name": "q" in form.errors or any(map(str.isdigit, query)),
        "query": query,
        "choices": choices,
        "probable": [] if choices else places.probable_choices(query, situation),
        "situation": situation,
        "situations": Situation.choices,
        "steps": steps_for(situation) if situation else [],
        # Nothing is known of the country yet: 112.
        "help": Help([]),
        "lines": lines(),
        "query_suffix": places.suffix(situation),
    }
    status_code = 404 if names_no_town else 200
    return render(request, "portal/help_index.html", context, status=status_code)


def help_suggest(request: HttpRequest) -> JsonResponse:
    """Places whose names begin with what is written so far; each leads straight to its help."""
    form = SuggestForm(request.GET)
    suggestions = []
    if form.is_valid():
        situation = _situation(request)
        suggestions = places.suggestions_for(form.cleaned_data["q"], situation)
    content = {"suggestions": suggestions, "status": status(len(suggestions))}
    response = JsonResponse(content)
    patch_cache_control(response, public=True, max_age=SUGGESTIONS_CACHE_SECONDS)
    return response


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
    has_own_help = any(entry.is_local for entry in help_here.entries)
    context = {
        "city": city,
        "country": city.country,
        "nearest": [] if has_own_help else nearest_cities(city),
        "page": request.path + places.suffix(situation),
        **_context(help_here, situation, city.country),
    }
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
        "page": request.path + places.suffix(situation),
        **_context(help_in(country, situation), situation, country),
    }
    return render(request, "portal/help_detail.html", context)


def _help_in_town(request: HttpRequest, town: Town, situation: str) -> HttpResponse:
    """The country's help for a town that is not in the network, and the nearest cities that are.
    One that is has its own page."""
    city = cities_by_town([town]).get(town.pk)
    if city:
        page = reverse("help_detail", args=[city.slug])
        return redirect(page + places.suffix(situation))
    country = Country.objects.filter(code=town.country_code).first()
    help_here = help_in(country, situation) if country else Help([])
    context = {
        "town": town,
        "country": country,
        "nearest": nearest_cities(town),
        "locator": _locator_of(town),
        "page": places.address_of_town(town, situation),
        **_context(help_here, situation, country),
    }
    return render(request, "portal/help_detail.html", context)


def _locator_of(town: Town) -> Locator | None:
    """The small map round a town; the cities of the network near it are its dots."""
    degrees = (float(town.latitude), float(town.longitude))
    here = MapTown(str(town), "", *degrees)
    cities = [nearby.town for nearby in members_near(degrees)]
    names = {city.name for city in cities} | {here.name}
    return locator_of(here, cities, towns_round(*degrees, names))


@csrf_exempt
@require_POST
def help_wrong(request: HttpRequest, pk: int) -> HttpResponse:
    """A visitor says in one tap that something in a contact is wrong. There is nothing to type.

    Too many from one sender change nothing, and are thanked alike.
    """
    contact = SupportContact.objects.public().filter(pk=pk).first()
    if contact is None:
        raise Http404
    if not from_own_pages(request):
        return redirect(contact.get_absolute_url())
    sender = limits.sender_of(request)
    token = ""
    if limits.count_use("help-wrong", sender) <= WRONG_PER_HOUR:
        token = contacts.find_wrong(contact=contact)
    page = _page_before(request.POST)
    return _to_thanks(pk, {"page": page, "token": token})


@csrf_exempt
@require_POST
def help_not_wrong(request: HttpRequest, pk: int) -> HttpResponse:
    """A visitor takes back that something is wrong, with the token of the page that thanked.

    The token is the right to it, so that no cookie is needed.
    """
    contact = SupportContact.objects.public().filter(pk=pk).first()
    if contact is None:
        raise Http404
    form = TakenBackForm(request.POST)
    form.is_valid()
    token = form.cleaned_data.get("token", "")
    is_taken_back = contacts.take_back_wrong(contact=contact, token=token)
    page = _page_before(request.POST)
    return _to_thanks(pk, {"page": page, "taken_back": "yes" if is_taken_back else "no"})


def _to_thanks(pk: int, parameters: dict[str, str]) -> HttpResponse:
    thanks = reverse("help_wrong_thanks", args=[pk])
    said = {key: value for key, value in parameters.items() if value}
    return redirect(f"{thanks}?{urlencode(said)}" if said else thanks)


@require_safe
def help_wrong_thanks(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever looks after the contact will see it."""
    contact = SupportContact.objects.public().filter(pk=pk).first()
    if contact is None:
        raise Http404
    page = _page_before(request.GET)
    back = f"{page}#contact-{pk}" if page else contact.get_absolute_url()
    number = telephone.write(contact.phone, contact.country_code)
    form = TakenBackForm(request.GET)
    form.is_valid()
    said = form.cleaned_data
    context = {"contact": contact, "number": number, "page": page, "back": back, **said}
    return render(request, "portal/help_wrong_thanks.html", context)


def _page_before(parameters: QueryDict) -> str:
    """The help page on which somebody found a contact wrong; empty where none is named."""
    form = HelpPageForm(parameters)
    form.is_valid()
    page = form.cleaned_data.get("page", "")
    return str(page)


def _situation(request: HttpRequest) -> str:
    """The code of what happened; empty for none, and for nonsense."""
    form = HelpForm(request.GET)
    form.is_valid()
    happened = form.cleaned_data.get("happened", "")
    return str(happened)


def _context(help_here: Help, situation: str, country: Country | None) -> dict[str, object]:
    return {
        "help": help_here,
        "situation": situation,
        "situations": Situation.choices,
        "steps": steps_for(situation, country.code if country else ""),
        "lines": lines(),
        "query_suffix": places.suffix(situation),
        "citations": citations_of(help_here.contacts),
    }
