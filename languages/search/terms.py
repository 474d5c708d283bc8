"""Whether a text says something that a table of terms lists, by language.

In a table `word` stands for any inflected form, `=word` for this form alone, `word*` for words that
begin so, and several words that must all be there, each of which may be a beginning too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

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


class _PhraseWord(NamedTuple):
    """A word of a phrase: in any of its forms, or how it begins."""

    forms: Forms
    beginning: str = ""

    def is_form_of(self, word: Forms) -> bool:
        if self.beginning:
            return any(form.startswith(self.beginning) for form in word)
        return not self.forms.isdisjoint(word)


@dataclass
class _Terms:
    """The words of one language."""

    words: set[str] = field(default_factory=set)
    long_words: set[str] = field(default_factory=set)
    beginnings: list[str] = field(default_factory=list)
    phrases: list[list[_PhraseWord]] = field(default_factory=list)

    @property
    def long_beginnings(self) -> list[str]:
        return [start for start in self.beginnings if len(start) >= LONG_BEGINNING]


def subjects_of(text: str, language: str, table: str, column: str) -> list[str]:
    """The values of a column whose terms a text of a reader of `language` says, in any language."""
    spelled = spelled_words(text)
    subjects = []
    for subject, by_language in _terms_of(table, column).items():
        for code, terms in by_language.items():
            is_readers = code == language
            if _says(spelled, code, terms, is_readers=is_readers):
                subjects.append(subject)
                break
    return subjects


def _says(spelled: Iterable[str], language: str, terms: _Terms, *, is_readers: bool) -> bool:
    text = [_forms_of(word, language) for word in spelled]
    wanted = terms.words if is_readers else terms.long_words
    beginnings = tuple(terms.beginnings if is_readers else terms.long_beginnings)
    for word, forms in zip(spelled, text, strict=True):
        if not wanted.isdisjoint(forms) or fold(word).startswith(beginnings):
            return True
    return is_readers and any(_has_phrase(text, phrase) for phrase in terms.phrases)


def _has_phrase(text: list[Forms], phrase: list[_PhraseWord]) -> bool:
    """Whether a text has all words of a phrase, in any form and order."""
    return all(any(map(word.is_form_of, text)) for word in phrase)


@lru_cache(maxsize=2048)
def _forms_of(spelled: str, language: str) -> Forms:
    return frozenset((fold(spelled), *stems_of(spelled, language)))


@cache
def _terms_of(table: str, column: str) -> dict[str, dict[str, _Terms]]:
    """The terms of a table by subject and language; a table without the column has one subject."""
    subjects: dict[str, dict[str, _Terms]] = {}
    for row in rows_of(table):
        language = row["language"]
        by_language = subjects.setdefault(row.get(column, ""), {})
        terms = by_language.setdefault(language, _Terms())
        for term in split_names(row["terms"]):
            _add(terms, term, language)
    return subjects


def _add(terms: _Terms, term: str, language: str) -> None:
    if " " in term:
        terms.phrases.append(list(_words_of_phrase(term, language)))
        return
    if term.endswith("*"):
        terms.beginnings.append(fold(term[:-1]))
        return
    if term.startswith("="):
        word = fold(term[1:])
        terms.words.add(word)
        terms.long_words.add(word)
        return
    words = spelled_words(term)
    if len(words) > 1:
        terms.phrases.append(list(_words_of_phrase(term, language)))
        return
    forms = _forms_of(words[0], language)
    terms.words |= forms
    if len(words[0]) >= LONG_WORD:
        terms.long_words |= forms


def _words_of_phrase(phrase: str, language: str) -> Iterator[_PhraseWord]:
    for part in phrase.split(" "):
        *words, last = spelled_words(part)
        for word in words:
            yield _PhraseWord(_forms_of(word, language))
        if part.endswith("*"):
            yield _PhraseWord(frozenset(), fold(last))
        else:
            yield _PhraseWord(_forms_of(last, language))
