"""Search over everything public, in all languages, and suggestions while somebody types."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.models import IndexRow
from languages.names import country_name, language_name
from languages.search.candidates import SearchTimeout
from languages.search.hits import Filters, Hit, Results
from languages.search.results import search as search_index
from languages.search.results import suggest
from languages.search.spelling import similar_words
from languages.sorting import sort_key
from languages.text import current_language, labelled
from members.filters import Chip
from members.help import HelpPlace, place_of_city, place_of_country
from members.paging import page_or_404, query_without_page
from portal.forms import SearchForm, SuggestForm
from portal.help_cards import HelpCard, help_cards, hits_before_cards
from portal.hits import KINDS, ShownHit, shown_hits, with_standings
from portal.outages import Outage
from portal.page_cards import page_cards

PER_PAGE = 20
PER_KIND = 5
# So many stand above the groups, whatever their kinds are.
BEST = 5
# The demonstration's invented cities are in no count; a few stand apart below.
INVENTED = 5
SUGGESTIONS = 8
CHOICES = ("country", "city", "point", "language")
SUGGESTIONS_CACHE_SECONDS = 300


# --- The page -------------------------------------------------------------------------------------


def search(request: HttpRequest) -> HttpResponse:
    """What was found, best first, by kind. A query that makes no sense finds nothing, with an error
    at the field: 400."""
    form = SearchForm(request.GET, kinds=KINDS)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "form": form,
        "help_at": _place_of_filters(form),
        "query": query,
        "query_prefix": query_without_page(request),
    }
    if not query:
        code = 200 if form.is_valid() else 400
        return render(request, "portal/search.html", context, status=code)
    kinds = tuple(KINDS)
    filters = filters_of(form)
    try:
        answer = search_index(
            query,
            kinds=kinds,
            filters=filters,
        )
        hits = results(request, answer, form)
        choices = narrowing(request, answer, form)
        context |= hits | choices
        context["help_at"] = context["help_at"] or _place_of_cards(hits["help_cards"])
    except SearchTimeout:
        context["too_long"] = True
        response = render(request, "portal/search.html", context, status=503)
        response["Retry-After"] = str(Outage.BUSY.seconds)
        return response
    return render(request, "portal/search.html", context)


def _place_of_filters(form: SearchForm) -> HelpPlace | None:
    """The city or country to which the search is narrowed."""
    values = form.cleaned_data
    city = values.get("city")
    if city:
        return place_of_city(city)
    country = values.get("country")
    return place_of_country(country) if country else None


def _place_of_cards(cards: list[HelpCard]) -> HelpPlace | None:
    """The first place whose help is offered."""
    for card in cards:
        if card.slug:
            return HelpPlace(card.slug, card.place)
    return None


def filters_of(form: SearchForm) -> Filters:
    chosen = form.cleaned_data
    city = chosen["city"]
    return Filters(
        kind=chosen["kind"],
        country=chosen["country"],
        city=city.pk if city else None,
        point=str(chosen["point"] or ""),
        language=chosen["language"],
    )


def results(request: HttpRequest, answer: Results, form: SearchForm) -> dict[str, Any]:
    """The best answers and the best others of every kind, or one page of the only kind."""
    real = [hit for hit in answer.hits if not hit.row.fictional]
    invented = [hit for hit in answer.hits if hit.row.fictional][:INVENTED]
    kinds = list(dict.fromkeys(hit.row.kind for hit in real))
    page = page_or_404(Paginator(real, PER_PAGE), request)
    has_several_kinds = len(kinds) > 1
    best = real[:BEST] if has_several_kinds else list(page.object_list)
    others = []
    if has_several_kinds:
        for kind in kinds:
            others += of_kind(real[BEST:], kind)

    hits = with_standings(shown_hits([*best, *others, *invented], answer.query))
    query = form.cleaned_data["q"]
    if answer.corrections:
        query = answer.query.spelled
    spellings = []
    if not answer.hits:
        spellings = similar_words(answer.query)
    in_groups = [hit for hit in hits if hit.among(others)]
    groups = [group(request, answer, in_groups, kind) for kind in kinds]
    return {
        "answer": answer,
        "searched": query,
        "total": len(real),
        "page_obj": None if has_several_kinds else page,
        "best": [hit for hit in hits if hit.among(best)],
        "groups": [one for one in groups if one["hits"]] if has_several_kinds else [],
        "help_cards": help_cards(answer),
        # As the template's filter takes them.
        "before_cards": f":{hits_before_cards(answer)}",
        "after_cards": f"{hits_before_cards(answer)}:",
        "page_cards": page_cards(answer),
        "invented": [hit for hit in hits if hit.row.fictional],
        "spellings": spellings,
    }


def of_kind(hits: Iterable[Hit], kind: str) -> list[Hit]:
    """The best of one kind."""
    own = [hit for hit in hits if hit.row.kind == kind]
    return own[:PER_KIND]


def group(
    request: HttpRequest, answer: Results, hits: list[ShownHit], kind: str
) -> dict[str, object]:
    """The hits of a kind under its name."""
    count = answer.counts["kind"][kind]
    own = [hit for hit in hits if hit.row.kind == kind]
    return {
        "kind": kind,
        "name": KINDS[kind][1],
        "count": count if answer.has_all_counts else None,
        "hits": own,
        "more": count > len(own),
        "url": changed(request, kind=kind),
    }


def changed(request: HttpRequest, **values: str) -> str:
    """This page's address with other filters; an empty value takes one away."""
    query: QueryDict = request.GET.copy()
    query.pop("page", None)
    for name, value in values.items():
        query.pop(name, None)
        if value:
            query[name] = value
    text = query.urlencode()
    return f"?{text}"


