"""Codes of a second factor, and proving once more who one is."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as app_forms
from django import forms
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from members import devices, factors, limits
from members.forms.password_fields import PasswordField

REFUSED = "too_many"


def code_field(label: Any, help_text: Any) -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "autocapitalize": "none", "inputmode": "numeric"}
    return forms.CharField(
        label=label,
        max_length=40,
        help_text=help_text,
        widget=forms.TextInput(attrs=attributes),
    )


CODE_OR_RECOVERY = _("The six digits that your app shows now, or one of your recovery codes.")
CODE_OF_APP = _("The six digits that your app shows now.")
RECOVERY_CODE = _("One of your recovery codes.")


class LimitedCode(forms.Form):
    """Looks at few codes only, and at each code of an app once.

    Beside it stands a form of allauth, which says whether the code is right.
    """

    user: Any
    authenticator: Authenticator | None = None

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)

    @property
    def is_refused(self) -> bool:
        """Whether the code was not looked at, after too many attempts."""
        return bool(self.has_error("code", REFUSED))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return bool(self.has_error("code", "required"))

    @sensitive_variables()
    def clean_code(self) -> str:
        email = self.user.email
        sender = limits.sender_of(context.request)
        device = devices.name_for(context.request, email)
        if not limits.may_try_code(email, sender, device):
            raise get_adapter().validation_error(REFUSED)
        code: str = super().clean_code()  # type: ignore[misc]
        if self._is_of_app() and not limits.is_first_use(email, _digits(code)):
            raise get_factor_adapter().validation_error("incorrect_code")
        limits.forgive_code(email, sender, device)
        return code

    def _is_of_app(self) -> bool:
        """Recovery codes are crossed out by themselves."""
        factor = self.authenticator
        return factor is None or factor.type == Authenticator.Type.TOTP


def _digits(code: str) -> str:
    """The code without what people put between its digits."""
    return "".join(filter(str.isalnum, code)).lower()


class OwnCode(LimitedCode):
    """Names only what the person has: codes of an app, recovery codes, or both."""

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        ways = factors.codes_of(self.user)
        self.has_app = Authenticator.Type.TOTP in ways
        self.has_recovery = Authenticator.Type.RECOVERY_CODES in ways
        if not self.has_recovery:
            self.fields["code"].help_text = CODE_OF_APP
        elif not self.has_app:
            self.fields["code"].help_text = RECOVERY_CODE

    @property
    def has_any(self) -> bool:
        return self.has_app or self.has_recovery


class CodeForm(OwnCode, code_forms.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    code = code_field(_("Code"), CODE_OR_RECOVERY)


class CodeAgainForm(OwnCode, code_forms.ReauthenticateForm):  # type: ignore[misc]
    """Proving once more who one is, by a code."""

    code = code_field(_("Code"), CODE_OR_RECOVERY)


class AppForm(LimitedCode, app_forms.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app: it proves that the app is set up."""

    code = code_field(_("Code"), CODE_OF_APP)


class PasswordAgainForm(account_forms.ReauthenticateForm):  # type: ignore[misc]
    """Proving once more who one is, by the password."""

    password = PasswordField(label=_("Password"))

    @property
    def is_refused(self) -> bool:
        return bool(self.has_error("password", REFUSED))
