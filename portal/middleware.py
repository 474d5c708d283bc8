"""What happens to every request: an id for the log, headers and methods, and the person's language
where people work."""

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, cast
from urllib.parse import urlsplit

from auditlog.middleware import AuditlogMiddleware
from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    QueryDict,
)
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.template.response import SimpleTemplateResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from languages.page_language import PAGE_LANGUAGE, PAGE_PART
from portal.encodings import GZIP, takes_gzip

View = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger(__name__)

REFUSED = {403, 404}
STAFF_AREAS = ("/admin/", "/accounts/", "/documents/")
# Names of the public addresses to which somebody may send a form. All others are only read.
PUBLIC_FORMS = {"interest_form", "interest_confirm", "help_wrong", "help_not_wrong"}
READING = ("GET", "HEAD", "OPTIONS")
# The API refuses what it does not do itself, in words that programs read.
API = "/api/"
# What no page of the portal asks of a browser (https://www.w3.org/TR/permissions-policy/).
REFUSED_FEATURES = (
    "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
)
# The part of an address that lets somebody in, after the words that stand before it.
_TOKEN = re.compile(
    r"(/accounts/(?:invitation|password/reset|summaries|address|calendar)/|/join/interest/)"
    r"[^\s?\"']{8,}"
)
_request_id: ContextVar[str] = ContextVar("request_id", default="")
_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def current_request_id() -> str | None:
    """Id of the request that is being answered: in every log line, in the log of changes and in the
    answer."""
    return _request_id.get() or None


def request_id(get_response: View) -> View:
    """Take the proxy's `X-Request-ID` where it is a plain word, else make one; give it back with
    the answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        proxy_id = request.headers.get("X-Request-ID", "")
        value = proxy_id if _SAFE_ID.fullmatch(proxy_id) else uuid.uuid4().hex
        request.request_id = value  # type: ignore[attr-defined]
        token = _request_id.set(value)
        try:
            response = get_response(request)
        finally:
            _request_id.reset(token)
        response["X-Request-ID"] = value
        return response

    return middleware


# Kinds of content that become smaller; pictures and papers are compressed already.
_TEXT = re.compile(r"text/|application/(\S+\+)?(json|xml)")


def public_text(get_response: View) -> View:
    """Compress what everybody may read, where the browser takes it: a page is a third to a sixth of
    its size, also where no proxy stands before the portal. What is streamed is compressed piece by
    piece.

    Not in the staff areas: their pages hold secrets, and the length of a compressed answer tells of
    its content (the attack BREACH).
    """
    compressor = GZipMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_text = _TEXT.match(response.get("Content-Type", ""))
        if request.path.startswith(STAFF_AREAS) or not is_text:
            return response
        if not takes_gzip(request.headers.get("accept-encoding", "")):
            # Django's own reading takes a refusal ("gzip;q=0") for a wish.
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        # Nor does it know "GZIP" and "*".
        request.META["HTTP_ACCEPT_ENCODING"] = GZIP
        compressed: Any = compressor.process_response(request, response)
        if response.streaming and request.method == "HEAD":
            # Even of nothing, the compressor writes a head and an end.
            compressed.streaming_content = ()
        return cast("HttpResponse", compressed)

    return middleware


class BrowserLanguage(LocaleMiddleware):
    """The language of an address, else that of the browser. An answer of the API that names its own
    language depends on no browser: shared caches need not keep it for each."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        is_of_api = request.path_info.startswith(API)
        if is_of_api and response.has_header("Content-Language"):
            return response
        return super().process_response(request, response)


class RequestIdFilter(logging.Filter):
    """Adds the request's id to a log record. Django logs a 404 or a 500 when the middleware has
    ended: the record then carries the request itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        own_id = getattr(request, "request_id", "-")
        record.request_id = current_request_id() or own_id
        return True


class FaultsOfSenders(logging.Filter):
    """Lowers errors of Django's security log to warnings: a wrong Host, too many fields or a forged
    session are the sender's, answered with 400. Nobody can wake an administrator with them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security.") and record.levelno == logging.ERROR:
            record.levelno = logging.WARNING
            record.levelname = logging.getLevelName(logging.WARNING)
        return True


