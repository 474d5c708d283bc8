"""Errors of the API as `application/problem+json` (RFC 9457)."""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.open_data.kind import BadQuery

PROBLEM = "application/problem+json"


def answer_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """What went wrong, in the language of the answer. None for what is nobody's mistake: a 500."""
    request = context["request"]
    if isinstance(error, BadQuery):
        return problem(request, status.HTTP_400_BAD_REQUEST, errors=error.errors)
    if isinstance(error, SuspiciousOperation):
        return problem(request, status.HTTP_400_BAD_REQUEST)
    if isinstance(error, Http404):
        return problem(request, status.HTTP_404_NOT_FOUND)
    answer = exception_handler(error, context)
    if answer is None:
        return None
    own = problem(request, answer.status_code, detail=detail_of(error))
    for name in ("Allow", "Retry-After"):
        if name in answer.headers:
            own.headers[name] = answer.headers[name]
    if isinstance(error, exceptions.MethodNotAllowed):
        own.headers["Allow"] = "GET, HEAD, OPTIONS"
    return own


class NeverCompared(exceptions.APIException):
    """Rows were never compared here: what changed is not known, which is not "nothing"."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    # Seconds, for `Retry-After`.
    wait = 3600


def detail_of(error: Exception) -> str:
    """Why, where the title does not say it."""
    if isinstance(error, NeverCompared):
        return _(
            "Which rows changed has not been noted yet, of all tables or of one that an upgrade "
            "brought: manage.py publish_data --changes does it, every quarter of an hour. Until "
            "then read the lists."
        )
    return ""


def problem(
    request: HttpRequest,
    code: int,
    errors: dict[str, list[str]] | None = None,
    detail: str = "",
) -> Response:
    """`errors`: parameter to what is wrong with it; `detail`: why it cannot be answered."""
    content = content_of(request.path, code, detail)
    if errors:
        content["errors"] = errors
    return Response(content, status=code, content_type=PROBLEM)


def problem_page(request: HttpRequest, code: int) -> JsonResponse:
    """The same where the API itself could not answer: a fault, a database that is away."""
    content = content_of(request.path, code)
    answer = JsonResponse(
        content,
        status=code,
        content_type=PROBLEM,
    )
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def content_of(path: str, code: int, detail: str = "") -> dict[str, Any]:
    titles = {
        400: _("The question could not be understood."),
        404: _("There is no such row or address."),
        405: _("The API only answers to reading."),
        406: _("The API answers in JSON only."),
        429: _("Too many questions. Wait a little."),
    }
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": titles.get(code, _("The question could not be answered.")),
        "status": code,
        "instance": path,
    }
    if detail:
        content["detail"] = detail
    return content
