"""Finds what a text names among other words by its whole name: programmes and organisations."""

from collections.abc import Iterator

from languages.folding import words
from languages.search.candidates import Candidate, rows_with_names
from languages.search.labels import name_label
from languages.search.query import MAX_QUERY_WORDS
from languages.search.stop_words import without_stop_words

KINDS = ("organisation", "programme")
# Longer names are not looked for.
LONGEST_NAME = 8


def named_bodies(text: str) -> list[Candidate]:
    """The rows of those whose whole name stands in a text. One query, or none for one word."""
    said = without_stop_words(words(text))[:MAX_QUERY_WORDS]
    if len(said) < 2:
        # The text is the name, which the search itself looks for.
        return []
    labels = map(name_label, _spans(said))
    rows = rows_with_names(labels, KINDS)
    return [row for row in rows if _is_named(row, said)]


def _spans(said: list[str]) -> Iterator[list[str]]:
    """All words that stand side by side."""
    for start, _word in enumerate(said):
        rest = said[start : start + LONGEST_NAME]
        for end, _last in enumerate(rest, 1):
            yield rest[:end]


def _is_named(row: Candidate, said: list[str]) -> bool:
    """Whether words have a whole name of a row: several words, or an abbreviation."""
    text = _padded(said)
    for name in row.own_names.split("\n"):
        content = without_stop_words(words(name))
        is_name = len(content) > 1 or name.isupper()
        if is_name and _padded(content) in text:
            return True
    return False


def _padded(said: list[str]) -> str:
    text = " ".join(said)
    return f" {text} "
