"""Several ticks of a vocabulary, kept as one text of codes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class CodesInput(forms.CheckboxSelectMultiple):
    """Ticks that give one text of codes with a space between, as the row keeps them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        codes = super().value_from_datadict(data, files, name) or []
        return " ".join(codes)

    def format_value(self, value: Any) -> list[str]:
        text = value or ""
        return str(text).split()


class CodesField(forms.CharField):
    """Codes of a vocabulary, in its order."""

    def __init__(self, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(widget=CodesInput(choices=choices), **kwargs)
        self.labels = dict(choices)

    def clean(self, value: Any) -> str:
        ticked = super().clean(value).split()
        unknown = set(ticked) - set(self.labels)
        if unknown:
            raise ValidationError(_("Choose from the list."), code="invalid_choice")
        return " ".join(code for code in self.labels if code in ticked)

    def in_words(self, value: Any) -> list[str]:
        """The labels of the codes in a text, in the order of the vocabulary."""
        ticked = str(value or "").split()
        return [str(label) for code, label in self.labels.items() if code in ticked]
