"""What somebody typed into a search box, as terms that all must be found. Nothing that is typed is
an operator."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings

from languages.folding import fold, spelled_runs, spelled_words
from languages.search.analysis import stem_token, stems_of, word_tokens
from languages.search.stop_words import STOP_WORDS

MAX_QUERY_CHARACTERS = 200
MAX_QUERY_WORDS = 12
# A beginning of one letter would meet every tenth word.
SHORTEST_BEGINNING = 2
SHORTEST_STEM_AS_WORD = 5

# Whatever a language quotes with; single ones are apostrophes too often.
_QUOTES = '"„“”«»'
_PHRASE = re.compile(f"[{_QUOTES}]([^{_QUOTES}]+)[{_QUOTES}]")


@dataclass(frozen=True)
class QueryTerm:
    """A word, words joined by a hyphen, or a quoted phrase.

    A row has it if it has one of `tokens`, or a word that goes on from one of `beginnings`, or all
    `parts`.
    """

    spelled: str
    words: tuple[str, ...]
    tokens: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    # Tokens of compounds with the word in them, found in the vocabulary of the index.
    compounds: tuple[str, ...] = ()
    parts: tuple["QueryTerm", ...] = ()
    quoted: bool = False

    def closed(self) -> "QueryTerm":
        """The term as one that may not go on."""
        return replace(self, beginnings=(), parts=tuple(part.closed() for part in self.parts))


@dataclass(frozen=True)
class Typed:
    """The terms; where only words were typed that stand everywhere, they are looked for in titles
    only."""

    terms: tuple[QueryTerm, ...] = ()
    titles_only: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def words(self) -> tuple[str, ...]:
        """The folded words in the order typed."""
        return tuple(word for term in self.terms for word in term.words)

    @property
    def spelled(self) -> str:
        """The terms as they are spelled, phrases in quotation marks: a query that means the
        same."""
        return " ".join(f'"{term.spelled}"' if term.quoted else term.spelled for term in self.terms)

    @property
    def phrases(self) -> tuple[QueryTerm, ...]:
        return tuple(term for term in self.terms if term.quoted)

    def with_term(self, old: QueryTerm, new: QueryTerm) -> "Typed":
        return replace(self, terms=tuple(new if term is old else term for term in self.terms))


def typed(text: str, *, beginnings: bool = False) -> Typed:
    """Read a query. The last word may be a beginning, with `beginnings` every word.

    Only the first `MAX_QUERY_CHARACTERS` characters and `MAX_QUERY_WORDS` different words count; a
    text without words gives no terms. Words that stand everywhere are left out where others remain.
    """
    terms = list(dict.fromkeys(_terms(text[:MAX_QUERY_CHARACTERS])))
    telling = [term for term in terms if term.quoted or not set(term.words) <= STOP_WORDS]
    titles_only = bool(terms) and not telling
    chosen = (telling or terms)[:MAX_QUERY_WORDS]
    if chosen:
        chosen = [_open(term) if beginnings else term for term in chosen[:-1]] + [_open(chosen[-1])]
    return Typed(tuple(chosen), titles_only)


def _terms(text: str) -> Iterable[QueryTerm]:
    end = 0
    for found in _PHRASE.finditer(text):
        yield from _loose(text[end : found.start()])
        if spelled := spelled_words(found[1]):
            yield phrase(spelled)
        end = found.end()
    yield from _loose(text[end:])


def _loose(text: str) -> Iterable[QueryTerm]:
    for run in spelled_runs(text):
        yield word(run[0]) if len(run) == 1 else joined(run)


def word(spelled: str) -> QueryTerm:
    """A word and its inflected forms in every language of the portal.

    Where an algorithm cuts more off one form than off another ("bostad": bost, "bostäder": bostad),
    the word meets the other form's stem and the stem the other form's word.
    """
    languages = tuple(code for code, _name in settings.SCHEMA_LANGUAGES)
    folded, *stems = word_tokens(spelled, languages)
    if len(folded) >= SHORTEST_STEM_AS_WORD and folded.isalpha():
        stems += [stem_token(folded, code) for code in languages]
        bare = [stem for code in languages for stem in stems_of(spelled, code)]
        stems += [stem for stem in bare if len(stem) >= SHORTEST_STEM_AS_WORD]
    return QueryTerm(spelled, (folded,), tuple(dict.fromkeys([folded, *stems])))


def joined(run: list[str]) -> QueryTerm:
    """Words joined by hyphens: all of them, or all as one word."""
    parts = tuple(word(spelled) for spelled in run)
    whole = word("".join(run))
    return QueryTerm(
        "-".join(run), tuple(w for part in parts for w in part.words), whole.tokens, parts=parts
    )


def phrase(spelled: list[str]) -> QueryTerm:
    """Exactly these words side by side. The rows that have them all are read to see whether they
    stand so."""
    words = tuple(fold(one) for one in spelled)
    parts = tuple(
        QueryTerm(one, (folded,), (folded,)) for one, folded in zip(spelled, words, strict=True)
    )
    return QueryTerm(" ".join(spelled), words, parts=parts, quoted=True)


def _open(term: QueryTerm) -> QueryTerm:
    """The term as one that may go on."""
    last = term.words[-1]
    if term.quoted or len(last) < SHORTEST_BEGINNING:
        return term
    if term.parts:
        return replace(
            term, parts=(*term.parts[:-1], _open(term.parts[-1])), beginnings=("".join(term.words),)
        )
    return replace(term, beginnings=(last,))
