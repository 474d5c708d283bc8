"""The network's glossary: its words in all languages, from `data/reference/glossary.csv`.

`docs/glossary.md` says how the words are used.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from languages.folding import spelled_words
from languages.search.analysis import word_tokens
from languages.tables import rows_of

# Additions to a word that are not part of it: "action (measure)", "Bürgermeister/in".
_ASIDE = re.compile(r"\([^()]*\)|/in\b")

# The word and the stems of one word of a text.
WordForms = frozenset[str]


@dataclass(frozen=True)
class GlossaryTerm:
    """A word of the glossary in two languages. `is_own`: the translation is the portal's own,
    because no public source has one."""

    text: str
    translation: str
    meaning: str
    is_own: bool


def terms_in(text: str, source: str, target: str) -> list[GlossaryTerm]:
    """The terms that a text has in any form, in the order of the text.

    Of two terms in one place only the longer is given: "equality body", not "body". A language that
    the glossary lacks gives no terms.
    """
    words = [_forms_of(spelled, source) for spelled in spelled_words(text)]
    places_by_form = _places_by_form(words)
    first_places: dict[GlossaryTerm, int] = {}
    used: set[int] = set()
    for wanted, term in _terms(source, target):
        first_word = wanted[0]
        for place in _places_of(first_word, places_by_form):
            end = place + len(wanted)
            places = range(place, end)
            if not used.isdisjoint(places):
                continue
            if _are_forms_of(words[place:end], wanted):
                used.update(places)
                first_places.setdefault(term, place)
    return sorted(first_places, key=first_places.__getitem__)


def _places_of(word: WordForms, places_by_form: dict[str, list[int]]) -> list[int]:
    """Where a text has one of the forms of a word, in the order of the text."""
    places: set[int] = set()
    for form in word & places_by_form.keys():
        places.update(places_by_form[form])
    return sorted(places)


def _places_by_form(words: list[WordForms]) -> dict[str, list[int]]:
    """Where each form stands in a text: a term is looked for only where its first word is."""
    places = defaultdict(list)
    for place, forms in enumerate(words):
        for form in forms:
            places[form].append(place)
    return places


def _are_forms_of(words: list[WordForms], wanted: tuple[WordForms, ...]) -> bool:
    if len(words) < len(wanted):
        return False
    pairs = zip(words, wanted, strict=True)
    return not any(word.isdisjoint(forms) for word, forms in pairs)


def _forms_of(spelled: str, language: str) -> WordForms:
    return frozenset(word_tokens(spelled, (language,)))


@lru_cache(maxsize=128)
def _terms(source: str, target: str) -> list[tuple[tuple[WordForms, ...], GlossaryTerm]]:
    """The wordings of all terms as forms of their words, the longest first."""
    terms = []
    for row in rows_of("reference/glossary"):
        text = row.get(source)
        translation = row.get(target)
        if text and translation:
            own_languages = row["own"].split()
            term = GlossaryTerm(
                text=text,
                translation=translation,
                meaning=row["meaning_en"],
                is_own=target in own_languages,
            )
            for wording in _wordings(text, source):
                terms.append((wording, term))
    return sorted(
        terms,
        key=lambda term: -len(term[0]),
    )


def _wordings(text: str, language: str) -> Iterator[tuple[WordForms, ...]]:
    """Each wording of a term: "mayor / head of the city" has two."""
    bare = _ASIDE.sub("", text)
    for wording in bare.split(" / "):
        words = spelled_words(wording)
        if words:
            forms = [_forms_of(spelled, language) for spelled in words]
            yield tuple(forms)
