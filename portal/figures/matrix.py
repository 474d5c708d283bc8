"""Points of the plan and cities: what is known of each city under each point, and of when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from languages.text import Text, current_language, language_columns
from languages.upkeep import batches
from members.age import DatedFact
from members.city_filter import (
    STATUSES,
    commitments_with,
    condition_of,
    member_country_choices,
    point_choices,
)
from members.filters import CountryFilter, DirectoryFilter
from members.models import City, Commitment
from members.models.commitments import Answer
from members.strip import Strip, StripColumn, strips_for

Cities = QuerySet[Any]
CENTURY = 2


def cities_to_compare() -> Cities:
    """Real cities in the order of their names, as lists need them."""
    cities = City.objects.public().real().listed(current_language())
    return cities.select_related("country").defer(*language_columns(City))


def has_something(point: str = "") -> Q:
    """Whether something is known of a city under this point, or under any; also that it did not
    choose it."""
    work = commitments_with(point=point)
    refused = Commitment.objects.public().filter(chosen=Answer.NO, point__plan__in_force=True)
    if point:
        refused = refused.filter(point__number=point)
    return Q(pk__in=work.values("city")) | Q(pk__in=refused.values("city"))


class MatrixFilter(DirectoryFilter):
    """Cities of which something is known, by country, membership and point."""

    country = CountryFilter(
        label=_("Country"), choices=member_country_choices, empty_label=_("All countries")
    )
    status = django_filters.ChoiceFilter(
        label=_("Membership"),
        choices=STATUSES[:-1],
        empty_label=_("All cities"),
    )
    point = django_filters.ChoiceFilter(
        label=_("Point of the plan"), choices=point_choices, empty_label=_("All points")
    )

    class Meta:
        model = City
        fields: list[str] = []

    def filter_queryset(self, queryset: Cities) -> Cities:
        chosen = self.form.cleaned_data
        point = chosen["point"] or ""
        values = {"country": chosen["country"], "status": chosen["status"] or "all"}
        return queryset.filter(condition_of(values), has_something(point))

    @property
    def action_query(self) -> str:
        """As the table of actions is asked for what stands behind the matrix: a membership is none
        of its filters."""
        values: dict[str, str] = {}
        for name in ("country", "point"):
            if name in self.active:
                values[name] = self.data[name]
        if not values:
            return ""
        query = urlencode(values)
        return f"?{query}"

    def known_of_all(self) -> tuple[int, int] | None:
        """Of how many cities something is known, and of how many that might have been: of those
        that the filters choose, by default of members. None where a filter makes no sense."""
        if not self.is_valid():
            return None
        chosen = self.form.cleaned_data
        values = {"country": chosen["country"], "status": chosen["status"]}
        cities = City.objects.public().real().filter(condition_of(values))
        known = cities.filter(has_something(chosen["point"] or ""))
        return known.count(), cities.count()


# --- Rows -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell(DatedFact):
    """What is known of a city under a point, with the date of the fact that gives its status."""

    column: StripColumn
    url: str

    @cached_property
    def date(self) -> str:
        return self.column.as_of

    @property
    def short_year(self) -> str:
        """The last two digits: a narrow column has no room for four."""
        return self.year[CENTURY:]


@dataclass(frozen=True)
class MatrixRow:
    """A city with a cell for each point, in the order of the plan."""

    city: City
    title: Text
    cells: list[Cell]


def matrix_rows(cities: Iterable[Any]) -> Iterator[MatrixRow]:
    """The rows of these cities: two queries for each batch of them."""
    for batch in batches(cities):
        strips = strips_for(batch)
        for city in batch:
            yield _row(city, strips[city.pk])


def _row(city: Any, strip: Strip) -> MatrixRow:
    page = city.get_absolute_url()
    cells = []
    for column in strip.columns:
        anchor = f"point-{column.number}"
        cells.append(Cell(column, f"{page}#{anchor}"))
    return MatrixRow(
        city=city,
        title=Text(city.title, city.title_language),
        cells=cells,
    )
