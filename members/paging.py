"""Pages of a list."""

from typing import TypeVar

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

RowT = TypeVar("RowT")


def page_or_404(paginator: "Paginator[RowT]", request: HttpRequest) -> "Page[RowT]":
    """The page that `?page=` asks for; raises Http404, which names the last page, for any other."""
    number = request.GET.get("page") or 1
    try:
        return paginator.page(number)
    except InvalidPage:
        sentence = _("This list has no such page. Its last page is %(last)s.")
        raise Http404(sentence % {"last": paginator.num_pages}) from None


def query_without_page(request: HttpRequest) -> str:
    """The query string that all pages of this list share, ready to be followed by `page=`:
    `country=PL&`."""
    query = request.GET.copy()
    query.pop("page", None)
    if not query:
        return ""
    return query.urlencode() + "&"
