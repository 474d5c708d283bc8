"""Finds the words of a query in a text as it is written: which passage to show, what to
highlight."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

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
    fragments = []
    end = 0
    for start, stop in _matches(text, language, query):
        between = text[end:start]
        match = text[start:stop]
        if between:
            fragments.append(Fragment(between))
        fragments.append(Fragment(match, is_match=True))
        end = stop
    rest = text[end:]
    if rest:
        fragments.append(Fragment(rest))
    return fragments


def find_passage(text: str, language: str, query: Query) -> list[Fragment]:
    """The passage with the most different matches, highlighted, about `PASSAGE_CHARACTERS` long.

    It is cut between words. [] if the text has no match.
    """
    matches = list(_matches(text, language, query))
    if not matches:
        return []
    first_match = _richest_start(text, matches)
    start = 0
    if first_match > LEAD_CHARACTERS:
        start = _next_word(text, first_match - LEAD_CHARACTERS)
    end = _word_end(text, start + PASSAGE_CHARACTERS)
    passage = text[start:end].strip()
    fragments = highlight(passage, language, query)
    if start:
        fragments.insert(0, Fragment("… "))
    if end < len(text):
        fragments.append(Fragment(" …"))
    return fragments


def has_phrase(row: HasOwnTexts, phrase: QueryTerm) -> bool:
    """Whether the words of a phrase stand side by side in a name or in the text of a row."""
    wanted = list(phrase.words)
    lines = row.own_names.split("\n")
    lines += row.own_text.split("\n")
    return any(_has_run(words(line), wanted) for line in lines)


def _has_run(line: list[str], wanted: list[str]) -> bool:
    length = len(wanted)
    last = len(line) - length
    for place in range(last + 1):
        end = place + length
        run = line[place:end]
        if run == wanted:
            return True
    return False


def _richest_start(text: str, matches: list[Span]) -> int:
    """Where the passage starts that has the most different words; the first of several.

    One window slides over the matches, so the time is linear in their number.
    """
    spellings = [text[start:stop].casefold() for start, stop in matches]
    window: Counter[str] = Counter()
    best, _stop = matches[0]
    most = 0
    end = 0
    for first, (start, _stop) in enumerate(matches):
        limit = start + PASSAGE_CHARACTERS - LEAD_CHARACTERS
        while end < len(matches):
            _start, stop = matches[end]
            if stop > limit:
                break
            window[spellings[end]] += 1
            end += 1
        if len(window) > most:
            most = len(window)
            best = start
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
    if not space:
        return place
    return space.end()


def _word_end(text: str, place: int) -> int:
    space = _SPACE.search(text, place)
    if not space:
        return len(text)
    return space.start()


def _matches(text: str, language: str, query: Query) -> Iterator[Span]:
    """The words of the text that have a term of the query, or a word of one of its phrases."""
    tokens: set[str] = set()
    beginnings: tuple[str, ...] = ()
    for term in _searched_terms(query):
        tokens.update(term.tokens)
        tokens.update(term.compounds)
        beginnings += term.beginnings

    # A text repeats its words.
    @cache
    def is_match(spelled: str) -> bool:
        own_tokens = word_tokens(spelled, (language,))
        return own_tokens[0].startswith(beginnings) or not tokens.isdisjoint(own_tokens)

    for start, stop, spelled in _words_of(text):
        if is_match(spelled):
            yield start, stop


def _searched_terms(query: Query) -> Iterator[QueryTerm]:
    for term in query.terms:
        yield from term.parts
        for synonym in term.synonyms:
            yield from synonym.parts or [synonym]
        if not term.is_phrase:
            yield term


def _words_of(text: str) -> Iterator[tuple[int, int, str]]:
    """Every word: its first character, the one after its last, and its spelling in the index."""
    spell = cache(spelled_words)
    for match in _WORD_LIKE.finditer(text):
        spelled = spell(match[0])
        if len(spelled) == 1:
            start, end = match.span()
            yield start, end, spelled[0]
        else:
            # An apostrophe or the like separates words: "l'égalité" is two words.
            yield from _separate_words(match[0], match.start())


def _separate_words(text: str, offset: int) -> Iterator[tuple[int, int, str]]:
    for match in _LETTERS.finditer(text):
        spelled = spelled_words(match[0])
        if spelled:
            start = offset + match.start()
            end = offset + match.end()
            yield start, end, spelled[0]
