"""To sign in and out, a new password, an invitation, the language of work."""

from typing import Any
from urllib.parse import urlencode

from allauth.account import views as account_views
from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import (
    int_to_base36,
    url_has_allowed_host_and_scheme,
    urlsafe_base64_decode,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import View

from members import devices, factors, limits, passkeys, password_links, provider
from members.forms.accounts import (
    AccountLanguageForm,
    InvitationAcceptForm,
    LoginForm,
    NewPasswordForm,
    PasswordChangeForm,
    PasswordResetForm,
)
from members.models import Invitation, User
from members.requests import user_of
from members.services import accounts, people, provider_links

# In the session: whose password was chosen by letter a moment ago.
RESET_OF = "reset_of"
# Why no letter is sent; the same whether there is an account or not.
NO_LINK = {
    limits.Links.SENT_BEFORE: gettext_lazy(
        "Letters with a link were sent before. If there is an account with this address, the last "
        "of them is in its mailbox, perhaps in the folder for unwanted mail, and its link still "
        "works. You can ask for another one in an hour."
    ),
    limits.Links.TOO_MANY_FROM_HERE: gettext_lazy(
        "Too many links were asked for from your network. Try again in an hour, or on another "
        "network."
    ),
}


def sign_in_context(request: HttpRequest) -> dict[str, Any]:
    """What the sign-in page offers beside the password."""
    return {
        "is_demonstration": settings.DEMO,
        "are_passkeys_offered": passkeys.are_offered(request),
        "provider": settings.OIDC_NAME if provider.is_offered() else "",
    }


@method_decorator(provider.with_provider, name="dispatch")
class Login(account_views.LoginView):
    form_class = LoginForm
    template_name = "members/accounts/login.html"

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        """The form with its errors; status 429 after too many attempts, for programs."""
        status = 429 if form.is_refused else 200
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=status)

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**names),
            **sign_in_context(self.request),
            "next": self.get_next_url() or "",
        }


class Logout(account_views.LogoutView):
    """A POST signs out; a GET shows the button for it."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "members/accounts/logout.html"

    @method_decorator(never_cache)
    def get(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponse:
        context = self.get_context_data()
        return self.render_to_response(context)

    def post(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponse:
        """As allauth does it; a page of this site that was asked for comes next."""
        return super().post(request, *args, **names)

    def get_redirect_url(self) -> str:
        own_page = self.request.get_full_path()
        return self.get_next_url() or own_page


class PasswordChange(account_views.PasswordChangeView):
    """On the page of the administration; everybody else who is signed in is signed out."""

    form_class = PasswordChangeForm
    template_name = "registration/password_change_form.html"


class ResetPage(View):
    """The pages on the way to a new password keep the language of the link."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        language = request.GET.get("language", "")
        is_redirect = "Location" in response.headers
        if is_redirect and language in dict(settings.LANGUAGES):
            query = urlencode({"language": language})
            response["Location"] = f"{response['Location']}?{query}"
        return response


class PasswordReset(ResetPage, account_views.PasswordResetView):
    form_class = PasswordResetForm
    template_name = "members/accounts/password_reset.html"

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """The same answer, in the same time, whether there is an account or not."""
        email = form.cleaned_data["email"]
        sender = limits.sender_of(self.request)
        device = devices.name_for(self.request, email)
        answer = limits.ask_for_link(email, sender, device)
        if answer in NO_LINK:
            form.add_error(None, NO_LINK[answer])
            context = self.get_context_data(form=form)
            return self.render_to_response(context, status=429)
        people.send_password_link(email=email, sender=sender)
        return redirect("account_reset_password_done")


class PasswordResetDone(ResetPage, account_views.PasswordResetDoneView):
    template_name = "members/accounts/password_reset_done.html"


class PasswordResetFromKey(ResetPage, account_views.PasswordResetFromKeyView):
    form_class = NewPasswordForm
    template_name = "members/accounts/password_reset_confirm.html"

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        """Save the password, once for each link: of two who send it at once, one is told that it
        was used. Whoever was locked out after too many wrong passwords can sign in again."""
        person = self.reset_user
        with transaction.atomic():
            row = User.objects.select_for_update().get(pk=person.pk)
            if not (row.is_active and password_links.tokens.check_token(row, self.key)):
                context = self.get_context_data(form=form, token_fail=True)
                return self.render_to_response(context)
            response = super().form_valid(form)
            accounts.doubt_passkeys(person=person)
            provider_links.doubt(person=person)
            limits.lift(person.email)
            limits.know(person.email, limits.sender_of(self.request))
        self.request.session[RESET_OF] = person.pk
        return response

    def get_success_url(self) -> str:
        return reverse("account_reset_password_from_key_done")

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if context.get("token_fail"):
            kwargs["status"] = 410
        return super().render_to_response(context, **kwargs)


