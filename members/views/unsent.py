"""A form that comes when the session is over: the person signs in, and the form is sent again.

Nothing is stored.
"""

from urllib.parse import urlsplit

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from members.editing.forms.unsent import UnsentForm
from members.editing.unsent import MOST, Unsent, unsent_of
from members.forms.accounts import LoginForm


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the last sign-in, or forged; only what our own page sent goes on."""
    unsent = None
    is_own = request.method == "POST" and came_from_here(request)
    if is_own:
        unsent = unsent_of(request)
    if unsent is None:
        return render(request, "403.html", status=403)
    return carry_on(request, unsent)


def came_from_here(request: HttpRequest) -> bool:
    """Whether the browser itself says that a page of this site sent the form."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    headers = request.headers
    address = headers.get("Origin") or headers.get("Referer") or ""
    sender = urlsplit(address)
    own = (request.scheme, request.get_host())
    return (sender.scheme, sender.netloc) == own


def carry_on(request: HttpRequest, unsent: Unsent) -> HttpResponse:
    """Signed in: send it. Signed out: sign in first."""
    user = request.user
    if user.is_authenticated and user.is_staff:
        return send_page(request, unsent)
    return sign_in_page(request, unsent, LoginForm(request))


@sensitive_post_parameters("password")
@never_cache
@csrf_protect
def unsent_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in form that carries the fields."""
    carried = UnsentForm(request.POST)
    if request.method != "POST":
        return redirect("login")
    if not carried.is_valid():
        return redirect("login")
    unsent = carried.unsent()
    form = LoginForm(request, request.POST)
    if not form.is_valid():
        return sign_in_page(request, unsent, form)
    login(request, form.get_user())
    if not request.user.is_staff:
        return sign_in_page(request, unsent, LoginForm(request))
    return send_page(request, unsent)


def sign_in_page(request: HttpRequest, unsent: Unsent, form: LoginForm) -> HttpResponse:
    context = {
        "unsent": unsent,
        "form": form,
        "can_carry": len(unsent.carried) <= MOST,
    }
    return render(request, "members/accounts/unsent_sign_in.html", context, status=401)


def send_page(request: HttpRequest, unsent: Unsent) -> HttpResponse:
    """One button that sends the form again; for the same person, a script presses it."""
    writer = unsent.writer
    is_same = writer == request.user.pk
    context = {
        "unsent": unsent,
        "by_another": writer is not None and not is_same,
        "by_the_same": is_same and not unsent.files,
    }
    return render(request, "members/accounts/unsent_send.html", context)
