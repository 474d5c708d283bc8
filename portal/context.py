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
    canonical_url = ""
    if is_public(request):
        canonical_url = settings.SITE_URL + canonical_path(request)
    return {
        "site_languages": site_languages(request),
        "site_url": settings.SITE_URL,
        "canonical_url": canonical_url,
        "default_language_url": page_in(request, settings.LANGUAGE_CODE),
        "network": SimpleLazyObject(lambda: NetworkText.wordings("name", "abbreviation")),
    }


def site_languages(request: HttpRequest) -> list[SiteLanguage]:
    """The languages of the switcher, in the network's order."""
    current = current_language()
    languages = []
    for code, _name in settings.LANGUAGES:
        language = SiteLanguage(
            code,
            own_name(code),
            url=page_in(request, code),
            current=code == current,
        )
        languages.append(language)
    return languages


def is_public(request: HttpRequest) -> bool:
    """Whether the address has a language before it: only public pages do."""
    path = request.path.lstrip("/")
    first, _slash, _rest = path.partition("/")
    codes = dict(settings.LANGUAGES)
    return first in codes


def canonical_path(request: HttpRequest) -> str:
    """The address without filters; a later page of a list is a page of its own."""
    address = request.path
    page = request.GET.get("page", "")
    is_number = page.isascii() and page.isdigit()
    if is_number:
        address += f"?page={page}"
    return address


def page_in(request: HttpRequest, code: str) -> str:
    """Address of the current public page in another language, with its query; the home page where
    there is none.

    Slugs do not change with the language, so only the prefix does.
    """
    if not is_public(request):
        return f"/{code}/"
    path = request.path.lstrip("/")
    _language, _slash, rest = path.partition("/")
    address = f"/{code}/{rest}"
    query = request.META.get("QUERY_STRING", "")
    if query:
        address += f"?{query}"
    return address
