"""What is different between two versions of a text, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# Words with the space before them: a word added at the end is all that is new.
_WORDS = re.compile(r"\s*\S+|\s+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
# Comparing takes time by the product of both lengths; beyond this many pairs lines are compared,
# then nothing.
_PAIRS = 4_000_000


@dataclass(frozen=True)
class Piece:
    """A run of text: `same` in both versions, `old` only in the first, `new` only in the second."""

    kind: str
    text: str


def difference(old: str, new: str) -> list[Piece]:
    """The pieces that make both versions: without the new ones the old text, without the old ones
    the new text."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    start, end = _common(before, after)
    middle = (before[start : len(before) - end], after[start : len(after) - end])
    if len(middle[0]) * len(middle[1]) > _PAIRS:
        middle = tuple(_LINES.findall("".join(words)) for words in middle)
    pieces = [
        Piece("same", "".join(before[:start])),
        *_compared(*middle),
        Piece("same", "".join(before[len(before) - end :]) if end else ""),
    ]
    return [piece for piece in pieces if piece.text]


def _common(before: list[str], after: list[str]) -> tuple[int, int]:
    """How many words at the start and at the end are the same."""
    shorter = min(len(before), len(after))
    start = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    rest = shorter - start
    end = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    return start, end


def _compared(before: list[str], after: list[str]) -> list[Piece]:
    if len(before) * len(after) > _PAIRS:
        return [Piece("old", "".join(before)), Piece("new", "".join(after))]
    pieces = []
    for tag, from_old, to_old, from_new, to_new in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[from_old:to_old])))
            continue
        pieces.append(Piece("old", "".join(before[from_old:to_old])))
        pieces.append(Piece("new", "".join(after[from_new:to_new])))
    return pieces
