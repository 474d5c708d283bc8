"""What every page's template may use. Nothing here depends on who is reading."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
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
    # The same page without filters: what search engines are told of.
    canonical_url: str
    current: bool


def site(request: HttpRequest) -> dict[str, object]:
    """Languages with this page's address in each, the canonical address of a public page, the
    network's name."""
    canonical_url = ""
    if is_public(request):
        canonical_url = settings.SITE_URL + canonical_path(request)
    default_path = path_in(canonical_path(request), settings.LANGUAGE_CODE)
    return {
        "site_languages": site_languages(request),
        "site_url": settings.SITE_URL,
        "canonical_url": canonical_url,
        "default_language_url": settings.SITE_URL + default_path,
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
            canonical_url=settings.SITE_URL + path_in(canonical_path(request), code),
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


# What makes another page of an address: a later part of a list, a town.
OWN_PAGES = ("page", "town")


def canonical_path(request: HttpRequest) -> str:
    """The address without filters; a later page of a list is a page of its own."""
    try:
        query = request.GET
    except TooManyFieldsSent:
        # The page that says so is drawn with this too.
        return request.path
    numbers = {}
    for name in OWN_PAGES:
        number = query.get(name, "")
        is_first = name == "page" and number == "1"
        if number.isascii() and number.isdigit() and not is_first:
            numbers[name] = number
    return f"{request.path}?{urlencode(numbers)}" if numbers else request.path


def path_in(path: str, code: str) -> str:
    """The path of a public page in another language; the home page for any other path."""
    language, _slash, rest = path.lstrip("/").partition("/")
    return f"/{code}/{rest}" if language in dict(settings.LANGUAGES) else f"/{code}/"


def page_in(request: HttpRequest, code: str) -> str:
    """Address of the current public page in another language, with its query; the home page where
    there is none.

    Slugs do not change with the language, so only the prefix does.
    """
    address = path_in(request.path, code)
    query = request.META.get("QUERY_STRING", "")
    if query and is_public(request):
        address += f"?{query}"
    return address
