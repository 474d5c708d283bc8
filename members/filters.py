"""Filters of lists: one description for the page, its chips, its files and its reference."""

from collections import Counter
from functools import cache, cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ChoiceField

from languages.search.matching import matching_rows
from languages.text import labelled
from members.countries import country_choices
from members.models.record import content_type_of

QUERY_LENGTH = 200


class TextFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Free text, found in the index of all languages: without diacritics, also a word's start. Of a
    long text the beginning counts, as in the search."""

    class field_class(forms.CharField):  # noqa: N801 - django-filter's name
        def to_python(self, value: Any) -> str:
            text = super().to_python(value) or ""
            return text[:QUERY_LENGTH]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
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


def pairs_of(rows: QuerySet[Any], value: str, row: str = "pk") -> QuerySet[Any, Any]:
    """For each of these rows the key of the row of the list and the value of one lookup, as one
    text: `12 krakow`.

    Two columns would not do: Django 5.2 orders those of a union in each of its parts anew.
    """
    key = Cast(F(row), TextField())
    text = Cast(F(value), TextField())
    pairs = rows.order_by().annotate(pair=Concat(key, Value(" "), text, output_field=TextField()))
    column: QuerySet[Any, Any] = pairs.values_list("pair", flat=True)
    return column


def counts_of(pairs: QuerySet[Any, Any]) -> dict[str, int]:
    """For the pairs of `pairs_of`: how many rows have each value."""
    counts: Counter[str] = Counter()
    for pair in set(pairs):
        _key, _space, value = pair.partition(" ")
        counts[value] += 1
    return counts


class Chip:
    """An active filter in words, how many rows it leaves alone, and the address without it.
    `name`: its parameter."""

    def __init__(self, label: str, url: str, count: int | None = None, name: str = "") -> None:
        self.name = name
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
    # The rows of the list before any filter.
    queryset: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The check of the form, the facets and the chips read the choices: one query for all.
        for own in self.filters.values():
            options = own.extra
            choices = options.get("choices")
            if callable(choices):
                options["choices"] = cache(choices)

    def choices_of(self, name: str) -> list[tuple[str, Any]]:
        """The choices of a filter whose choices are asked of the database, without the empty
        one."""
        own = self.filters[name]
        choices = own.extra["choices"]
        rows = choices()
        return list(rows)

    def offer_what_leads_somewhere(self) -> None:
        """Every list of the form offers what leaves rows beside the other filters, with how many.
        The check of what was sent is the same as before."""
        if not self.is_valid():
            return
        for name, own in self.filters.items():
            if name == self.ORDER:
                continue
            if isinstance(own, django_filters.ChoiceFilter):
                field = self.form.fields[name]
                field.widget.choices = self._counted_choices(name)

    def _counted_choices(self, name: str) -> list[tuple[str, str]]:
        field: Any = self.form.fields[name]
        chosen = self.form.cleaned_data[name]
        empty, *choices = field.choices
        counts = self.count_by(name) if choices else {}
        offered = [empty]
        for value, label in choices:
            count = counts.get(str(value), 0)
            if not count and value != chosen:
                continue
            words = f"{label} ({count})"
            offered.append((value, words))
        return offered

    def count_by(self, name: str) -> dict[str, int]:
        """How many rows each value of a filter leaves beside the other filters."""
        raise NotImplementedError

    def rows_without(self, name: str) -> QuerySet[Any]:
        """The rows of all other filters, each once."""
        if not self.form.cleaned_data[name]:
            return self._rows_of_all
        return self._rows_with(others_than=name)

    @cached_property
    def _rows_of_all(self) -> QuerySet[Any]:
        return self._rows_with()

    def _rows_with(self, others_than: str = "") -> QuerySet[Any]:
        rows = self.queryset.order_by()
        for name, value in self.form.cleaned_data.items():
            if value and name != others_than:
                own_filter = self.filters[name]
                rows = own_filter.filter(rows, value)
        keys = rows.values("pk")
        model = rows.model
        everything = model.objects.order_by()
        each_once: QuerySet[Any] = everything.filter(pk__in=keys)
        return each_once

    @property
    def qs(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.queryset.none()
        if self.is_valid():
            rows = super().qs
        return rows

    @property
    def status(self) -> HTTPStatus:
        """Of a page of this list: 400 where the address has a value that makes no sense. The page
        is the same, and says at the field what is wrong."""
        if self.is_valid():
            return HTTPStatus.OK
        return HTTPStatus.BAD_REQUEST

    @property
    def active(self) -> dict[str, Any]:
        """The filters that hold, by name, and the order of the list if somebody chose it."""
        if not self.is_valid():
            return {}
        active = {}
        for name, value in self.form.cleaned_data.items():
            if value:
                active[name] = value
        return active

    @property
    def query(self) -> str:
        """What is active as an address has it, and nothing else of the page's: `?country=PL`."""
        values = {name: self.data.get(name, "") for name in self.active}
        return f"?{urlencode(values)}" if values else ""

    @property
    def in_words(self) -> list[str]:
        """The active filters: `Country: Poland`."""
        return [
            self._label(name, value) for name, value in self.active.items() if name != self.ORDER
        ]

    @property
    def chips(self) -> list[Chip]:
        """The active filters, each with how many rows it leaves alone. One query for each."""
        return [
            self._chip(name, value) for name, value in self.active.items() if name != self.ORDER
        ]

    def _label(self, name: str, value: Any) -> str:
        field = self.form.fields[name]
        return labelled(field.label, self._words(name, value))

    def _chip(self, name: str, value: str) -> Chip:
        others = self.data.copy()
        others.pop(name, None)
        others.pop("page", None)
        query_string = others.urlencode()
        return Chip(
            label=self._label(name, value),
            url=f"?{query_string}",
            count=self._count(name),
            name=name,
        )

    @property
    def ways_out(self) -> list[Chip]:
        """The active filters without which something is left, for a list that is empty. One query
        for each active filter."""
        return [chip for chip in self.chips if self._has_rows_without(chip.name)]

    def _has_rows_without(self, name: str) -> bool:
        rows = self._rows_with(others_than=name)
        return rows.exists()

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
