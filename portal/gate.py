"""What stands between signing in and work: sessions that are over, and the second factor."""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from members import devices, factors, proof
from members.editing.unsent import sent_form
from portal.middleware import STAFF_AREAS

View = Callable[[HttpRequest], HttpResponse]

# The session notes that it is used once in so many seconds.
PAUSE = 60
# Whatever the browser keeps of pages of somebody who was signed in. Not the cookies: browsers take
# those of the whole domain with them, which may be a city's.
FORGET = '"cache", "storage"'
# Where nothing is done without the second factor; /accounts/ is where it is set up.
FACTOR_AREAS = ("/admin/", "/documents/")
OPEN_WITHOUT_FACTOR = ("/admin/logout/", "/admin/language/", "/admin/jsi18n/")


def session_times(get_response: View) -> View:
    """Ends a session that nobody used for a while, and each after half a day.

    However a session ended, the browser forgets its pages.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(STAFF_AREAS):
            return get_response(request)
        was_inside = SESSION_KEY in request.session
        if request.user.is_authenticated:
            _check_times(request)
        response = get_response(request)
        devices.remember(request, response)
        if was_inside and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = FORGET
        return response

    return middleware


def _check_times(request: HttpRequest) -> None:
    now = time.time()
    # Sessions of before this rule begin now.
    began = request.session.setdefault(proof.BEGAN_AT, now)
    last_seen = request.session.setdefault(proof.SEEN_AT, now)
    is_idle = now - last_seen > settings.SESSION_IDLE_MINUTES * 60
    is_old = now - began > settings.SESSION_COOKIE_AGE
    if is_idle or is_old:
        logout(request)
    elif now - last_seen > PAUSE:
        request.session[proof.SEEN_AT] = now


def second_factor(get_response: View) -> View:
    """Whoever needs a second factor and has none sets it up before anything else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path
        is_open = path.startswith(OPEN_WITHOUT_FACTOR) or not path.startswith(FACTOR_AREAS)
        if is_open or not factors.is_missing(request):
            return get_response(request)
        if request.method == "POST":
            context = {"unsent": sent_form(request)}
            return render(request, "members/accounts/factor_missing.html", context, status=403)
        query = urlencode({"next": request.get_full_path()})
        address = reverse("mfa_index")
        return redirect(f"{address}?{query}")

    return middleware
