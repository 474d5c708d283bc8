"""A form whose token is refused: it is older than the last sign-in, or cookies are refused."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from members.views import unsent

ACCOUNTS = "/accounts/"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of an account leads to a fresh one; every other one is carried on, where it can be."""
    if not request.path.startswith(ACCOUNTS):
        return unsent.csrf_failure(request, reason)
    if request.user.is_authenticated and request.path == reverse("account_login"):
        # Signed in by another tab.
        return redirect(_wanted_address(request))
    context = {"fresh": _fresh_address(request)}
    return render(request, "members/accounts/stale_form.html", context, status=403)


def _wanted_address(request: HttpRequest) -> str:
    """Where the person wanted to go by signing in, or where such a person goes."""
    adapter = get_adapter()
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = bool(wanted) and adapter.is_safe_url(wanted)
    return wanted if is_ours else str(adapter.get_login_redirect_url(request))


def _fresh_address(request: HttpRequest) -> str:
    """The page of the form, with where the person wanted to go."""
    query = request.GET.copy()
    if wanted := request.POST.get("next"):
        query["next"] = wanted
    return f"{request.path}?{query.urlencode()}" if query else request.path
