"""Choices of a form that depend on the request."""

from typing import Any

from django import forms
from django.db.models import Model, QuerySet

from languages.choices import sort_by_name


def offer(field: forms.Field, rows: QuerySet[Any, Model]) -> None:
    """Let people choose among these rows."""
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{field!r} offers no rows")
    field.queryset = rows


def offer_by_name(field: forms.Field, rows: QuerySet[Any, Model]) -> None:
    """Let people choose among these rows, in the order of the names that they read."""
    offer(field, rows)
    sort_by_name(field)
