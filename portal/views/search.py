"""Search over everything public, in all languages, and suggestions while somebody types."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.models import IndexRow
from languages.names import country_name, language_name
from languages.search.candidates import SearchTimeout
from languages.search.results import Filters, Hit, Results, similar_words, suggest
from languages.search.results import search as search_index
from languages.sorting import sort_key
from languages.text import current_language, labelled
from members.filters import Chip
from members.paging import page_or_404, query_without_page
from portal.forms import SearchForm, SuggestForm
from portal.hits import KINDS, Shown, shown

PER_PAGE = 20
PER_KIND = 5
# The demonstration's invented cities are in no count; a few stand apart below.
INVENTED = 5
SUGGESTIONS = 8
CHOICES = ("country", "city", "point", "language")
SUGGESTIONS_KEPT_SECONDS = 300


# --- The page -------------------------------------------------------------------------------------


def search(request: HttpRequest) -> HttpResponse:
    """What was found, best first, by kind. A query that makes no sense finds nothing, with an error
    at the field."""
    form = SearchForm(request.GET, kinds=KINDS)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"form": form, "query": query, "query_prefix": query_without_page(request)}
    if not query:
        return render(request, "portal/search.html", context)
    try:
        answer = search_index(query, kinds=tuple(KINDS), filters=filters_of(form))
        context |= results(request, answer, form) | narrowing(request, answer, form)
    except SearchTimeout:
        return render(request, "portal/search.html", context | {"too_long": True}, status=503)
    return render(request, "portal/search.html", context)


def filters_of(form: SearchForm) -> Filters:
    chosen = form.cleaned_data
    return Filters(
        kind=chosen["kind"],
        country=chosen["country"],
        city=chosen["city"].pk if chosen["city"] else None,
        point=str(chosen["point"] or ""),
        language=chosen["language"],
    )


def results(request: HttpRequest, answer: Results, form: SearchForm) -> dict[str, object]:
    """The best of every kind, or one page of the only kind."""
    real = [hit for hit in answer.hits if not hit.row.fictional]
    invented = [hit for hit in answer.hits if hit.row.fictional][:INVENTED]
    kinds = list(dict.fromkeys(hit.row.kind for hit in real))
    by_kind = len(kinds) > 1
    page = page_or_404(Paginator(real, PER_PAGE), request)
    listed = (
        [hit for kind in kinds for hit in of_kind(real, kind)]
        if by_kind
        else list(page.object_list)
    )
    rows = shown([*listed, *invented], answer.query)
    real_rows = [row for row in rows if not row.row.fictional]
    return {
        "answer": answer,
        "searched": answer.query.spelled if answer.corrections else form.cleaned_data["q"],
        "total": len(real),
        "page_obj": None if by_kind else page,
        "groups": groups(request, answer, real_rows, kinds),
        "invented": [row for row in rows if row.row.fictional],
        "spellings": [] if answer.hits else similar_words(answer.query),
    }


def of_kind(hits: Iterable[Hit], kind: str) -> list[Hit]:
    return [hit for hit in hits if hit.row.kind == kind][:PER_KIND]


def groups(
    request: HttpRequest, answer: Results, rows: list[Shown], kinds: list[str]
) -> list[dict[str, object]]:
    """The hits of each kind under its name, the kind of the best hit first."""
    return [
        {
            "kind": kind,
            "name": KINDS[kind][1],
            "count": answer.counts["kind"][kind] if answer.has_all_counts else None,
            "hits": [row for row in rows if row.row.kind == kind],
            "more": answer.counts["kind"][kind] > PER_KIND,
            "url": changed(request, kind=kind),
        }
        for kind in kinds
    ]


def changed(request: HttpRequest, **values: str) -> str:
    """This page's address with other filters; an empty value takes one away."""
    query: QueryDict = request.GET.copy()
    query.pop("page", None)
    for name, value in values.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


# --- Filters with counts --------------------------------------------------------------------------


