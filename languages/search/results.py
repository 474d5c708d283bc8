"""Search and suggestions: text of a visitor → ranked hits.

A search looks for rows that have all words; then for what the visitor probably meant; then for rows
that have some of the words. The database says only which rows have the words (`candidates`).
Ranking, filters and counts are done here. So SQLite and PostgreSQL give the same results, and the
commonest word costs hardly more than any other.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Q, QuerySet

from languages.models import IndexRow, IndexWord
from languages.search.candidates import (
    Candidate,
    HasWords,
    find_candidates,
    is_in_index,
    rows_of_cities,
    time_limit,
)
from languages.search.places import CITY, PlaceReading, read_places, without_municipal_words
from languages.search.query import SHORTEST_BEGINNING, Query, QueryTerm, parse_query, word_term
from languages.search.ranking import (
    EXACT_NAME,
    FOREIGN,
    INFLECTED,
    PAGE_PART,
    match_row,
    match_term,
)
from languages.search.vocabulary import find_compounds, nearest_words
from languages.text import current_language

LONGEST_SECONDS = 4
LONGEST_SUGGESTING_SECONDS = 1
# So many rows of the places in a text are looked at by the filter of a list.
MOST_NAMED = 5000
# With fewer hits than this, the search offers another spelling.
FEW = 3
FACETS = ("kind", "country", "city", "point", "language")

# Content type and key of an object.
ObjectKey = tuple[int, int]
# What hits are sorted by: terms missing, level, kind, fine match, dictionary order, key.
Rank = tuple[int, float, int, tuple[int, ...], str, int]


def matching_rows(text: str) -> QuerySet[IndexRow]:
    """The rows in any language that a text asks for, for filters of lists: those that have all of
    its words, and those of the places that it names.

    A word of the text may be a beginning or an inflected form. Nothing in the text is an operator.
    A text without words matches no rows.
    """
    query = parse_query(text, beginnings=True)
    if not query:
        return IndexRow.objects.none()
    named = rows_of_places(read_places(text))
    keys = list(named.values_list("pk", flat=True)[:MOST_NAMED])
    has_words = HasWords(query.terms)
    return IndexRow.objects.filter(Q(has_words) | Q(pk__in=keys))


def rows_of_places(reading: PlaceReading) -> QuerySet[IndexRow]:
    """The rows of the cities that a text names, and what belongs to them as far as it has the other
    words; without a city those of a country, if the text says nothing else."""
    rows = IndexRow.objects.all()
    rest = parse_query(reading.rest, beginnings=True)
    if reading.cities:
        own = rows.filter(city__in=reading.city_keys)
        if not rest:
            return own
        return own.filter(Q(kind=CITY) | Q(HasWords(rest.terms)))
    if reading.is_place_alone:
        return rows.filter(country__in=reading.countries)
    return rows.none()


# --- Results --------------------------------------------------------------------------------------


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
    # There are hits, but few: another spelling that has more.
    other_spelling: str = ""


class Suggestions(NamedTuple):
    """The best hits for the beginning of a text, and the query that has them."""

    query: Query
    hits: list[Hit]


def search(
    text: str,
    language: str | None = None,
    kinds: Sequence[str] = (),
    filters: Filters | None = None,
) -> Results:
    """Search for all words of a text; else with typing errors corrected; else for some of them.

    `language` is the reader's, by default the active one. `kinds` orders hits that are otherwise
    alike. Raises `SearchTimeout` after `LONGEST_SECONDS`.
    """
    searcher = _Searcher(language or current_language(), tuple(kinds), filters or Filters())
    with time_limit(LONGEST_SECONDS):
        query = with_compounds(parse_query(text), searcher.language)
        return searcher.run(query) if query else Results(query)


def suggest(text: str, *, kinds: Sequence[str] = (), kind: str = "", most: int = 8) -> Suggestions:
    """The best hits in titles for what a visitor has written so far.

    `kind` admits this kind alone. Raises `SearchTimeout` after `LONGEST_SUGGESTING_SECONDS`.
    """
    query = parse_query(text)
    letters = "".join(query.words)
    if len(letters) < SHORTEST_BEGINNING:
        return Suggestions(query, [])
    searcher = _Searcher(
        language=current_language(),
        kinds=tuple(kinds),
        filters=Filters(kind=kind),
    )
    with time_limit(LONGEST_SUGGESTING_SECONDS):
        reading = read_places(text)
        named = searcher.named_cities(reading)
        hits = named + _others(searcher.in_titles(query), named)
        if not hits:
            query = parse_query(without_municipal_words(text))
            hits = searcher.in_titles(query)
        correction = None if hits else searcher.correct_only_word(query)
        if correction:
            query = parse_query(correction.spelled)
            hits = searcher.in_titles(query)
    return Suggestions(query, hits[:most])


def _others(hits: Iterable[Hit], first: Iterable[Hit]) -> list[Hit]:
    """The hits that are not among the first ones."""
    keys = {hit.key for hit in first}
    return [hit for hit in hits if hit.key not in keys]


def similar_words(query: Query, language: str | None = None) -> list[str]:
    """Words of the index that are like those of a query, with one error more than a correction may
    have."""
    reader_language = language or current_language()
    similar: dict[str, None] = {}
    for term in query.single_words:
        nearest = nearest_words(term.words[0], reader_language, further=1)
        for word in nearest[:FEW]:
            spelled = word.spelled
            if is_in_index(word_term(spelled)):
                similar[spelled] = None
    return list(similar)


def with_compounds(query: Query, language: str) -> Query:
    """The query with the compounds of the index that contain its words."""
    terms = query.single_words
    words = [term.words[0] for term in terms]
    compounds_by_word = find_compounds(words, language)
    for term, word in zip(terms, words, strict=True):
        compounds = compounds_by_word.get(word)
        if compounds:
            beginnings = compounds.beginnings.union(term.beginnings)
            longer = replace(
                term,
                compounds=tuple(compounds.tokens),
                beginnings=tuple(sorted(beginnings)),
            )
            query = query.replace_term(term, longer)
    return query


# --- One search -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Searcher:
    """The steps of a search for one reader."""

    language: str
    kinds: tuple[str, ...]
    filters: Filters

    def run(self, query: Query) -> Results:
        results = self.all_terms(query)
        total = results.total
        if not total:
            return self.corrected_terms(query) or self.some_terms(query) or results
        if results.hits and not self._has_real_hit(results):
            return self._better_results(query, results)
        if total < FEW:
            results.other_spelling = self._other_spelling(query, total)
        return results

    def all_terms(self, query: Query) -> Results:
        return self._results(query, any_term=False)

    def some_terms(self, query: Query) -> Results | None:
        if len(query.terms) < 2:
            return None
        results = self._results(query, any_term=True)
        results.has_some_words = True
        return results if results.total else None

    def corrected_terms(self, query: Query, *, exact: bool = False) -> Results | None:
        """Replace every word that the index lacks by the nearest one that it has.

        `exact`: a word that the index has only in another form counts as one that it lacks. None if
        nothing can be replaced, or if the corrected query finds nothing.
        """
        corrections = []
        for term in query.single_words:
            word = self._correction_of(term, exact)
            if word:
                correction = word.spelled
                corrections.append((term.spelled, correction))
                query = query.replace_term(term, word_term(correction))
        if not corrections:
            return None
        query = with_compounds(query, self.language)
        results: Results | None = self.all_terms(query)
        if results is None or not results.total:
            results = self.some_terms(query)
        if results:
            results.corrections = corrections
        return results

    def in_titles(self, query: Query) -> list[Hit]:
        """The hits in titles, best first."""
        filters = self.filters
        condition = filters.condition()
        query = replace(query, titles_only=True)
        candidates = find_candidates(query, self.language, condition, any_term=False)
        hits = self._hits(candidates.rows, query)
        return [hit for hit in hits if hit.passes(filters)]

    def named_cities(self, reading: PlaceReading) -> list[Hit]:
        """The cities that a text names, in their order."""
        rows = rows_of_cities(reading.city_keys)
        query = parse_query(" ".join(reading.names))
        hits = self._hits(rows, replace(query, titles_only=True))
        order = {key: place for place, key in enumerate(reading.city_keys)}
        own = [hit for hit in hits if hit.passes(self.filters)]
        return sorted(own, key=lambda hit: order[hit.row.object_id])

    def correct_only_word(self, query: Query) -> IndexWord | None:
        """The nearest word of the index, if the query has one term, and that is no phrase."""
        if len(query.terms) > 1 or query.phrases:
            return None
        term = query.terms[0]
        return self._nearest(term)

    def _has_real_hit(self, results: Results) -> bool:
        """Whether a hit has the words themselves, or is in the reader's language.

        Otherwise the hits only have words of other languages that look like forms of these.
        """
        return any(
            self.language in hit.languages or _has_word_itself(hit.row, results.query)
            for hit in results.hits
        )

    def _better_results(self, query: Query, results: Results) -> Results:
        """The results of the corrected query, if they are better than these: if they are more than
        a few, or if one is in the reader's language."""
        corrected = self.corrected_terms(query, exact=True)
        if corrected is None:
            return results
        if results.total < FEW and corrected.total > results.total:
            return corrected
        for hit in corrected.hits:
            if self.language in hit.languages:
                return corrected
        return results

    def _other_spelling(self, query: Query, total: int) -> str:
        """Another spelling of the only word, if it finds more; else an empty text."""
        term = query.terms[0]
        if len(query.terms) > 1 or not term.is_single_word:
            return ""
        if is_in_index(replace(term, beginnings=())):
            return ""
        word = self._nearest(term)
        if not word:
            return ""
        query = parse_query(word.spelled)
        results = self.all_terms(query)
        return word.spelled if results.total > total else ""

    def _correction_of(self, term: QueryTerm, exact: bool) -> IndexWord | None:
        """The nearest word for a term that the index lacks."""
        wanted = term
        if exact:
            wanted = replace(term, tokens=term.words, compounds=())
        if is_in_index(wanted):
            return None
        return self._nearest(term)

    def _nearest(self, term: QueryTerm) -> IndexWord | None:
        nearest = nearest_words(term.words[0], self.language)
        for word in nearest[:FEW]:
            correction = word_term(word.word)
            if is_in_index(correction):
                return word
        return None

    def _results(self, query: Query, *, any_term: bool) -> Results:
        condition = self.filters.condition()
        candidates = find_candidates(query, self.language, condition, any_term=any_term)
        is_sample = candidates.is_sample
        hits = self._hits(candidates.rows, query)
        return Results(
            query=query,
            hits=[hit for hit in hits if hit.passes(self.filters)],
            counts=self._counts(hits),
            total=len(hits),
            is_sample=is_sample,
            has_all_counts=not is_sample and not candidates.is_filtered,
        )

    def _counts(self, hits: Iterable[Hit]) -> dict[str, Counter[object]]:
        """Per filter the number of hits for each value; invented objects do not count."""
        counts: dict[str, Counter[object]] = {name: Counter() for name in FACETS}
        for hit in hits:
            if hit.row.fictional:
                continue
            for name in FACETS:
                if hit.passes(self.filters, but=name):
                    counts[name].update(hit.values(name))
        return counts

    def _hits(self, rows: Iterable[Candidate], query: Query) -> list[Hit]:
        """One hit for each object, best first."""
        hits: dict[ObjectKey, Hit] = {}
        for row in rows:
            rank = self._rank(row, query)
            key = (row.content_type_id, row.object_id)
            hit = hits.setdefault(key, Hit(row, rank))
            if rank < hit.rank:
                hit.row = row
                hit.rank = rank
            hit.languages.add(row.language)
        return sorted(hits.values(), key=attrgetter("rank"))

    def _rank(self, row: Candidate, query: Query) -> Rank:
        """First rows with all words, then the exact name, names, the reader's language, pages of
        their own, the order of kinds, the dictionary."""
        match = match_row(row, query)
        level: float = match.level
        if level != EXACT_NAME:
            if row.language != self.language:
                level += FOREIGN
            if "#" in row.path:
                level += PAGE_PART
        return (
            match.missing,
            level,
            self._place_of_kind(row.kind),
            match.fine,
            row.sort_key,
            row.object_id,
        )

    def _place_of_kind(self, kind: str) -> int:
        """The place of a kind in the order of kinds; unknown kinds come last."""
        if kind in self.kinds:
            return self.kinds.index(kind)
        return len(self.kinds)


def _has_word_itself(row: Candidate, query: Query) -> bool:
    """Whether a row has a term other than in an inflected form."""
    title = row.title_tokens.split()
    text = row.text_tokens.split()
    tokens = {*title, *text}
    matches = {match_term(term, tokens) for term in query.terms}
    return matches != {INFLECTED}
