"""Reads what a visitor writes into a search box: text → `Query`, a list of terms.

A row matches a query if it has all its terms. Nothing in the text is an operator, except quotation
marks around a phrase.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from languages.folding import fold, spelled_runs, spelled_words
from languages.search.analysis import stem_token, stems_of, word_tokens
from languages.search.labels import name_label
from languages.search.stop_words import STOP_WORDS, without_stop_words
from languages.text import schema_languages

MAX_QUERY_CHARACTERS = 200
MAX_QUERY_WORDS = 12
# A beginning of one letter would match every tenth word.
SHORTEST_BEGINNING = 2
SHORTEST_STEM_AS_WORD = 5

# The double quotation marks of all our languages. Single ones are mostly apostrophes.
_QUOTES = '"„“”«»'
_PHRASE = re.compile(f"[{_QUOTES}]([^{_QUOTES}]+)[{_QUOTES}]")


@dataclass(frozen=True)
class QueryTerm:
    """A word, several words joined by hyphens, or a quoted phrase.

    A row has the term if it has one of `tokens` or `compounds`, or a word that starts with one of
    `beginnings`, or all `parts`, or one of `synonyms`.
    """

    spelled: str
    words: tuple[str, ...]
    tokens: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    # Tokens of compounds that contain the word, from the vocabulary of the index.
    compounds: tuple[str, ...] = ()
    parts: tuple["QueryTerm", ...] = ()
    # Terms that mean the same; a row that has one of them has the term.
    synonyms: tuple["QueryTerm", ...] = ()
    is_phrase: bool = False

    @property
    def is_single_word(self) -> bool:
        if self.is_phrase:
            return False
        return len(self.words) == 1

    @property
    def is_hyphenated(self) -> bool:
        """Whether hyphens join its words: its parts may stand as one word too."""
        if not self.parts:
            return False
        return bool(self.tokens)

    @property
    def has_beginnings(self) -> bool:
        """Whether words that start so match."""
        return bool(self.beginnings) or any(part.has_beginnings for part in self.parts)

    @cached_property
    def all_tokens(self) -> frozenset[str]:
        """Its tokens and those of its parts and synonyms: a row without any of them, and without
        `all_beginnings`, does not have it."""
        tokens = {*self.words, *self.tokens, *self.compounds}
        for term in self.parts:
            tokens.update(term.all_tokens)
        for term in self.synonyms:
            tokens.update(term.all_tokens)
        return frozenset(tokens)

    @cached_property
    def all_beginnings(self) -> tuple[str, ...]:
        """How words may begin that are enough, also for its parts and synonyms."""
        beginnings = list(self.beginnings)
        for term in self.parts:
            beginnings += term.all_beginnings
        for term in self.synonyms:
            beginnings += term.all_beginnings
        return tuple(beginnings)

    def is_in(self, tokens: set[str]) -> bool:
        """Whether the tokens of a row have the term."""
        if not tokens.isdisjoint(self.tokens + self.compounds):
            return True
        if self.beginnings and any(token.startswith(self.beginnings) for token in tokens):
            return True
        if self.parts and all(part.is_in(tokens) for part in self.parts):
            return True
        return any(synonym.is_in(tokens) for synonym in self.synonyms)

    def without_beginnings(self) -> "QueryTerm":
        """The same term, which whole words alone match."""
        parts = [part.without_beginnings() for part in self.parts]
        return replace(
            self,
            beginnings=(),
            parts=tuple(parts),
        )


@dataclass(frozen=True)
class Query:
    """The terms of a search.

    `titles_only`: the text has stop words alone, and these are searched in titles only.
    """

    terms: tuple[QueryTerm, ...] = ()
    titles_only: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The folded words in the order of the text."""
        return _words_of(self.terms)

    @cached_property
    def content_words(self) -> list[str]:
        """The words without stop words."""
        return without_stop_words(self.words)

    @cached_property
    def name_label(self) -> str:
        """The label of rows with a name of exactly these words."""
        return name_label(self.words)

    @property
    def spelled(self) -> str:
        """A text that gives the same query: the terms as they are spelled, phrases in quotation
        marks."""
        return " ".join(map(_spelling, self.terms))

    @property
    def phrases(self) -> tuple[QueryTerm, ...]:
        return tuple(term for term in self.terms if term.is_phrase)

    @property
    def single_words(self) -> list[QueryTerm]:
        """The terms that are one word: neither phrases nor joined by hyphens."""
        return [term for term in self.terms if term.is_single_word]

    def replace_term(self, old: QueryTerm, new: QueryTerm) -> "Query":
        """The query with `new` in the place of `old` (the same object, not an equal one)."""
        terms = list(self.terms)
        for place, term in enumerate(terms):
            if term is old:
                terms[place] = new
        return replace(self, terms=tuple(terms))


