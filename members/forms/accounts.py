"""Forms to sign in, to get a new password and to accept an invitation."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.account.fields import SetPasswordField
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.debug import sensitive_variables

from languages.fields import LineFormField
from languages.names import own_name
from members import password_links
from members.forms.password_fields import NEW, PasswordField, not_too_long
from members.models import Invitation, User

NOT_THE_SAME = _("The two passwords are not the same.")
NOT_NEW = _("This is the password that you have now. Choose another one.")
PASSWORD_RULES = lazy(password_validators_help_text_html, str)()


class LoginForm(account_forms.LoginForm):  # type: ignore[misc]
    """E-mail address and password; one answer to everything that does not fit."""

    password = PasswordField(label=_("Password"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("E-mail address"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        )
        self.order_fields(["login", "password"])

    @property
    def is_refused(self) -> bool:
        """Whether the password was not looked at, after too many attempts."""
        return bool(self.has_error(NON_FIELD_ERRORS, "too_many_login_attempts"))


class SameTwice(forms.Form):
    """Two fields for a new password. What is wrong with it stands at its own field."""

    user: Any

    def clean(self) -> dict[str, Any]:
        values = forms.Form.clean(self) or {}
        password, again = values.get("password1"), values.get("password2")
        if password and again and password != again:
            error = ValidationError(NOT_THE_SAME, code="password_mismatch")
            self.add_error("password2", error)
        elif password and self.is_present(password):
            self.add_error("password1", ValidationError(NOT_NEW, code="password_not_new"))
        return values

    @sensitive_variables()
    def is_present(self, password: str) -> bool:
        """Whether the account has this password already."""
        return bool(self.user and self.user.check_password(password))


def new_password_field() -> SetPasswordField:
    """Checks the password by the portal's rules, which it names."""
    field = SetPasswordField(
        label=_("New password"),
        help_text=PASSWORD_RULES,
    )
    del field.widget.attrs["placeholder"]
    field.validators.append(not_too_long)
    return field


def again_field() -> forms.CharField:
    return PasswordField(label=_("New password again"), autocomplete=NEW)


class PasswordChangeForm(SameTwice, account_forms.ChangePasswordForm):  # type: ignore[misc]
    """The old password and, twice, a new one. After five wrong ones the old is not checked."""

    oldpassword = PasswordField(label=_("Present password"), autofocus=True)
    password1 = new_password_field()
    password2 = again_field()

    @sensitive_variables()
    def clean_oldpassword(self) -> str:
        password: str = self.cleaned_data["oldpassword"]
        adapter = get_adapter()
        if not adapter.reauthenticate(self.user, password):
            raise adapter.validation_error("enter_current_password")
        return password

    @sensitive_variables()
    def is_present(self, password: str) -> bool:
        """Only beside the right old one: else the new one could be used to guess it."""
        return password == self.cleaned_data.get("oldpassword")


class PasswordResetForm(forms.Form):
    """To whom a link for a new password goes, if there is such a person."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


class NewPasswordForm(SameTwice, account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, twice."""

    password1 = new_password_field()
    password2 = again_field()


class ResetLinkForm(account_forms.UserTokenForm):  # type: ignore[misc]
    """Whether the link of a letter is still good: the last one, and not for somebody who is
    switched off."""

    token_generator = password_links.tokens

    def _get_user(self, uidb36: str) -> User | None:
        person: User | None = super()._get_user(uidb36)
        if person is None or not person.is_active:
            return None
        return person


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
    password = PasswordField(
        label=pgettext_lazy("to be chosen", "Password"),
        autocomplete=NEW,
        help_text=PASSWORD_RULES,
    )
    password_again = PasswordField(label=_("Password again"), autocomplete=NEW)
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
            self._check_strength(password, values.get("name", ""))
        return values

    @sensitive_variables()
    def _check_strength(self, password: str, name: str) -> None:
        """Say in words how weak it is: the own name and address are tried first."""
        person = User(email=self.invitation.email, name=name)
        cities = [self.invitation.city] if self.invitation.city else []
        person.current_cities = cities
        try:
            validate_password(password, person)
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
