"""Passkeys: to add, rename and remove them, to sign in with them and to prove who one is."""

import json
from typing import Any

from allauth.account.mixins import NextRedirectMixin
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkey_views
from allauth.mfa.webauthn.internal import auth, flows
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from members import limits, passkeys, proof
from members.forms.accounts import LoginForm
from members.forms.passkeys import (
    AddPasskeyForm,
    PasskeyAgainForm,
    PasskeyLoginForm,
    RemovePasskeyForm,
    RenamePasskeyForm,
)
from members.models import AccountEvent
from members.provider import with_provider
from members.requests import user_of
from members.services import accounts
from members.views.accounts import sign_in_context
from members.views.factors import note_wrong_factor


class PasskeyPage(View):
    """Exists where a browser takes passkeys."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponseBase:
        if not passkeys.are_offered(request):
            raise Http404
        return super().dispatch(
            request,
            *args,
            **names,
        )


class AddPasskey(PasskeyPage, passkey_views.AddWebAuthnView):
    form_class = AddPasskeyForm
    template_name = "members/accounts/passkey_add.html"

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        context = super().get_context_data(**names)
        options = context.pop("js_data")["creation_options"]
        return {**context, **names, "passkey_options": creation_options(options)}


class RenamePasskey(passkey_views.EditWebAuthnView):
    form_class = RenamePasskeyForm
    template_name = "members/accounts/passkey_rename.html"
    success_url = reverse_lazy("mfa_index")


class RemovePasskey(passkey_views.RemoveWebAuthnView):
    form_class = RemovePasskeyForm
    template_name = "members/accounts/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponseBase:
        """What is removed in another window is what the person wanted here, too. That of another
        person stays a page that is not there."""
        try:
            response: HttpResponseBase = super().dispatch(request, *args, **names)
        except Http404:
            if Authenticator.objects.filter(pk=names["pk"]).exists():
                raise
            messages.info(request, _("There is no such passkey any more."))
            return redirect("mfa_index")
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "passkey": self.object}

    def form_valid(self, form: RemovePasskeyForm) -> HttpResponse:
        """The letter about it says its name, which is gone by then."""
        self.request.removed_passkey = str(self.object)
        response: HttpResponse = super().form_valid(form)
        return response


class ConfirmPasskey(passkey_views.RemoveWebAuthnView):
    """After a new password by letter: the owner says that the passkey is theirs. Only what the
    library asks before a passkey is removed is taken from there."""

    template_name = "members/accounts/passkey_confirm.html"

    def form_valid(self, form: forms.Form) -> HttpResponse:
        accounts.confirm_passkey(
            passkey=self.object,
            sender=limits.sender_of(self.request),
            browser=proof.browser_of(self.request),
        )
        messages.success(self.request, _("The passkey signs in alone again."))
        return redirect("mfa_index")


@method_decorator(with_provider, name="dispatch")
class PasskeyLogin(PasskeyPage, NextRedirectMixin, passkey_views.LoginWebAuthnView):
    """A script asks by GET for what the passkey is to sign, and sends the answer by POST."""

    form_class = PasskeyLoginForm

    def get(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponse:
        if not limits.may_ask_for_passkey(limits.sender_of(request)):
            return JsonResponse({}, status=429)
        return JsonResponse(auth.begin_authentication(user=None))

    def form_valid(self, form: PasskeyLoginForm) -> HttpResponse:
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=self.get_next_url())
        response: HttpResponse = flows.perform_passwordless_login(self.request, passkey, login)
        return response

    def form_invalid(self, form: PasskeyLoginForm) -> HttpResponse:
        """The sign-in page, which says that it did not work."""
        if not form.is_empty:
            kinds = AccountEvent.Kind
            kind = kinds.TOO_MANY if form.is_refused else kinds.PASSKEY_REFUSED
            sender = limits.sender_of(self.request)
            accounts.note_refusal(kind, email="", sender=sender)
        context = {
            **sign_in_context(self.request),
            "form": LoginForm(request=self.request),
            "next": self.get_next_url() or "",
            "passkey_form": form,
        }
        status = 429 if form.is_refused else 200
        return render(self.request, "members/accounts/login.html", context, status=status)


class PasskeyAgain(PasskeyPage, passkey_views.ReauthenticateWebAuthnView):
    form_class = PasskeyAgainForm
    template_name = "members/accounts/prove.html"

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        context = super().get_context_data(**names)
        options = context.pop("js_data")["request_options"]
        form = names.get("form", context["form"])
        return {**context, "passkey_form": form, "passkey_options": passkeys.text_of(options)}

    def form_valid(self, form: PasskeyAgainForm) -> HttpResponse:
        proof.note(self.request)
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: PasskeyAgainForm) -> HttpResponse:
        note_wrong_factor(self.request, form, user_of(self.request))
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=429 if form.is_refused else 200)


def creation_options(options: dict[str, Any]) -> str:
    """As the library makes them, but a passkey may keep the name of the account, where the device
    can: then it signs in alone, without address and password."""
    values = json.loads(passkeys.text_of(options))
    values["publicKey"]["authenticatorSelection"]["residentKey"] = "preferred"
    return json.dumps(values)
