"""The form that takes details of a person off all pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class WithdrawalForm(forms.Form):
    """What goes with the detail that a page is about: one wish of a person is one press.

    `others`: the other details of the item, with their words.
    """

    also = forms.MultipleChoiceField(
        label=_("Take off with it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, others: Sequence[tuple[str, Any]], **names: Any) -> None:
        super().__init__(*args, **names)
        if not others:
            del self.fields["also"]
            return
        field = self.fields["also"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = others
