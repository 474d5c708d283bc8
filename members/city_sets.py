"""Which cities each value of the directory's filters leaves, for all values at once.

One query asks for the cities of every value. It is the same for all readers of a language, so it is
prepared once: building it takes ten times as long as the database takes to answer it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, Substr
from django.utils import timezone

from languages.prepared_queries import PreparedQuery, prepare
from members.city_filter import (
    POPULATIONS,
    STATUSES,
    UNKNOWN,
    WORK,
    Values,
    commitments_with,
    condition_of,
)
from members.models import City, Membership

# A fact is a text: the key of a city, the name of a filter, a value, parted by blanks.
Facts = QuerySet[Any, Any]
Keys = set[int]

# What has no key in the filters: a listed city, an invented one, the default status, any work.
LISTED, INVENTED, MEMBERS, ANY_WORK = "listed", "invented", "members", "any"
YEAR = len("YYYY")


class CitySets:
    """The listed cities by what the filters ask: keys of cities."""

    def __init__(self, facts: Iterable[str]) -> None:
        self._sets: dict[str, Keys] = defaultdict(set)
        for fact in facts:
            key, _blank, words = fact.partition(" ")
            self._sets[words].add(int(key))
        self.listed = frozenset(self._sets[LISTED])
        # Whether there are cities of the demonstration, which are not listed.
        self.has_invented = bool(self._sets[INVENTED])

    def values_of(self, name: str) -> list[str]:
        """The values of a filter that leave a city, in order."""
        start = f"{name} "
        return sorted(words[len(start) :] for words in self._sets if words.startswith(start))

    def of(self, values: Values) -> Keys:
        """The cities that these values leave: the sets' answer to `condition_of`."""
        cities = set(self.listed)
        for own in self._sets_of(values):
            cities &= own
        return cities

    def count_by_point(self, values: Values) -> dict[str, int]:
        """How many of the cities of these values work on each point, by its number as a text."""
        cities = self.of(values)
        counts = {}
        for number in self.values_of(ANY_WORK):
            counts[number] = len(cities & self._at_work(number, ANY_WORK))
        return counts

    def _sets_of(self, values: Values) -> Iterator[Keys]:
        status = values.get("status") or MEMBERS
        if status != "all":
            yield self._sets[f"status {status}"]
        for name in ("country", "region", "population", "ground", "joined"):
            if values.get(name):
                yield self._sets[f"{name} {values[name]}"]
        if values.get("joined_after"):
            first = str(values["joined_after"])
            yield self._any_of(f"year {year}" for year in self.values_of("year") if year >= first)
        if values.get("joined_before"):
            end = str(values["joined_before"] + 1)
            yield self._any_of(f"year {year}" for year in self.values_of("year") if year < end)
        point, work = values.get("point"), values.get("work")
        if point or work:
            yield self._at_work(point or "", work or ANY_WORK)

    def _at_work(self, point: str, work: str) -> Keys:
        """`point` empty: on any point."""
        if point:
            return self._sets[f"{work} {point}"]
        return self._any_of(f"{work} {number}" for number in self.values_of(work))

    def _any_of(self, all_words: Iterable[str]) -> Keys:
        cities: Keys = set()
        for words in all_words:
            cities |= self._sets[words]
        return cities


def sets_of_cities(language: str) -> CitySets:
    """Of the public, real cities that the directory of this language lists. One query."""
    year = timezone.localdate().year
    return CitySets(_query(language, year).values())


@cache
def _query(language: str, _year: int) -> PreparedQuery:
    """The year says which actions are recent: the query holds until it ends."""
    first, *others = _all_facts(language)
    return prepare(first.union(*others, all=True))


def _all_facts(language: str) -> Iterator[Facts]:
    cities = City.objects.public().real()
    yield _facts(cities.by_name(language), Value(LISTED))
    invented = City.objects.public().filter(fictional=True)
    yield _facts(invented, Value(INVENTED))
    yield _facts(cities, _words("country", "country__code"))
    yield _facts(cities.exclude(region=""), _words("region", "region"))
    for key in (*POPULATIONS, UNKNOWN):
        yield _facts_with(cities, "population", key)
    yield from _facts_of_membership(cities)
    yield from _facts_of_grounds()
    for key in ("", *dict(WORK)):
        commitments = commitments_with(work=key)
        words = _words(key or ANY_WORK, "point__number")
        yield _facts(commitments, words, city="city")


def _facts_of_membership(cities: QuerySet[City]) -> Iterator[Facts]:
    yield _facts(cities.filter(condition_of({})), Value(f"status {MEMBERS}"))
    for key in dict(STATUSES):
        if key != "all":
            yield _facts_with(cities, "status", key)
    yield _facts_with(cities, "joined", UNKNOWN)
    members = Membership.objects.public().open()
    with_year = members.exclude(joined="").annotate(year=Substr("joined", 1, YEAR))
    yield _facts(with_year, _words("year", "year"), city="city")


def _facts_of_grounds() -> Iterator[Facts]:
    """A city has a ground by a public body or a public programme for it."""
    for relation in ("organisations", "programmes"):
        is_public = Q(
            **{
                f"{relation}__published_at__isnull": False,
                f"{relation}__grounds__isnull": False,
            }
        )
        words = _words("ground", f"{relation}__grounds__slug")
        yield _facts(City.objects.filter(is_public), words)


def _facts_with(cities: QuerySet[City], name: str, value: str) -> Facts:
    """Cities of one value, by its own condition."""
    everybody = {} if name == "status" else {"status": "all"}
    condition = condition_of(everybody | {name: value})
    return _facts(cities.filter(condition), Value(f"{name} {value}"))


def _words(name: str, lookup: str) -> Combinable:
    value = Cast(F(lookup), TextField())
    return Concat(Value(f"{name} "), value, output_field=TextField())


def _facts(rows: QuerySet[Any], words: Combinable, city: str = "pk") -> Facts:
    """`city`: the lookup from a row to the key of its city."""
    key = Cast(F(city), CharField())
    fact = Concat(key, Value(" "), words, output_field=TextField())
    facts: Facts = rows.order_by().annotate(fact=fact).values_list("fact", flat=True)
    return facts
