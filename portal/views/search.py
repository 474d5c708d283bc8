"""Search over everything public, in all languages."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy

from languages.models import IndexRow
from languages.search import found, in_language
from members.paging import page_or_404, query_without_page
from portal.forms import SearchForm

PER_PAGE = 30
# The demonstration's invented cities are in no count; a few stand apart below.
INVENTED = 5
KINDS = {
    "city": pgettext_lazy("kind of search result", "City"),
    "country": pgettext_lazy("kind of search result", "Country"),
    "point": pgettext_lazy("kind of search result", "Point of the plan"),
    "programme": pgettext_lazy("kind of search result", "Programme"),
    "organisation": pgettext_lazy("kind of search result", "Organisation"),
    "news": pgettext_lazy("kind of search result", "News"),
    "event": pgettext_lazy("kind of search result", "Event"),
    "ground": pgettext_lazy("kind of search result", "Ground of discrimination"),
}


@dataclass(frozen=True)
class Hit:
    """What was found, and the row of the same object in the reader's language, which is shown."""

    kind: str
    found: IndexRow
    row: IndexRow

    @property
    def found_as(self) -> str:
        """The title under which it was found, where that is not the title shown."""
        return self.found.title if self.found.title != self.row.title else ""


def hits(rows: Iterable[IndexRow]) -> list[Hit]:
    """Found rows as they are shown."""
    return [Hit(KINDS[found_row.kind], found_row, row) for found_row, row in in_language(rows)]


def search(request: HttpRequest) -> HttpResponse:
    """What was found, best first. A query that makes no sense finds nothing, with an error at the field."""
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    rows = found(query) if query else []
    page = page_or_404(Paginator([row for row in rows if not row.fictional], PER_PAGE), request)
    invented = [row for row in rows if row.fictional][:INVENTED]
    context = {
        "form": form,
        "query": query,
        "page_obj": page,
        "hits": hits(page.object_list),
        "invented": hits(invented),
        "query_prefix": query_without_page(request),
    }
    return render(request, "portal/search.html", context)
