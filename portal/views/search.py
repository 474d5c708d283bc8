"""Search over everything public, in all languages."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy

from languages.search import found
from members.paging import page_or_404, query_without_page
from portal.forms import SearchForm

PER_PAGE = 30
KINDS = {
    "city": pgettext_lazy("kind of search result", "City"),
    "country": pgettext_lazy("kind of search result", "Country"),
    "point": pgettext_lazy("kind of search result", "Point of the plan"),
    "programme": pgettext_lazy("kind of search result", "Programme"),
    "organisation": pgettext_lazy("kind of search result", "Organisation"),
    "ground": pgettext_lazy("kind of search result", "Ground of discrimination"),
}


def search(request: HttpRequest) -> HttpResponse:
    """What was found, best first. A query that makes no sense finds nothing, with an error at the field."""
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    rows = found(query) if query else []
    for row in rows:
        row.kind_label = KINDS[row.kind]
    context = {
        "form": form,
        "query": query,
        "page_obj": page_or_404(Paginator(rows, PER_PAGE), request),
        "query_prefix": query_without_page(request),
    }
    return render(request, "portal/search.html", context)