# --- Filters with counts --------------------------------------------------------------------------


def narrowing(request: HttpRequest, answer: Results, form: SearchForm) -> dict[str, object]:
    """The kinds as links and the other filters as choices, each with the number of hits where all
    were looked through; and the active filters, to take away."""
    offered = []
    chips = []
    for name in CHOICES:
        options = options_of(name, answer, form)
        one = OfferedFilter(name, options, form)
        one.fill(with_counts=answer.has_all_counts)
        if one.is_offered:
            offered.append(name)
        chips += one.chips(request)
    chosen_kind = form.cleaned_data["kind"]
    names = ["kind", *CHOICES]
    nothing = dict.fromkeys(names, "")
    return {
        "kinds": kind_links(request, answer, chosen_kind),
        "all_kinds_url": changed(request, kind=""),
        "offered": offered,
        "chips": chips,
        "clear_url": changed(request, **nothing),
    }


def kind_links(request: HttpRequest, answer: Results, chosen: str) -> list[dict[str, object]]:
    """The kinds that have hits, in the order of `KINDS`."""
    counts = answer.counts.get("kind", Counter())
    links = []
    for kind, (_one, many) in KINDS.items():
        if kind not in counts:
            continue
        count = counts[kind] if answer.has_all_counts else None
        link: dict[str, object] = {
            "name": many,
            "count": count,
            "url": changed(request, kind=kind),
            "current": kind == chosen,
        }
        links.append(link)
    return links


@dataclass(frozen=True)
class FilterOption:
    """A value of a filter, as it is shown and with the number of hits that it leaves."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class OfferedFilter:
    """A filter of the form with the options that the hits leave."""

    name: str
    options: list[FilterOption]
    form: SearchForm

    @property
    def is_active(self) -> bool:
        values = self.form.cleaned_data
        value = values[self.name]
        return bool(value)

    @property
    def is_offered(self) -> bool:
        """A filter that would change nothing is left out."""
        has_choice = len(self.options) > 1
        return has_choice or self.is_active

    def fill(self, *, with_counts: bool) -> None:
        """Put the options into the form's field."""
        # Translators: tab: hits of every kind
        everything = _("All")
        choices = [("", everything)]
        for one in self.options:
            label = one.label
            if with_counts:
                label += f" ({one.count})"
            choices.append((one.value, label))
        field = self.form.fields[self.name]
        field.widget.choices = choices

    def chips(self, request: HttpRequest) -> list[Chip]:
        """The active option, to take away."""
        if not self.is_active:
            return []
        field = self.form[self.name]
        chosen = field.value()
        url = changed(request, **{self.name: ""})
        chips = []
        for one in self.options:
            if one.value == chosen:
                words = labelled(field.label, one.label)
                chips.append(Chip(words, url))
        return chips


