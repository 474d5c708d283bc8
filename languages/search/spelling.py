"""Other spellings of a text: for words that are probably typing errors."""

from dataclasses import dataclass, replace

from languages.folding import words
from languages.models import IndexWord
from languages.search.analysis import word_tokens
from languages.search.candidates import is_in_index
from languages.search.dictionaries import is_known
from languages.search.help_words import asks_for_help
from languages.search.meaning import Meaning
from languages.search.query import Query, QueryTerm, hyphenated_term, word_term
from languages.search.typing_errors import nearest_words
from languages.text import current_language, schema_languages

LONGEST_ABBREVIATION = 6
# With fewer hits than this, the search offers another spelling.
FEW = 3

# Words as they were typed, and what they were corrected to.
Corrections = list[tuple[str, str]]


@dataclass(frozen=True)
class Speller:
    """Corrects what a reader of `language` types."""

    language: str

    def has_unknown_word(self, query: Query) -> bool:
        """Whether a word is right in no dictionary of the reader's language."""
        return not all(is_known(word, [self.language]) for word in query.words)

    def other_spelling(
        self, text: str, query: Query, meaning: Meaning | None, *, exact: bool = False
    ) -> tuple[str, Corrections]:
        """The text with other words for those that are probably typing errors, and which they are.

        `exact`: a word that the index has only in another form may be one too.
        """
        corrections: Corrections = []
        names_place = words_of_places(text, meaning)
        for term in query.terms:
            if not term.is_single_word and not term.is_hyphenated:
                continue
            if names_place.issuperset(term.words):
                continue
            # Of words that hyphens join each is one.
            words = term.parts if term.is_hyphenated else (term,)
            spelled = [self._corrected(word, text, exact, corrections) for word in words]
            if spelled != [word.spelled for word in words]:
                new = word_term(spelled[0]) if len(spelled) == 1 else hyphenated_term(spelled)
                query = query.replace_term(term, new)
        return (query.spelled if corrections else ""), corrections

    def _corrected(self, term: QueryTerm, text: str, exact: bool, corrections: Corrections) -> str:
        """A word as it is probably meant; adds what is corrected."""
        if not self._may_be_error(term, text, exact):
            return term.spelled
        word = self._nearest(term)
        if not word:
            return term.spelled
        corrections.append((term.spelled, word.spelled))
        return word.spelled

    def _may_be_error(self, term: QueryTerm, text: str, exact: bool) -> bool:
        """Whether a word is in no dictionary and in no entry, and no abbreviation."""
        word = term.words[0]
        if is_abbreviation(term.spelled, text) or is_known(word, [self.language]):
            return False
        tokens = term.words if exact else word_tokens(term.spelled, (self.language,))
        wanted = replace(term, tokens=tuple(tokens), compounds=(), beginnings=())
        return not is_in_index(wanted) and not asks_for_help(term.spelled, self.language)

    def correct_only_word(self, query: Query) -> IndexWord | None:
        """The nearest word of the index, if the query has one term, and that is no phrase."""
        if len(query.terms) > 1 or query.phrases:
            return None
        term = query.terms[0]
        if is_known(term.words[0], [self.language]):
            return None
        return self._nearest(term)

    def _nearest(self, term: QueryTerm) -> IndexWord | None:
        spelled = term.words[0]
        # A word of another language is only corrected to one of the reader's.
        is_foreign = is_known(spelled, schema_languages())
        nearest = nearest_words(spelled, self.language)
        for word in nearest[:FEW]:
            if is_foreign and self.language not in word.languages.split():
                continue
            correction = word_term(word.word)
            if is_in_index(correction):
                return word
        return None


def similar_words(query: Query, language: str | None = None) -> list[str]:
    """Words of the index that are like those of a query, with one error more than a correction may
    have."""
    reader_language = language or current_language()
    similar: dict[str, None] = {}
    for term in query.single_words:
        nearest = nearest_words(term.words[0], reader_language, further=1)
        for word in nearest[:FEW]:
            spelled = word.spelled
            if is_in_index(word_term(spelled)):
                similar[spelled] = None
    return list(similar)


def is_abbreviation(spelled: str, text: str) -> bool:
    """Whether a word is short and stands in capitals in a text: IHREC, UNAR."""
    word = spelled.upper()
    return len(word) <= LONGEST_ABBREVIATION and word in text.split()


def words_of_places(text: str, meaning: Meaning | None) -> set[str]:
    """The folded words of a text that name its places."""
    if meaning is None or not (meaning.places.cities or meaning.places.countries):
        return set()
    rest = words(meaning.places.rest)
    return set(words(text)).difference(rest)
