"""Reads which points of the plan a text names by number: "punkt nr 4", "the fourth point", "№ 4 of
the plan".

The words stand in `data/search/point_words.csv`, by language and kind: `point` and `points` (one
and several), `number` ("no.", "nr"), `and`, `last`.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from languages.folding import fold, words
from languages.search.numbers import MOST_DIGITS, cardinal_value, numerals, ordinal_value, value_of
from languages.search.stop_words import STOP_WORDS
from languages.tables import rows_of

# The plan has so many points.
NUMBER_OF_POINTS = 10
POINT, POINTS, NUMBER, AND, LAST = "point", "points", "number", "and", "last"
# "10 point plan" names the plan, not its tenth point.
_PLAN = ("plan", "program", "pian", "план", "програм")
# What a sign for "number" is read as.
_NUMBER_WORD = "nr"

# How a number is announced by a sign, in a folded text: "n°4", "nº 4", "n.º 4", "№4", "#4".
_SIGN = re.compile(r"(?:\bno?\.?[°o]?\.?|#)\s*(?=\d)", re.IGNORECASE)
# An ordinal number whose ending stands apart: "4-ty", "4:e", "4.º", "4." before a word.
_ENDING_APART = re.compile(r"\b(\d{1,3})[-.:](?=[^\W\d_]{1,4}\b)")
_FULL_STOP = re.compile(r"\b(\d{1,3})(?:\.(?=\s+[^\W\d_])|°)")


def point_numbers(text: str) -> list[int]:
    """The numbers of points that a text names, in digits, words or Roman numerals: "siódmy punkt"
    → [7]."""
    said = _words_of(text)
    numbers: dict[int, None] = {}
    for place, word in enumerate(said):
        if word in _words(POINT) or word in _words(POINTS):
            numbers.update(dict.fromkeys(_beside_point(said, place)))
    if not numbers:
        numbers.update(dict.fromkeys(_of_plan(said)))
    return list(numbers)


def _words_of(text: str) -> list[str]:
    """The folded words; signs for "number" are words too, ordinal numbers one word."""
    folded = _SIGN.sub(f" {_NUMBER_WORD} ", fold(text))
    joined = _ENDING_APART.sub(r"\1", folded)
    return words(_FULL_STOP.sub(r"\1e ", joined))


def _beside_point(said: list[str], place: int) -> list[int]:
    """The numbers of a point: those that follow, else the one before, unless that is how many the
    plan has."""
    after = list(_following(said, place + 1))
    if after or not place or said[place] not in _words(POINT):
        return after
    before = said[place - 1]
    if before in _words(LAST):
        return [NUMBER_OF_POINTS]
    ordinal = ordinal_value(before)
    if ordinal is not None:
        return [ordinal]
    if not before.isdecimal() or len(before) > MOST_DIGITS:
        return []
    number = int(before)
    return [] if number == NUMBER_OF_POINTS and _is_of_all(said, place) else [number]


def _is_of_all(said: list[str], place: int) -> bool:
    """Whether the word for a point may be one for all of them: "10 point plan", "in 10 Punkten"."""
    if said[place] in _words(POINTS):
        return True
    following = said[place + 1 : place + 3]
    return _names_plan(following)


def _following(said: list[str], start: int) -> Iterator[int]:
    """The numbers that stand in a row from a place on: "no. 3 and 4"."""
    is_first = True
    for place in range(start, len(said)):
        word = said[place]
        if is_first and word in _words(NUMBER):
            continue
        if not is_first and word in _words(AND):
            continue
        number = value_of(word) if _may_be_number(said, place) else None
        if number is None:
            return
        yield number
        is_first = False


def _may_be_number(said: list[str], place: int) -> bool:
    """Whether a word is more than a small word that looks like a number: "punkten i planen"."""
    word = said[place]
    if word not in STOP_WORDS:
        return True
    following = said[place + 1 : place + 2]
    if word == "i":
        return not following
    return STOP_WORDS.issuperset(following) or _names_plan(following)


def _of_plan(said: list[str]) -> Iterator[int]:
    """The numbers that stand beside a word for the plan without a word for a point: "n° 5 du plan",
    "the fourth of the ten points"."""
    for place, word in enumerate(said):
        rest = list(filter(_says_something, said[place + 1 :]))
        if word in _words(NUMBER) and rest:
            number = cardinal_value(rest[0])
            is_of_plan = _names_plan(rest[1:2]) or _names_plan(said[:place])
            if number and (is_of_plan or _names_points(said)):
                yield number
        ordinal = ordinal_value(word)
        if ordinal and _names_points(rest[:2]):
            yield ordinal


def _says_something(word: str) -> bool:
    """Whether it is no stop word, or a number: "ten" is a Polish one too."""
    return word not in STOP_WORDS or word in numerals("cardinals")


def _names_plan(said: list[str]) -> bool:
    return any(word.startswith(_PLAN) for word in said)


def _names_points(said: list[str]) -> bool:
    """Whether words say "ten points"."""
    return any(
        cardinal_value(number) == NUMBER_OF_POINTS and word in _words(POINTS)
        for number, word in pairwise(said)
    )


@cache
def _words(kind: str) -> frozenset[str]:
    """The words of a kind in all languages, folded."""
    rows = [row for row in rows_of("search/point_words") if row["kind"] == kind]
    return frozenset(fold(word) for row in rows for word in row["words"].split())
