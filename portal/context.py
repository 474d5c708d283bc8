"""What every page's template may use. Nothing here depends on who is reading."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from languages.names import own_name
from languages.text import current_language
from members.models import NetworkText


@dataclass(frozen=True)
class SiteLanguage:
    """A language of the switcher and this page's address in it."""

    code: str
    own_name: str
    url: str
    current: bool


def site(request: HttpRequest) -> dict[str, object]:
    """Languages with this page's address in each, the canonical address of a public page, the
    network's name."""
    language = current_language()
    return {
        "site_languages": [
            SiteLanguage(code, own_name(code), page_in(request, code), code == language)
            for code, _name in settings.LANGUAGES
        ],
        "site_url": settings.SITE_URL,
        "canonical_url": settings.SITE_URL + canonical_path(request) if is_public(request) else "",
        "default_language_url": page_in(request, settings.LANGUAGE_CODE),
        "network": SimpleLazyObject(lambda: NetworkText.wordings("name", "abbreviation")),
    }


def is_public(request: HttpRequest) -> bool:
    """Whether the address has a language before it: only public pages do."""
    return request.path.lstrip("/").partition("/")[0] in dict(settings.LANGUAGES)


def canonical_path(request: HttpRequest) -> str:
    """The address without filters; a later page of a list is a page of its own."""
    page = request.GET.get("page", "")
    return request.path + (f"?page={page}" if page.isascii() and page.isdigit() else "")


def page_in(request: HttpRequest, code: str) -> str:
    """Address of the current public page in another language, with its query; the home page where
    there is none.

    Slugs do not change with the language, so only the prefix does.
    """
    if not is_public(request):
        return f"/{code}/"
    rest = request.path.lstrip("/").partition("/")[2]
    query = request.META.get("QUERY_STRING", "")
    return f"/{code}/{rest}" + (f"?{query}" if query else "")
