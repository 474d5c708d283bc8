"""Keeping the words by which the lists of the administration find their rows."""

from functools import cache

from django.contrib import admin
from django.db import models, transaction

from languages.search import lists
from members.editing.admin.search import ListSearch, searched_columns
from members.models import CityName

Model = type[models.Model]

# Rows without a list of their own by which a list finds others, with their columns.
WITHOUT_A_LIST: dict[Model, tuple[str, ...]] = {CityName: ("name",)}


@cache
def columns_by_model() -> dict[Model, tuple[str, ...]]:
    """The columns that are searched, of each model that has some."""
    columns = dict(WITHOUT_A_LIST)
    for model, model_admin in admin.site._registry.items():
        if isinstance(model_admin, ListSearch) and (names := searched_columns(model_admin)):
            columns[model] = names
    return columns


def keep(row: models.Model) -> None:
    """After a row was saved."""
    names = columns_by_model().get(type(row))
    if names:
        lists.write_row(row, names)


def forget(row: models.Model) -> None:
    """After a row was deleted."""
    if type(row) in columns_by_model():
        lists.forget_row(row)


@transaction.atomic
def rebuild() -> int:
    """All of them anew. Returns their number."""
    return sum(lists.write_rows(model, names) for model, names in columns_by_model().items())
