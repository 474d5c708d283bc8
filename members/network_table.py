"""Points and cities: what each city of the network promised and did, as a table of the office."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from languages.folding import fold
from members.gaps import by_name, network_cities
from members.models import City, Point
from members.models.commitments import Answer
from members.spreadsheet import Cell
from members.strip import BARS, Strip, StripColumn, strips_for

# How a point can stand in a city, by the name of the filter.
STATES: dict[str, tuple[Any, Callable[[StripColumn], bool]]] = {
    "chosen": (
        pgettext_lazy("filter of points", "chosen"),
        lambda column: column.is_stated and column.chosen == Answer.YES,
    ),
    "under-way": (
        pgettext_lazy("filter of points", "under way"),
        lambda column: column.bars == BARS - 1,
    ),
    "done": (
        pgettext_lazy("filter of points", "done, with evidence"),
        lambda column: column.bars == BARS,
    ),
    "stale": (
        pgettext_lazy("filter of points", "not confirmed for a year"),
        lambda column: column.is_stale,
    ),
    "refused": (
        pgettext_lazy("filter of points", "not chosen"),
        lambda column: column.is_refused,
    ),
    "sources": (
        pgettext_lazy("filter of points", "only public sources say so"),
        lambda column: column.is_only_claimed and column.bars > 0,
    ),
    "something": (
        pgettext_lazy("filter of points", "something is known"),
        lambda column: column.is_known,
    ),
    "nothing": (
        pgettext_lazy("filter of points", "nothing is known"),
        lambda column: not column.is_known,
    ),
}


@dataclass(frozen=True)
class TableRow:
    """A city with its columns, in the order of the plan."""

    city: City
    strip: Strip

    def count(self, state: str) -> int:
        """Of how many points this holds."""
        _words, holds = STATES[state]
        return sum(holds(column) for column in self.strip.columns)


# What the table can be sorted by: the highest number first, the names in their order.
ORDERS: dict[str, tuple[Any, Callable[[TableRow], Any]]] = {
    "name": (pgettext_lazy("order of cities", "name"), lambda row: 0),
    "country": (pgettext_lazy("order of cities", "country"), lambda row: str(row.city.country)),
    "chosen": (pgettext_lazy("order of cities", "most chosen"), lambda row: -row.count("chosen")),
    "done": (pgettext_lazy("order of cities", "most done"), lambda row: -row.count("done")),
    "stale": (
        pgettext_lazy("order of cities", "most not confirmed"),
        lambda row: -row.count("stale"),
    ),
}


@dataclass(frozen=True)
class Selection:
    """What the table is to show. Empty: everything. `point`: a number, 0 for any point."""

    name: str = ""
    country: str = ""
    cities: Any = None
    point: int = 0
    state: str = ""
    order: str = "name"


def points() -> list[Point]:
    rows = Point.objects.public().filter(plan__in_force=True)
    return list(rows.order_by("number"))


def table_rows(selection: Selection, numbers: Sequence[int]) -> list[TableRow]:
    """Three queries, however many cities there are."""
    cities = network_cities() if selection.cities is None else selection.cities
    if selection.country:
        cities = cities.filter(country__code=selection.country)
    named = [city for city in by_name(cities) if _has_name(city, selection.name)]
    strips = strips_for(named, numbers)
    rows = [TableRow(city, strips[city.pk]) for city in named]
    wanted = [row for row in rows if _holds(row, selection)]
    _words, key = ORDERS[selection.order]
    return sorted(wanted, key=key)


def _has_name(city: City, text: str) -> bool:
    """Whether one of its names has this text in it, however it is spelled."""
    if not text:
        return True
    wanted = fold(text)
    return any(wanted in fold(name) for name in city.own_names)


def _holds(row: TableRow, selection: Selection) -> bool:
    if not selection.state:
        return True
    _words, holds = STATES[selection.state]
    columns = row.strip.columns
    if selection.point:
        columns = tuple(column for column in columns if column.number == selection.point)
    if selection.state == "nothing":
        return all(holds(column) for column in columns)
    return any(holds(column) for column in columns)


# --- As a file ------------------------------------------------------------------------------------


def cells(rows: Iterable[TableRow], plan: Sequence[Point]) -> list[list[Cell]]:
    """The table with its heading, as text; what is not known is empty."""
    heading: list[Cell] = [_("City"), _("Web address"), _("Country")]
    for point in plan:
        # "1. Vigilance"
        heading.append(str(point))
        words = pgettext("heading of a table", "%(number)d confirmed on")
        heading.append(words % {"number": point.number})
    table = [heading]
    for row in rows:
        table.append(_cells_of(row))
    return table


def _cells_of(row: TableRow) -> list[Cell]:
    city = row.city
    texts: list[Cell] = [str(city), city.slug, str(city.country)]
    for column in row.strip.columns:
        texts.append(column.words if column.is_known else "")
        confirmed = column.confirmed_on
        texts.append(confirmed.isoformat() if confirmed else "")
    return texts
