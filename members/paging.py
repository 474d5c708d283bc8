"""Pages of a list."""

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _


def page_or_404(paginator: Paginator, request: HttpRequest) -> Page:
    """The page that `?page=` asks for; 404 with a word on the last page where there is no such
    page."""
    asked = request.GET.get("page") or 1
    try:
        return paginator.page(asked)
    except InvalidPage:
        raise Http404(
            _("This list has no such page. Its last page is %(last)s.")
            % {"last": paginator.num_pages}
        ) from None


def query_without_page(request: HttpRequest) -> str:
    """The query string that all pages of this list share, ready to be followed by `page=`:
    `country=PL&`."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode() + "&" if query else ""
