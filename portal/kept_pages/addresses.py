"""Which pages are kept, and under which key: the path with its language, and of the query string
what the page knows.

What a page does not know is taken out of the request before anything reads it: no link repeats it,
and no copy shows what one visitor wrote there.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import DisallowedHost, TooManyFieldsSent
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import override

from languages.page_language import PAGE_LANGUAGE

READ = ("GET", "HEAD")
# Of longer ones no copy is kept.
MOST_CHARACTERS = 500

MAP = ("map",)
PAGE = ("page",)
CITIES = (
    *("q", "country", "region", "point", "work", "ground", "joined_after", "joined_before"),
    *("joined", "population", "status", "sort"),
)
PROGRAMMES = (
    *("q", "country", "city", "kind", "stage", "year", "point", "ground", "target"),
    "organisation",
)
# Of all kinds of rows together: of a kind the page reads its own.
TABLES = (
    *CITIES,
    *MAP,
    *("chosen", "city", "help_in_city", "help_in_country", "kind", "language", "organisation"),
    *("origin", "outcome", "stage", "standing", "target", "year"),
)
SUGGESTIONS = ("q", "kind")
HELP = ("happened",)

# By the name of the address what it knows of a query string. A test compares it with the forms and
# filters. What is not named here is made anew each time.
KEPT: dict[str, tuple[str, ...]] = {
    "home": MAP,
    "city_list": (*CITIES, *PAGE, *MAP),
    "city_detail": (),
    "city_changes": PAGE,
    "city_cite": (),
    "city_version": ("at",),
    "city_feed": (),
    "country_detail": (*MAP, *PAGE),
    "country_feed": (),
    "compare": ("city", "q"),
    "compare_suggest": ("city", *SUGGESTIONS),
    "network_feed": (),
    "plan_detail": (),
    "point_detail": (),
    "point_feed": (),
    "organisation_detail": (),
    "ground_detail": (),
    "programme_list": (*PROGRAMMES, *PAGE),
    "programme_detail": (),
    "programme_cite": (),
    "programme_version": ("at",),
    "action_cite": (),
    "action_version": ("at",),
    "undertaking_cite": (),
    "undertaking_version": ("at",),
    "point_cite": (),
    "point_version": ("at",),
    "event_cite": (),
    "event_version": ("at",),
    "meeting_cite": (),
    "meeting_version": ("at",),
    "organisation_cite": (),
    "organisation_version": ("at",),
    "help_index": ("q", "town", *HELP),
    "help_suggest": (*SUGGESTIONS, *HELP),
    "help_detail": HELP,
    "news_list": ("city", "point", "year", *PAGE),
    "news_feed": ("city", "point"),
    "news_detail": (),
    "news_cite": (),
    "news_version": ("at",),
    "event_list": PAGE,
    "event_detail": (),
    "events_calendar": (),
    "event_calendar": (),
    "meeting_list": PAGE,
    "meeting_detail": (),
    "search": ("q", "kind", "country", "city", "point", "language", *PAGE),
    "search_suggest": SUGGESTIONS,
    "data": (),
    "data_table": TABLES,
    "api_reference": (),
    "figures": ("country", "status", "point", *PAGE),
    "join": (),
    "resolution_text": (),
    "about": (),
    "contact": ("city", "programme"),
    "accessibility": (),
    "privacy": (),
    "sitemap": ("section", "p"),
}
# Of pages that are not kept.
ALSO_KNOWN: dict[str, tuple[str, ...]] = {
    # What the pages know that are cited.
    "page_cite": TABLES,
    "interest_form": (),
    "interest_thanks": (),
    "interest_confirm": (),
    "interest_confirmed": (),
    "help_wrong": ("page",),
    "help_not_wrong": (),
    "help_wrong_thanks": ("page", "token", "taken_back"),
}
KNOWN = {**KEPT, **ALSO_KNOWN}
# Of all pages of signing in; what a provider answers is read by its own view.
ACCOUNTS, PROVIDER = "/accounts/", "/accounts/provider/"
ACCOUNT_KEYS = ("next", "language", PAGE_LANGUAGE)
# The key of which these pages read several values; of any other key the last one counts.
SEVERAL = "city"
WITH_SEVERAL = ("compare", "compare_suggest", "page_cite", "")
MOST_VALUES = 20
# Of an address that leads nowhere so many keys count: it may lead on to one that knows them.
MOST_KEYS = 20
# The same in every language.
WITHOUT_LANGUAGE = ("/sitemap.xml",)
# What a page that is made for everybody may not know of the reader who asked first.
PERSONAL = (
    *("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_ACCEPT_LANGUAGE", "HTTP_RANGE", "HTTP_IF_RANGE"),
    *("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"),
)


@dataclass(frozen=True)
class Address:
    """A page that may be kept: its path, and the part of the query string that it knows."""

    path: str
    query: str

    @property
    def key(self) -> str:
        if not self.query:
            return self.path
        return f"{self.path}?{self.query}"


def address_of(request: HttpRequest) -> Address | None:
    """None where no copy is kept: another method, a staff area, a form, a file, an odd host."""
    path = request.path_info
    if request.method not in READ:
        return None
    if not _has_language(path):
        return None
    try:
        request.get_host()
        query = _known_query(request)
    except (DisallowedHost, TooManyFieldsSent):
        return None
    if query is None:
        return None
    address = Address(path, query)
    is_short = len(address.key) <= MOST_CHARACTERS
    return address if is_short else None


def forget_unknown(request: HttpRequest) -> None:
    """Take out of the query string what the page does not know, and all but the last value of a
    key. Raises TooManyFieldsSent."""
    path = request.path_info
    if request.method not in READ:
        return
    values = dict(request.GET.lists())
    if _has_language(path):
        known = _known_values(_name_of(path), values)
    elif path.startswith(ACCOUNTS) and not path.startswith(PROVIDER):
        known = {key: several[-1:] for key, several in values.items() if key in ACCOUNT_KEYS}
    else:
        return
    if known != values:
        request.META["QUERY_STRING"] = urlencode(known, doseq=True)
        _forget_what_was_read(request)


def _known_values(name: str, values: dict[str, list[str]]) -> dict[str, list[str]]:
    """Of the page with this name; "" for an address that leads nowhere."""
    if name and name not in KNOWN:
        return values
    keys = [key for key in values if key in KNOWN[name]] if name else list(values)[:MOST_KEYS]
    known = {}
    for key in keys:
        is_several = key == SEVERAL and name in WITH_SEVERAL
        known[key] = values[key][:MOST_VALUES] if is_several else values[key][-1:]
    return known


def is_kept(path: str) -> bool:
    """Whether it leads to a page of which copies are kept. It takes longer to say than to find a
    copy."""
    return _name_of(path) in KEPT


def _has_language(path: str) -> bool:
    """A first look that costs nothing."""
    if path in WITHOUT_LANGUAGE:
        return True
    codes = dict(settings.LANGUAGES)
    return _language_of(path) in codes


def _language_of(path: str) -> str:
    rest = path.removeprefix("/")
    parts = rest.split("/")
    return parts[0]


def _name_of(path: str) -> str:
    """The name of an address; "" for one that leads nowhere."""
    language = settings.LANGUAGE_CODE if path in WITHOUT_LANGUAGE else _language_of(path)
    # Addresses with a language are known in the active language alone.
    with override(language):
        try:
            return resolve(path).url_name or ""
        except Resolver404:
            return ""


def _known_query(request: HttpRequest) -> str | None:
    """In the order of the names; `forget_unknown` has left what the page knows. None: it is not
    kept."""
    if not request.META.get("QUERY_STRING"):
        return ""
    name = _name_of(request.path_info)
    if name not in KEPT:
        return None
    values = sorted(request.GET.lists())
    return urlencode(values, doseq=True)


@contextmanager
def for_everybody(request: HttpRequest, address: Address) -> Iterator[None]:
    """Inside the block the request is one that nobody in particular sent, for the whole page."""
    method, meta = request.method, dict(request.META)
    request.method = "GET"
    request.META["QUERY_STRING"] = address.query
    for name in PERSONAL:
        request.META.pop(name, None)
    _forget_what_was_read(request)
    try:
        yield
    finally:
        request.method = method
        request.META.update(meta)
        _forget_what_was_read(request)


def _forget_what_was_read(request: HttpRequest) -> None:
    """Django keeps on the request what it read from META."""
    for name in ("headers", "GET", "COOKIES"):
        with suppress(AttributeError):
            delattr(request, name)
