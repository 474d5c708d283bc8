"""Cities like a city, and in what they are like it: the same points, the same country and size, or
near it."""

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from languages.names import join_list, number
from languages.prepared_queries import PreparedQuery, prepare
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
    """The cities most like it, each for its strongest reason. `nearby`: all others, the nearest
    first. One query."""
    if not nearby:
        return []
    points = _points_of_cities()
    similar = [_similar(city, other, points) for other in nearby]
    chosen: dict[int, SimilarCity] = {}
    for group in (_by_points(similar, points), _by_size(city, similar), _by_distance(similar)):
        for row in group:
            chosen.setdefault(row.nearby.key, row)
    return list(chosen.values())[:HOW_MANY]


def _points_of_cities() -> Points:
    points: Points = defaultdict(set)
    for fact in _work_on_points().values():
        city, _blank, point = fact.partition(" ")
        points[int(city)].add(int(point))
    return points


@cache
def _work_on_points() -> PreparedQuery:
    """A fact is a text: the key of a city, the number of a point, parted by a blank."""
    city = Cast("city", TextField())
    point = Cast("point__number", TextField())
    fact = Concat(city, Value(" "), point, output_field=TextField())
    commitments = commitments_with().order_by().annotate(fact=fact)
    return prepare(commitments.values_list("fact", flat=True))


def _similar(city: City, other: NearbyCity, points: Points) -> SimilarCity:
    own = points[city.pk]
    shared = own & points[other.key]
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


def _by_points(similar: list[SimilarCity], points: Points) -> list[SimilarCity]:
    """Those with the most points in common, of all points on which either works."""
    rows = [row for row in similar if row.points]

    def share(row: SimilarCity) -> float:
        # The other city's points beside those in common count against it.
        return len(row.points) / (len(row.points) + len(points[row.nearby.key]))

    # Of equal ones the nearest: the order of the rows is kept.
    rows.sort(key=share, reverse=True)
    return rows[:OF_POINTS]


def _by_size(city: City, similar: list[SimilarCity]) -> list[SimilarCity]:
    rows = [row for row in similar if row.is_of_size]
    return sorted(rows, key=lambda row: _ratio(city, row.nearby))


def _by_distance(similar: list[SimilarCity]) -> list[SimilarCity]:
    return [row for row in similar if row.is_near]
