"""Which cities each value of the directory's filters leaves, for all values at once.

One query asks for the cities of every value. It is the same for all readers of a language, so it is
prepared once: building it takes ten times as long as the database takes to answer it.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cache

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Substr
from django.utils import timezone

from languages.prepared_queries import PreparedQuery, prepare
from languages.shared_values import shared_by_pages
from languages.value_sets import Facts, Keys, ValueSets, facts_of, in_all, words_of
from members.city_filter import (
    POPULATIONS,
    STATUSES,
    UNKNOWN,
    WORK,
    Values,
    commitments_with,
    condition_of,
    joined_memberships,
)
from members.models import City

# What has no key in the filters: a listed city, an invented one, the default status, any work.
LISTED, INVENTED, MEMBERS, ANY_WORK = "listed", "invented", "members", "any"
YEAR = len("YYYY")


class CitySets(ValueSets):
    """The listed cities by what the filters ask: keys of cities."""

    def __init__(self, facts: Iterable[str]) -> None:
        super().__init__(facts)
        self.listed = self.with_words(LISTED)
        # Whether there are cities of the demonstration, which are not listed.
        self.has_invented = bool(self.with_words(INVENTED))
        # What the directory and the map show to whoever asks for nothing else.
        self.members = frozenset(self.of({}))

    def of(self, values: Values) -> Keys:
        """The cities that these values leave: the sets' answer to `condition_of`."""
        return in_all([self.listed, *self._sets_of(values)])

    def count_by_point(self, values: Values) -> dict[str, int]:
        """How many of the cities of these values work on each point, by its number as a text."""
        cities = self.of(values)
        counts = {}
        for number in self.values_of(ANY_WORK):
            counts[number] = len(cities & self._at_work(number, ANY_WORK))
        return counts

    def _sets_of(self, values: Values) -> Iterator[AbstractSet[int]]:
        status = values.get("status") or MEMBERS
        if status != "all":
            yield self.with_words(f"status {status}")
        for name in ("country", "region", "population", "ground", "joined"):
            if values.get(name):
                yield self.with_words(f"{name} {values[name]}")
        if values.get("joined_after"):
            first = str(values["joined_after"])
            yield self.with_any(f"year {year}" for year in self.values_of("year") if year >= first)
        if values.get("joined_before"):
            end = str(values["joined_before"] + 1)
            yield self.with_any(f"year {year}" for year in self.values_of("year") if year < end)
        point, work = values.get("point"), values.get("work")
        if point or work:
            yield self._at_work(point or "", work or ANY_WORK)

    def _at_work(self, point: str, work: str) -> AbstractSet[int]:
        """`point` empty: on any point."""
        if point:
            return self.with_words(f"{work} {point}")
        return self.with_any(f"{work} {number}" for number in self.values_of(work))


@shared_by_pages
def sets_of_cities(language: str) -> CitySets:
    """Of the public, real cities that the directory of this language lists. One query."""
    year = timezone.localdate().year
    return CitySets(_query(language, year).values())


@shared_by_pages
def keys_by_name(language: str) -> list[int]:
    """The keys of the same cities in the dictionary order of this language. One query."""
    cities = City.objects.public().real().by_name(language)
    return list(cities.values_list("pk", flat=True))


@cache
def _query(language: str, _year: int) -> PreparedQuery:
    """The year says which actions are recent: the query holds until it ends."""
    first, *others = _all_facts(language)
    return prepare(first.union(*others, all=True))


def _all_facts(language: str) -> Iterator[Facts]:
    cities = City.objects.public().real()
    yield facts_of(cities.by_name(language), Value(LISTED))
    invented = City.objects.public().filter(fictional=True)
    yield facts_of(invented, Value(INVENTED))
    yield facts_of(cities, words_of("country", "country__code"))
    yield facts_of(cities.exclude(region=""), words_of("region", "region"))
    for key in (*POPULATIONS, UNKNOWN):
        yield _facts_with(cities, "population", key)
    yield from _facts_of_membership(cities)
    yield from _facts_of_grounds()
    for key in ("", *dict(WORK)):
        commitments = commitments_with(work=key)
        words = words_of(key or ANY_WORK, "point__number")
        yield facts_of(commitments, words, key="city")


def _facts_of_membership(cities: QuerySet[City]) -> Iterator[Facts]:
    yield facts_of(cities.filter(condition_of({})), Value(f"status {MEMBERS}"))
    for key in dict(STATUSES):
        if key != "all":
            yield _facts_with(cities, "status", key)
    yield _facts_with(cities, "joined", UNKNOWN)
    with_year = joined_memberships().annotate(year=Substr("joined", 1, YEAR))
    yield facts_of(with_year, words_of("year", "year"), key="city")


def _facts_of_grounds() -> Iterator[Facts]:
    """A city has a ground by a public body or a public programme for it."""
    for relation in ("organisations", "programmes"):
        is_public = Q(
            **{
                f"{relation}__published_at__isnull": False,
                f"{relation}__grounds__isnull": False,
            }
        )
        words = words_of("ground", f"{relation}__grounds__slug")
        yield facts_of(City.objects.filter(is_public), words)


def _facts_with(cities: QuerySet[City], name: str, value: str) -> Facts:
    """Cities of one value, by its own condition."""
    everybody = {} if name == "status" else {"status": "all"}
    condition = condition_of(everybody | {name: value})
    return facts_of(cities.filter(condition), Value(f"{name} {value}"))
