"""The field of a password: as it was typed, and not too long to be looked at."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from members.passwords import LONGEST

PRESENT = "current-password"
NEW = "new-password"
not_too_long = MaxLengthValidator(LONGEST)


class PasswordField(forms.CharField):
    """Refuses a megabyte before anything is hashed, compared or counted.

    Without `maxlength`: a browser would cut a pasted password and say nothing. `autocomplete`: what
    a store of passwords fills in.
    """

    def __init__(
        self,
        *,
        autocomplete: str = PRESENT,
        autofocus: bool = False,
        **names: Any,
    ) -> None:
        attributes = {"autocomplete": autocomplete, "autofocus": autofocus}
        widget = forms.PasswordInput(attrs=attributes)
        super().__init__(strip=False, widget=widget, validators=[not_too_long], **names)
