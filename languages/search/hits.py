"""What a search gives: hits, each an object with its rank, and how the search came to them."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q

from languages.search.candidates import Candidate
from languages.search.meaning import Meaning
from languages.search.query import Query

FACETS = ("kind", "country", "city", "point", "language")

# Content type and key of an object.
ObjectKey = tuple[int, int]


class Rank(NamedTuple):
    """What hits are sorted by, less first.

    `named`: how far it is not what the text names; `missing`: how many words it lacks; `level`:
    where it has them; `fine`: how exactly, and its place in the order of kinds.
    """

    named: tuple[int, ...]
    missing: float
    level: float
    fine: tuple[int, ...]
    sort_key: str
    key: int


RankOf = Callable[[Candidate, Query], Rank]


@dataclass(frozen=True)
class Filters:
    """To what a reader narrows the results; an empty value lets everything pass."""

    kind: str = ""
    country: str = ""
    city: int | None = None
    point: str = ""
    language: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in FACETS)

    def condition(self) -> Q:
        """The same filters for the database."""
        condition = Q()
        for name in ("kind", "country", "city", "language"):
            value = getattr(self, name)
            if value:
                condition &= Q(**{name: value})
        if self.point:
            point = f" {self.point} "
            condition &= Q(points__contains=point)
        return condition


@dataclass
class Hit:
    """An object that matches: its best row, its rank, and the languages in which it matches."""

    row: Candidate
    rank: Rank
    languages: set[str] = field(default_factory=set)

    @property
    def key(self) -> ObjectKey:
        return self.row.content_type_id, self.row.object_id

    def passes(self, filters: Filters, but: str = "") -> bool:
        """Whether it passes all filters, not counting the one named `but`."""
        for name in FACETS:
            if name == but:
                continue
            wanted = getattr(filters, name)
            if wanted and wanted not in self.values(name):
                return False
        return True

    def values(self, name: str) -> Iterable[object]:
        """The values that it has for a filter."""
        if name == "language":
            return self.languages
        if name == "point":
            return self.row.points.split()
        value = getattr(self.row, name)
        return (value,) if value else ()


@dataclass
class Results:
    """What a search gives: the hits, best first, and how the search came to them."""

    query: Query
    hits: list[Hit] = field(default_factory=list)
    # The hits without the filters.
    all_hits: list[Hit] = field(default_factory=list)
    # What the text names; None where nothing was searched.
    meaning: Meaning | None = None
    # Per filter the number of hits for each value.
    counts: dict[str, Counter[object]] = field(default_factory=dict)
    # The number of hits without the filters.
    total: int = 0
    # There are more hits than could be ranked.
    is_sample: bool = False
    # The counts are those of all hits.
    has_all_counts: bool = True
    # No row has all the words: these have some of them.
    has_some_words: bool = False
    # Nothing had the words as they were written: pairs of a word and the word of the index that
    # took its place.
    corrections: list[tuple[str, str]] = field(default_factory=list)
    # There are hits, but few: another spelling.
    other_spelling: str = ""

    @property
    def has_all_words(self) -> bool:
        """Whether something has all words of the query."""
        if self.has_some_words:
            return False
        return bool(self.total)


class Suggestions(NamedTuple):
    """The best hits for the beginning of a text, and the query that has them."""

    query: Query
    hits: list[Hit]


def unique_hits(hits: Iterable[Hit]) -> list[Hit]:
    """The hits, each object once."""
    first: dict[ObjectKey, Hit] = {}
    for hit in hits:
        first.setdefault(hit.key, hit)
    return list(first.values())


def other_hits(hits: Iterable[Hit], first: Iterable[Hit]) -> list[Hit]:
    """The hits that are not among the first ones."""
    keys = {hit.key for hit in first}
    return [hit for hit in hits if hit.key not in keys]
