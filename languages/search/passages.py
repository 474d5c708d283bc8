"""The words that were found, in the text as it is written: which of it to show and what to mark."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from languages.folding import spelled_words, words
from languages.models import OwnTexts
from languages.search.analysis import word_tokens
from languages.search.query import QueryTerm, Typed

PASSAGE_CHARACTERS = 240
LEAD_CHARACTERS = 60
# Letters and digits with what may stand inside a word: marks, apostrophes, soft hyphens, gender
# signs.
_WORD_LIKE = re.compile(
    r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad\u200b-\u200f\u2060]|[’‘ʼʻ'`·‧*:_](?=[^\W_]))*"
)
_PLAIN = re.compile(r"[^\W_]+[\u0300-\u036f]*")


@dataclass(frozen=True)
class Part:
    """A piece of text, and whether it is what was looked for."""

    text: str
    found: bool = False


def marked(text: str, language: str, asked: Typed) -> list[Part]:
    """The whole text in pieces: joined together they are the text, letter for letter."""
    parts, end = [], 0
    for start, stop in _hits(text, language, asked):
        if start > end:
            parts.append(Part(text[end:start]))
        parts.append(Part(text[start:stop], found=True))
        end = stop
    if end < len(text):
        parts.append(Part(text[end:]))
    return parts


def passage(text: str, language: str, asked: Typed) -> list[Part]:
    """The piece of the text with the most different hits, marked, cut between words; [] if there is
    no hit in it."""
    hits = list(_hits(text, language, asked))
    if not hits:
        return []
    start = max(hits, key=lambda hit: (_worth(text, hits, hit[0]), -hit[0]))[0]
    begin = _between_words(text, max(0, start - LEAD_CHARACTERS)) if start > LEAD_CHARACTERS else 0
    end = _word_end(text, begin + PASSAGE_CHARACTERS)
    parts = marked(text[begin:end].strip(), language, asked)
    before = [Part("… ")] if begin else []
    return [*before, *parts, *([Part(" …")] if end < len(text) else [])]


def holds(row: OwnTexts, phrase: QueryTerm) -> bool:
    """Whether the words of a quoted phrase stand side by side in a name or in the text."""
    wanted = list(phrase.words)
    for text in [*row.own_names.split("\n"), *row.own_text.split("\n")]:
        there = words(text)
        if any(
            there[place : place + len(wanted)] == wanted
            for place in range(len(there) - len(wanted) + 1)
        ):
            return True
    return False


def _worth(text: str, hits: list[tuple[int, int]], start: int) -> int:
    """How many different words are marked in a passage that begins here."""
    return len(
        {
            text[a:b].casefold()
            for a, b in hits
            if start <= a and b <= start + PASSAGE_CHARACTERS - LEAD_CHARACTERS
        }
    )


def _between_words(text: str, place: int) -> int:
    """The next beginning of a word."""
    space = re.compile(r"\s").search(text, place)
    return space.end() if space else place


def _word_end(text: str, place: int) -> int:
    space = re.compile(r"\s").search(text, place)
    return space.start() if space else len(text)


def _hits(text: str, language: str, asked: Typed) -> Iterator[tuple[int, int]]:
    terms = [
        part
        for term in asked.terms
        for part in (*term.parts, term)
        if not (term.quoted and part is term)
    ]
    tokens = {token for term in terms for token in (*term.tokens, *term.compounds)}
    beginnings = tuple(beginning for term in terms for beginning in term.beginnings)
    for start, stop, spelled in _words(text):
        own = word_tokens(spelled, (language,))
        if not tokens.isdisjoint(own) or (beginnings and own[0].startswith(beginnings)):
            yield start, stop


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    """Every word with its place in the text and as the index spells it."""
    for found in _WORD_LIKE.finditer(text):
        spelled = spelled_words(found[0])
        if len(spelled) == 1:
            yield *found.span(), spelled[0]
            continue
        # An apostrophe or the like parts it: "l'égalité" is two words.
        for piece in _PLAIN.finditer(found[0]):
            for one in spelled_words(piece[0])[:1]:
                yield found.start() + piece.start(), found.start() + piece.end(), one
