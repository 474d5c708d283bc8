"""Cities beside each other, point by point: what each promised and did, and what shows it.

There is no score and no sum that would order them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from languages.names import join_list, number
from languages.text import current_language
from members.models import City, Membership, Point, Record
from members.standing import StandingKind, StandingLine, standings_of
from portal.city_choice import CityChoice
from portal.promises import Promise, Promises, promises_by_city

# Of these the day of the line is that of joining.
JOINED = (StandingKind.MEMBER, StandingKind.SUSPENDED)


@dataclass(frozen=True)
class ComparedCity:
    """A city with what is public of it; `address_without` compares the others alone."""

    city: City
    standing: StandingLine | None
    promises: Promises
    address_without: str

    @property
    def membership(self) -> Membership | None:
        """The newest one."""
        memberships = public_memberships(self.city)
        return memberships[0] if memberships else None

    @property
    def since(self) -> str:
        """Since when it is a member (partial date); not since when a source lists it."""
        if not self.standing or self.standing.kind not in JOINED:
            return ""
        return self.standing.on


def public_memberships(city: City) -> list[Membership]:
    """What `city_choice` brings with a city, which the type checker does not see."""
    return city.public_memberships  # type: ignore[attr-defined, no-any-return]


@dataclass(frozen=True)
class PointInCities:
    """A point of the plan in each of the cities, in their order."""

    point: Point
    cells: list[tuple[ComparedCity, Promise]]

    @property
    def is_known(self) -> bool:
        """Whether anything is known of any of the cities."""
        return any(promise.is_known for _compared, promise in self.cells)


@dataclass(frozen=True)
class Comparison:
    """Cities beside each other."""

    cities: list[ComparedCity]
    points: list[PointInCities]

    @property
    def known(self) -> list[PointInCities]:
        return [row for row in self.points if row.is_known]

    @property
    def unknown(self) -> list[PointInCities]:
        return [row for row in self.points if not row.is_known]

    @property
    def unknown_numbers(self) -> str:
        """Of the points of which nothing is known in any city: `1, 2 and 3`."""
        language = current_language()
        numbers = [number(row.point.number, language) for row in self.unknown]
        return join_list(numbers, language)

    @property
    def records(self) -> list[Record]:
        """What may have citations."""
        records: list[Record] = []
        for compared in self.cities:
            records += public_memberships(compared.city)
            records += compared.promises.records
        return records

    def cells(self) -> Iterator[tuple[ComparedCity, Promise]]:
        """Point by point, each city of each."""
        for row in self.points:
            yield from row.cells


def comparison_of(choice: CityChoice) -> Comparison:
    """The same number of queries for two cities and for four."""
    cities = choice.cities
    promises = promises_by_city(cities) if cities else {}
    standings = standings_of(cities) if cities else {}
    compared = [
        ComparedCity(
            city,
            standings[city.pk],
            promises[city.pk],
            choice.address_without(city.slug),
        )
        for city in cities
    ]
    return Comparison(compared, _rows(compared))


def _rows(cities: list[ComparedCity]) -> list[PointInCities]:
    columns: list[Any] = [compared.promises.points for compared in cities]
    rows = []
    for promises in zip(*columns, strict=True):
        cells = list(zip(cities, promises, strict=True))
        rows.append(PointInCities(promises[0].point, cells))
    return rows
