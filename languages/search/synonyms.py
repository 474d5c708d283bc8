"""Words that mean the same to people who search: "flat" and "housing", "NGO" and "association".

They stand in `data/search/synonyms.csv`, a line for each subject and language. A term of a query
takes the other terms of its line as synonyms, and several words of a query that are one term of a
line ("slave trade") become one term. The lines of the reader's language count; those of another
language for long words and abbreviations alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from languages.folding import fold, spelled_words
from languages.search.analysis import word_tokens
from languages.search.query import Query, QueryTerm
from languages.search.stop_words import STOP_WORDS
from languages.search.terms import Forms, forms_of
from languages.search.word_lists import split_names
from languages.tables import rows_of

# A word of another language than the reader's counts if it is so long.
LONG_WORD = 6


@dataclass(frozen=True)
class _Expression:
    """A term of a line: its words as they are spelled, and the forms of each."""

    spelled: tuple[str, ...]
    forms: tuple[Forms, ...]
    language: str
    is_abbreviation: bool

    @property
    def is_for_all(self) -> bool:
        """Whether readers of other languages mean the same by it."""
        return self.is_abbreviation or len("".join(self.spelled)) >= LONG_WORD

    def has(self, words: tuple[str, ...]) -> bool:
        """Whether these folded words are a form of it."""
        if len(words) != len(self.forms):
            return False
        pairs = zip(words, self.forms, strict=True)
        return all(not forms.isdisjoint(forms_of(word, self.language)) for word, forms in pairs)

    def term(self) -> QueryTerm:
        """What a row that has it is found by, in its language alone."""
        terms = [self._word(spelled) for spelled in self.spelled]
        if len(terms) == 1:
            return terms[0]
        spelled = " ".join(self.spelled)
        words = tuple(term.words[0] for term in terms)
        return QueryTerm(spelled, words, parts=tuple(terms))

    def _word(self, spelled: str) -> QueryTerm:
        tokens = tuple(word_tokens(spelled, (self.language,)))
        return QueryTerm(spelled, tokens[:1], tokens=tokens)


class _Occurrence(NamedTuple):
    """Where an expression stands: in which line."""

    expression: _Expression
    line: tuple[_Expression, ...]


def with_synonyms(query: Query, language: str) -> Query:
    """The query with the synonyms of its terms, for a reader of `language`."""
    if query.titles_only:
        return query
    terms: list[QueryTerm] = []
    rest = list(query.terms)
    while rest:
        length, synonyms = _longest(rest, language)
        first, rest = rest[:length], rest[length:]
        term = first[0] if length == 1 else _joined(first, language)
        terms.append(replace(term, synonyms=tuple(synonyms)) if synonyms else term)
    return replace(query, terms=tuple(terms))


def _longest(terms: list[QueryTerm], language: str) -> tuple[int, list[QueryTerm]]:
    """How many of the first terms are one expression, the longest, and its synonyms."""
    for length in range(min(len(terms), _longest_expression()), 0, -1):
        first = terms[:length]
        if any(term.is_phrase for term in first):
            continue
        words = tuple(word for term in first for word in term.words)
        synonyms = {term.spelled: term for term in _synonyms_of(words, language)}
        if synonyms:
            return length, list(synonyms.values())
    return 1, []


def _joined(terms: list[QueryTerm], language: str) -> QueryTerm:
    """One term of several, each of which keeps its own synonyms too."""
    words = tuple(word for term in terms for word in term.words)
    spelled = " ".join(term.spelled for term in terms)
    parts = []
    for term in terms:
        own = {other.spelled: other for other in _synonyms_of(term.words, language)}
        parts.append(replace(term, synonyms=tuple(own.values())))
    return QueryTerm(spelled, words, parts=tuple(parts))


def _synonyms_of(words: tuple[str, ...], language: str) -> Iterator[QueryTerm]:
    for place in _places_of(words):
        expression = place.expression
        is_readers = expression.language == language or expression.is_for_all
        if is_readers and expression.has(words):
            for other in place.line:
                if other is not expression:
                    yield other.term()


def _places_of(words: tuple[str, ...]) -> Iterable[_Occurrence]:
    """Where expressions stand whose first word may be that of the words."""
    places = {}
    for language, by_form in _places().items():
        for form in forms_of(words[0], language):
            for place in by_form.get(form, ()):
                places[id(place)] = place
    return places.values()


@cache
def _places() -> dict[str, dict[str, list[_Occurrence]]]:
    """By language, and by the forms of the first word."""
    places: dict[str, dict[str, list[_Occurrence]]] = {}
    for row in rows_of("search/synonyms"):
        language = row["language"]
        names = split_names(row["terms"])
        line = tuple(_expression(name, language) for name in names)
        by_form = places.setdefault(language, {})
        for expression in line:
            place = _Occurrence(expression, line)
            for form in expression.forms[0]:
                by_form.setdefault(form, []).append(place)
    return places


def _expression(name: str, language: str) -> _Expression:
    """An expression without its stop words, which a query leaves out too."""
    spelled = spelled_words(name)
    content = [word for word in spelled if fold(word) not in STOP_WORDS] or spelled
    return _Expression(
        spelled=tuple(content),
        forms=tuple(forms_of(word, language) for word in content),
        language=language,
        is_abbreviation=len(content) == 1 and name.isupper(),
    )


@cache
def _longest_expression() -> int:
    """The number of words of the longest expression."""
    expressions = (
        place.expression
        for by_form in _places().values()
        for places in by_form.values()
        for place in places
    )
    return max((len(expression.spelled) for expression in expressions), default=1)
