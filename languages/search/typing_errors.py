"""The words of the index that are nearest to one with a typing error.

They are found by the parts that two words share if one is the other with an error (`WordPart`).
"""

from collections.abc import Iterable
from operator import itemgetter

from django.db import models

from languages.models import IndexWord, WordPart

# Shorter words are near to too many others.
SHORTEST_CORRECTED = 4
# Words up to this length are looked up as a whole, longer ones by their first and last letters.
WHOLE_WORD = 7
END = 5
TWO_ERRORS_FROM = 8
MOST_PARTS = 3000


def error_parts(word: str) -> set[str]:
    """The parts that two words share if one is the other with a typing error.

    Of a short word: the word with one letter left out. A longer word may have two errors, of which
    one half has at most one: so the same for its first letters (^) and its last letters ($).
    """
    if len(word) <= WHOLE_WORD:
        return _signed("-", word)
    first = _signed("^", word[:END])
    last = _signed("$", word[-END:])
    return first | last


def _signed(sign: str, letters: str) -> set[str]:
    deletions = _one_letter_deletions(letters)
    return {sign + part for part in deletions}


def _one_letter_deletions(word: str) -> set[str]:
    """The word, and the word without each of its letters."""
    deletions = {word}
    for place in range(len(word)):
        before = word[:place]
        after = word[place + 1 :]
        deletions.add(before + after)
    return deletions


def nearest_words(word: str, language: str, further: int = 0) -> list[IndexWord]:
    """The words of the index that a folded word may stand for, the nearest first.

    At the same distance words of the reader's language and words of titles come first. `further`
    admits more errors than `errors_in` does.
    """
    if len(word) < SHORTEST_CORRECTED or not word.isalpha():
        return []
    most = further + errors_in(word)
    near = []
    parts = _parts_to_look_up(word)
    for candidate in _words_with(parts):
        errors = distance(word, candidate.word, most)
        if 0 < errors <= most:
            preference = _preference(candidate, word, language)
            near.append((errors, preference, candidate))
    near.sort(key=itemgetter(0, 1))
    return [candidate for _errors, _preference, candidate in near]


def errors_in(word: str) -> int:
    """How many typing errors a word may have: one, from 8 letters on two."""
    if len(word) >= TWO_ERRORS_FROM:
        return 2
    return 1


def nearest_names(name: str, names: Iterable[str]) -> set[str]:
    """Those of some folded names from which a folded name differs by the fewest errors; none where
    it is too short, or has more errors than a name of its length may have."""
    if len(name) < SHORTEST_CORRECTED:
        return set()
    least = errors_in(name)
    nearest: set[str] = set()
    for other in names:
        errors = distance(name, other, least)
        if errors < least:
            nearest.clear()
            least = errors
        if errors == least:
            nearest.add(other)
    return nearest


def _words_with(parts: set[str]) -> models.QuerySet[IndexWord]:
    """The words of the index that have one of the parts."""
    rows = WordPart.objects.filter(part__in=parts)
    keys = rows.values_list("word_id", flat=True)
    first_keys = list(keys[:MOST_PARTS])
    return IndexWord.objects.filter(pk__in=first_keys)


def _parts_to_look_up(word: str) -> set[str]:
    """Parts of a word with errors. An error may make a word of 7 letters one of 8, or back: so both
    kinds of parts."""
    parts = error_parts(word)
    parts |= _signed("-", word)
    if len(word) == WHOLE_WORD:
        last = word[-1]
        parts |= error_parts(word + last)
        first_letters = word[:END]
        parts |= _signed("^", first_letters)
    return parts


def _preference(candidate: IndexWord, word: str, language: str) -> tuple[bool, bool, bool, str]:
    """The order of candidates with the same number of errors."""
    spelling = candidate.word
    languages = candidate.languages.split()
    # False comes before True.
    return (
        spelling[0] != word[0],
        language not in languages,
        not candidate.in_title,
        spelling,
    )


def distance(one: str, other: str, most: int) -> int:
    """The number of errors between two words; `most` + 1 if there are more.

    An error is a letter too many, a letter missing, a wrong letter, or two neighbors swapped
    (optimal string alignment).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place in range(1, len(one) + 1):
        earlier, before = before, row
        row = _distance_row(one[:place], other, before, earlier)
        if min(row) > most:
            return most + 1
    return row[-1]


def _distance_row(one: str, other: str, before: list[int], earlier: list[int]) -> list[int]:
    """The errors between `one` and every beginning of `other`, from the two rows before this."""
    letter = one[-1]
    previous = one[-2:-1]
    wanted_before = ""
    row = [len(one)]
    for place, wanted in enumerate(other):
        extra = before[place + 1] + 1
        missing = row[-1] + 1
        wrong = before[place]
        if letter != wanted:
            wrong += 1
        cost = min(extra, missing, wrong)
        if letter == wanted_before and wanted == previous:
            swapped = earlier[place - 1] + 1
            cost = min(cost, swapped)
        row.append(cost)
        wanted_before = wanted
    return row
