"""Signing in and out, a new password, an invitation, the language of work."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, views
from django.core.exceptions import NON_FIELD_ERRORS, BadRequest, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from members import limits
from members.forms.accounts import (
    AccountLanguageForm,
    InvitationAcceptForm,
    LoginForm,
    NewPasswordForm,
    PasswordResetForm,
)
from members.models import Invitation, User
from members.services import people

TOO_MANY_LINKS = gettext_lazy(
    "Too many links were asked for. Look for the last one in your mailbox, also in the "
    "folder for unwanted mail, or try"
    " again in an hour."
)


class Login(views.LoginView):
    form_class = LoginForm
    template_name = "members/accounts/login.html"

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        """The form with its reasons; programs that try too often are told so too."""
        too_many = form.has_error(NON_FIELD_ERRORS, "too_many")
        return self.render_to_response(
            self.get_context_data(form=form), status=429 if too_many else 200
        )

    def get_default_redirect_url(self) -> str:
        """The administration; for somebody who holds no role at present, this page, which says
        so."""
        return resolve_url(settings.LOGIN_REDIRECT_URL if self.request.user.is_staff else "login")


class Logout(views.LogoutView):
    """A POST signs out; a GET shows the button for it."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "members/accounts/logout.html"

    def get_default_redirect_url(self) -> str:
        return self.request.get_full_path()


class ResetPage:
    """The pages on the way to a new password keep the language of the link."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        language = request.GET.get("language", "")
        if "Location" in response.headers and language in dict(settings.LANGUAGES):
            response["Location"] += "?" + urlencode({"language": language})
        return response


class PasswordReset(ResetPage, views.PasswordResetView):
    form_class = PasswordResetForm
    template_name = "members/accounts/password_reset.html"

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """The same answer whoever was asked for, and at the same speed."""
        email = form.cleaned_data["email"]
        if not limits.may_ask_for_link(email, limits.sender_of(self.request)):
            form.add_error(None, TOO_MANY_LINKS)
            return self.render_to_response(self.get_context_data(form=form), status=429)
        people.send_password_link(email=email)
        return redirect(self.get_success_url())


class PasswordResetDone(ResetPage, views.PasswordResetDoneView):
    template_name = "members/accounts/password_reset_done.html"


class PasswordResetConfirm(ResetPage, views.PasswordResetConfirmView):
    form_class = NewPasswordForm
    template_name = "members/accounts/password_reset_confirm.html"

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if user and user.is_active else None

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        """Whoever could not sign in any more for too many wrong passwords can now."""
        limits.know(self.user.email, limits.sender_of(self.request))
        return super().form_valid(form)

    def render_to_response(self, context: dict[str, object], **kwargs: object) -> HttpResponse:
        return super().render_to_response(
            context, **kwargs, **({} if self.validlink else {"status": 410})
        )


class PasswordResetComplete(ResetPage, views.PasswordResetCompleteView):
    template_name = "members/accounts/password_reset_complete.html"


@sensitive_post_parameters("password", "password_again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the letter: one button for whoever has an account, a short form for a new
    person."""
    invitation = (
        Invitation.objects.select_related("city")
        .filter(token_hash=people.fingerprint(token))
        .first()
    )
    if reason := _why_not_valid(invitation):
        return render(
            request, "members/accounts/invitation_not_valid.html", {"reason": reason}, status=410
        )

    known = request.user.is_authenticated
    if known and request.user.email != invitation.email:
        return _page(request, "invitation_other_person", invitation, status=403)
    if not known and User.objects.filter(email=invitation.email).exists():
        return _page(request, "invitation_sign_in", invitation)

    typed = request.POST if request.method == "POST" else None
    form = forms.Form(typed) if known else InvitationAcceptForm(typed, invitation=invitation)
    if not form.is_valid():
        return _page(request, "invitation_accept", invitation, form=form)

    try:
        person = people.accept_invitation(
            invitation=invitation, by=request.user if known else _new_person(form)
        )
    except ValidationError:
        # Somebody was faster: this page, asked again, says what has become of the invitation.
        return redirect(request.get_full_path())
    if not known:
        login(request, person)
    messages.success(request, _("You have accepted the invitation. Welcome."))
    return redirect(settings.LOGIN_REDIRECT_URL)


def _why_not_valid(invitation: Invitation | None) -> str:
    """In plain words; empty where the invitation can be accepted."""
    if invitation is None:
        return _(
            "This link does not belong to any invitation. Perhaps a part of it was lost on the way."
        )
    try:
        people.refuse_closed(invitation)
    except ValidationError as error:
        return error.message
    return ""


def _new_person(form: InvitationAcceptForm) -> people.NewPerson:
    return people.NewPerson(
        **{name: form.cleaned_data[name] for name in ("name", "language", "password")}
    )


def _page(
    request: HttpRequest,
    name: str,
    invitation: Invitation,
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    valid_until = timezone.localdate(invitation.expires_at).isoformat()
    context = {"invitation": invitation, "valid_until": valid_until, "form": form}
    return render(request, f"members/accounts/{name}.html", context, status=status)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language that a signed-in person works in, and lead back to where they were."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    form = AccountLanguageForm(request.POST)
    if not form.is_valid():
        raise BadRequest("The portal is not available in this language.")
    request.user.language = form.cleaned_data["language"]
    request.user.save(update_fields=["language"])
    return redirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)
