"""The second factor: to set it up, use it, take it away; to prove once more who one is."""

from typing import Any

from allauth.account import views as account_views
from allauth.mfa.base import views as base_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as app_views
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members import factors, limits, passkeys, proof, provider
from members.forms.factors import (
    AppForm,
    CodeAgainForm,
    CodeForm,
    LimitedCode,
    PasswordAgainForm,
)
from members.forms.passkeys import PasskeyAgainForm, PasskeyForm
from members.models import AccountEvent, User
from members.requests import user_of
from members.services import accounts, provider_links

# What shows the second factor, at signing in or later.
Step = CodeForm | CodeAgainForm | PasskeyForm | PasskeyAgainForm


class Code(base_views.AuthenticateView):
    """The second step of signing in: the code of the app, or a recovery code."""

    form_class = CodeForm
    template_name = "members/accounts/code.html"
    webauthn_form_class = PasskeyForm

    def _build_forms(self) -> forms.Form | None:
        """As allauth does it; nobody is asked for a passkey who has none that works here."""
        form: forms.Form | None = super()._build_forms()
        if not passkeys.can_use(self.request, self.stage.login.user):
            self.webauthn_form = None
        return form

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        context = super().get_context_data(**names)
        wishes = context.pop("js_data", None)
        if wishes:
            context["passkey_form"] = self.webauthn_form
            context["passkey_options"] = passkeys.text_of(wishes["request_options"])
        return context

    def form_valid(self, form: CodeForm | PasskeyForm) -> HttpResponse:
        note_recovery(self.request, form)
        return super().form_valid(form)

    def form_invalid(self, form: CodeForm | PasskeyForm) -> HttpResponse:
        person = self.stage.login.user
        return refused(self, form, person)


class CodeAgain(base_views.ReauthenticateView):
    form_class = CodeAgainForm
    template_name = "members/accounts/prove.html"

    def form_valid(self, form: CodeAgainForm) -> HttpResponse:
        note_recovery(self.request, form)
        proof.note(self.request)
        return super().form_valid(form)

    def form_invalid(self, form: CodeAgainForm) -> HttpResponse:
        return refused(self, form, user_of(self.request))


class PasswordAgain(account_views.ReauthenticateView):
    form_class = PasswordAgainForm
    template_name = "members/accounts/prove.html"

    def form_valid(self, form: PasswordAgainForm) -> HttpResponse:
        proof.note(self.request)
        return super().form_valid(form)

    def form_invalid(self, form: PasswordAgainForm) -> HttpResponse:
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=429 if form.is_refused else 200)


class Safety(base_views.IndexView):
    """How the person signs in, and what they can make safer."""

    template_name = "members/accounts/safety.html"

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        context = super().get_context_data(**names)
        person = user_of(self.request)
        app = context["authenticators"].get(Authenticator.Type.TOTP)
        codes = context["authenticators"].get(Authenticator.Type.RECOVERY_CODES)
        left = len(codes.get_unused_codes()) if codes else 0
        return {
            **context,
            "app": app,
            "codes": codes,
            "passkeys": passkeys.passkeys_of(person),
            "are_passkeys_offered": passkeys.are_offered(self.request),
            "codes_left": left,
            "is_required": factors.is_required(person),
            "is_missing": factors.is_missing(self.request),
            "is_demonstration": settings.DEMO,
            "provider": settings.OIDC_NAME if provider.is_offered() else "",
            "provider_link": provider_links.link_of(person) if provider.is_offered() else None,
        }


class AddApp(app_views.ActivateTOTPView):
    form_class = AppForm
    template_name = "members/accounts/app_add.html"

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **names)

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        """With the key as people read it to themselves; apps take it with its spaces."""
        context = super().get_context_data(**names)
        secret = context["form"].secret
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return {**context, "secret_in_groups": " ".join(groups)}

    def form_invalid(self, form: AppForm) -> HttpResponse:
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=429 if form.is_refused else 200)


class RemoveApp(app_views.DeactivateTOTPView):
    template_name = "members/accounts/app_remove.html"

    def dispatch(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponseBase:
        """What is removed in another window is what the person wanted here, too."""
        try:
            response: HttpResponseBase = super().dispatch(request, *args, **names)
        except Http404:
            messages.info(request, _("The app is removed already."))
            return redirect("mfa_index")
        return response


class RecoveryCodes(recovery_views.ViewRecoveryCodesView):
    template_name = "members/accounts/recovery_codes.html"


class NewRecoveryCodes(recovery_views.GenerateRecoveryCodesView):
    template_name = "members/accounts/recovery_codes_new.html"


class RecoveryCodesFile(recovery_views.DownloadRecoveryCodesView):
    template_name = "members/accounts/recovery_codes.txt"
    content_type = "text/plain; charset=utf-8"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in; the buttons sign them out there."""
    person = user_of(request)
    own_key = request.session.session_key
    if request.method == "POST":
        _end(request, person, own_key)
        return redirect("sessions")
    rows = accounts.open_sessions(person=person, own_key=own_key)
    context = {"rows": rows, "has_others": any(not row.is_this for row in rows)}
    return render(request, "members/accounts/sessions.html", context)


def _end(request: HttpRequest, person: User, own_key: str | None) -> None:
    sender = limits.sender_of(request)
    name = request.POST.get("session", "")
    if name:
        ended = accounts.end_one(person=person, name=name, sender=sender)
    else:
        ended = accounts.end_others(person=person, own_key=own_key, sender=sender)
    if ended:
        messages.success(request, _("You are signed out there."))


def note_recovery(request: HttpRequest, form: Step) -> None:
    factor = form.authenticator
    if factor and factor.type == Authenticator.Type.RECOVERY_CODES:
        accounts.note_recovery(person=factor.user, sender=limits.sender_of(request))


def note_wrong_factor(request: HttpRequest, form: Step, person: Any) -> None:
    """Note what was tried, unless nothing was written."""
    if form.is_empty:
        return
    kinds = AccountEvent.Kind
    accounts.note_wrong_factor(
        kinds.CODE_REFUSED if isinstance(form, LimitedCode) else kinds.PASSKEY_REFUSED,
        person=person,
        sender=limits.sender_of(request),
        is_refused=form.is_refused,
    )


def refused(page: Any, form: Step, person: Any) -> HttpResponse:
    """The page with its error; status 429 where the answer was not looked at."""
    note_wrong_factor(page.request, form, person)
    context = page.get_context_data(form=form)
    if isinstance(form, PasskeyForm):
        context["passkey_form"] = form
    else:
        context["form"] = form
    status = 429 if form.is_refused else 200
    response: HttpResponse = page.render_to_response(
        context,
        status=status,
    )
    return response
