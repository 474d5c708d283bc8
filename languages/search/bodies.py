"""Finds what a text names among other words by its whole name: programmes and organisations."""

from collections.abc import Iterator

from languages.folding import fold, words
from languages.search.candidates import Candidate, rows_with_names
from languages.search.labels import name_label, words_of_name
from languages.search.query import MAX_QUERY_WORDS
from languages.search.stop_words import STOP_WORDS, STOP_WORDS_OF

PROGRAMME = "programme"
KINDS = ("organisation", PROGRAMME)
# Longer names are not looked for.
LONGEST_NAME = 8
# Fewer words begin many names.
SHORTEST_BEGINNING = 3


def named_bodies(text: str, language: str) -> list[Candidate]:
    """The rows of those whose whole name stands in a text of a reader of `language`. One query, or
    none for one word."""
    folded = words(text)
    said = words_of_name(folded)[:MAX_QUERY_WORDS]
    short = _short_names(folded, language)
    if len(said) + len(short) < 2:
        # The text is the name, which the search itself looks for.
        return []
    labels = [name_label(span) for span in _spans(said)]
    labels += [name_label([word]) for word in short]
    rows = rows_with_names(labels, KINDS)
    return [row for row in rows if _is_named(row, said) or is_called(row, folded)]


def _short_names(folded: list[str], language: str) -> list[str]:
    """The words that are stop words in other languages alone: Swedish DO is an ombudsman."""
    own = STOP_WORDS_OF.get(language, STOP_WORDS)
    foreign = STOP_WORDS - own
    return [word for word in folded if len(word) > 1 and word in foreign]


def is_called(row: Candidate, folded: list[str]) -> bool:
    """Whether one of the words is an abbreviation of the row."""
    names = row.own_names.split("\n")
    return any(name.isupper() and fold(name) in folded for name in names)


def is_begun(row: Candidate, folded: list[str]) -> bool:
    """Whether several words are the beginning of a name of a programme, word for word. Names of
    organisations begin with that of their city."""
    if row.kind != PROGRAMME or len(folded) < SHORTEST_BEGINNING:
        return False
    names = row.own_names.split("\n")
    return any(words(name)[: len(folded)] == folded for name in names)


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
        content = words_of_name(words(name))
        is_name = len(content) > 1 or name.isupper()
        if is_name and _padded(content) in text:
            return True
    return False


def _padded(said: list[str]) -> str:
    text = " ".join(said)
    return f" {text} "
