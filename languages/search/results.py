"""Search and suggestions: text of a visitor → ranked hits.

A search looks for rows that have all words; then for what the visitor probably meant; then for rows
that have some of the words. The database says only which rows have the words (`candidates`).
Ranking, filters and counts are done here (`order`). So SQLite and PostgreSQL give the same results,
and the commonest word costs hardly more than any other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from languages.search.candidates import Candidate, find_candidates, rows_of_cities, time_limit
from languages.search.hits import Filters, Hit, Results, Suggestions, other_hits
from languages.search.keyboard import other_layouts
from languages.search.meaning import Meaning, load_words, read_meaning
from languages.search.named import NamedHits
from languages.search.order import Order, RareFirst
from languages.search.places import PlaceReading, read_places, without_municipal_words
from languages.search.query import SHORTEST_BEGINNING, Query, parse_query
from languages.search.ranking import INFLECTED, match_term
from languages.search.spelling import FEW, Corrections, Speller
from languages.search.widening import widened, without_asking_words, without_unknown_compounds
from languages.text import current_language

LONGEST_SECONDS = 4
LONGEST_SUGGESTING_SECONDS = 1


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
    order = Order(language or current_language(), tuple(kinds), filters or Filters())
    # The first search of a process takes longer; this is not the fault of the text.
    load_words(order.language)
    with time_limit(LONGEST_SECONDS):
        return order.counted(Searcher(order).run(text))


def suggest(text: str, *, kinds: Sequence[str] = (), kind: str = "", most: int = 8) -> Suggestions:
    """The best hits in titles for what a visitor has written so far.

    `kind` admits this kind alone. Raises `SearchTimeout` after `LONGEST_SUGGESTING_SECONDS`.
    """
    query = parse_query(text)
    letters = "".join(query.words)
    if len(letters) < SHORTEST_BEGINNING:
        return Suggestions(query, [])
    order = Order(
        language=current_language(),
        kinds=tuple(kinds),
        filters=Filters(kind=kind),
    )
    searcher = Searcher(order)
    with time_limit(LONGEST_SUGGESTING_SECONDS):
        reading = read_places(text)
        named = searcher.named_cities(reading)
        hits = named + other_hits(searcher.in_titles(query), named)
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


@dataclass(frozen=True)
class Searcher:
    """The steps of a search for one reader."""

    order: Order

    @property
    def language(self) -> str:
        return self.order.language

    @property
    def filters(self) -> Filters:
        return self.order.filters

    @cached_property
    def speller(self) -> Speller:
        return Speller(self.language)

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
        spelling, corrections = self.speller.other_spelling(
            text, results.query, results.meaning, exact=exact
        )
        if is_found:
            return replace(results, other_spelling=spelling)
        if corrections:
            corrected = self._read(spelling)
            if corrected.total:
                return _as_asked(corrected, results, corrections)
        return results

    def _read(self, text: str) -> Results:
        meaning = read_meaning(text, self.language)
        query = widened(parse_query(plain_text(text, meaning)), self.language)
        if not query:
            return Results(query, meaning=meaning)
        results = self.all_terms(query)
        named = NamedHits(self.order, meaning, query, results).hits()
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
        looser = without_unknown_compounds(plain, self.language)
        results = None
        if looser != query:
            results = self.all_terms(looser)
        if results and results.total:
            return results
        return self.some_terms(looser)

    def _in_other_layout(self, text: str, query: Query) -> Results | None:
        """The results of a text that was typed with the wrong keyboard layout."""
        if not self.speller.has_unknown_word(query):
            return None
        for retyped in other_layouts(text):
            results = self._read(retyped)
            if results.has_all_words:
                return replace(results, corrections=[(text, retyped)])
        return None

    def _beside(self, named: list[Hit], meaning: Meaning, results: Results) -> Results:
        """The results of a text that names something: that first, then what has all words."""
        rest = parse_query(meaning.places.rest)
        has_rest = any(hit.rank.missing == 0 for hit in named)
        if rest and not has_rest and not results.total:
            others = self.all_terms(widened(rest, self.language))
            if not others.total:
                others = self.some_terms(results.query) or others
            results = replace(others, query=results.query, has_some_words=True)
        hits = named + other_hits(results.all_hits, named)
        return self.order.filtered(results, hits)

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
        hits = self.order.hits(candidates.rows, query)
        return [hit for hit in hits if hit.passes(filters)]

    def named_cities(self, reading: PlaceReading) -> list[Hit]:
        """The cities that a text names, in their order."""
        rows = rows_of_cities(reading.city_keys)
        query = parse_query(" ".join(reading.names))
        hits = self.order.hits(rows, replace(query, titles_only=True))
        order = {key: place for place, key in enumerate(reading.city_keys)}
        own = [hit for hit in hits if hit.passes(self.filters)]
        return sorted(own, key=lambda hit: order[hit.row.object_id])

    def other_beginnings(self, text: str, query: Query) -> Iterator[str]:
        """What the reader may have meant where nothing begins so: the text in other keyboard
        layouts, and its only word corrected."""
        if self.speller.has_unknown_word(query):
            yield from other_layouts(text)
        correction = self.speller.correct_only_word(query)
        if correction:
            yield correction.spelled

    def _has_real_hit(self, results: Results) -> bool:
        """Whether a hit has the words themselves, or is in the reader's language.

        Otherwise the hits only have words of other languages that look like forms of these.
        """
        return any(
            self.language in hit.languages or has_word_itself(hit.row, results.query)
            for hit in results.hits
        )

    def _results(self, query: Query, *, any_term: bool) -> Results:
        condition = self.filters.condition()
        candidates = find_candidates(query, self.language, condition, any_term=any_term)
        is_sample = candidates.is_sample
        results = Results(
            query=query,
            is_sample=is_sample,
            has_all_counts=not is_sample and not candidates.is_filtered,
        )
        rank = RareFirst(self.order, query, candidates.rows).rank if any_term else None
        hits = self.order.hits(candidates.rows, query, rank)
        return self.order.filtered(results, hits)


def plain_text(text: str, meaning: Meaning) -> str:
    """The text without what says again where a city that it names is: "Erlangen, Germany"."""
    places = meaning.places
    if not places.cities:
        return text
    return " ".join([*places.names, places.rest])


def _as_asked(corrected: Results, results: Results, corrections: Corrections) -> Results:
    """The results of a corrected text, with what the text as it was written asks for."""
    meaning = corrected.meaning
    if meaning and results.meaning:
        meaning = meaning.as_in(results.meaning)
    return replace(corrected, meaning=meaning, corrections=corrections)


def has_word_itself(row: Candidate, query: Query) -> bool:
    """Whether a row has a term other than in an inflected form."""
    text = f" {row.title_tokens} {row.text_tokens} "
    tokens = set(text.split())
    matches = {match_term(term, tokens, text) for term in query.terms}
    return matches != {INFLECTED}
