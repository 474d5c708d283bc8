"""Cities like a city, and in what they are like it: the same points, the same country and size, or
near it."""

import math
from dataclasses import dataclass
from functools import cache

from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from languages.names import join_list, number
from languages.prepared_queries import PreparedQuery, prepare
from languages.shared_values import shared_by_pages
from languages.text import current_language
from members.city_filter import commitments_with
from members.map.cities import NearbyCity
from members.models import City

HOW_MANY = 3
# Of cities that work on the same points, so many at most.
OF_POINTS = 2
# One point in common is chance.
LEAST_POINTS = 2
# "About as many inhabitants": at most half as many again.
LARGEST_RATIO = 1.5
# In km. Farther away a city is no neighbour.
NEAR = 150

# The numbers of the points on which a city works, by its key.
Points = dict[int, set[int]]


@dataclass(frozen=True)
class SimilarCity:
    """A city like another one. `points`: numbers of those on which both work; `is_of_size`: it has
    the same country, and about as many inhabitants."""

    nearby: NearbyCity
    points: tuple[int, ...] = ()
    is_of_size: bool = False

    @property
    def point_numbers(self) -> str:
        """`3, 6 and 7`."""
        language = current_language()
        numbers = [number(point, language) for point in self.points]
        return join_list(numbers, language)

    @property
    def is_near(self) -> bool:
        return self.nearby.distance <= NEAR


def similar_cities(city: City, nearby: list[NearbyCity]) -> list[SimilarCity]:
    """The cities most like it, each for its strongest reason. `nearby`: others, the nearest
    first. One query."""
    if not nearby:
        return []
    points = _points_of_cities()
    own = points.get(city.pk, set())
    chosen: dict[int, NearbyCity] = {}
    for group in (_by_points(own, nearby, points), _by_size(city, nearby), _by_distance(nearby)):
        for row in group:
            chosen.setdefault(row.key, row)
    rows = list(chosen.values())[:HOW_MANY]
    return [_similar(city, own & points.get(row.key, set()), row) for row in rows]


@shared_by_pages
def _points_of_cities() -> Points:
    points: Points = {}
    for fact in _work_on_points().values():
        city, _blank, point = fact.partition(" ")
        points.setdefault(int(city), set()).add(int(point))
    return points


@cache
def _work_on_points() -> PreparedQuery:
    """A fact is a text: the key of a city, the number of a point, parted by a blank."""
    city = Cast("city", TextField())
    point = Cast("point__number", TextField())
    fact = Concat(city, Value(" "), point, output_field=TextField())
    commitments = commitments_with().order_by().annotate(fact=fact)
    return prepare(commitments.values_list("fact", flat=True))


def _similar(city: City, shared: set[int], other: NearbyCity) -> SimilarCity:
    """`shared`: points on which both work."""
    has_points = len(shared) >= LEAST_POINTS
    return SimilarCity(
        other,
        points=tuple(sorted(shared)) if has_points else (),
        is_of_size=_is_of_size(city, other),
    )


def _is_of_size(city: City, other: NearbyCity) -> bool:
    return other.country == city.country.code and _ratio(city, other) <= LARGEST_RATIO


def _ratio(city: City, other: NearbyCity) -> float:
    """How many times as large the larger of the two is; infinite where one is not known."""
    if not city.population or not other.population:
        return math.inf
    larger = max(city.population, other.population)
    smaller = min(city.population, other.population)
    return larger / smaller


def _by_points(own: set[int], nearby: list[NearbyCity], points: Points) -> list[NearbyCity]:
    """Those with the most points in common, of all points on which either works."""
    shares = []
    for row in nearby:
        others = points.get(row.key, set())
        shared = len(own & others)
        if shared >= LEAST_POINTS:
            # The other city's points beside those in common count against it.
            shares.append((shared / (shared + len(others)), row))
    # Of equal ones the nearest: the order of the rows is kept.
    shares.sort(key=lambda pair: pair[0], reverse=True)
    return [row for _share, row in shares[:OF_POINTS]]


def _by_size(city: City, nearby: list[NearbyCity]) -> list[NearbyCity]:
    rows = [row for row in nearby if _is_of_size(city, row)]
    return sorted(rows, key=lambda row: _ratio(city, row))


def _by_distance(nearby: list[NearbyCity]) -> list[NearbyCity]:
    return [row for row in nearby if row.distance <= NEAR]
