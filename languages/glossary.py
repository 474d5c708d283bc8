"""The network's words in its languages (`data/reference/glossary.csv`; `docs/glossary.md` says how
they are used)."""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from languages.folding import spelled_words
from languages.search.analysis import word_tokens

PATH = settings.BASE_DIR / "data" / "reference" / "glossary.csv"
# What stands beside a word and is not said: "action (measure)", "Bürgermeister/in".
_ASIDE = re.compile(r"\([^)]*\)|/in\b")


@dataclass(frozen=True)
class GlossaryTerm:
    """A word of the glossary in two languages. `is_own`: the translation is the portal's, no public
    source has it."""

    text: str
    translation: str
    meaning: str
    is_own: bool


def terms_in(text: str, source: str, target: str) -> list[GlossaryTerm]:
    """The terms that occur in a text, in any form, in its order; none for a language that the
    glossary lacks.

    Where one term is part of another, the longer is named: "equality body", not "body".
    """
    words = [_forms(spelled, source) for spelled in spelled_words(text)]
    found: list[GlossaryTerm] = []
    taken: set[int] = set()
    at: dict[GlossaryTerm, int] = {}
    for wanted, term in _terms(source, target):
        for place in range(len(words) - len(wanted) + 1):
            places = set(range(place, place + len(wanted)))
            if taken.isdisjoint(places) and _stands(wanted, words[place:]):
                taken |= places
                at.setdefault(term, place)
    found += sorted(at, key=at.__getitem__)
    return found


def _stands(wanted: tuple[frozenset[str], ...], words: list[frozenset[str]]) -> bool:
    return all(not one.isdisjoint(word) for one, word in zip(wanted, words, strict=False))


def _forms(spelled: str, language: str) -> frozenset[str]:
    return frozenset(word_tokens(spelled, (language,)))


@lru_cache(maxsize=128)
def _terms(source: str, target: str) -> tuple[tuple[tuple[frozenset[str], ...], GlossaryTerm], ...]:
    """Each way to say each term, as the forms of its words, the longest first."""
    ways = []
    for row in _rows():
        said, translation = row.get(source) or "", row.get(target) or ""
        if not said or not translation:
            continue
        term = GlossaryTerm(said, translation, row["meaning_en"], target in row["own"].split())
        for way in _ASIDE.sub("", said).split(" / "):
            words = tuple(_forms(spelled, source) for spelled in spelled_words(way))
            if words:
                ways.append((words, term))
    return tuple(sorted(ways, key=lambda way: -len(way[0])))


@lru_cache(maxsize=1)
def _rows() -> list[dict[str, str]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