def options_of(name: str, answer: Results, form: SearchForm) -> list[FilterOption]:
    """In the order of the reader's language, points by number; the chosen one always."""
    counts: dict[Any, int] = dict(answer.counts.get(name, {}))
    chosen = form.cleaned_data[name]
    if chosen:
        key = chosen.pk if name == "city" else str(chosen)
        counts.setdefault(key, 0)
    if name == "point":
        return point_options(counts)
    if name == "city":
        return in_order(city_options(counts))
    return in_order(code_options(name, counts))


def in_order(options: Iterable[FilterOption]) -> list[FilterOption]:
    """In the order of the reader's language."""
    language = current_language()
    return sorted(options, key=lambda option: sort_key(option.label, language))


def point_options(counts: dict[str, int]) -> list[FilterOption]:
    """Points of the plan, by number."""
    options = []
    for number in sorted(counts, key=int):
        count = counts[number]
        option = FilterOption(number, number, count)
        options.append(option)
    return options


def code_options(name: str, counts: dict[str, int]) -> list[FilterOption]:
    """Countries or languages, by their codes."""
    name_of = country_name if name == "country" else language_name
    language = current_language()
    options = []
    for code, count in counts.items():
        label = name_of(code, language)
        options.append(FilterOption(code, label, count))
    return options


def city_options(counts: dict[int, int]) -> list[FilterOption]:
    language = current_language()
    rows = IndexRow.objects.filter(kind="city", city__in=counts)
    own_rows = rows.filter(language=language)
    options = []
    for path, title, city in own_rows.values_list("path", "title", "city"):
        slug = slug_in(path)
        count = counts[city] if city else 0
        options.append(FilterOption(slug, title, count))
    return options


def slug_in(path: str) -> str:
    """`cities/lodz/` → `lodz`"""
    return path.strip("/").rpartition("/")[2]


# --- While somebody types -------------------------------------------------------------------------


def search_suggest(request: HttpRequest) -> JsonResponse:
    """The best titles for what is written so far, and how many in words, to be read out."""
    form = SuggestForm(request.GET)
    hits = hits_for(form)
    content = {
        "suggestions": [suggestion(hit) for hit in hits],
        "status": status(len(hits)),
    }
    response = JsonResponse(content)
    patch_cache_control(response, public=True, max_age=SUGGESTIONS_CACHE_SECONDS)
    return response


def hits_for(form: SuggestForm) -> list[ShownHit]:
    """None for what makes no sense, and where the search takes too long."""
    if not form.is_valid():
        return []
    query = form.cleaned_data["q"]
    kind = form.cleaned_data["kind"]
    kinds = tuple(KINDS)
    try:
        suggestions = suggest(query, kinds=kinds, kind=kind, most=SUGGESTIONS)
    except SearchTimeout:
        return []
    return shown_hits(suggestions.hits, suggestions.query)


def suggestion(hit: ShownHit) -> dict[str, str]:
    language, row = current_language(), hit.row
    notes = [str(hit.kind)]
    if row.country and row.kind != "country":
        notes.append(country_name(row.country, language))
    if row.fictional:
        notes.append(_("invented"))
    other_name = hit.name.parts if hit.name else []
    return {
        "url": f"/{language}/{row.path}",
        "title": row.title,
        "language": row.title_language,
        "name": "".join(part.text for part in other_name),
        "note": " · ".join(notes),
    }


def status(count: int) -> str:
    if not count:
        return _("No suggestions")
    return ngettext("%(count)s suggestion", "%(count)s suggestions", count) % {"count": count}