def narrowing(request: HttpRequest, answer: Results, form: SearchForm) -> dict[str, object]:
    """The kinds as links, the other filters as choices, each with the number of hits where all were
    looked through; and the active ones, to take away."""
    chosen = form.cleaned_data["kind"]
    kinds = [
        {
            "name": KINDS[kind][1],
            "count": count if answer.has_all_counts else None,
            "url": changed(request, kind=kind),
            "current": kind == chosen,
        }
        for kind, count in sorted(
            answer.counts.get("kind", {}).items(), key=lambda item: list(KINDS).index(item[0])
        )
    ]
    chips = []
    for name in CHOICES:
        options = options_of(name, answer, form)
        form.fields[name].widget.choices = [
            # Translators: tab: hits of every kind
            ("", _("All")),
            *(
                (value, f"{label} ({count})" if answer.has_all_counts else label)
                for value, label, count in options
            ),
        ]
        # A filter that would change nothing is left out.
        form.fields[name].shown = len(options) > 1 or bool(form.cleaned_data[name])
        chips += [
            Chip(labelled(form.fields[name].label, label), changed(request, **{name: ""}))
            for value, label, _count in options
            if form.cleaned_data[name] and value == form[name].value()
        ]
    cleared = changed(request, kind="", country="", city="", point="", language="")
    return {
        "kinds": kinds,
        "all_kinds_url": changed(request, kind=""),
        "has_choices": any(form.fields[name].shown for name in CHOICES),
        "chips": chips,
        "clear_url": cleared,
    }


def options_of(name: str, answer: Results, form: SearchForm) -> list[tuple[str, str, int]]:
    """Value, label and number of hits of each choice, in the order of the reader's language; the
    chosen one always."""
    language, chosen = current_language(), form.cleaned_data[name]
    counts = dict(answer.counts.get(name, {}))
    if chosen:
        counts.setdefault(chosen.pk if name == "city" else str(chosen), 0)
    if name == "country":
        options = [(code, country_name(code, language), count) for code, count in counts.items()]
    elif name == "language":
        options = [(code, language_name(code, language), count) for code, count in counts.items()]
    elif name == "city":
        options = city_options(counts)
    else:
        return sorted(
            ((number, number, count) for number, count in counts.items()),
            key=lambda option: int(option[0]),
        )
    return sorted(options, key=lambda option: sort_key(option[1], language))


def city_options(counts: dict[int, int]) -> list[tuple[str, str, int]]:
    rows = IndexRow.objects.filter(kind="city", city__in=counts, language=current_language())
    return [
        (path.strip("/").rpartition("/")[2], title, counts[city])
        for path, title, city in rows.values_list("path", "title", "city")
    ]


# --- While somebody types -------------------------------------------------------------------------


def search_suggest(request: HttpRequest) -> JsonResponse:
    """The best titles for what is typed so far, and how many in words, to be read out."""
    form = SuggestForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    kind = form.cleaned_data.get("kind", "") if form.is_valid() else ""
    try:
        asked, hits = suggest(query, kinds=tuple(KINDS), kind=kind, most=SUGGESTIONS)
    except SearchTimeout:
        asked, hits = None, []
    rows = shown(hits, asked) if asked else []
    response = JsonResponse(
        {"suggestions": [suggestion(row) for row in rows], "status": status(len(rows))}
    )
    patch_cache_control(response, public=True, max_age=SUGGESTIONS_KEPT_SECONDS)
    return response


def suggestion(hit: Shown) -> dict[str, str]:
    language, row = current_language(), hit.row
    where = [
        str(hit.kind),
        country_name(row.country, language) if row.country and row.kind != "country" else "",
    ]
    where.append(_("invented") if row.fictional else "")
    return {
        "url": f"/{language}/{row.path}",
        "title": row.title,
        "language": row.title_language,
        "name": "".join(part.text for part in hit.name.parts) if hit.name else "",
        "note": " · ".join(filter(None, where)),
    }


def status(count: int) -> str:
    if not count:
        return _("No suggestions")
    return ngettext("%(count)s suggestion", "%(count)s suggestions", count) % {"count": count}
