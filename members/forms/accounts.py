"""Forms to sign in, to get a new password and to accept an invitation."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.debug import sensitive_variables

from languages.fields import LineFormField
from languages.names import own_name
from members import limits
from members.models import Invitation, User

NOT_THE_SAME = _("The two passwords are not the same.")


class LoginForm(auth_forms.AuthenticationForm):
    """E-mail address and password; one answer to everything that does not fit."""

    username = auth_forms.UsernameField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    error_messages = {
        "invalid_login": _(
            "This e-mail address and this password do not belong together. Check both, or "
            "choose a new password."
        ),
        "inactive": _(
            "This e-mail address and this password do not belong together. Check both, or "
            "choose a new password."
        ),
        "too_many": _(
            "There were too many attempts to sign in. Wait a quarter of an hour and try "
            "again, or choose a new password"
            " by a link that comes to your mailbox."
        ),
    }

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        """Check the password, unless there were too many attempts.

        The sentence is the same whether there is an account or not.
        """
        email = self.cleaned_data.get("username")
        password = self.cleaned_data.get("password")
        if not email or not password:
            return super().clean()
        request: Any = self.request
        sender = limits.sender_of(request)
        if not limits.may_sign_in(email, sender):
            message = self.error_messages["too_many"]
            raise ValidationError(message, code="too_many")
        values = super().clean()
        limits.forgive(email, sender)
        return values


class PasswordChangeForm(AdminPasswordChangeForm):
    """The old password and, twice, a new one. After five wrong ones the old is not checked."""

    error_messages = {
        **AdminPasswordChangeForm.error_messages,
        "too_many": _("There were too many attempts. Wait a quarter of an hour and try again."),
    }

    @sensitive_variables()
    def clean_old_password(self) -> str:
        email = self.user.email
        if not limits.may_try_old_password(email):
            message = self.error_messages["too_many"]
            raise ValidationError(message, code="too_many")
        return str(super().clean_old_password())


class PasswordResetForm(forms.Form):
    """To whom a link for a new password goes, if there is such a person."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


class NewPasswordForm(auth_forms.SetPasswordForm):  # type: ignore[type-arg]
    """A new password, twice. What is wrong with it stands at its own field."""

    error_messages = {"password_mismatch": NOT_THE_SAME}
    new_password1, new_password2 = auth_forms.SetPasswordMixin.create_password_fields(
        label1=_("New password"), label2=_("New password again")
    )
    new_password2.help_text = ""

    def clean(self) -> dict[str, Any]:
        self.validate_passwords("new_password1", "new_password2")
        self.validate_password_for_user(self.user, "new_password1")
        return self.cleaned_data

    def save(self, commit: bool = True) -> User:
        """Save the password alone: the rest of the row may have changed since it was read."""
        user: User = super().save(commit=False)
        user.save(update_fields=["password"])
        return user


class AccountLanguageForm(forms.Form):
    """The language that a person works in."""

    language = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            **kwargs,
        )
        languages = language_choices()
        set_choices(self, "language", languages)


class InvitationAcceptForm(AccountLanguageForm):
    """What the portal must know of somebody who has no account yet."""

    name = LineFormField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=150,
        help_text=_("As it should appear in letters from the portal."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=pgettext_lazy("of a person", "Language"),
        help_text=_("The administration and the letters to you are in this language."),
    )
    password = forms.CharField(
        label=pgettext_lazy("to be chosen", "Password"),
        strip=False,
        help_text=lazy(password_validators_help_text_html, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ["name", "language", "password", "password_again"]

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        self.invitation = invitation
        initial = {"language": invitation.language}
        super().__init__(*args, initial=initial, **kwargs)

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        password, again = values.get("password"), values.get("password_again")
        if password and again and password != again:
            error = ValidationError(NOT_THE_SAME, code="password_mismatch")
            self.add_error("password_again", error)
        if password:
            self._check_strength(password)
        return values

    @sensitive_variables()
    def _check_strength(self, password: str) -> None:
        try:
            validate_password(password, User(email=self.invitation.email))
        except ValidationError as error:
            self.add_error("password", error)


def set_choices(form: forms.BaseForm, name: str, choices: list[tuple[str, Any]]) -> None:
    """Give a choice field of this form its choices, which differ between requests."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def language_choices() -> list[tuple[str, str]]:
    """The languages that the network uses, each by its own name."""
    choices = []
    for code, _name in settings.LANGUAGES:
        name = own_name(code)
        choices.append((code, name))
    return choices
