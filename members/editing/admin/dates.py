"""Partial dates in lists of the administration, written as on all other pages."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from languages.dates import PartialDateField, format_partial
from languages.text import current_language


def with_written_dates(model: type[models.Model], columns: Iterable[Any]) -> list[Any]:
    """The columns of a list, with those of partial dates written out."""
    return [_written(model, column) for column in columns]


def _written(model: type[models.Model], column: Any) -> Any:
    if not isinstance(column, str):
        return column
    try:
        field = model._meta.get_field(column)
    except FieldDoesNotExist:
        return column
    return _date_column(field) if isinstance(field, PartialDateField) else column


@cache
def _date_column(field: PartialDateField) -> Callable[[Any], str]:
    """One and the same column for a field: the list looks for it among those with links."""

    @admin.display(description=field.verbose_name, ordering=field.name, empty_value="-")
    def column(row: Any) -> str:
        return format_partial(getattr(row, field.name), current_language())

    # The class of the column in the page.
    column.__name__ = field.name
    return column
