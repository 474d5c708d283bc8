"""Search and suggestions: text of a visitor → ranked hits.

A search looks for rows that have all words; then for what the visitor probably meant; then for rows
that have some of the words. The database says only which rows have the words (`candidates`).
Ranking, filters and counts are done here. So SQLite and PostgreSQL give the same results, and the
commonest word costs hardly more than any other.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from math import log1p
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Q, QuerySet

from languages.folding import words
from languages.models import IndexRow, IndexWord
from languages.search.analysis import word_tokens
from languages.search.bodies import is_begun, is_called, named_bodies
from languages.search.candidates import (
    CONTACT,
    MEETING,
    Candidate,
    HasWords,
    find_candidates,
    is_in_index,
    rows_in_cities,
    rows_of_act,
    rows_of_cities,
    rows_of_countries,
    rows_of_meetings,
    rows_of_points,
    rows_of_subjects,
    time_limit,
)
from languages.search.dictionaries import is_known
from languages.search.help_words import asks_for_help
from languages.search.keyboard import other_layouts
from languages.search.meaning import Meaning, read_meaning
from languages.search.places import (
    CITY,
    COUNTRY,
    PlaceReading,
    read_places,
    without_municipal_words,
)
from languages.search.query import (
    SHORTEST_BEGINNING,
    Query,
    QueryTerm,
    hyphenated_term,
    parse_query,
    word_term,
)
from languages.search.ranking import (
    EXACT_NAME,
    FOREIGN,
    IN_NAME,
    IN_TEXT,
    INFLECTED,
    NAME_BEGINS,
    PAGE_PART,
    PART_OF_SUBJECT,
    TRANSLATED,
    Match,
    match_row,
    match_term,
)
from languages.search.synonyms import with_synonyms
from languages.search.vocabulary import find_compounds, nearest_words, split_compounds
from languages.search.word_lists import asking_words
from languages.text import current_language, schema_languages

LONGEST_SECONDS = 4
LONGEST_SUGGESTING_SECONDS = 1
# So many rows of the places in a text are looked at by the filter of a list.
MOST_NAMED = 5000
LONGEST_ABBREVIATION = 6
# With fewer hits than this, the search offers another spelling.
FEW = 3
FACETS = ("kind", "country", "city", "point", "language")

# Content type and key of an object.
ObjectKey = tuple[int, int]
# Kinds of rows that say whom to turn to.
HELP_KINDS = (CONTACT,)


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
# The page of a city that is named comes before what has only some of the other words.
CITY_PAGE_MISSES = 0.5


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
        return searcher.run(text)


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
            query = parse_query(without_municipal_words(text)) or query
            hits = searcher.in_titles(query)
        others = [] if hits else searcher.other_beginnings(text, query)
        for other in others:
            query = parse_query(other)
            hits = searcher.in_titles(query)
            if hits:
                break
    return Suggestions(query, hits[:most])


def _unique(hits: Iterable[Hit]) -> list[Hit]:
    """The hits, each object once."""
    first: dict[ObjectKey, Hit] = {}
    for hit in hits:
        first.setdefault(hit.key, hit)
    return list(first.values())


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


def without_asking_words(terms: tuple[QueryTerm, ...], language: str) -> tuple[QueryTerm, ...]:
    """The terms without words that only ask; all where no other is left."""
    asking = asking_words(language)
    others = []
    for term in terms:
        if asking.isdisjoint(term.words):
            others.append(term)
    return tuple(others) or terms


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

    def run(self, text: str) -> Results:
        """The results of the text as it is written; of another spelling only if nothing has all
        words and a word is right in no language."""
        results = self._read(text)
        is_found = results.has_all_words and self._has_real_hit(results)
        if is_found and results.total >= FEW:
            return results
        if not results.total:
            retyped = self._in_other_layout(text, results.query)
            if retyped:
                return retyped
        # What is only like a form of a word of another language counts as nothing.
        exact = results.has_all_words
        spelling, corrections = self._other_spelling(text, results, exact=exact)
        if is_found:
            return replace(results, other_spelling=spelling)
        if corrections:
            corrected = self._read(spelling)
            if corrected.total:
                return _as_asked(corrected, results, corrections)
        return results

    def _read(self, text: str) -> Results:
        meaning = read_meaning(text, self.language)
        query = self._widened(parse_query(plain_text(text, meaning)))
        if not query:
            return Results(query, meaning=meaning)
        results = self.all_terms(query)
        named = self._named(meaning, query, results)
        if meaning.subjects and not results.total:
            results = self._looser(query) or results
        if named:
            results = self._beside(named, meaning, results)
        elif not results.total:
            results = self._looser(query) or results
        return replace(results, meaning=meaning)

    def _looser(self, query: Query) -> Results | None:
        """The results where nothing has all words: without those that only ask, with the parts of
        compounds, or with some of the words."""
        terms = without_asking_words(query.terms, self.language)
        plain = replace(query, terms=terms)
        looser = self._without_unknown_compounds(plain)
        results = None
        if looser != query:
            results = self.all_terms(looser)
        if results and results.total:
            return results
        return self.some_terms(looser)

    def _without_unknown_compounds(self, query: Query) -> Query:
        """The query with the parts of compounds that the index does not have."""
        words = [term.words[0] for term in query.single_words]
        parts = split_compounds(words, self.language)
        terms: list[QueryTerm] = []
        for term in query.terms:
            own = parts.get(term.words[0]) if term.is_single_word else None
            terms += map(word_term, own) if own else [term]
        if not parts:
            return query
        return self._widened(replace(query, terms=tuple(terms)))

    def _in_other_layout(self, text: str, query: Query) -> Results | None:
        """The results of a text that was typed with the wrong keyboard layout."""
        if not self._has_unknown_word(query):
            return None
        for retyped in other_layouts(text):
            results = self._read(retyped)
            if results.has_all_words:
                return replace(results, corrections=[(text, retyped)])
        return None

    def _has_unknown_word(self, query: Query) -> bool:
        """Whether a word is right in no dictionary of the reader's language."""
        return not all(is_known(word, [self.language]) for word in query.words)

    def _widened(self, query: Query) -> Query:
        """The query with the compounds that contain its words, and with its synonyms."""
        with_parts = with_compounds(query, self.language)
        return with_synonyms(with_parts, self.language)

    # What is named

    def _named(self, meaning: Meaning, query: Query, results: Results) -> list[Hit]:
        """What stands first because the text names it, in its order.

        `results`: of all words of the text.
        """
        places = meaning.places
        named = self._acts(meaning) + self._points(meaning)
        subjects = self._subjects(meaning, results)
        bodies = self._bodies(meaning, query, results)
        # Who asks for a point of the plan may name a plan in doing so.
        named += subjects + bodies if meaning.wants_point else bodies + subjects
        named += self._meetings(meaning)
        if not places.cities and not places.countries:
            return _unique(named)
        rest = self._widened(parse_query(places.rest))
        if places.cities:
            named += self._in_cities(meaning, rest or query, results, alone=not rest)
        else:
            named += self._in_countries(meaning, rest, results)
        return _unique(named)

    def _acts(self, meaning: Meaning) -> list[Hit]:
        rows = rows_of_act(meaning.act)
        return self._hits(rows, parse_query(" ".join(meaning.act)))

    def _points(self, meaning: Meaning) -> list[Hit]:
        """The points of the plan, where no city's work on them is asked for."""
        if meaning.places.cities:
            return []
        hits = self._hits(rows_of_points(meaning.points), Query())
        order = [f" {number} " for number in meaning.points]
        return sorted(hits, key=lambda hit: order.index(hit.row.points))

    def _subjects(self, meaning: Meaning, results: Results) -> list[Hit]:
        """The points and grounds that are the subject of the text, where nothing is called so.

        `results`: of all words of the text.
        """
        # Of one word a name that has it says enough.
        enough = IN_TEXT if len(results.query.words) == 1 else NAME_BEGINS
        is_called_so = results.all_hits and results.all_hits[0].rank.level < enough
        if is_called_so and not meaning.wants_point:
            return []
        rows = rows_of_subjects(meaning.subjects)
        hits = self._hits(rows, Query())
        order = {path: place for place, path in enumerate(meaning.subjects)}
        return sorted(hits, key=lambda hit: order[hit.row.path])

    def _meetings(self, meaning: Meaning) -> list[Hit]:
        """The meetings at the cities that the text names, if it asks for meetings."""
        if not meaning.wants_meetings or not meaning.places.cities:
            return []
        places = meaning.places
        cities = rows_of_cities(places.city_keys)
        titles = {row.title for row in cities}
        names = map(parse_query, sorted(titles))
        rows = rows_of_meetings(names)
        query = parse_query(places.text)
        return self._hits(rows, query)

    def _bodies(self, meaning: Meaning, query: Query, results: Results) -> list[Hit]:
        """The programmes and organisations whose whole name stands in the text, none of another
        city than it names; first the programmes whose name begins with it. Where a name has all
        words of the text, only such, and those whose abbreviation the text has.

        `results`: of all words of the text.
        """
        text = meaning.places.text
        folded = words(text)
        begun = [hit for hit in results.all_hits if is_begun(hit.row, folded)]
        rows = named_bodies(text, self.language)
        hits = [hit for hit in self._hits(rows, query) if _is_at(hit.row, meaning.places)]
        if any(map(_has_all_in_name, results.all_hits)):
            hits = [hit for hit in hits if not hit.rank.missing or is_called(hit.row, folded)]
        return begun + hits

    def _in_cities(
        self, meaning: Meaning, query: Query, results: Results, *, alone: bool
    ) -> list[Hit]:
        """The pages of cities and what belongs to them: what has some of the words of the query,
        and what has all words of the text in its name."""
        rows = rows_in_cities(meaning.places.city_keys, Query() if alone else query)
        ranking = _OwnRank(self, meaning, alone)
        own = self._hits(rows, query, ranking.rank)
        in_name = []
        for hit in _others(results.all_hits, own):
            if _has_all_in_name(hit):
                rank = hit.rank._replace(named=ranking.named(hit.row))
                in_name.append(replace(hit, rank=rank))
        return sorted(own + in_name, key=attrgetter("rank"))

    def _in_countries(self, meaning: Meaning, rest: Query, results: Results) -> list[Hit]:
        """What a country has of the other words, and its page; else its page and its cities.
        Nothing where nothing has the other words: what has most of all words is better then.

        `results`: of all words of the text.
        """
        codes = meaning.places.countries
        pages = self._hits(rows_of_countries(codes, COUNTRY), rest)
        if not rest or meaning.wants_cities:
            return pages + self._hits(rows_of_countries(codes, CITY), Query())
        own = find_candidates(rest, self.language, Q(country__in=codes), any_term=False)
        in_country = [row for row in own.rows if row.country in codes]
        if not in_country and not results.total:
            return []
        ranking = _OwnRank(self, meaning, alone=False)
        return self._hits(in_country, rest, ranking.rank) + pages

    def _beside(self, named: list[Hit], meaning: Meaning, results: Results) -> Results:
        """The results of a text that names something: that first, then what has all words."""
        rest = parse_query(meaning.places.rest)
        has_rest = any(hit.rank.missing == 0 for hit in named)
        if rest and not has_rest and not results.total:
            others = self.all_terms(self._widened(rest))
            if not others.total:
                others = self.some_terms(results.query) or others
            results = replace(others, query=results.query, has_some_words=True)
        hits = named + _others(results.all_hits, named)
        return self._filtered(results, hits)

    # What is written

    def all_terms(self, query: Query) -> Results:
        return self._results(query, any_term=False)

    def some_terms(self, query: Query) -> Results | None:
        if len(query.terms) < 2:
            return None
        results = self._results(query, any_term=True)
        return replace(results, has_some_words=True) if results.total else None

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

    def other_beginnings(self, text: str, query: Query) -> Iterator[str]:
        """What the reader may have meant where nothing begins so: the text in other keyboard
        layouts, and its only word corrected."""
        if self._has_unknown_word(query):
            yield from other_layouts(text)
        correction = self.correct_only_word(query)
        if correction:
            yield correction.spelled

    def correct_only_word(self, query: Query) -> IndexWord | None:
        """The nearest word of the index, if the query has one term, and that is no phrase."""
        if len(query.terms) > 1 or query.phrases:
            return None
        term = query.terms[0]
        if is_known(term.words[0], [self.language]):
            return None
        return self._nearest(term)

    def _has_real_hit(self, results: Results) -> bool:
        """Whether a hit has the words themselves, or is in the reader's language.

        Otherwise the hits only have words of other languages that look like forms of these.
        """
        return any(
            self.language in hit.languages or _has_word_itself(hit.row, results.query)
            for hit in results.hits
        )

    def _other_spelling(
        self, text: str, results: Results, *, exact: bool = False
    ) -> tuple[str, list[tuple[str, str]]]:
        """The text with other words for those that are probably typing errors, and which they are.

        `exact`: a word that the index has only in another form may be one too.
        """
        corrections: list[tuple[str, str]] = []
        query = results.query
        names_place = _words_of_places(text, results.meaning)
        for term in query.terms:
            if not term.is_single_word and not term.is_hyphenated:
                continue
            if names_place.issuperset(term.words):
                continue
            # Of words that hyphens join each is one.
            words = term.parts if term.is_hyphenated else (term,)
            spelled = [self._corrected(word, text, exact, corrections) for word in words]
            if spelled != [word.spelled for word in words]:
                new = word_term(spelled[0]) if len(spelled) == 1 else hyphenated_term(spelled)
                query = query.replace_term(term, new)
        return (query.spelled if corrections else ""), corrections

    def _corrected(
        self, term: QueryTerm, text: str, exact: bool, corrections: list[tuple[str, str]]
    ) -> str:
        """A word as it is probably meant; adds what is corrected."""
        if not self._may_be_error(term, text, exact):
            return term.spelled
        word = self._nearest(term)
        if not word:
            return term.spelled
        corrections.append((term.spelled, word.spelled))
        return word.spelled

    def _may_be_error(self, term: QueryTerm, text: str, exact: bool) -> bool:
        """Whether a word is in no dictionary and in no entry, and no abbreviation."""
        word = term.words[0]
        if is_abbreviation(term.spelled, text) or is_known(word, [self.language]):
            return False
        tokens = term.words if exact else word_tokens(term.spelled, (self.language,))
        wanted = replace(term, tokens=tuple(tokens), compounds=(), beginnings=())
        return not is_in_index(wanted) and not asks_for_help(term.spelled, self.language)

    def _nearest(self, term: QueryTerm) -> IndexWord | None:
        spelled = term.words[0]
        # A word of another language is only corrected to one of the reader's.
        is_foreign = is_known(spelled, schema_languages())
        nearest = nearest_words(spelled, self.language)
        for word in nearest[:FEW]:
            if is_foreign and self.language not in word.languages.split():
                continue
            correction = word_term(word.word)
            if is_in_index(correction):
                return word
        return None

    def _results(self, query: Query, *, any_term: bool) -> Results:
        condition = self.filters.condition()
        candidates = find_candidates(query, self.language, condition, any_term=any_term)
        is_sample = candidates.is_sample
        results = Results(
            query=query,
            is_sample=is_sample,
            has_all_counts=not is_sample and not candidates.is_filtered,
        )
        rank = _RareFirst(self, query, candidates.rows).rank if any_term else None
        hits = self._hits(candidates.rows, query, rank)
        return self._filtered(results, hits)

    def _filtered(self, results: Results, hits: list[Hit]) -> Results:
        """The results with these hits."""
        return replace(
            results,
            all_hits=hits,
            hits=self._passing(hits),
            counts=self._counts(hits),
            total=len(hits),
        )

    def _passing(self, hits: list[Hit]) -> list[Hit]:
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

    def _hits(
        self, rows: Iterable[Candidate], query: Query, rank_of: "RankOf | None" = None
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


class _RareFirst:
    """Ranks rows that have some of the terms: a term counts the more, the fewer of them have it."""

    def __init__(self, searcher: _Searcher, query: Query, rows: Iterable[Candidate]) -> None:
        self.searcher = searcher
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
        rank = self.searcher.rank_match(row, query, match)
        return rank._replace(missing=missing)


@dataclass(frozen=True)
class _OwnRank:
    """Ranks what belongs to the cities that a text names.

    `alone`: the text says nothing beside the names of the cities.
    """

    searcher: _Searcher
    meaning: Meaning
    alone: bool

    def rank(self, row: Candidate, query: Query) -> Rank:
        """The page of the city first where nothing else is said; else whom to turn to, if help is
        wanted; the point that is named; then what has most of the other words."""
        rank = self.searcher.rank(row, query)._replace(named=self.named(row))
        if row.kind != CITY or row.city not in self.meaning.places.city_keys:
            return rank
        if self.alone:
            is_foreign = row.language != self.searcher.language
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


def _is_at(row: Candidate, places: PlaceReading) -> bool:
    """Whether a row may belong to the cities of a text: names such as "action plan" are those of
    many."""
    return not (places.cities and row.city) or row.city in places.city_keys


def _has_all_in_name(hit: Hit) -> bool:
    """Whether a hit has all words of the query, and has them in its name."""
    is_in_name = hit.rank.level < IN_TEXT or hit.row.kind == MEETING
    return not hit.rank.missing and is_in_name


def is_abbreviation(spelled: str, text: str) -> bool:
    """Whether a word is short and stands in capitals in a text: IHREC, UNAR."""
    word = spelled.upper()
    return len(word) <= LONGEST_ABBREVIATION and word in text.split()


def plain_text(text: str, meaning: Meaning) -> str:
    """The text without what says again where a city that it names is: "Erlangen, Germany"."""
    places = meaning.places
    if not places.cities:
        return text
    return " ".join([*places.names, places.rest])


def _words_of_places(text: str, meaning: Meaning | None) -> set[str]:
    """The folded words of a text that name its places."""
    if meaning is None or not (meaning.places.cities or meaning.places.countries):
        return set()
    rest = words(meaning.places.rest)
    return set(words(text)).difference(rest)


def _as_asked(corrected: Results, results: Results, corrections: list[tuple[str, str]]) -> Results:
    """The results of a corrected text, with what the text as it was written asks for."""
    meaning = corrected.meaning
    if meaning and results.meaning:
        meaning = meaning.as_in(results.meaning)
    return replace(corrected, meaning=meaning, corrections=corrections)


def _has_word_itself(row: Candidate, query: Query) -> bool:
    """Whether a row has a term other than in an inflected form."""
    title = row.title_tokens.split()
    text = row.text_tokens.split()
    tokens = {*title, *text}
    matches = {match_term(term, tokens) for term in query.terms}
    return matches != {INFLECTED}