class WithoutTokens(logging.Filter):
    """Takes the secret out of the address of an invitation, of a new password and of a confirmation
    by mail: whoever reads the log could use a link that nobody has used yet."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = _TOKEN.sub(r"\1…", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        request = getattr(record, "request", None)
        if request is not None and _TOKEN.search(str(request)):
            # Django puts the request beside the message, and the log writes its address.
            record.request = _TOKEN.sub(r"\1…", str(request))
        return True


def permissions_headers(get_response: View) -> View:
    """No page asks for a camera or a place, and no other site may embed what this one sends."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", REFUSED_FEATURES)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


class KnownMethods:
    """Answers 405 to methods that an address does not have, before its form is looked at."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_known = request.method in {*READING, "POST"}
        if not is_known and not request.path.startswith(API):
            return HttpResponseNotAllowed([*READING, "POST"])
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: object, kwargs: object
    ) -> HttpResponse | None:
        """A public page that has no form is only read."""
        if request.method != "POST" or request.path.startswith((*STAFF_AREAS, API)):
            return None
        match = request.resolver_match
        is_form = match is not None and match.url_name in PUBLIC_FORMS
        return None if is_form else HttpResponseNotAllowed(READING)


# The name of a part of a page.
_PART = re.compile(r"[a-z][a-z0-9-]{0,60}")
# In the session of somebody who is signing in.
SIGN_IN_LANGUAGE = "sign_in_language"


def staff_area(get_response: View) -> View:
    """Only where people sign in: their preferred language, and their name in the log of changes.

    Public pages never ask who is there: they set no cookie and can be cached for everybody.
    """
    audited = AuditlogMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(STAFF_AREAS):
            return get_response(request)
        if to_part := _part_of_page(request):
            return to_part
        language = preferred_language(request)
        _take_page_names(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response: HttpResponse = audited(request)
            # Templates of the admin are rendered late; they must be in this language too.
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
        _keep_language(request, language)
        _log_refusal(request, response)
        response.headers.setdefault("Content-Language", language)
        if request.user.is_authenticated and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
        return response

    return middleware


def _log_refusal(request: HttpRequest, response: HttpResponse) -> None:
    """Whom the portal refused something, by number: rows of others answer as if they did not exist,
    so whoever tries their addresses leaves a trace."""
    if response.status_code in REFUSED and request.user.is_authenticated:
        logger.warning(
            "Person %s was refused (%s): %s %s",
            request.user.pk,
            response.status_code,
            request.method,
            request.path,
        )


def _part_of_page(request: HttpRequest) -> HttpResponse | None:
    """To the part of the page that the address names, for whoever is signed in: the browser goes
    there by the fragment of the answer."""
    part = request.GET.get(PAGE_PART, "")
    if request.method not in READING or not _PART.fullmatch(part):
        return None
    if not request.user.is_staff:
        return None
    query = request.GET.copy()
    del query[PAGE_PART]
    names = f"?{query.urlencode()}" if query else ""
    return HttpResponseRedirect(f"{request.path}{names}#{part}")


def _take_page_names(request: HttpRequest) -> None:
    """A list of the administration refuses what is no filter of its own."""
    names = {PAGE_LANGUAGE, PAGE_PART} & set(request.GET)
    if not names:
        return
    query = request.GET.copy()
    for name in names:
        del query[name]
    # The view reads the query as if the names had never stood there.
    request.GET = query  # type: ignore[assignment]


def _keep_language(request: HttpRequest, language: str) -> None:
    """Signing in has several pages: those after the first are in its language."""
    is_between = request.session.modified and not request.user.is_authenticated
    if is_between:
        request.session[SIGN_IN_LANGUAGE] = language


def preferred_language(request: HttpRequest) -> str:
    """The signed-in person's language.

    Before signing in, that of a link in a letter or of the page that signing in leads to, that of
    the page before, then the browser's.
    """
    codes = dict(settings.LANGUAGES)
    user = request.user
    if user.is_authenticated:
        if user.language in codes:
            return user.language
        return str(settings.LANGUAGE_CODE)
    next_page = QueryDict(urlsplit(request.GET.get("next", "")).query)
    queries = (request.GET, next_page)
    wishes = []
    for query in queries:
        wishes.append(query.get(PAGE_LANGUAGE, ""))
        wishes.append(query.get("language", ""))
    before = str(request.session.get(SIGN_IN_LANGUAGE, ""))
    for language in (*wishes, before):
        if language in codes:
            return language
    return translation.get_language_from_request(request)
