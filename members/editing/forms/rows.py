"""Choosing rows by their numbers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

# Digits of a key that every database can hold.
LONGEST_NUMBER = 18


class SeveralRows(forms.ModelMultipleChoiceField):
    """A number that no database can hold is no choice; Django asks for it all the same, which
    SQLite answers with an error."""

    def clean(self, value: Any) -> models.QuerySet:
        for key in map(str, value or ()):
            if key.isdecimal() and len(key) > LONGEST_NUMBER:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": key},
                )
        return super().clean(value)
