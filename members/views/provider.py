"""Signing in through a provider, and one's own link to it (0056)."""

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members import factors, limits, proof, provider
from members.forms.accounts import LoginForm
from members.models import AccountEvent, User
from members.provider import Claims, ProviderError, with_provider
from members.requests import user_of
from members.services import accounts, provider_links
from members.services.provider_links import DoubtedLinkError
from members.views.accounts import sign_in_context

logger = logging.getLogger(__name__)

# How somebody signed in, in allauth's records of a session.
WAY = "provider"


@never_cache
@require_POST
@with_provider
def provider_ask(request: HttpRequest) -> HttpResponse:
    """The button of the sign-in page: to the provider, and back by `provider_answer`."""
    _refuse_without_provider()
    adapter = get_adapter()
    wish = request.POST.get("next", "")
    page = wish if wish and adapter.is_safe_url(wish) else ""
    return _ask(request, next=page)


def _refuse_without_provider() -> None:
    if not provider.is_offered():
        raise Http404


def _ask(request: HttpRequest, **data: Any) -> HttpResponse:
    """Each question begins a session and asks the provider, so they are counted."""
    if not limits.may_ask_provider(limits.sender_of(request)):
        return _too_many(request)
    try:
        return redirect(provider.question(request, **data))
    except ProviderError as error:
        return _failed(request, error)


def _too_many(request: HttpRequest) -> HttpResponse:
    reason = str(get_adapter().error_messages["too_many"])
    return _sign_in_page(
        request,
        reason,
        status=429,
    )


@never_cache
@require_GET
@with_provider
def provider_answer(request: HttpRequest) -> HttpResponse:
    """Where the provider sends people back to: they are signed in, or their account is linked."""
    _refuse_without_provider()
    sender = limits.sender_of(request)
    if not limits.may_use_provider(sender):
        accounts.note_refusal(AccountEvent.Kind.TOO_MANY, email="", sender=sender)
        return _too_many(request)
    question_data = provider.kept_with(request)
    if question_data and request.GET.get("error") == "access_denied":
        return _sign_in_page(request, _("Signing in there was broken off. You can try again."))
    try:
        claims = provider.claims_of(request)
    except ProviderError as error:
        return _failed(request, error)
    limits.forgive_provider(sender)
    if "person" in question_data:
        return _link(request, claims, question_data["person"])
    return _sign_in(request, claims, question_data.get("next", ""))


def _sign_in(request: HttpRequest, claims: Claims, page: str) -> HttpResponse:
    """The second step comes as after a password, unless the provider says that it took it."""
    try:
        person = provider_links.person_of(claims, sender=limits.sender_of(request))
    except DoubtedLinkError:
        return _sign_in_page(request, _doubted())
    if person is None:
        return _sign_in_page(request, _stranger())
    if request.user.is_authenticated:
        get_adapter().logout(request)
    record_authentication(request, person, WAY)
    login = Login(user=person, redirect_url=page or None)
    if claims.has_second_factor:
        LoginStageController(request, login).set_handled(AuthenticateStage.key)
    response: HttpResponse = perform_login(request, login)
    if request.user == person:
        # Nothing was shown here: an important step asks for the password.
        proof.forget(request)
    if claims.has_second_factor and request.user == person:
        request.session[factors.HAS_ONE] = True
    return response


def _link(request: HttpRequest, claims: Claims, key: int) -> HttpResponse:
    """Link the account of the person who asked for it a moment ago, and of nobody else."""
    person = request.user
    if not isinstance(person, User) or person.pk != key or not proof.is_fresh(request):
        return redirect("provider")
    sender = limits.sender_of(request)
    try:
        provider_links.link(person=person, claims=claims, sender=sender)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The two accounts are linked. You can sign in there now."))
    return redirect("provider")


def _failed(request: HttpRequest, error: ProviderError) -> HttpResponse:
    """Noted for the secretariat and, with its reason, in the log of the server."""
    logger.warning("The provider's answer was refused: %s", error)
    sender = limits.sender_of(request)
    accounts.note_refusal(AccountEvent.Kind.PROVIDER_FAILED, email="", sender=sender)
    words = _("Signing in through %(provider)s did not work. Try again, or use your password.")
    return _sign_in_page(request, words % {"provider": settings.OIDC_NAME})


def _stranger() -> str:
    words = _(
        "No account here belongs to the e-mail address that %(provider)s has confirmed for you. "
        "Accounts come by invitation. Whoever has one signs in with the password and links the "
        "two in “Your way of signing in”."
    )
    return words % {"provider": settings.OIDC_NAME}


def _doubted() -> str:
    words = _(
        "A new password was chosen, so %(provider)s does not sign you in any more. Sign in with "
        "the password, then confirm the link on the page about your way of signing in."
    )
    return words % {"provider": settings.OIDC_NAME}


def _sign_in_page(request: HttpRequest, reason: str, status: int = 403) -> HttpResponse:
    form = LoginForm(request=request)
    context = {**sign_in_context(request), "form": form, "next": "", "provider_failure": reason}
    return render(request, "members/accounts/login.html", context, status=status)


@login_required
@reauthentication_required(app="allauth.account")  # type: ignore[untyped-decorator]
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_provider
def provider_page(request: HttpRequest) -> HttpResponse:
    """One's own link: to make it, to see it, to take it away."""
    _refuse_without_provider()
    person = user_of(request)
    if "remove" in request.POST:
        _unlink(request, person)
        return redirect("provider")
    if "confirm" in request.POST:
        _confirm(request, person)
        return redirect("provider")
    if request.method == "POST":
        return _ask(
            request,
            person=person.pk,
        )
    link = provider_links.link_of(person)
    context = {
        "link": link,
        "provider": settings.OIDC_NAME,
    }
    return render(request, "members/accounts/provider.html", context)


def _confirm(request: HttpRequest, person: User) -> None:
    sender = limits.sender_of(request)
    if provider_links.confirm(person=person, sender=sender):
        messages.success(request, _("The link signs you in again."))


def _unlink(request: HttpRequest, person: User) -> None:
    own_key = request.session.session_key
    sender = limits.sender_of(request)
    if provider_links.unlink(person=person, sender=sender, but=own_key):
        messages.success(request, _("The link is removed. Your password signs you in as before."))
