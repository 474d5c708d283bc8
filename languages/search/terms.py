"""Whether a text says something that a table of terms lists, by language.

In a table `word` stands for any inflected form, `=word` for this form alone, `word*` for words that
begin so, and several words that must all be there, each of which may be a beginning or one form
alone too. `[words]`: the text says this and nothing else.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from languages.folding import fold, spelled_words
from languages.search.analysis import stems_of
from languages.search.stop_words import STOP_WORDS
from languages.search.word_lists import asking_words, split_names
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
    # Each is all that a text says.
    whole_texts: list[list[_PhraseWord]] = field(default_factory=list)

    @cached_property
    def all_beginnings(self) -> tuple[str, ...]:
        return tuple(self.beginnings)

    @cached_property
    def long_beginnings(self) -> tuple[str, ...]:
        return tuple(start for start in self.beginnings if len(start) >= LONG_BEGINNING)


class _Text:
    """The words of a text, with their forms in each language that is asked for."""

    def __init__(self, text: str) -> None:
        self.spelled = spelled_words(text)
        self.folded = [fold(word) for word in self.spelled]
        self._forms: dict[str, list[Forms]] = {}
        self._all: dict[str, Forms] = {}

    def forms_in(self, language: str) -> list[Forms]:
        if language not in self._forms:
            self._forms[language] = [forms_of(word, language) for word in self.spelled]
        return self._forms[language]

    def all_forms_in(self, language: str) -> Forms:
        if language not in self._all:
            forms = self.forms_in(language)
            self._all[language] = frozenset().union(*forms)
        return self._all[language]


def subjects_of(text: str, language: str, table: str, column: str) -> list[str]:
    """The values of a column whose terms a text of a reader of `language` says, in any language."""
    said = _Text(text)
    subjects = []
    for subject, by_language in _terms_of(table, column).items():
        for code, terms in by_language.items():
            if _says(said, code, terms, is_readers=code == language):
                subjects.append(subject)
                break
    return subjects


def _says(text: _Text, language: str, terms: _Terms, *, is_readers: bool) -> bool:
    wanted = terms.words if is_readers else terms.long_words
    if not wanted.isdisjoint(text.all_forms_in(language)):
        return True
    beginnings = terms.all_beginnings if is_readers else terms.long_beginnings
    if any(word.startswith(beginnings) for word in text.folded):
        return True
    if not is_readers:
        return False
    forms = text.forms_in(language)
    if any(_has_phrase(forms, phrase) for phrase in terms.phrases):
        return True
    return _says_only(text.spelled, language, terms.whole_texts)


def _says_only(spelled: list[str], language: str, whole_texts: list[list[_PhraseWord]]) -> bool:
    """Whether a text says one of these and nothing else, apart from words that only ask."""
    content = without_words(spelled, STOP_WORDS)
    asking = asking_words(language)
    plain = without_words(content, asking)
    for said in (content, plain):
        forms = [forms_of(word, language) for word in said]
        for whole in whole_texts:
            if len(whole) != len(forms):
                continue
            if _has_phrase(forms, whole):
                return True
    return False


def without_words(spelled: list[str], left_out: Container[str]) -> list[str]:
    """The words without some folded ones; all where no other is left."""
    return [word for word in spelled if fold(word) not in left_out] or spelled


def _has_phrase(text: list[Forms], phrase: list[_PhraseWord]) -> bool:
    """Whether a text has all words of a phrase, in any form and order."""
    return all(any(map(word.is_form_of, text)) for word in phrase)


@lru_cache(maxsize=2048)
def forms_of(spelled: str, language: str) -> Forms:
    """A word and its stems, folded."""
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
    if term.startswith("["):
        content = without_words(spelled_words(term), STOP_WORDS)
        whole = list(_words_of_phrase(" ".join(content), language))
        terms.whole_texts.append(whole)
        return
    if " " in term:
        terms.phrases.append(list(_words_of_phrase(term, language)))
        return
    if term.endswith("*"):
        terms.beginnings.append(fold(term[:-1]))
        return
    if term.startswith("="):
        word = fold(term[1:])
        terms.words.add(word)
        if len(word) >= LONG_WORD:
            terms.long_words.add(word)
        return
    words = spelled_words(term)
    if len(words) > 1:
        terms.phrases.append(list(_words_of_phrase(term, language)))
        return
    forms = forms_of(words[0], language)
    terms.words |= forms
    if len(words[0]) >= LONG_WORD:
        terms.long_words |= forms


def _words_of_phrase(phrase: str, language: str) -> Iterator[_PhraseWord]:
    for part in phrase.split(" "):
        *words, last = spelled_words(part)
        for word in words:
            yield _PhraseWord(forms_of(word, language))
        if part.endswith("*"):
            yield _PhraseWord(frozenset(), fold(last))
        elif part.startswith("="):
            word = fold(last)
            yield _PhraseWord(frozenset({word}))
        else:
            yield _PhraseWord(forms_of(last, language))
