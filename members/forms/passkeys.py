"""What a browser answers for a passkey, and the name that its owner gives it."""

import struct
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from languages.fields import LineFormField
from members import limits, passkeys
from members.forms.factors import REFUSED

# Characters of an answer; a browser sends a tenth of it.
MOST = 20_000
NAME_LENGTH = 60
NOT_READ = _(
    "The passkey was not accepted. Try again, and choose a passkey that was made for this portal."
)
NOT_ALONE = _(
    "A new password was chosen, so this passkey does not sign in alone any more. Sign in with the "
    "password, then confirm the passkey on the page about your way of signing in."
)
# What the library raises when it reads an answer that no browser sends.
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    struct.error,
)


class AnswerField(forms.JSONField):
    """The answer of the browser, which a script writes into a hidden field."""

    widget = forms.HiddenInput
    default_error_messages = {"required": NOT_READ, "invalid": NOT_READ}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > MOST:
            raise ValidationError(NOT_READ, code="invalid")
        try:
            answer = super().to_python(value)
        except RecursionError as error:
            raise ValidationError(NOT_READ, code="invalid") from error
        if answer and not isinstance(answer, dict):
            raise ValidationError(NOT_READ, code="invalid")
        return answer


def name_field(*, required: bool) -> LineFormField:
    return LineFormField(
        label=_("Name of the passkey"),
        max_length=NAME_LENGTH,
        required=required,
        help_text=_("So that you know it again: the device, or where it lies."),
    )


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, with its name."""

    name = name_field(required=False)
    credential = AnswerField()

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        try:
            values: dict[str, Any] = super().clean()
        except (ValidationError, *UNREADABLE) as error:
            raise ValidationError(NOT_READ, code="invalid") from error
        return values


class RenamePasskeyForm(passkey_forms.EditWebAuthnForm):  # type: ignore[misc]
    name = name_field(required=True)


class RemovePasskeyForm(forms.Form):
    """One button; the last factor stays where one is needed."""

    def __init__(self, *args: Any, passkey: Authenticator, **names: Any) -> None:
        super().__init__(*args, **names)
        self.passkey = passkey

    def clean(self) -> dict[str, Any]:
        adapter = get_factor_adapter()
        if not adapter.can_delete_authenticator(self.passkey):
            raise adapter.validation_error("cannot_delete_authenticator")
        return self.cleaned_data


class LimitedPasskey(forms.Form):
    """Looks at so many answers of one computer only, and never lets in who is switched off.

    Beside it stands a form of allauth, which says whether the answer is right.
    """

    user: Any
    authenticator: Authenticator | None = None
    # Whether the browser sent nothing that could be an answer.
    is_empty = True

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)

    @property
    def is_refused(self) -> bool:
        """Whether the answer was not looked at, after too many attempts."""
        return bool(self.has_error("credential", REFUSED))

    @sensitive_variables()
    def clean_credential(self) -> Authenticator:
        self.is_empty = False
        sender = limits.sender_of(context.request)
        if not limits.may_use_passkey(sender):
            raise get_adapter().validation_error(REFUSED)
        try:
            passkey: Authenticator = super().clean_credential()  # type: ignore[misc]
        except (ValidationError, *UNREADABLE) as error:
            raise ValidationError(NOT_READ, code="invalid") from error
        if not passkey.user.is_active:
            raise ValidationError(
                NOT_READ,
                code="invalid",
            )
        limits.forgive_passkey(sender)
        return passkey


class PasskeyLoginForm(LimitedPasskey, passkey_forms.LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in by a passkey alone: it says who the person is and that their finger, face or PIN
    unlocked it. After a new password by letter the owner must have confirmed it."""

    credential = AnswerField()

    @sensitive_variables()
    def clean_credential(self) -> Authenticator:
        passkey = super().clean_credential()
        if passkeys.is_doubted(passkey):
            raise ValidationError(NOT_ALONE, code="doubted")
        return passkey


class PasskeyForm(LimitedPasskey, passkey_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second step of signing in."""

    credential = AnswerField()


class PasskeyAgainForm(
    LimitedPasskey,
    passkey_forms.ReauthenticateWebAuthnForm,  # type: ignore[misc]
):
    """Proving once more who one is."""

    credential = AnswerField()
