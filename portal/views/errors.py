"""The page that a visitor sees when a request could not be answered."""

import sys

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import resolve

from members.editing.unsent import MOST, Unsent, is_carried_to, sent_form
from members.views.unsent import came_from_here
from portal.api.problems import problem_page
from portal.middleware import API, PUBLIC_FORMS, current_request_id
from portal.outages import Outage, is_taken, outage_of


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, busy or read-only; 409 where somebody else was faster; 500
    for a fault of ours."""
    error = sys.exc_info()[1]
    outage = outage_of(error)
    if request.path.startswith(API):
        return _problem(request, outage)
    if outage is not None:
        return unavailable(request, outage)
    if is_taken(error) and request.method == "POST":
        return conflict(request)
    page = render_to_string("500.html", {"request_id": current_request_id()})
    return HttpResponse(page, status=500)


def _problem(request: HttpRequest, outage: Outage | None) -> HttpResponse:
    """For programs, which read the API."""
    if outage is None:
        return problem_page(request, 500)
    answer = problem_page(request, 503)
    answer.headers["Retry-After"] = str(outage.seconds)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def unavailable(request: HttpRequest, outage: Outage) -> HttpResponse:
    """503 in the reader's language, with what the person typed and a button that sends it again.

    Asks no database. Raises nothing where the form itself could not be read.
    """
    response = _unsaved_page(
        request,
        outage.name,
        status=503,
    )
    response["Retry-After"] = str(outage.seconds)
    return response


def conflict(request: HttpRequest) -> HttpResponse:
    """409: at the same moment somebody else saved what exists once. The form, sent again, finds it
    and says what it is."""
    return _unsaved_page(request, "TAKEN", status=409)


def _unsaved_page(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    unsent = _unsent(request)
    context = {
        "outage": reason,
        "is_form": request.method == "POST",
        "unsent": unsent,
        "can_carry": unsent is not None and len(unsent.carried) <= MOST,
        "csrf_token": get_token(request),
        "request_id": current_request_id(),
    }
    page = render_to_string("503.html", context)
    response = HttpResponse(page, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _unsent(request: HttpRequest) -> Unsent | None:
    """The form that a page of ours sent. Nothing of another site's form gets a valid token here."""
    if request.method != "POST" or not came_from_here(request):
        return None
    form = sent_form(request)
    if form is None:
        return None
    is_public = resolve(request.path_info).url_name in PUBLIC_FORMS
    return form if is_public or is_carried_to(form.to) else None
