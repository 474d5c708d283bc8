"""Orders the rows that a search has read: rows → hits, best first, with filters and counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from math import log1p
from operator import attrgetter

from languages.search.candidates import CONTACT, MEETING, Candidate
from languages.search.hits import FACETS, Filters, Hit, ObjectKey, Rank, RankOf, Results
from languages.search.meaning import Meaning
from languages.search.places import CITY
from languages.search.query import Query
from languages.search.ranking import (
    EXACT_NAME,
    FOREIGN,
    IN_NAME,
    IN_TEXT,
    PAGE_PART,
    PART_OF_SUBJECT,
    TRANSLATED,
    Match,
    match_row,
)

# Kinds of rows that say whom to turn to.
HELP_KINDS = (CONTACT,)
# The page of a city that is named comes before what has only some of the other words.
CITY_PAGE_MISSES = 0.5


@dataclass(frozen=True)
class Order:
    """The order of hits for one reader.

    `language`: the reader's. `kinds`: the order of kinds that are otherwise alike.
    """

    language: str
    kinds: tuple[str, ...]
    filters: Filters

    def hits(
        self, rows: Iterable[Candidate], query: Query, rank_of: RankOf | None = None
    ) -> list[Hit]:
        """One hit for each object, best first."""
        hits: dict[ObjectKey, Hit] = {}
        rank_of = rank_of or self.rank
        for row in rows:
            rank = rank_of(row, query)
            key = (row.content_type_id, row.object_id)
            hit = hits.setdefault(key, Hit(row, rank))
            if rank < hit.rank:
                hit.row = row
                hit.rank = rank
            hit.languages.add(row.language)
        return sorted(hits.values(), key=attrgetter("rank"))

    def filtered(self, results: Results, hits: list[Hit]) -> Results:
        """The results with these hits, not counted yet."""
        return replace(
            results,
            all_hits=hits,
            hits=self.passing(hits),
            total=len(hits),
        )

    def counted(self, results: Results) -> Results:
        """The results with the numbers of their hits for each filter."""
        counts = self._counts(results.all_hits)
        return replace(
            results,
            counts=counts,
        )

    def passing(self, hits: list[Hit]) -> list[Hit]:
        """The hits that pass the filters."""
        if not self.filters:
            return hits
        return [hit for hit in hits if hit.passes(self.filters)]

    def _counts(self, hits: Iterable[Hit]) -> dict[str, Counter[object]]:
        """Per filter the number of hits for each value; invented objects do not count."""
        real = [hit for hit in hits if not hit.row.fictional]
        counts: dict[str, Counter[object]] = {}
        for name in FACETS:
            counted = real
            if self.filters:
                counted = [hit for hit in real if hit.passes(self.filters, but=name)]
            counts[name] = Counter(chain.from_iterable(hit.values(name) for hit in counted))
        return counts

    def rank(self, row: Candidate, query: Query) -> Rank:
        return self.rank_match(row, query, match_row(row, query))

    def rank_match(self, row: Candidate, query: Query, match: Match) -> Rank:
        """First rows with all words, then the exact name, names, the reader's language, pages of
        their own, the order of kinds, the dictionary."""
        is_foreign = row.language != self.language
        is_subject = len(query.terms) == 1
        # One word is a subject, so a point of the plan comes before a body that has it in its name.
        # Of several words it counts more how exactly a row has them.
        kind = self._place_of_kind(row.kind)
        if row.kind == CITY and match.level >= IN_TEXT:
            # Of a city it is the name that is looked for.
            kind = len(self.kinds)
        fine = (kind, *match.fine) if is_subject else (*match.fine, kind)
        return Rank(
            named=(),
            missing=match.missing,
            level=_level(row, match, is_foreign=is_foreign, is_subject=is_subject),
            fine=(*fine, is_foreign),
            sort_key=row.sort_key,
            key=row.object_id,
        )

    def _place_of_kind(self, kind: str) -> int:
        """The place of a kind in the order of kinds; unknown kinds come last."""
        return self.places_of_kinds.get(kind, len(self.kinds))

    @cached_property
    def places_of_kinds(self) -> dict[str, int]:
        return {kind: place for place, kind in enumerate(self.kinds)}


class RareFirst:
    """Ranks rows that have some of the terms: a term counts the more, the fewer of them have it."""

    def __init__(self, order: Order, query: Query, rows: Iterable[Candidate]) -> None:
        self.order = order
        self.matches = {row.pk: match_row(row, query) for row in rows}
        absent: Counter[int] = Counter()
        for match in self.matches.values():
            absent.update(match.absent)
        self.weights = [self._weight(absent[place]) for place, _term in enumerate(query.terms)]

    def _weight(self, absent: int) -> float:
        """How much a term counts that is absent from so many rows."""
        number = len(self.matches)
        present = max(1, number - absent)
        return log1p(number / present)

    def rank(self, row: Candidate, query: Query) -> Rank:
        match = self.matches[row.pk]
        weights = [self.weights[place] for place in match.absent]
        missing = round(sum(weights), 6)
        rank = self.order.rank_match(row, query, match)
        return rank._replace(missing=missing)


@dataclass(frozen=True)
class OwnRank:
    """Ranks what belongs to the cities that a text names.

    `alone`: the text says nothing beside the names of the cities.
    """

    order: Order
    meaning: Meaning
    alone: bool

    def rank(self, row: Candidate, query: Query) -> Rank:
        """The page of the city first where nothing else is said; else whom to turn to, if help is
        wanted; the point that is named; then what has most of the other words."""
        rank = self.order.rank(row, query)._replace(named=self.named(row))
        if row.kind != CITY or row.city not in self.meaning.places.city_keys:
            return rank
        if self.alone:
            is_foreign = row.language != self.order.language
            level = self._place_of_city(row)
            return rank._replace(missing=-1, level=level, fine=(is_foreign,))
        return rank._replace(missing=min(rank.missing, CITY_PAGE_MISSES))

    def named(self, row: Candidate) -> tuple[int, ...]:
        """How far a row is not what the text names."""
        is_page = self.alone and row.kind == CITY
        place = 0 if is_page or not self.alone else self._place_of_city(row)
        return (self._is_no_help(row), self._is_other_point(row), place)

    def _is_no_help(self, row: Candidate) -> bool:
        return self.meaning.wants_help and row.kind not in HELP_KINDS

    def _is_other_point(self, row: Candidate) -> bool:
        numbers = set(map(str, self.meaning.points))
        return bool(numbers) and numbers.isdisjoint(row.points.split())

    def _place_of_city(self, row: Candidate) -> int:
        keys = self.meaning.places.city_keys
        return keys.index(row.city) if row.city in keys else 0


def _level(row: Candidate, match: Match, *, is_foreign: bool, is_subject: bool) -> float:
    """The level of a match, and more of what the row lacks: the reader's language, a page, a name
    of its own."""
    level: float = match.level
    if level != EXACT_NAME:
        if is_foreign:
            level += FOREIGN
        if "#" in row.path:
            level += PART_OF_SUBJECT if is_subject else PAGE_PART
    if match.is_gloss:
        # One word is the name of many; of several words it is the whole name that is meant.
        is_generic = match.level == EXACT_NAME and is_subject
        level += IN_NAME + TRANSLATED if is_generic else TRANSLATED
    return level


def has_all_in_name(hit: Hit) -> bool:
    """Whether a hit has all words of the query, and has them in its name."""
    is_in_name = hit.rank.level < IN_TEXT or hit.row.kind == MEETING
    return not hit.rank.missing and is_in_name
