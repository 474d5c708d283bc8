"""Which point of the plan or ground of discrimination is the subject of a text: "housing", "racism
in schools", "older people".

The words stand in `data/search/subjects.csv`, by the page and language; those without a page are
words that a subject may have beside its own: "discrimination", "city".
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from languages.folding import fold, spelled_words
from languages.search.compounds import LINKS
from languages.search.stop_words import STOP_WORDS, STOP_WORDS_OF
from languages.search.terms import forms_of, without_words
from languages.search.word_lists import asking_words, split_names
from languages.tables import rows_of

MOST_PAGES = 2
LONGEST_TEXT = 8
SHORTEST_PART = 4
POINTS = "plan/"
# The "page" of words that go with every subject.
ANY = ""

Forms = frozenset[str]


@dataclass
class _Subject:
    """The words of a page in one language.

    `words`: each of them is its subject. `phrases`: their words are so together alone.
    """

    words: Forms = frozenset()
    phrases: list[list[Forms]] = field(default_factory=list)
    # All that a text about it may say.
    known: Forms = frozenset()

    def add(self, term: str, language: str) -> None:
        # A text is compared without the words that are left out here.
        forms = [forms_of(spelled, language) for spelled in _content(term, language)]
        self.known = self.known.union(*forms)
        if len(forms) == 1:
            self.words |= forms[0]
        else:
            self.phrases.append(forms)

    def number_of_own(self, said: list[Forms]) -> int:
        """How many of the words say its subject."""
        number = 0
        for forms in said:
            if not self.words.isdisjoint(forms):
                number += 1
        everything = frozenset().union(*said)
        for phrase in self.phrases:
            if not any(map(everything.isdisjoint, phrase)):
                number += len(phrase)
        return number


def pages_about(text: str, language: str) -> list[str]:
    """The pages of the index whose subjects are all that a text of a reader of `language` says;
    those that say more of it first."""
    said = _content(text, language)
    if not said or len(said) > LONGEST_TEXT:
        return []
    forms = [_forms_for(spelled, _known(language), language) for spelled in said]
    if not all(forms):
        return []
    return _most_of(forms, language)


def points_about(text: str, language: str) -> list[str]:
    """The pages of the points whose subject a text that asks for a point says most of, whatever
    else it says."""
    known = _known(language)
    forms = [_forms_for(spelled, known, language) for spelled in _content(text, language)]
    return _most_of(forms, language, POINTS)


def _most_of(said: list[Forms], language: str, start: str = "") -> list[str]:
    """The pages whose address starts so of whose subject the words say most."""
    ranked_pages: list[tuple[int, int, str]] = []
    for page, subject in _subjects(language).items():
        if page == ANY or not page.startswith(start):
            continue
        number = subject.number_of_own(said)
        if number:
            ranked_pages.append((-number, len(ranked_pages), page))
    return [page for _number, _place, page in sorted(ranked_pages)[:MOST_PAGES]]


def _content(text: str, language: str) -> list[str]:
    spelled = spelled_words(text)
    # German "hat" (has) is Swedish for hate.
    content = without_words(spelled, STOP_WORDS_OF.get(language, STOP_WORDS))
    asking = asking_words(language)
    return without_words(content, asking)


def _forms_for(spelled: str, known: Forms, language: str) -> Forms:
    """The forms of a word or of its parts, if they are known."""
    forms = forms_of(spelled, language)
    if known.isdisjoint(forms):
        return _parts_of(spelled, known, language)
    return forms


def _parts_of(spelled: str, known: Forms, language: str) -> Forms:
    """The forms of the two known words of which a word is made: "Wohnungsdiskriminierung"."""
    for start, end in _halves(fold(spelled), language):
        ends = forms_of(end, language)
        if start in known and not known.isdisjoint(ends):
            return ends | {start}
    return frozenset()


def _halves(word: str, language: str) -> Iterator[tuple[str, str]]:
    """The two parts of a word at each place, the first without linking letters."""
    links = LINKS.get(language, ())
    last = len(word) - SHORTEST_PART
    for place in range(SHORTEST_PART, last + 1):
        start = word[:place]
        end = word[place:]
        for link in links:
            if start.endswith(link):
                first = start.removesuffix(link)
                yield first, end


@cache
def _known(language: str) -> Forms:
    """The words of all subjects in a language."""
    return frozenset().union(*(subject.known for subject in _subjects(language).values()))


@cache
def _subjects(language: str) -> dict[str, _Subject]:
    """The words of each page."""
    subjects: dict[str, _Subject] = {ANY: _Subject()}
    for row in rows_of("search/subjects"):
        code = row["language"]
        if code != language:
            continue
        page = row["page"]
        terms = row["terms"]
        subject = subjects.setdefault(page, _Subject())
        for term in split_names(terms):
            spelled = term.removeprefix("=")
            subject.add(spelled, language)
    return subjects
