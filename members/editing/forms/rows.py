"""A form field to choose several rows by their numbers."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

if TYPE_CHECKING:
    ChoiceFieldBase = forms.ModelMultipleChoiceField[models.Model]
else:
    ChoiceFieldBase = forms.ModelMultipleChoiceField

# The largest key that both databases can hold, and digits of a number that they surely can.
LARGEST_KEY = 2**63 - 1
LONGEST_NUMBER = 18


def is_key(text: str) -> bool:
    """Whether this can be the number of a row."""
    is_number = text.isascii() and text.isdecimal()
    return is_number and len(text) <= LONGEST_NUMBER


class SeveralRows(ChoiceFieldBase):
    """Refuses numbers that no database can hold; Django would ask SQLite, which fails."""

    def clean(self, value: Any) -> models.QuerySet[Any]:
        for key in map(str, value or ()):
            if key.isdecimal() and len(key) > LONGEST_NUMBER:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": key},
                )
        return super().clean(value)
