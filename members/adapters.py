"""What django-allauth asks the portal: who may try, what is said, where people go (0048)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members import devices, factors, limits, passkeys, proof, secrets
from members.models import AccountEvent, User
from members.services import accounts

Kind = AccountEvent.Kind

# Nothing keeps the address of a computer: limits count under a fingerprint.
NO_ADDRESS = "::"

# What is said after something was done, by the name of allauth's own sentence. Of the others
# nothing is said.
SENTENCES = {
    "account/messages/password_changed.txt": _("Your new password is kept."),
    "mfa/messages/totp_activated.txt": _("The app is set up. From now on its codes are asked for."),
    "mfa/messages/totp_deactivated.txt": _(
        "The app is removed. Its codes are no longer asked for."
    ),
    "mfa/messages/webauthn_added.txt": _("The passkey is set up. You can sign in with it now."),
    "mfa/messages/webauthn_removed.txt": _(
        "The passkey is removed here. Delete it on your device, too."
    ),
    "mfa/messages/recovery_codes_generated.txt": _(
        "There are new recovery codes. Keep them where you find them without your telephone."
    ),
}


class AccountAdapter(DefaultAccountAdapter):
    """Signing in by address and password, with the portal's limits."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "This e-mail address and this password do not belong together. Check both, or "
            "choose a new password."
        ),
        "too_many_login_attempts": _(
            "There were too many attempts to sign in. Wait a quarter of an hour and try "
            "again, or choose a new password"
            " by a link that comes to your mailbox."
        ),
        "enter_current_password": _("This is not your present password."),
        "too_many": _("There were too many attempts. Wait a quarter of an hour and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody: accounts come from invitations."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """All answers are pages."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return NO_ADDRESS

    def is_safe_url(self, url: str) -> bool:
        """Pages of this host only."""
        request = context.request
        hosts = {request.get_host()}
        return url_has_allowed_host_and_scheme(
            url,
            hosts,
            require_https=request.is_secure(),
        )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check the password, unless there were too many attempts.

        The sentence is the same whether there is an account or not.
        """
        email = credentials["email"]
        sender = limits.sender_of(request)
        device = devices.name_for(request, email)
        if not limits.may_sign_in(email, sender, device):
            accounts.note_refusal(Kind.TOO_MANY, email=email, sender=sender)
            raise self.validation_error("too_many_login_attempts")
        person: Any = authenticate(request, **credentials)
        if person is None:
            accounts.note_refusal(Kind.FAILED, email=email, sender=sender)
            return None
        limits.forgive(email, sender, device)
        return person

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Check the password of somebody who is signed in, as often as at a change of it. What is
        wrong is noted as at the door."""
        sender = limits.sender_of(context.request)
        if not limits.may_try_old_password(user.email):
            accounts.note_refusal(Kind.TOO_MANY, email=user.email, sender=sender)
            raise self.validation_error("too_many")
        if user.check_password(password):
            return True
        accounts.note_refusal(Kind.FAILED, email=user.email, sender=sender)
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        sender = limits.sender_of(request)
        limits.know(user.email, sender)
        is_new = devices.is_new(request, user)
        devices.note(request, user)
        browser = proof.browser_of(request)
        accounts.note_sign_in(person=user, sender=sender, is_new=is_new, browser=browser)

    def set_password(self, user: Any, password: str) -> None:
        """Save the password alone: the rest of the row may have changed since it was read."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The administration; for somebody without a role the sign-in page, which says so."""
        has_role = getattr(request.user, "is_staff", False)
        if not has_role:
            return reverse("account_login")
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:password_change_done")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        sentence = message or SENTENCES.get(message_template or "")
        if sentence:
            # Now: what waits is put into words after the page, in the browser's language.
            messages.add_message(request, level, str(sentence), extra_tags=extra_tags)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Note what happened to the account, write to its owner, and end their other sessions: none
        lasts that began without the factor."""
        sender = limits.sender_of(self.request)
        accounts.note_change(
            template_prefix,
            person=user,
            sender=sender,
            passkey=self._changed_passkey(template_prefix, user),
            browser=proof.browser_of(self.request),
        )
        accounts.end_sessions(person=user, but=self.request.session.session_key)
        self.request.session.pop(factors.HAS_ONE, None)

    def _changed_passkey(self, template_prefix: str, user: Any) -> str:
        """The name of the passkey that was added or removed; empty for other changes."""
        if template_prefix == "mfa/email/webauthn_added":
            return str(passkeys.passkeys_of(user).last() or "")
        return getattr(self.request, "removed_passkey", "")

    def is_reauthentication_required(self, *, app: str, **names: Any) -> bool:
        """Not for somebody who signed in a moment ago."""
        return not proof.is_fresh(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to prove who one is: a code only for who has any, a passkey only where browsers
        take it."""
        codes = factors.codes_of(user)
        missing = set() if codes else {"mfa_reauthenticate"}
        if not passkeys.are_offered(context.request):
            missing.add(passkeys.WAY)
        ways = super().get_reauthentication_methods(user)
        has_app = Authenticator.Type.TOTP in codes
        return [{**way, "has_app": has_app} for way in ways if way["id"] not in missing]


class FactorAdapter(DefaultMFAAdapter):
    """The second factor."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code is not right, or it was used already. Wait for the next one, and look "
            "whether the clock of your telephone is right."
        ),
        "cannot_delete_authenticator": _(
            "Your work needs a second factor. Set up another one before you remove this one."
        ),
    }

    def get_totp_issuer(self) -> str:
        return str(settings.PORTAL_NAME)

    def build_totp_svg(self, url: str) -> str:
        """The picture as an element of the page: without the line that begins a file."""
        _head, _line, element = super().build_totp_svg(url).partition("?>")
        return element.strip()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """A passkey is called after the browser in which it was made, until somebody renames it."""
        return proof.browser_of(context.request) or gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """To whom a passkey belongs: this portal, by its host."""
        return {"id": settings.PASSKEY_HOST, "name": str(settings.PORTAL_NAME)}

    def encrypt(self, text: str) -> str:
        return secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return factors.may_remove(authenticator)