class PasswordResetFromKeyDone(
    ResetPage,
    account_views.PasswordResetFromKeyDoneView,
):
    template_name = "members/accounts/password_reset_complete.html"

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        """What else signs in, once: whoever lost the account to a thief looks there."""
        key = self.request.session.pop(RESET_OF, None)
        person = User.objects.filter(pk=key).first() if key else None
        listed = factors.words_of(person) if person else []
        return {**super().get_context_data(**names), "factors": listed}


def old_reset_link(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    """The link of a letter that was written before django-allauth: it leads to the same form."""
    try:
        key = int(urlsafe_base64_decode(uidb64))
    except ValueError:
        key = 0
    number = int_to_base36(max(key, 0))
    address = reverse("account_reset_password_from_key", args=[number, token])
    query = request.META["QUERY_STRING"]
    return redirect(f"{address}?{query}" if query else address)


@sensitive_post_parameters("password", "password_again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the letter: one button for a person with an account, else a short form."""
    rows = Invitation.objects.select_related("city")
    token_hash = people.fingerprint(token)
    invitation = rows.filter(token_hash=token_hash).first()
    reason = _why_not_valid(invitation)
    if invitation is None or reason:
        template = "members/accounts/invitation_not_valid.html"
        return render(request, template, {"reason": reason}, status=410)

    email = invitation.email
    person = request.user if isinstance(request.user, User) else None
    if person and person.email != email:
        return _page(request, "invitation_other_person", invitation, status=403)
    if person is None and User.objects.filter(email=email).exists():
        return _page(request, "invitation_sign_in", invitation)

    form = _form_for(request, invitation, person)
    if not form.is_valid():
        return _page(request, "invitation_accept", invitation, form=form)
    by = person or _new_person(form)
    return _accept(request, invitation, by)


def _form_for(request: HttpRequest, invitation: Invitation, person: User | None) -> forms.Form:
    values = None
    if request.method == "POST":
        values = request.POST
    if person:
        return forms.Form(values)
    return InvitationAcceptForm(values, invitation=invitation)


def _accept(
    request: HttpRequest, invitation: Invitation, by: User | people.NewPerson
) -> HttpResponse:
    try:
        person = people.accept_invitation(invitation=invitation, by=by)
    except ValidationError:
        # Somebody was faster: this page, opened again, says what became of the invitation.
        return redirect(request.get_full_path())
    if not request.user.is_authenticated:
        get_adapter().login(request, person)
    messages.success(request, _("You have accepted the invitation. Welcome."))
    return redirect(settings.LOGIN_REDIRECT_URL)


def _why_not_valid(invitation: Invitation | None) -> str:
    """A sentence for the person; empty where the invitation can be accepted."""
    if invitation is None:
        return _(
            "This link does not belong to any invitation. Perhaps a part of it was lost on the way."
        )
    try:
        people.refuse_closed(invitation)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _new_person(form: forms.Form) -> people.NewPerson:
    values = form.cleaned_data
    return people.NewPerson(
        values["name"],
        values["language"],
        values["password"],
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
    """Save the language that a signed-in person works in, and lead back to their page."""
    person = user_of(request)
    form = AccountLanguageForm(request.POST)
    if not form.is_valid():
        raise BadRequest("The portal is not available in this language.")
    language = form.cleaned_data["language"]
    person.language = language
    columns = ["language"]
    person.save(update_fields=columns)
    way_back = _way_back(request)
    return redirect(way_back)


def _way_back(request: HttpRequest) -> str:
    page = request.POST.get("next", "")
    hosts = {request.get_host()}
    is_secure = request.is_secure()
    is_ours = url_has_allowed_host_and_scheme(page, hosts, require_https=is_secure)
    if is_ours:
        return page
    return resolve_url(settings.LOGIN_REDIRECT_URL)
