"""Choices of a form that depend on the request."""

from typing import Any

from django import forms
from django.db.models import Model, QuerySet


def offer(field: forms.Field, rows: QuerySet[Any, Model]) -> None:
    """Let people choose among these rows."""
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{field!r} offers no rows")
    field.queryset = rows
