"""Searching the index: what has all words, else what was probably meant, else what has some of
them.

The database only says which rows have the words (`candidates`); ranking, filters and counts are
done here, so that SQLite and PostgreSQL agree and the commonest word costs hardly more than any
other.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Q, QuerySet

from languages.models import IndexRow, IndexWord
from languages.search.candidates import Candidate, HasWords, candidates, stands, time_limit
from languages.search.query import SHORTEST_BEGINNING, QueryTerm, Typed, typed, word
from languages.search.ranking import EXACT_NAME, FOREIGN, INFLECTED, PART, likeness, nearness
from languages.search.vocabulary import compounds, nearest
from languages.text import current_language

LONGEST_SECONDS = 4
LONGEST_SUGGESTING_SECONDS = 1
# Fewer hits than this, and a nearest spelling is offered.
FEW = 3
FACETS = ("kind", "country", "city", "point", "language")


def matching(query: str) -> QuerySet[IndexRow]:
    """Rows in any language in which every word of the query occurs, as a beginning or inflected:
    for filters of lists.

    Nothing typed is an operator: words are folded to letters and digits first. No words, no rows.
    """
    asked = typed(query, beginnings=True)
    return IndexRow.objects.filter(HasWords(asked.terms)) if asked else IndexRow.objects.none()


# --- What was found -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What the reader narrows the results down to; empty: everything."""

    kind: str = ""
    country: str = ""
    city: int | None = None
    point: str = ""
    language: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in FACETS)

    def rows(self) -> Q:
        """The same for the database."""
        wanted = {
            name: getattr(self, name)
            for name in ("kind", "country", "city", "language")
            if getattr(self, name)
        }
        return Q(**wanted, **({"points__contains": f" {self.point} "} if self.point else {}))


@dataclass
class Hit:
    """One object that was found: its best row and every language in which it was found."""

    row: Candidate
    place: tuple
    languages: set[str] = field(default_factory=set)

    def passes(self, filters: Filters, but: str = "") -> bool:
        """Whether it is one of those wanted, whatever the filter `but` says."""
        return all(
            name == but or not getattr(filters, name) or getattr(filters, name) in self.values(name)
            for name in FACETS
        )

    def values(self, name: str) -> Iterable[object]:
        if name == "language":
            return self.languages
        if name == "point":
            return self.row.points.split()
        value = getattr(self.row, name)
        return (value,) if value else ()


@dataclass
class Found:
    """Hits, best first, and how they came about."""

    typed: Typed
    hits: list[Hit] = field(default_factory=list)
    counts: dict[str, Counter] = field(default_factory=dict)
    # How many there are without the filters.
    unfiltered: int = 0
    # There are more than could be looked through.
    cut: bool = False
    # Whether the counts are those of everything that was found.
    counted: bool = True
    # Nothing had all the words: these have some of them.
    relaxed: bool = False
    # Nothing was found as typed: words that were changed, as (typed, word of the index).
    corrected: list[tuple[str, str]] = field(default_factory=list)
    # Something was found, but little: what else may have been meant.
    offered: str = ""


def found(
    query: str,
    language: str | None = None,
    kinds: Sequence[str] = (),
    filters: Filters | None = None,
) -> Found:
    """What has all words of the query; else with typing errors corrected; else what has some of
    them.

    `kinds` is the order of kinds that are otherwise alike. Raises `TooLong` after
    `LONGEST_SECONDS`.
    """
    wanted, filters = language or current_language(), filters or Filters()
    with time_limit(LONGEST_SECONDS):
        asked = with_compounds(typed(query), wanted)
        if not asked:
            return Found(asked)
        search = _Search(wanted, tuple(kinds), filters)
        answer = search.all_terms(asked)
        if not answer.unfiltered:
            return search.corrected(asked) or search.some_terms(asked) or answer
        if answer.hits and not search.as_typed(answer):
            return search.better(asked, answer)
        if answer.unfiltered < FEW:
            answer.offered = search.offer(asked, answer.unfiltered)
        return answer


def suggested(
    query: str, *, kinds: Sequence[str] = (), kind: str = "", most: int = 8
) -> tuple[Typed, list[Hit]]:
    """The best hits in titles for what is typed so far, and as what it was understood."""
    wanted, asked = current_language(), typed(query)
    if not asked or len("".join(asked.words)) < SHORTEST_BEGINNING:
        return asked, []
    search = _Search(wanted, tuple(kinds), Filters(kind=kind))
    with time_limit(LONGEST_SUGGESTING_SECONDS):
        hits = search.in_titles(asked)
        if (
            not hits
            and len(asked.terms) == 1
            and not asked.phrases
            and (near := search.nearest(asked.terms[0]))
        ):
            asked = typed(near.spelled)
            hits = search.in_titles(asked)
    return asked, hits[:most]


def spellings(asked: Typed, language: str | None = None) -> list[str]:
    """Words of the index that are like those typed, further off than a correction may be."""
    wanted = language or current_language()
    near = [
        candidate.spelled
        for term in asked.terms
        if len(term.words) == 1 and not term.quoted
        for candidate in nearest(term.words[0], wanted, further=1)[:FEW]
        if stands(word(candidate.spelled))
    ]
    return list(dict.fromkeys(near))


