"""Addresses that have moved: of a renamed city, or written with capitals. They lead to today's.

One table says for every address with a slug which rows it is about; a test compares it with the
addresses of the portal. What city had an address is kept in `FormerSlug`; the slugs that other rows
had are in the log of changes.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import get_language, get_language_from_path, override

from members.models import City, Country, FormerSlug, Ground, Organisation, Record
from portal.middleware import STAFF_AREAS
from portal.models import Event, News
from programs.models import Programme

View = Callable[[HttpRequest], HttpResponseBase]
Rows = QuerySet[Any]

# The name of an address, and the rows that its slug names.
MODELS: dict[str, type[Record] | type[Country]] = {
    "city_card": City,
    "city_detail": City,
    "city_changes": City,
    "city_feed": City,
    "city_badge": City,
    "city_cite": City,
    "city_version": City,
    "news_cite": News,
    "news_version": News,
    "programme_cite": Programme,
    "programme_version": Programme,
    "event_cite": Event,
    "event_version": Event,
    "organisation_cite": Organisation,
    "organisation_version": Organisation,
    "country_feed": Country,
    "help_detail": City,
    "country_detail": Country,
    "organisation_detail": Organisation,
    "ground_detail": Ground,
    "news_card": News,
    "news_detail": News,
    "event_detail": Event,
    "event_calendar": Event,
    "programme_card": Programme,
    "programme_detail": Programme,
    "admin:city_work": City,
    "admin:point_work": City,
    "admin:action_work": City,
    "admin:still_true": City,
    "admin:team": City,
}
# Parts of an address that hold a slug, and all that may stand in an address that is asked for in
# small letters. A token is none of them.
SLUGS = {"slug", "code"}
PARTS = SLUGS | {"number", "pk", "width"}
# Lists, feeds, calendars and the search take a city's slug in the query string.
CITY = "city"
# So many of one address are looked up: whoever compares names four.
MOST_CITIES = 20
SLUG = re.compile(r"[-A-Za-z0-9_]{1,100}")
CODE_LENGTH = 2


def moved_address(get_response: View) -> View:
    """Redirect for good from an address that has moved, instead of answering that nothing is there.

    An ordinary page costs no query by this; one with `?city=` costs one.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_missing = response.status_code == HTTPStatus.NOT_FOUND
        if request.method not in ("GET", "HEAD"):
            return response
        if not is_missing and not _names_a_slug_oddly(request):
            return response
        address = present_address(request)
        return HttpResponsePermanentRedirect(address) if address else response

    return middleware


def _names_a_slug_oddly(request: HttpRequest) -> bool:
    """Whether a page that answers may stand at another address: its slug has capitals, or it asks
    for a city in the query string."""
    match = request.resolver_match
    if match is None or match.view_name not in MODELS:
        # The text first: a query with too many parameters cannot be read.
        names_city = f"{CITY}=" in request.META["QUERY_STRING"]
        return names_city and not request.path.startswith(STAFF_AREAS)
    return any(slug != slug.lower() for slug in _slugs(match).values())


def present_address(request: HttpRequest) -> str:
    """Today's address of what this request asks for; "" where it has not moved."""
    path = _present_path(request)
    slugs = request.GET.getlist(CITY)
    is_staff = path.startswith(STAFF_AREAS)
    cities = slugs if is_staff else _present_cities(slugs)
    if path == request.path and cities == slugs:
        return ""
    if cities == slugs:
        query_string = request.META["QUERY_STRING"]
    else:
        query = request.GET.copy()
        query.setlist(CITY, cities)
        query_string = query.urlencode()
    return f"{path}?{query_string}" if query_string else path


def _present_path(request: HttpRequest) -> str:
    match = request.resolver_match or _match_in_small_letters(request.path)
    if match is None:
        return request.path
    slugs = _slugs(match)
    if match.view_name not in MODELS:
        # No slug, but a capital in "/en/Cities/" or "/EN/cities/".
        return request.path if request.resolver_match else request.path.lower()
    kwargs = {**_captured(match)}
    for name, slug in slugs.items():
        present = _present_slug(match.view_name, slug, request)
        if not present:
            return request.path
        kwargs[name] = present
    # The language stands in the path, perhaps in capitals.
    language = get_language_from_path(request.path.lower()) or get_language()
    with override(language):
        return reverse(match.view_name, kwargs=kwargs)


def _match_in_small_letters(path: str) -> ResolverMatch | None:
    """What the path in small letters leads to, where it is a public page and holds no token."""
    try:
        match = resolve(path.lower())
    except Resolver404:
        return None
    is_public = not path.lower().startswith(STAFF_AREAS)
    return match if is_public and set(_captured(match)) <= PARTS else None


def _captured(match: ResolverMatch) -> dict[str, Any]:
    """The parts of the path, without what its pattern always gives to the view."""
    # Django has it since 4.1, its stubs not yet.
    captured: dict[str, Any]
    captured = match.captured_kwargs  # type: ignore[attr-defined]
    return captured


def _slugs(match: ResolverMatch) -> dict[str, str]:
    return {name: value for name, value in match.kwargs.items() if name in SLUGS}


# --- From an old slug to today's ------------------------------------------------------------------


def _present_slug(view_name: str, slug: str, request: HttpRequest) -> str:
    """The slug that the row has now; "" where no row that this person may read has or had it."""
    slug = slug.lower()
    model = MODELS[view_name]
    is_country = model is Country or (view_name == "help_detail" and len(slug) == CODE_LENGTH)
    if is_country:
        return slug if Country.objects.filter(code=slug.upper()).exists() else ""
    rows: Rows = model.objects.public()
    if view_name.startswith("admin:"):
        user: Any = request.user
        rows = model.objects.editable_by(user) if user.is_authenticated else model.objects.none()
    if rows.filter(slug=slug).exists():
        return slug
    key = _city_with_former(slug) if model is City else _row_with_former(model, slug)
    return rows.filter(pk=key).values_list("slug", flat=True).first() or ""


def _present_cities(slugs: list[str]) -> list[str]:
    """The slugs of the public cities that had these, or have them in small letters; else the same
    texts. One query, and one more for capitals."""
    small = {slug: slug.lower() for slug in slugs[:MOST_CITIES] if SLUG.fullmatch(slug)}
    if not small:
        return slugs
    former = FormerSlug.objects.filter(slug__in=small.values(), city__published_at__isnull=False)
    present = dict(former.values_list("slug", "city__slug"))
    capital = [lower for slug, lower in small.items() if slug != lower]
    if capital:
        cities = City.objects.public().filter(slug__in=capital)
        present |= {slug: slug for slug in cities.values_list("slug", flat=True)}
    return [present.get(small.get(slug, ""), slug) for slug in slugs]


def _city_with_former(slug: str) -> int | None:
    former = FormerSlug.objects.filter(slug=slug)
    return former.values_list("city", flat=True).first()


def _row_with_former(model: type[Model], slug: str) -> int | None:
    """Key of the row that had this slug last, by the log of changes."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        action=LogEntry.Action.UPDATE,
        changes__slug__0=slug,
    )
    key: int | None = entries.order_by("-pk").values_list("object_id", flat=True).first()
    return key
