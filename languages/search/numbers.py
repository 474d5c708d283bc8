"""Reads numbers in a text: "point seven" → 7, "uchwała nr CXXIX/3569/24" → the words of the number.

The words stand in `data/search/numerals.csv` and `point_words.csv`.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from languages.folding import fold, words
from languages.tables import rows_of

_ROMAN = re.compile(r"(?=[ivxlcdm])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
# "7th", "7e", "7-й" and "7." are read as 7; a point's number has at most three digits.
_DIGITS = re.compile(r"(\d{1,3})(?:st|nd|rd|th|er|e|eme|a|o|й|го|му|м|ій)?")
# "10 point plan" and "10-Punkte-Plan" name the plan, not its tenth point.
_NOT_A_POINT = ("plan", "program")


def point_numbers(text: str) -> list[int]:
    """The numbers of points that a text names, in digits, words or Roman numerals: "siódmy punkt"
    → [7]."""
    folded = words(text)
    numbers: dict[int, None] = {}
    for place, word in enumerate(folded):
        if word not in _point_words():
            continue
        before = folded[place - 1] if place else ""
        after = folded[place + 1] if place + 1 < len(folded) else ""
        number = value_of(after, cardinals=True)
        if number is None and not any(map(_names_plan, folded[place + 1 : place + 3])):
            number = value_of(before)
        if number:
            numbers[number] = None
    return list(numbers)


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
        is_roman = len(word) > 1 and _ROMAN.fullmatch(word)
        if _has_digit(word) or is_roman:
            run.append(word)
        else:
            yield run
            run = []
    yield run


def _names_plan(word: str) -> bool:
    return word.startswith(_NOT_A_POINT)


def value_of(word: str, *, cardinals: bool = False) -> int | None:
    """The number that a folded word is: "7", "7th", "vii", "siodmy"; None if it is none.

    `cardinals`: also "seven", which stands after the word "point" only.
    """
    if not word:
        return None
    digits = _DIGITS.fullmatch(word)
    if digits:
        return int(digits[1])
    if word in _words_for_numbers("ordinals"):
        return _words_for_numbers("ordinals")[word]
    if cardinals and word in _words_for_numbers("cardinal"):
        return _words_for_numbers("cardinal")[word]
    return _roman_value(word) if _ROMAN.fullmatch(word) else None


def _roman_value(word: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in word]
    total = 0
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


@cache
def _point_words() -> frozenset[str]:
    rows = rows_of("search/point_words")
    return frozenset(fold(word) for row in rows for word in row["words"].split())


@cache
def _words_for_numbers(column: str) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for row in rows_of("search/numerals"):
        for word in row[column].split():
            numbers.setdefault(fold(word), int(row["number"]))
    return numbers
