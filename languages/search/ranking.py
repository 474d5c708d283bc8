"""Ranks the rows that match a query. The portal ranks, because the two databases rank
differently."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from languages.folding import words
from languages.search.candidates import Candidate
from languages.search.labels import GLOSS
from languages.search.query import Query, QueryTerm
from languages.search.stop_words import without_stop_words

# How a row has a term, from the best to the worst. An inflected form ranks like the word itself in
# a name; a word that starts with the term, or a compound that contains it, ranks lower, a synonym
# lowest.
EXACT, INFLECTED, PARTIAL, SYNONYM, ABSENT = range(5)
# Where a row has the terms: the levels of a `Match`.
EXACT_NAME, NAME_BEGINS, IN_NAME, IN_TEXT = 0, 1, 2, 4
# Added to the level of a row in another language than the reader's: its name comes after a name in
# the reader's language that has the words a little less exactly.
FOREIGN = 1.5
# Added to the level of a row whose name is the portal's translation: before it stand those who call
# themselves so.
TRANSLATED = 1.5
# Added to the level of a row without a page of its own; and where one word alone is searched, which
# is a subject: pages that say something of it come before the many actions that it names.
PAGE_PART = 1
PART_OF_SUBJECT = 2


@dataclass(frozen=True)
class Match:
    """How well a row matches a query; less is better.

    `missing` is a number of terms, `level` says where the others are, `fine` orders the rows of one
    level and one kind.
    """

    missing: int
    level: int
    fine: tuple[int, ...] = ()
    # It matches a name that is the portal's translation.
    is_gloss: bool = False
    # The places of the missing terms in the query.
    absent: tuple[int, ...] = ()


def match_row(row: Candidate, query: Query) -> Match:
    """Compare a row with a query.

    The best rows have all terms: as their whole name, at the beginning of their name, in their
    name, in their text. Of names those with fewer other words come first.
    """
    if not query:
        return Match(0, IN_NAME)
    text = f" {row.title_tokens} "
    title = set(text.split())
    is_gloss = GLOSS in title
    if query.name_label in title:
        return Match(0, EXACT_NAME, is_gloss=is_gloss)
    in_title = [match_term(term, title, text) for term in query.terms]
    if ABSENT not in in_title:
        level, fine = _level_of_name(row, query, max(in_title))
        return Match(0, level, fine, is_gloss)
    terms_in_title = len(in_title) - in_title.count(ABSENT)
    return _match_text(row, query, terms_in_title)


def _level_of_name(row: Candidate, query: Query, worst: int) -> tuple[int, tuple[int, ...]]:
    """`level` and `fine` of a row whose names have all terms, the worst of them as `worst` says."""
    wanted = query.content_words
    last_term = query.terms[-1]
    begins = False
    lengths = []
    for line in row.own_names.split("\n"):
        name = _words_of_name(line)
        begins = begins or _begins_with(name, wanted, last_term.compounds)
        lengths.append(len(name))
    level = IN_NAME
    if begins and len(wanted) > 1:
        level = NAME_BEGINS
    elif worst >= PARTIAL:
        level += worst - INFLECTED
    return level, (not begins, min(lengths), worst)


@lru_cache(maxsize=4096)
def _words_of_name(name: str) -> tuple[str, ...]:
    """The folded words of a name without stop words: the same names are compared again and
    again."""
    return tuple(without_stop_words(words(name)))


def _match_text(row: Candidate, query: Query, terms_in_title: int) -> Match:
    """The match of a row that has some terms in its text only. Terms in the title make up for
    terms that are missing."""
    text = f" {row.title_tokens} {row.text_tokens} "
    tokens: set[str] = set()
    matches = []
    for term in query.terms:
        match = EXACT
        # Dividing a text into its tokens takes longer than to look for one of them.
        if not all(f" {word} " in text for word in term.words):
            tokens = tokens or set(text.split())
            match = match_term(term, tokens, text)
        matches.append(match)
    absent = tuple(place for place, match in enumerate(matches) if match == ABSENT)
    present = [match for match in matches if match != ABSENT]
    worst = max(present, default=ABSENT)
    level = IN_TEXT
    if PARTIAL <= worst < ABSENT:
        level += worst - INFLECTED
    fine = (-terms_in_title, worst)
    return Match(len(absent), level, fine, absent=absent)


def _begins_with(name: Sequence[str], wanted: Sequence[str], compounds: Sequence[str]) -> bool:
    """Whether a name begins with the words. The last word may be the beginning of a longer word or
    stand in a compound."""
    if not name or not wanted:
        return False
    *first_words, last_word = wanted
    beginning = name[: len(wanted)]
    *start, last = beginning
    if start != first_words:
        return False
    return last in compounds or last.startswith(last_word)


def match_term(term: QueryTerm, tokens: set[str], text: str) -> int:
    """How the tokens of a row have a term: EXACT, INFLECTED, PARTIAL, SYNONYM or ABSENT.

    `text`: the same tokens with spaces around. To look there for beginnings is several times as
    quick as in each token.
    """
    if tokens.isdisjoint(term.all_tokens) and not _has_any(term.all_beginnings, text):
        return ABSENT
    if tokens.issuperset(term.words):
        return EXACT
    if not tokens.isdisjoint(term.tokens):
        return INFLECTED
    if term.parts and not term.is_phrase:
        matches = [match_term(part, tokens, text) for part in term.parts]
        worst = max(matches)
        if worst != ABSENT:
            return worst
    # A compound that contains the term, or a word that starts with it.
    if not tokens.isdisjoint(term.compounds) or _has_any(term.beginnings, text):
        return PARTIAL
    if any(match_term(synonym, tokens, text) != ABSENT for synonym in term.synonyms):
        return SYNONYM
    return ABSENT


def _has_any(beginnings: tuple[str, ...], text: str) -> bool:
    return any(f" {beginning}" in text for beginning in beginnings)
