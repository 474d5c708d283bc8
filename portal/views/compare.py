"""Two to four cities beside each other."""

import csv
import io

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from languages.search.candidates import SearchTimeout
from languages.search.results import suggest
from languages.text import current_language, labelled
from members.citations import citations_of
from members.help import place_of_city
from members.map.cities import cities_near
from portal.city_choice import MOST, CityChoice, NamedCities, choice_of, cities_named
from portal.comparison import comparison_of
from portal.comparison_table import rows_of
from portal.forms import CompareForm, SuggestForm
from portal.hits import shown_hits
from portal.kept_pages.tags import answer_tagged, tag_of
from portal.likeness import SimilarCity, similar_cities
from portal.open_data.formats.table import today
from portal.views.data import BY_READER, byte_order_mark, read_only_file
from portal.views.search import SUGGESTIONS, SUGGESTIONS_CACHE_SECONDS, status, suggestion

CSV = "text/csv; charset=utf-8; header=present"
CITY = "city"


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The cities of the address, point by point; a field that adds one by its name."""
    choice = choice_of(request.GET.getlist(CITY))
    form = CompareForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    named = cities_named(text)
    if named.sure:
        slugs = [city.slug for city in named.sure]
        return redirect(choice.address_with(*slugs, q=named.unclear))
    comparison = comparison_of(choice)
    context = {
        "choice": choice,
        "help_at": place_of_city(choice.cities[0]) if choice.cities else None,
        "most": MOST,
        "query": text,
        "offers": _offers(choice, named),
        "comparison": comparison,
        "similar": _similar_to_one(choice),
        "citations": citations_of(comparison.records),
        "as_of": timezone.localdate(),
    }
    return render(
        request,
        "portal/compare.html",
        context,
        status=_status(choice),
    )


def _status(choice: CityChoice) -> int:
    """The page keeps what can be compared, and says honestly that it is not all."""
    if choice.unknown:
        return 404
    return 400 if choice.beyond else 200


def _offers(choice: CityChoice, named: NamedCities) -> list[tuple[str, str, str]]:
    """Cities that the text may mean: name, country, the address that adds it to those already found
    and asks for the names after it."""
    offers = []
    for city in named.offered:
        address = choice.address_with(city.slug, q=named.later)
        offers.append((str(city), str(city.country), address))
    return offers


def _similar_to_one(choice: CityChoice) -> list[tuple[SimilarCity, str]]:
    """With whom the only city may be compared, and the addresses for it."""
    if len(choice.cities) != 1:
        return []
    city = choice.cities[0]
    similar = similar_cities(city, cities_near(city))
    return [(row, choice.address_with(row.nearby.slug)) for row in similar]


@require_safe
def compare_suggest(request: HttpRequest) -> JsonResponse:
    """Cities for what is written so far; each leads to the comparison with it."""
    choice = choice_of(request.GET.getlist(CITY))
    form = SuggestForm(request.GET)
    suggestions = []
    if form.is_valid():
        suggestions = _suggestions(form.cleaned_data["q"], choice)
    content = {"suggestions": suggestions, "status": status(len(suggestions))}
    response = JsonResponse(content)
    patch_cache_control(response, public=True, max_age=SUGGESTIONS_CACHE_SECONDS)
    return response


def _suggestions(text: str, choice: CityChoice) -> list[dict[str, str]]:
    try:
        answer = suggest(text, kind=CITY, most=SUGGESTIONS)
    except SearchTimeout:
        return []
    suggestions = []
    for hit in shown_hits(answer.hits, answer.query):
        slug = hit.row.path.strip("/").rpartition("/")[2]
        if slug not in choice.slugs:
            suggestions.append({**suggestion(hit), "url": choice.address_with(slug)})
    return suggestions


# --- The table ------------------------------------------------------------------------------------


@read_only_file
def compare_export(request: HttpRequest) -> HttpResponseBase:
    """The same as a table. An address that chooses something else than one to four public cities is
    refused: a table that silently holds less is worse than none."""
    tag = tag_of(request)
    choice = choice_of(request.GET.getlist(CITY))
    reasons = _refusals(request, choice)
    if reasons:
        code = _status(choice) if choice.unknown else 400
        return render(request, "portal/data/refused.html", {"lines": reasons}, status=code)

    def make() -> HttpResponse:
        return _file_of(request, choice)

    return answer_tagged(request, tag, BY_READER, make)


def _file_of(request: HttpRequest, choice: CityChoice) -> HttpResponse:
    comparison = comparison_of(choice)
    text = io.StringIO()
    text.write(byte_order_mark(request))
    csv.writer(text).writerows(rows_of(comparison))
    language = current_language()
    name = "-".join(["compare", *choice.slugs, language, today()])
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        "Content-Language": language,
    }
    return HttpResponse(text.getvalue(), content_type=CSV, headers=headers)


def _refusals(request: HttpRequest, choice: CityChoice) -> list[str]:
    others = [name[:80] for name in request.GET if name != CITY][:20]
    reasons = [labelled(name, _("There is no such parameter here.")) for name in others]
    reasons += [labelled(slug, _("There is no such city here.")) for slug in choice.unknown]
    if choice.beyond:
        reasons.append(_("At most four cities can be compared."))
    if not choice.cities and not reasons:
        reasons.append(_("The address names no city."))
    return reasons
