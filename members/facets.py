"""The facets of the directory: for each filter its options, with how many cities each would leave.

A facet counts with all other filters applied, by the sets of `CitySets`; an option that would leave
no city is not offered.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from languages.dates import RECENT_YEARS
from languages.text import current_language
from members.city_filter import JOINED, CityFilter, Values
from members.city_sets import CitySets, sets_of_cities
from members.countries import country_choices

# Options that a facet shows before "more".
MOST_SHOWN = 7
# First years of the groups by year of joining, the newest group first; the last has no beginning.
DECADES = (2020, 2010)


class FacetChoice(NamedTuple):
    """An option before it is counted: the parameters that it sets, and its words."""

    parameters: Mapping[str, str]
    label: str


@dataclass(frozen=True)
class Option:
    """An option that leaves `count` cities. `url` sets it; where it is chosen, takes it back."""

    label: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """Options of one kind. `names`: the parameters of the list that it sets."""

    key: str
    label: str | Promise
    options: list[Option]

    @property
    def first(self) -> list[Option]:
        return self.options[:MOST_SHOWN]

    @property
    def more(self) -> list[Option]:
        return self.options[MOST_SHOWN:]

    @property
    def is_chosen(self) -> bool:
        return any(option.is_chosen for option in self.options)


class CountedCityFilter(CityFilter):
    """The filter of the directory, which counts by the sets of cities."""

    def count_of(self, values: Values) -> int:
        sets = sets_of_cities(current_language())
        cities = sets.of(values)
        if values.get("q"):
            cities &= self.with_words or set()
        return len(cities)


class _Kind(NamedTuple):
    """How a facet is made. `names`: the parameters that it sets; `partners`: those without which
    its options mean something else, and which its conditions therefore hold as well; `by_count`:
    the options that leave most cities stand first."""

    key: str
    names: tuple[str, ...]
    label: str | Promise
    choices: Callable[[CityFilter, CitySets], Iterable[FacetChoice]]
    partners: tuple[str, ...] = ()
    by_count: bool = False


def facets_of(filters: CityFilter, sets: CitySets) -> list[Facet]:
    """All facets with an option; none where the filters make no sense."""
    if not filters.is_valid():
        return []
    facets = [_facet(kind, filters, sets) for kind in KINDS]
    return [facet for facet in facets if facet.options]


def found_by(filters: CityFilter, sets: CitySets) -> set[int]:
    """The cities of the list, by their keys."""
    if not filters.is_valid():
        return set()
    return _found(filters, sets, filters.values)


def _found(filters: CityFilter, sets: CitySets, values: Values) -> set[int]:
    """The cities of these values and of the words that were looked for."""
    cities = sets.of(values)
    if filters.with_words is not None:
        cities &= filters.with_words
    return cities


def _facet(kind: _Kind, filters: CityFilter, sets: CitySets) -> Facet:
    values = filters.values
    own = (*kind.names, *kind.partners)
    others = {name: value for name, value in values.items() if name not in own}
    partners = {name: values.get(name) for name in kind.partners}
    # The list without this facet: also its members, unless the status is what is counted.
    sets_status = "status" in own
    everybody = {"status": "all"} if sets_status else {}
    cities = _found(filters, sets, others | everybody)
    offered = []
    for choice in kind.choices(filters, sets):
        chosen = _values(choice, partners, sets_status)
        count = len(cities & sets.of(chosen))
        option = _option(choice, count, kind.names, filters.data)
        if option.count or option.is_chosen:
            offered.append(option)
    if kind.by_count:
        offered.sort(key=lambda option: -option.count)
    return Facet(kind.key, kind.label, offered)


def _values(choice: FacetChoice, partners: Mapping[str, Any], sets_status: bool) -> dict[str, Any]:
    values: dict[str, Any] = dict(partners) | dict(choice.parameters)
    for name in ("joined_after", "joined_before"):
        if values.get(name):
            values[name] = int(values[name])
    if not sets_status:
        values["status"] = "all"  # who is a member is asked of the list, not of the option
    return values


def _option(choice: FacetChoice, count: int, names: Iterable[str], query: QueryDict) -> Option:
    chosen = {name: query.get(name, "") for name in names if query.get(name)}
    is_chosen = chosen == dict(choice.parameters) or _is_default(choice, chosen)
    parameters = query.copy()
    for name in (*names, "page", "map"):
        parameters.pop(name, None)
    if not is_chosen:
        parameters.update(choice.parameters)
    return Option(choice.label, count, f"?{parameters.urlencode()}", is_chosen)


def _is_default(choice: FacetChoice, chosen: Mapping[str, str]) -> bool:
    """Whether the option without parameters is the one that holds."""
    return not choice.parameters and not chosen


def _countries(_filters: CityFilter, sets: CitySets) -> Iterator[FacetChoice]:
    """By name."""
    for code, name in country_choices(sets.values_of("country")):
        yield FacetChoice({"country": code}, name)


def _regions(_filters: CityFilter, sets: CitySets) -> Iterator[FacetChoice]:
    for name in sets.values_of("region"):
        yield FacetChoice({"region": name}, name)


def _of_form(name: str) -> Callable[[CityFilter, CitySets], Iterator[FacetChoice]]:
    """The choices of a field of the form, without the empty one."""

    def choices(filters: CityFilter, _sets: CitySets) -> Iterator[FacetChoice]:
        for value, label in filters.form.fields[name].choices:
            if value:
                yield FacetChoice({name: str(value)}, str(label))

    return choices


def _years(_filters: CityFilter, _sets: CitySets) -> Iterator[FacetChoice]:
    """Groups of years of joining: recent ones, decades, and no year."""
    recent = timezone.localdate().year - RECENT_YEARS + 1
    yield FacetChoice({"joined_after": str(recent)}, _("{year} or later").format(year=recent))
    last = recent - 1
    for first in DECADES:
        if first <= last:
            yield FacetChoice(
                {"joined_after": str(first), "joined_before": str(last)}, f"{first}–{last}"
            )
        last = first - 1
    yield FacetChoice({"joined_before": str(last)}, _("{year} or earlier").format(year=last))
    for key, label in JOINED:
        yield FacetChoice({"joined": key}, str(label))


def _statuses(filters: CityFilter, sets: CitySets) -> Iterator[FacetChoice]:
    yield FacetChoice({}, str(_("Members")))
    yield from _of_form("status")(filters, sets)


KINDS = (
    _Kind(
        "country",
        ("country",),
        _("Country"),
        _countries,
        by_count=True,
    ),
    _Kind("joined", ("joined_after", "joined_before", "joined"), _("Joined"), _years),
    _Kind(
        "point",
        ("point",),
        _("Works on point"),
        _of_form("point"),
        partners=("work",),
    ),
    _Kind("work", ("work",), _("What the city does"), _of_form("work"), partners=("point",)),
    _Kind("status", ("status",), _("Membership"), _statuses),
    _Kind("population", ("population",), _("Inhabitants"), _of_form("population")),
    _Kind(
        "region",
        ("region",),
        _("Region"),
        _regions,
        by_count=True,
    ),
    _Kind("ground", ("ground",), _("Ground of discrimination"), _of_form("ground")),
)