def with_compounds(asked: Typed, language: str) -> Typed:
    """The query with the compounds in which its words stand."""
    terms = [term for term in asked.terms if len(term.words) == 1 and not term.quoted]
    known = compounds([term.words[0] for term in terms], language)
    for term in terms:
        if into := known.get(term.words[0]):
            beginnings = tuple(sorted({*term.beginnings, *into.beginnings}))
            asked = asked.with_term(
                term, replace(term, compounds=tuple(into.tokens), beginnings=beginnings)
            )
    return asked


@dataclass(frozen=True)
class _Search:
    language: str
    kinds: tuple[str, ...]
    filters: Filters

    def all_terms(self, asked: Typed) -> Found:
        return self._answer(asked, any_term=False)

    def some_terms(self, asked: Typed) -> Found | None:
        if len(asked.terms) < 2:
            return None
        answer = self._answer(asked, any_term=True)
        answer.relaxed = True
        return answer if answer.unfiltered else None

    def as_typed(self, answer: Found) -> bool:
        """Whether a hit has the words themselves, or other forms of them in the reader's language;
        and not only what an inflected form in another language happens to look like."""
        return any(
            self.language in hit.languages
            or nearness(term, set(f"{hit.row.title_tokens} {hit.row.text_tokens}".split()))
            != INFLECTED
            for hit in answer.hits
            for term in answer.typed.terms
        )

    def corrected(self, asked: Typed, *, seriously: bool = False) -> Found | None:
        """With every word that stands nowhere replaced by the nearest one that does; None if that
        finds nothing.

        `seriously`: a word that stands somewhere in another form counts as one that stands nowhere.
        """
        changed = []
        for term in asked.terms:
            exact = replace(term, tokens=term.words, compounds=()) if seriously else term
            if len(term.words) == 1 and not term.quoted and not stands(exact):
                better = self.nearest(term)
                if better:
                    changed.append((term.spelled, better.spelled))
                    asked = asked.with_term(term, word(better.spelled))
        if not changed:
            return None
        asked = with_compounds(asked, self.language)
        answer = self.all_terms(asked)
        if not answer.unfiltered:
            answer = self.some_terms(asked)
        if answer:
            answer.corrected = changed
        return answer

    def better(self, asked: Typed, answer: Found) -> Found:
        """An answer with words corrected, where the answer as typed has only what looks like a form
        of them in another language: either it finds more than a few, or something in the reader's
        language."""
        better = self.corrected(asked, seriously=True)
        if better is None:
            return answer
        more = answer.unfiltered < FEW and better.unfiltered > answer.unfiltered
        return (
            better if more or any(self.language in hit.languages for hit in better.hits) else answer
        )

    def offer(self, asked: Typed, hits: int) -> str:
        """Another spelling of the only word, where it finds more."""
        term = asked.terms[0]
        if (
            len(asked.terms) > 1
            or len(term.words) > 1
            or term.quoted
            or stands(replace(term, beginnings=()))
        ):
            return ""
        better = self.nearest(term)
        return (
            better.spelled
            if better and self.all_terms(typed(better.spelled)).unfiltered > hits
            else ""
        )

    def in_titles(self, asked: Typed) -> list[Hit]:
        rows = candidates(
            replace(asked, titles_only=True), self.language, self.filters.rows(), any_term=False
        ).rows
        hits = (hit for hit in self._hits(rows, asked).values() if hit.passes(self.filters))
        return sorted(hits, key=lambda hit: hit.place)

    def nearest(self, term: QueryTerm) -> IndexWord | None:
        return next(
            (
                near
                for near in nearest(term.words[0], self.language)[:FEW]
                if stands(word(near.word))
            ),
            None,
        )

    def _answer(self, asked: Typed, *, any_term: bool) -> Found:
        there = candidates(asked, self.language, self.filters.rows(), any_term=any_term)
        hits = sorted(self._hits(there.rows, asked).values(), key=lambda hit: hit.place)
        counts = {name: Counter() for name in FACETS}
        for hit in hits:
            for name in FACETS:
                if not hit.row.fictional and hit.passes(self.filters, but=name):
                    counts[name].update(hit.values(name))
        wanted = [hit for hit in hits if hit.passes(self.filters)]
        return Found(
            asked,
            wanted,
            counts,
            len(hits),
            there.cut,
            counted=not there.cut and not there.filtered,
        )

    def _hits(self, rows: Iterable[Candidate], asked: Typed) -> dict[tuple[int, int], Hit]:
        """One hit per object, whatever languages it was found in."""
        best: dict[tuple[int, int], Hit] = {}
        for row in rows:
            place = self._place(row, asked)
            hit = best.setdefault((row.content_type_id, row.object_id), Hit(row, place))
            if place < hit.place:
                hit.row, hit.place = row, place
            hit.languages.add(row.language)
        return best

    def _place(self, row: Candidate, asked: Typed) -> tuple:
        """What comes first: all words, the exact name, names, the reader's language, pages of their
        own, the kind, the dictionary."""
        like = likeness(row, asked)
        other = row.language != self.language
        kind = self.kinds.index(row.kind) if row.kind in self.kinds else len(self.kinds)
        level = like.level
        if level != EXACT_NAME:
            level += (FOREIGN if other else 0) + (PART if "#" in row.path else 0)
        return like.missing, level, kind, like.fine, row.sort_key, row.object_id
