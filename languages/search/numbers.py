"""Reads numbers in a text: "seven", "VII" and "7th" → 7, "uchwała nr CXXIX/3569/24" → the words of
the number.

The words stand in `data/search/numerals.csv`.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from languages.folding import fold, words
from languages.tables import rows_of

ROMAN = re.compile(r"(?=[ivxlcdm])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
# A point's number has at most so many digits.
MOST_DIGITS = 3
# What makes it an ordinal number stands behind: 7th, 7e.
_DIGITS = re.compile(r"(\d{1,3})([^\W\d_]{0,4})")
_ENDINGS = frozenset(
    {
        *("st", "nd", "rd", "th"),
        *("e", "er", "re", "eme", "ere", "nd", "nde"),
        *("a", "o"),
        *("ta", "te", "ty", "ego", "ym", "ga", "gi"),
        *("й", "а", "е", "го", "му", "м", "ий", "ій", "ого", "ому", "им", "ша", "га", "тя", "та"),
    }
)


def act_number(text: str) -> list[str]:
    """The words of the number of a legal act in a text: "uchwała LII/964/16" → ["lii", "964",
    "16"]. Empty if there is none: at least two words in a row, one with digits."""
    longest: list[str] = []
    for run in _runs_of_numbers(words(text)):
        if any(map(_has_digit, run)) and len(run) > max(1, len(longest)):
            longest = run
    return longest


def _runs_of_numbers(folded: Iterable[str]) -> Iterator[list[str]]:
    """Neighboring words with digits, and Roman numerals of several letters."""
    run: list[str] = []
    for word in folded:
        is_roman = len(word) > 1 and ROMAN.fullmatch(word)
        if _has_digit(word) or is_roman:
            run.append(word)
        else:
            yield run
            run = []
    yield run


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def ordinal_value(word: str) -> int | None:
    """The number of a folded word that says a place in a row: "7th", "siodmy"."""
    digits = _DIGITS.fullmatch(word)
    if digits and digits[2] in _ENDINGS:
        return int(digits[1])
    return numerals("ordinals").get(word)


def cardinal_value(word: str) -> int | None:
    """The number of a folded word that counts: "7", "seven", "vii"."""
    if word.isdecimal() and len(word) <= MOST_DIGITS:
        return int(word)
    if word in numerals("cardinals"):
        return numerals("cardinals")[word]
    return _roman_value(word) if ROMAN.fullmatch(word) else None


def value_of(word: str) -> int | None:
    """The number that a folded word is, of either kind; None if it is none."""
    ordinal = ordinal_value(word)
    return cardinal_value(word) if ordinal is None else ordinal


def _roman_value(word: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in word]
    total = 0
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total


@cache
def numerals(column: str) -> dict[str, int]:
    """The words of all languages for numbers: "cardinals" or "ordinals"."""
    numbers: dict[str, int] = {}
    for row in rows_of("search/numerals"):
        number = int(row["number"])
        for word in row[column].split():
            numbers.setdefault(fold(word), number)
    return numbers
