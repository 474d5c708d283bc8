"""Filters of lists: one description for the page, its chips and, later, its exports."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ChoiceField

from languages.search.results import matching_rows
from languages.text import labelled
from members.countries import country_choices
from members.models.record import content_type_of

QUERY_LENGTH = 200


class TextFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Free text, found in the index of all languages: without diacritics, also a word's start."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=QUERY_LENGTH,
            label=_("Name or word"),
            **kwargs,
        )

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        content_type = content_type_of(qs.model())
        rows = matching_rows(value).filter(content_type=content_type)
        keys = rows.values("object_id")
        return qs.filter(pk__in=keys)


def countries_of(rows: QuerySet[Any], path: str) -> list[tuple[str, str]]:
    """Countries of these rows, as choices by name; `path` is the lookup to a country's code."""
    with_country = rows.exclude(**{path: None})
    codes = with_country.order_by().values_list(path, flat=True)
    return country_choices(codes.distinct())


class Chip:
    """An active filter in words, how many rows it leaves alone, and the address without it."""

    def __init__(self, label: str, url: str, count: int | None = None) -> None:
        self.label = label
        self.url = url
        self.count = count


class CountryFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """A country by its two letters, in capitals or not: people write `country=pl`."""

    class field_class(ChoiceField):  # type: ignore[misc]  # noqa: N801 - django-filter's name
        def to_python(self, value: Any) -> Any:
            if isinstance(value, str):
                value = value.upper()
            return super().to_python(value)


class DirectoryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of a directory. A value that makes no sense leaves no rows: the form says which."""

    ORDER = "sort"

    @property
    def qs(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.queryset.none()
        if self.is_valid():
            rows = super().qs
        return rows

    @property
    def chips(self) -> list[Chip]:
        """The active filters."""
        if not self.is_valid():
            return []
        return [
            self._chip(name, value)
            for name, value in self.form.cleaned_data.items()
            if value and name != self.ORDER
        ]

    def _chip(self, name: str, value: str) -> Chip:
        others = self.data.copy()
        others.pop(name, None)
        others.pop("page", None)
        query_string = others.urlencode()
        field = self.form.fields[name]
        words = self._words(name, value)
        return Chip(
            label=labelled(field.label, words),
            url=f"?{query_string}",
            count=self._count(name),
        )

    def _count(self, name: str) -> int:
        """How many rows there are with this filter and no other."""
        values = {name: self.data.get(name)}
        filters = type(self)(values, queryset=self.queryset)
        return filters.qs.count()

    def _words(self, name: str, value: str) -> str:
        formfield = self.form.fields[name]
        if isinstance(formfield, forms.ChoiceField):
            choices: dict[Any, Any] = dict(formfield.choices)  # type: ignore[arg-type]
            return str(choices.get(value, value))
        return str(value)
