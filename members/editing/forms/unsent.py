"""The hidden fields of a sign-in page that carries an unsent form."""

import json

from django import forms
from django.core.exceptions import ValidationError

from members.editing.unsent import MOST, Unsent, is_carried_to


class UnsentForm(forms.Form):
    """The hidden fields of the sign-in page."""

    to = forms.CharField(max_length=2000)
    carried = forms.CharField(max_length=2 * MOST, strip=False)
    files = forms.CharField(required=False, max_length=5000)  # type: ignore[assignment]

    def clean_to(self) -> str:
        address = self.cleaned_data["to"]
        if not is_carried_to(address):
            raise ValidationError("Texts are carried to pages of the administration only.")
        return str(address)

    def clean_carried(self) -> list[tuple[str, str]]:
        try:
            pairs = json.loads(self.cleaned_data["carried"])
            return [(_readable(name), _readable(value)) for name, value in pairs]
        except (ValueError, TypeError, RecursionError):
            raise ValidationError("These are no fields of a form.") from None

    def unsent(self) -> Unsent:
        cleaned = self.cleaned_data
        names = cleaned["files"].split("\n")
        files = [name for name in names if name]
        return Unsent(
            to=cleaned["to"],
            fields=cleaned["carried"],
            files=files,
        )


def _readable(value: object) -> str:
    """JSON can spell half a character, which no page can be written with."""
    return str(value).encode("utf-8", "replace").decode()
