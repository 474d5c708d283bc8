"""What happens to every request: an id for the log, and the person's language where people work."""

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from urllib.parse import urlsplit

from auditlog.middleware import AuditlogMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import SimpleTemplateResponse
from django.utils import translation

View = Callable[[HttpRequest], HttpResponse]

STAFF_AREAS = ("/admin/", "/accounts/", "/documents/")
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


class RequestIdFilter(logging.Filter):
    """Adds the request's id to a log record. Django logs a 404 or a 500 when the middleware has
    ended: the record then carries the request itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        own_id = getattr(request, "request_id", "-")
        record.request_id = current_request_id() or own_id
        return True


def staff_area(get_response: View) -> View:
    """Only where people sign in: their preferred language, and their name in the log of changes.

    Public pages never ask who is there: they set no cookie and can be cached for everybody.
    """
    audited = AuditlogMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(STAFF_AREAS):
            return get_response(request)
        language = preferred_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response: HttpResponse = audited(request)
            # Templates of the admin are rendered late; they must be in this language too.
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def preferred_language(request: HttpRequest) -> str:
    """The signed-in person's language.

    Before signing in, `?language=` of a link in a letter or of the page that signing in leads to,
    then the browser's.
    """
    codes = dict(settings.LANGUAGES)
    user = request.user
    if user.is_authenticated:
        if user.language in codes:
            return user.language
        return str(settings.LANGUAGE_CODE)
    next_page = QueryDict(urlsplit(request.GET.get("next", "")).query)
    for query in (request.GET, next_page):
        language = query.get("language", "")
        if language in codes:
            return language
    return translation.get_language_from_request(request)
