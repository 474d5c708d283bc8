"""Whether a text says that somebody was harmed, or looks for help: then help comes first.

The words stand in `data/search/help_words.csv`, by language: `word` in any inflected form, `=word`
in this form alone, `word*` for words that begin so, and several words that must all be there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from languages.folding import fold, spelled_words
from languages.search.analysis import stems_of
from languages.search.word_lists import split_names
from languages.tables import rows_of

# A word of another language than the reader's counts if it is so long: Swedish "offer" is a victim,
# English "offer" is none.
LONG_WORD = 6
LONG_BEGINNING = 4

# A word and its stems.
Forms = frozenset[str]


@dataclass
class _Terms:
    """The words of one language."""

    words: set[str] = field(default_factory=set)
    long_words: set[str] = field(default_factory=set)
    beginnings: list[str] = field(default_factory=list)
    phrases: list[list[Forms]] = field(default_factory=list)

    @property
    def long_beginnings(self) -> list[str]:
        return [start for start in self.beginnings if len(start) >= LONG_BEGINNING]


def asks_for_help(text: str, language: str) -> bool:
    """Whether a text of a reader of `language` has words of harm or of help, in any language."""
    spelled = spelled_words(text)
    return any(_says(spelled, code, is_readers=code == language) for code in _terms_by_language())


def _says(spelled: Iterable[str], language: str, *, is_readers: bool) -> bool:
    terms = _terms_by_language()[language]
    text = [_forms_of(word, language) for word in spelled]
    wanted = terms.words if is_readers else terms.long_words
    beginnings = tuple(terms.beginnings if is_readers else terms.long_beginnings)
    for word, forms in zip(spelled, text, strict=True):
        if not wanted.isdisjoint(forms) or fold(word).startswith(beginnings):
            return True
    return is_readers and any(_has_phrase(text, phrase) for phrase in terms.phrases)


def _has_phrase(text: list[Forms], phrase: list[Forms]) -> bool:
    """Whether a text has all words of a phrase, in any form and order."""
    return all(any(word & forms for forms in text) for word in phrase)


def _forms_of(spelled: str, language: str) -> Forms:
    return frozenset((fold(spelled), *stems_of(spelled, language)))


@cache
def _terms_by_language() -> dict[str, _Terms]:
    by_language: dict[str, _Terms] = {}
    for row in rows_of("search/help_words"):
        language = row["language"]
        terms = by_language.setdefault(language, _Terms())
        for term in split_names(row["terms"]):
            _add(terms, term, language)
    return by_language


def _add(terms: _Terms, term: str, language: str) -> None:
    if term.endswith("*"):
        terms.beginnings.append(fold(term[:-1]))
        return
    if term.startswith("="):
        word = fold(term[1:])
        terms.words.add(word)
        terms.long_words.add(word)
        return
    words = spelled_words(term)
    forms = [_forms_of(word, language) for word in words]
    if len(forms) > 1:
        terms.phrases.append(forms)
        return
    terms.words |= forms[0]
    if len(words[0]) >= LONG_WORD:
        terms.long_words |= forms[0]
