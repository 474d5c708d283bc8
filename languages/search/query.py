"""Reads what a visitor writes into a search box: text → `Query`, a list of terms.

A row matches a query if it has all its terms. Nothing in the text is an operator, except quotation
marks around a phrase.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings

from languages.folding import fold, spelled_runs, spelled_words
from languages.search.analysis import stem_token, stems_of, word_tokens
from languages.search.stop_words import STOP_WORDS

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
    `beginnings`, or all `parts`.
    """

    spelled: str
    words: tuple[str, ...]
    tokens: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    # Tokens of compounds that contain the word, from the vocabulary of the index.
    compounds: tuple[str, ...] = ()
    parts: tuple["QueryTerm", ...] = ()
    is_phrase: bool = False

    @property
    def is_single_word(self) -> bool:
        return len(self.words) == 1 and not self.is_phrase

    def without_beginnings(self) -> "QueryTerm":
        """The same term, which whole words alone match."""
        parts = tuple(part.without_beginnings() for part in self.parts)
        return replace(self, beginnings=(), parts=parts)


@dataclass(frozen=True)
class Query:
    """The terms of a search.

    `titles_only`: the text has stop words alone, and these are searched in titles only.
    """

    terms: tuple[QueryTerm, ...] = ()
    titles_only: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def words(self) -> tuple[str, ...]:
        """The folded words in the order of the text."""
        return tuple(word for term in self.terms for word in term.words)

    @property
    def spelled(self) -> str:
        """A text that gives the same query: the terms as they are spelled, phrases in quotation
        marks."""
        return " ".join(_quote(term) if term.is_phrase else term.spelled for term in self.terms)

    @property
    def phrases(self) -> tuple[QueryTerm, ...]:
        return tuple(term for term in self.terms if term.is_phrase)

    @property
    def single_words(self) -> list[QueryTerm]:
        """The terms that are one word: neither phrases nor joined by hyphens."""
        return [term for term in self.terms if term.is_single_word]

    def replace_term(self, old: QueryTerm, new: QueryTerm) -> "Query":
        """The query with `new` in the place of `old` (the same object, not an equal one)."""
        terms = tuple(new if term is old else term for term in self.terms)
        return replace(self, terms=terms)


def _quote(term: QueryTerm) -> str:
    return f'"{term.spelled}"'


def parse_query(text: str, *, beginnings: bool = False) -> Query:
    """Read a query. The last word may be the beginning of a word; with `beginnings` every word may.

    Reads the first `MAX_QUERY_CHARACTERS` characters and `MAX_QUERY_WORDS` different terms. Leaves
    out stop words if other words remain. A text without words gives a query without terms.
    """
    all_terms = list(dict.fromkeys(_terms_of(text[:MAX_QUERY_CHARACTERS])))
    content_terms = [term for term in all_terms if not _is_stop_word(term)]
    titles_only = bool(all_terms) and not content_terms
    terms = (content_terms or all_terms)[:MAX_QUERY_WORDS]
    first_open = 0 if beginnings else len(terms) - 1
    open_terms = map(_allow_beginning, terms[first_open:])
    return Query((*terms[:first_open], *open_terms), titles_only)


def _is_stop_word(term: QueryTerm) -> bool:
    return not term.is_phrase and STOP_WORDS.issuperset(term.words)


def _terms_of(text: str) -> Iterable[QueryTerm]:
    """The phrases, and the terms between them, in the order of the text."""
    end = 0
    for match in _PHRASE.finditer(text):
        yield from _unquoted_terms(text[end : match.start()])
        if spelled := spelled_words(match[1]):
            yield phrase_term(spelled)
        end = match.end()
    yield from _unquoted_terms(text[end:])


def _unquoted_terms(text: str) -> Iterable[QueryTerm]:
    for run in spelled_runs(text):
        yield word_term(run[0]) if len(run) == 1 else hyphenated_term(run)


def word_term(spelled: str) -> QueryTerm:
    """The term for a word and its inflected forms, in all languages of the portal.

    An algorithm may cut more off one form than off another ("bostad": bost, "bostäder": bostad).
    So the term has the word as a stem too, and the stems as words.
    """
    languages = tuple(code for code, _name in settings.SCHEMA_LANGUAGES)
    folded, *tokens = word_tokens(spelled, languages)
    if len(folded) >= SHORTEST_STEM_AS_WORD and folded.isalpha():
        tokens += [stem_token(folded, code) for code in languages]
        tokens += _stems_as_words(spelled, languages)
    return QueryTerm(spelled, (folded,), tuple(dict.fromkeys([folded, *tokens])))


def _stems_as_words(spelled: str, languages: tuple[str, ...]) -> Iterable[str]:
    for language in languages:
        for stem in stems_of(spelled, language):
            if len(stem) >= SHORTEST_STEM_AS_WORD:
                yield stem


def hyphenated_term(run: list[str]) -> QueryTerm:
    """The term for words joined by hyphens: a row has all of them, or all as one word."""
    parts = tuple(map(word_term, run))
    words = tuple(word for part in parts for word in part.words)
    whole = word_term("".join(run))
    return QueryTerm("-".join(run), words, whole.tokens, parts=parts)


def phrase_term(spelled: list[str]) -> QueryTerm:
    """The term for a phrase: exactly these words side by side.

    The index finds rows that have all the words; `passages.has_phrase` then reads their texts.
    """
    parts = tuple(map(_exact_term, spelled))
    words = tuple(part.words[0] for part in parts)
    return QueryTerm(" ".join(spelled), words, parts=parts, is_phrase=True)


def _exact_term(spelled: str) -> QueryTerm:
    folded = fold(spelled)
    return QueryTerm(spelled, (folded,), (folded,))


def _allow_beginning(term: QueryTerm) -> QueryTerm:
    """The term, which words that start with its last word match too. A phrase stays exact."""
    last = term.words[-1]
    if term.is_phrase or len(last) < SHORTEST_BEGINNING:
        return term
    if not term.parts:
        return replace(term, beginnings=(last,))
    parts = (*term.parts[:-1], _allow_beginning(term.parts[-1]))
    return replace(term, parts=parts, beginnings=("".join(term.words),))
