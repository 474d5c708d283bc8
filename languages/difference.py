"""Compares two versions of a text word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

# Words with the space before them, so that only the added word at the end of a text is new.
_WORDS = re.compile(r"\s*\S+|\s+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
# To compare two lists takes time in proportion to the product of their lengths. If it is larger
# than this, lines are compared instead of words; if it is still larger, nothing.
_PAIRS = 4_000_000


@dataclass(frozen=True)
class Piece:
    """A run of text: `same` in both versions, `old` only in the first, `new` only in the second."""

    kind: str
    text: str


def difference(old: str, new: str) -> list[Piece]:
    """The pieces of both versions: all but the new ones make the old text, all but the old ones the
    new text."""
    old_words = _WORDS.findall(old)
    new_words = _WORDS.findall(new)
    start = _shared_start(old_words, new_words)
    shared = old_words[:start]
    old_rest = old_words[start:]
    new_rest = new_words[start:]
    length = _shared_end(old_rest, new_rest)
    old_end = len(old_rest) - length
    new_end = len(new_rest) - length
    old_middle = old_rest[:old_end]
    new_middle = new_rest[:new_end]
    end = old_rest[old_end:]
    pieces = [_same(shared)]
    pieces += _compare_middle(old_middle, new_middle)
    pieces.append(_same(end))
    return [piece for piece in pieces if piece.text]


def _same(words: list[str]) -> Piece:
    return Piece("same", "".join(words))


def _shared_start(old: list[str], new: list[str]) -> int:
    """How many words at the start are the same."""
    pairs = zip(old, new, strict=False)
    same = takewhile(_are_same, pairs)
    return len(list(same))


def _shared_end(old: list[str], new: list[str]) -> int:
    """How many words at the end are the same."""
    return _shared_start(old[::-1], new[::-1])


def _are_same(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def _compare_middle(old: list[str], new: list[str]) -> list[Piece]:
    pairs = len(old) * len(new)
    if pairs <= _PAIRS:
        return _compare(old, new)
    old_text = "".join(old)
    new_text = "".join(new)
    old_lines = _LINES.findall(old_text)
    new_lines = _LINES.findall(new_text)
    pairs = len(old_lines) * len(new_lines)
    if pairs <= _PAIRS:
        return _compare(old_lines, new_lines)
    return [Piece("old", old_text), Piece("new", new_text)]


def _compare(old: list[str], new: list[str]) -> list[Piece]:
    pieces = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        old_words = old[old_start:old_end]
        if tag == "equal":
            pieces.append(_same(old_words))
            continue
        new_words = new[new_start:new_end]
        old_text = "".join(old_words)
        new_text = "".join(new_words)
        pieces.append(Piece("old", old_text))
        pieces.append(Piece("new", new_text))
    return pieces
