"""Yes and no in lists of the administration, in words: stock admin draws pictures whose text is
English in every language."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _


def with_words(model_admin: "admin.ModelAdmin[Any]", columns: Iterable[Any]) -> list[Any]:
    """The columns of a list, with those of yes and no in words."""
    return [_in_words(model_admin, column) for column in columns]


def _in_words(model_admin: "admin.ModelAdmin[Any]", column: Any) -> Any:
    if not isinstance(column, str):
        return column
    method = getattr(type(model_admin), column, None)
    if getattr(method, "boolean", False):
        return _column_of_method(model_admin, column)
    try:
        field = model_admin.model._meta.get_field(column)
    except FieldDoesNotExist:
        return column
    return _column_of_field(field) if isinstance(field, models.BooleanField) else column


@cache
def _column_of_method(model_admin: "admin.ModelAdmin[Any]", name: str) -> Callable[[Any], str]:
    method = getattr(model_admin, name)
    description = getattr(method, "short_description", None)
    ordering = getattr(method, "admin_order_field", None)

    @admin.display(
        description=description,
        ordering=ordering,
    )
    def column(row: Any) -> str:
        return word_of(method(row))

    column.__name__ = name
    return column


@cache
def _column_of_field(field: "models.BooleanField[Any, Any]") -> Callable[[Any], str]:
    @admin.display(description=field.verbose_name, ordering=field.name)
    def column(row: Any) -> str:
        return word_of(getattr(row, field.name))

    column.__name__ = field.name
    return column


def word_of(value: bool | None) -> str:
    """Yes, no, or a dash for what is not known."""
    if value is None:
        return "-"
    return _("Yes") if value else _("No")
