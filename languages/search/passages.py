"""Finds the words of a query in a text as it is written: which passage to show, what to
highlight."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from languages.folding import spelled_words, words
from languages.models import HasOwnTexts
from languages.search.analysis import word_tokens
from languages.search.query import Query, QueryTerm

PASSAGE_CHARACTERS = 240
LEAD_CHARACTERS = 60
# A word with what may stand inside it: combining marks, invisible characters, apostrophes, middle
# dots, the signs of inclusive spellings.
_WORD_LIKE = re.compile(
    r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad\u200b-\u200f\u2060]|[’‘ʼʻ'`·‧*:_](?=[^\W_]))*"
)
_LETTERS = re.compile(r"[^\W_]+[\u0300-\u036f]*")
_SPACE = re.compile(r"\s")

# The first character of a match and the one after its last.
Span = tuple[int, int]


@dataclass(frozen=True)
class Fragment:
    """A piece of a text. `is_match`: it is a word of the query."""

    text: str
    is_match: bool = False


def highlight(text: str, language: str, query: Query) -> list[Fragment]:
    """The whole text in fragments. Joined together they are the text, character for character."""
    fragments, end = [], 0
    for start, stop in _matches(text, language, query):
        if start > end:
            fragments.append(Fragment(text[end:start]))
        fragments.append(Fragment(text[start:stop], is_match=True))
        end = stop
    if end < len(text):
        fragments.append(Fragment(text[end:]))
    return fragments


def find_passage(text: str, language: str, query: Query) -> list[Fragment]:
    """The passage with the most different matches, highlighted, about `PASSAGE_CHARACTERS` long.

    It is cut between words. [] if the text has no match.
    """
    matches = list(_matches(text, language, query))
    if not matches:
        return []
    start = _richest_start(text, matches)
    begin = _next_word(text, start - LEAD_CHARACTERS) if start > LEAD_CHARACTERS else 0
    end = _word_end(text, begin + PASSAGE_CHARACTERS)
    before = [Fragment("… ")] if begin else []
    after = [Fragment(" …")] if end < len(text) else []
    return [*before, *highlight(text[begin:end].strip(), language, query), *after]


def has_phrase(row: HasOwnTexts, phrase: QueryTerm) -> bool:
    """Whether the words of a phrase stand side by side in a name or in the text of a row."""
    wanted = list(phrase.words)
    lines = [*row.own_names.split("\n"), *row.own_text.split("\n")]
    return any(_has_run(words(line), wanted) for line in lines)


def _has_run(line: list[str], wanted: list[str]) -> bool:
    length = len(wanted)
    places = range(len(line) - length + 1)
    return any(line[place : place + length] == wanted for place in places)


def _richest_start(text: str, matches: list[Span]) -> int:
    """Where the passage starts that has the most different words; the first of several.

    One window slides over the matches, so the time is linear in their number.
    """
    spellings = [text[start:stop].casefold() for start, stop in matches]
    window: Counter[str] = Counter()
    best, most, end = matches[0][0], 0, 0
    for first, (start, _stop) in enumerate(matches):
        limit = start + PASSAGE_CHARACTERS - LEAD_CHARACTERS
        while end < len(matches) and matches[end][1] <= limit:
            window[spellings[end]] += 1
            end += 1
        if len(window) > most:
            best, most = start, len(window)
        if first < end:
            _discard(window, spellings[first])
        end = max(end, first + 1)
    return best


def _discard(window: Counter[str], spelling: str) -> None:
    window[spelling] -= 1
    if not window[spelling]:
        del window[spelling]


def _next_word(text: str, place: int) -> int:
    """The beginning of the next word after a place."""
    space = _SPACE.search(text, place)
    return space.end() if space else place


def _word_end(text: str, place: int) -> int:
    space = _SPACE.search(text, place)
    return space.start() if space else len(text)


def _matches(text: str, language: str, query: Query) -> Iterator[Span]:
    """The words of the text that have a term of the query, or a word of one of its phrases."""
    terms = list(_searched_terms(query))
    tokens = {token for term in terms for token in (*term.tokens, *term.compounds)}
    beginnings = tuple(beginning for term in terms for beginning in term.beginnings)
    for start, stop, spelled in _words_of(text):
        own_tokens = word_tokens(spelled, (language,))
        begins = beginnings and own_tokens[0].startswith(beginnings)
        if begins or not tokens.isdisjoint(own_tokens):
            yield start, stop


def _searched_terms(query: Query) -> Iterator[QueryTerm]:
    for term in query.terms:
        yield from term.parts
        if not term.is_phrase:
            yield term


def _words_of(text: str) -> Iterator[tuple[int, int, str]]:
    """Every word: its first character, the one after its last, and its spelling in the index."""
    for match in _WORD_LIKE.finditer(text):
        spelled = spelled_words(match[0])
        if len(spelled) == 1:
            yield *match.span(), spelled[0]
        else:
            # An apostrophe or the like separates words: "l'égalité" is two words.
            yield from _separate_words(match[0], match.start())


def _separate_words(text: str, offset: int) -> Iterator[tuple[int, int, str]]:
    for match in _LETTERS.finditer(text):
        for spelled in spelled_words(match[0])[:1]:
            yield offset + match.start(), offset + match.end(), spelled