def _words_of(terms: Iterable[QueryTerm]) -> tuple[str, ...]:
    words: list[str] = []
    for term in terms:
        words += term.words
    return tuple(words)


def _spelling(term: QueryTerm) -> str:
    if term.is_phrase:
        return f'"{term.spelled}"'
    return term.spelled


def parse_query(text: str, *, beginnings: bool = False) -> Query:
    """Read a query. The last word may be the beginning of a word; with `beginnings` every word may.

    Reads the first `MAX_QUERY_CHARACTERS` characters and `MAX_QUERY_WORDS` different terms. Leaves
    out stop words if other words remain. A text without words gives a query without terms.
    """
    start = text[:MAX_QUERY_CHARACTERS]
    distinct = dict.fromkeys(_terms_of(start))
    content_terms = [term for term in distinct if not _is_stop_word(term)]
    titles_only = bool(distinct) and not content_terms
    terms = content_terms or list(distinct)
    terms = terms[:MAX_QUERY_WORDS]
    if beginnings:
        terms = list(map(_allow_beginning, terms))
    elif terms:
        last = terms[-1]
        terms[-1] = _allow_beginning(last)
    return Query(tuple(terms), titles_only)


def _is_stop_word(term: QueryTerm) -> bool:
    if term.is_phrase:
        return False
    return STOP_WORDS.issuperset(term.words)


def _terms_of(text: str) -> Iterable[QueryTerm]:
    """The phrases, and the terms between them, in the order of the text."""
    for piece, is_phrase in split_quotes(text):
        if not is_phrase:
            yield from _unquoted_terms(piece)
            continue
        spelled = spelled_words(piece)
        if spelled:
            yield phrase_term(spelled)


def split_quotes(text: str) -> Iterable[tuple[str, bool]]:
    """The pieces of a text in their order, and whether each stands in quotation marks."""
    end = 0
    for match in _PHRASE.finditer(text):
        yield text[end : match.start()], False
        yield match[1], True
        end = match.end()
    yield text[end:], False


def _unquoted_terms(text: str) -> Iterable[QueryTerm]:
    for run in spelled_runs(text):
        if len(run) > 1:
            yield hyphenated_term(run)
        else:
            yield word_term(run[0])


def word_term(spelled: str) -> QueryTerm:
    """The term for a word and its inflected forms, in all languages of the portal.

    An algorithm may cut more off one form than off another ("bostad": bost, "bostäder": bostad).
    So the term has the word as a stem too, and the stems as words.
    """
    languages = tuple(schema_languages())
    tokens = word_tokens(spelled, languages)
    folded = tokens[0]
    is_long = len(folded) >= SHORTEST_STEM_AS_WORD
    if is_long and folded.isalpha():
        tokens += [stem_token(folded, code) for code in languages]
        tokens += _stems_as_words(spelled, languages)
    distinct = tuple(dict.fromkeys(tokens))
    return QueryTerm(spelled, (folded,), distinct)


def _stems_as_words(spelled: str, languages: tuple[str, ...]) -> Iterable[str]:
    for language in languages:
        for stem in stems_of(spelled, language):
            if len(stem) >= SHORTEST_STEM_AS_WORD:
                yield stem


def hyphenated_term(run: list[str]) -> QueryTerm:
    """The term for words joined by hyphens: a row has all of them, or all as one word."""
    parts = tuple(map(word_term, run))
    whole = word_term("".join(run))
    return QueryTerm(
        spelled="-".join(run),
        words=_words_of(parts),
        tokens=whole.tokens,
        parts=parts,
    )


def phrase_term(spelled: list[str]) -> QueryTerm:
    """The term for a phrase: exactly these words side by side.

    The index finds rows that have all the words; `passages.has_phrase` then reads their texts.
    """
    parts = tuple(map(_exact_term, spelled))
    return QueryTerm(
        spelled=" ".join(spelled),
        words=_words_of(parts),
        parts=parts,
        is_phrase=True,
    )


def _exact_term(spelled: str) -> QueryTerm:
    words = (fold(spelled),)
    return QueryTerm(spelled, words, tokens=words)


def _allow_beginning(term: QueryTerm) -> QueryTerm:
    """The term, which words that start with its last word match too. A phrase stays exact."""
    last = term.words[-1]
    if term.is_phrase or len(last) < SHORTEST_BEGINNING:
        return term
    if not term.parts:
        return replace(term, beginnings=(last,))
    *first_parts, last_part = term.parts
    last_part = _allow_beginning(last_part)
    whole = "".join(term.words)
    return replace(
        term,
        parts=(*first_parts, last_part),
        beginnings=(whole,),
    )
