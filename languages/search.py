"""Finding rows of the index by words: the same tokens and the same order on SQLite (FTS5) and PostgreSQL (tsvector).

The database only answers which rows have the words, at most `MOST_ROWS` of them; ranking, filters and counts are done
here, so that both databases agree and the commonest word costs no more than any other.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import monotonic

from django.db import OperationalError, connection
from django.db.models import BooleanField, Expression, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from languages.folding import words
from languages.models import IndexRow, IndexWord
from languages.passages import holds
from languages.stop_words import STOP_WORDS
from languages.text import current_language
from languages.typed import SHORTEST_BEGINNING, Term, Typed, typed, word
from languages.vocabulary import compounds, nearest

# A word that stands in more rows is too common to put them all in order: of these, titles and the reader's language.
MOST_ROWS = 2000
LONGEST_SECONDS = 4
LONGEST_SUGGESTING_SECONDS = 1
MOST_SUGGESTED = 200
# Fewer hits than this, and a nearest spelling is offered.
FEW = 3
FACETS = ("kind", "country", "city", "point", "language")


class TooLong(Exception):
    """The database was stopped: the search would have held up everybody else."""


# --- Rows that have the words ------------------------------------------------------------------------------------


class HasWords(Expression):
    """True for rows of the index that have the terms, of their titles alone or of everything; all of them or any."""

    conditional = True

    def __init__(self, terms: Sequence[Term], *, title: bool = False, any_term: bool = False) -> None:
        super().__init__(output_field=BooleanField())
        self.terms, self.title, self.any_term = tuple(terms), title, any_term

    def as_sql(self, compiler: SQLCompiler, connection: object) -> tuple[str, list[str]]:
        query = (" OR " if self.any_term else " AND ").join(_fts5(term) for term in self.terms)
        query = f"{{title_tokens}} : ({query})" if self.title else query
        rows = "SELECT rowid FROM languages_indexrow_fts WHERE languages_indexrow_fts MATCH %s"
        return f"languages_indexrow.id IN ({rows})", [query]

    def as_postgresql(self, compiler: SQLCompiler, connection: object) -> tuple[str, list[str]]:
        query = (" | " if self.any_term else " & ").join(_tsquery(term) for term in self.terms)
        return f"languages_indexrow.{'names' if self.title else 'tokens'} @@ %s::tsquery", [query]


def _fts5(term: Term) -> str:
    """`("krakow" OR "ßplßkrak" OR "krak"*)`: tokens have letters and digits only, so that nothing needs escaping."""
    either = [f'"{token}"' for token in (*term.tokens, *term.compounds)]
    either += [f'"{beginning}"*' for beginning in term.beginnings]
    if term.parts:
        either.append("(" + " AND ".join(_fts5(part) for part in term.parts) + ")")
    return "(" + " OR ".join(either) + ")"


def _tsquery(term: Term) -> str:
    either = [f"'{token}'" for token in (*term.tokens, *term.compounds)]
    either += [f"'{beginning}':*" for beginning in term.beginnings]
    if term.parts:
        either.append("(" + " & ".join(_tsquery(part) for part in term.parts) + ")")
    return "(" + " | ".join(either) + ")"


def matching(query: str) -> QuerySet[IndexRow]:
    """Rows in any language in which every word of the query occurs, as a beginning or inflected: for filters of lists.

    Nothing typed is an operator: words are folded to letters and digits first. No words, no rows.
    """
    asked = typed(query, beginnings=True)
    return IndexRow.objects.filter(HasWords(asked.terms)) if asked else IndexRow.objects.none()


# --- What was found ----------------------------------------------------------------------------------------------


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
        wanted = {name: getattr(self, name) for name in ("kind", "country", "city", "language") if getattr(self, name)}
        return Q(**wanted, **({"points__contains": f" {self.point} "} if self.point else {}))


@dataclass
class Hit:
    """One object that was found: its best row and every language in which it was found."""

    row: IndexRow
    place: tuple
    languages: set[str] = field(default_factory=set)

    def passes(self, filters: Filters, but: str = "") -> bool:
        """Whether it is one of those wanted, whatever the filter `but` says."""
        return all(
            name == but or not getattr(filters, name) or getattr(filters, name) in self.values(name) for name in FACETS
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
    # Nothing had all the words: these have some of them.
    relaxed: bool = False
    # Nothing was found as typed: words that were changed, as (typed, word of the index).
    corrected: list[tuple[str, str]] = field(default_factory=list)
    # Something was found, but little: what else may have been meant.
    offered: str = ""


def found(query: str, language: str | None = None, kinds: Sequence[str] = (), filters: Filters | None = None) -> Found:
    """What has all words of the query; else with typing errors corrected; else what has some of them.

    `kinds` is the order of kinds that are otherwise alike. Raises `TooLong` after `LONGEST_SECONDS`.
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
        if answer.unfiltered < FEW and not search.as_typed(answer):
            better = search.corrected(asked, seriously=True)
            return better if better and better.unfiltered > answer.unfiltered else answer
        if answer.unfiltered < FEW:
            answer.offered = search.offer(asked, answer.unfiltered)
        return answer


def suggested(query: str, *, kinds: Sequence[str] = (), kind: str = "", most: int = 8) -> tuple[Typed, list[Hit]]:
    """The best hits in titles for what is typed so far, and as what it was understood."""
    wanted, asked = current_language(), typed(query)
    if not asked or len("".join(asked.words)) < SHORTEST_BEGINNING:
        return asked, []
    search = _Search(wanted, tuple(kinds), Filters(kind=kind))
    with time_limit(LONGEST_SUGGESTING_SECONDS):
        hits = search.in_titles(asked)
        if not hits and len(asked.terms) == 1 and not asked.phrases and (near := search.nearest(asked.terms[0])):
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
        if _stands(word(candidate.spelled))
    ]
    return list(dict.fromkeys(near))


def with_compounds(asked: Typed, language: str) -> Typed:
    """The query with the compounds in which its words stand."""
    terms = [term for term in asked.terms if len(term.words) == 1 and not term.quoted]
    known = compounds([term.words[0] for term in terms], language)
    for term in terms:
        if into := known.get(term.words[0]):
            beginnings = tuple(sorted({*term.beginnings, *into.beginnings}))
            asked = asked.with_term(term, replace(term, compounds=tuple(into.tokens), beginnings=beginnings))
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
        """Whether a hit has the words themselves, or other forms of them in the reader's language; and not only what
        an inflected form in another language happens to look like."""
        return any(
            self.language in hit.languages
            or nearness(term, set(f"{hit.row.title_tokens} {hit.row.text_tokens}".split())) != INFLECTED
            for hit in answer.hits
            for term in answer.typed.terms
        )

    def corrected(self, asked: Typed, *, seriously: bool = False) -> Found | None:
        """With every word that stands nowhere replaced by the nearest one that does; None if that finds nothing.

        `seriously`: a word that stands somewhere in another form counts as one that stands nowhere.
        """
        changed = []
        for term in asked.terms:
            exact = replace(term, tokens=term.words, compounds=()) if seriously else term
            if len(term.words) == 1 and not term.quoted and not _stands(exact):
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

    def offer(self, asked: Typed, hits: int) -> str:
        """Another spelling of the only word, where it finds more."""
        term = asked.terms[0]
        if len(asked.terms) > 1 or len(term.words) > 1 or term.quoted or _stands(replace(term, beginnings=())):
            return ""
        better = self.nearest(term)
        return better.spelled if better and self.all_terms(typed(better.spelled)).unfiltered > hits else ""

    def in_titles(self, asked: Typed) -> list[Hit]:
        has = HasWords(asked.terms, title=True)
        rows = _rows(asked, has, self.filters.rows() & Q(language=self.language), MOST_SUGGESTED)
        rows += _rows(asked, has, self.filters.rows() & ~Q(language=self.language), MOST_SUGGESTED)
        return sorted(self._hits(rows, asked).values(), key=lambda hit: hit.place)

    def nearest(self, term: Term) -> IndexWord | None:
        return next((near for near in nearest(term.words[0], self.language)[:FEW] if _stands(word(near.word))), None)

    def _answer(self, asked: Typed, *, any_term: bool) -> Found:
        rows, cut = _candidates(asked, self.language, self.filters, any_term)
        hits = sorted(self._hits(rows, asked).values(), key=lambda hit: hit.place)
        counts = {name: Counter() for name in FACETS}
        for hit in hits:
            for name in FACETS:
                if not hit.row.fictional and hit.passes(self.filters, but=name):
                    counts[name].update(hit.values(name))
        return Found(asked, [hit for hit in hits if hit.passes(self.filters)], counts, len(hits), cut)

    def _hits(self, rows: Iterable[IndexRow], asked: Typed) -> dict[tuple[int, int], Hit]:
        """One hit per object, whatever languages it was found in."""
        best: dict[tuple[int, int], Hit] = {}
        for row in rows:
            place = self._place(row, asked)
            hit = best.setdefault((row.content_type_id, row.object_id), Hit(row, place))
            if place < hit.place:
                hit.row, hit.place = row, place
            hit.languages.add(row.language)
        return best

    def _place(self, row: IndexRow, asked: Typed) -> tuple:
        """What comes first: all words, the exact name, names, the reader's language, the kind, the dictionary."""
        like = likeness(row, asked)
        other = row.language != self.language
        kind = self.kinds.index(row.kind) if row.kind in self.kinds else len(self.kinds)
        level = like.level + (FOREIGN if other and like.level != EXACT_NAME else 0)
        return like.missing, level, kind, like.fine, row.sort_key, row.object_id


# --- Ranking -----------------------------------------------------------------------------------------------------

# How a row has a term. A word in another form counts like the word itself; what is only begun, or part of a compound, less.
EXACT, INFLECTED, BEGUN, ABSENT = range(4)
EXACT_NAME, NAME_BEGINS, IN_NAME, IN_TEXT = 0, 1, 2, 4
# A name that has the word in another language comes after one in the reader's that has it a little less exactly.
FOREIGN = 1.5


@dataclass(frozen=True)
class Likeness:
    """How near a row is to what was typed; less is nearer."""

    missing: int
    level: int
    # Among rows of one level and one kind.
    fine: tuple = ()


def likeness(row: IndexRow, asked: Typed) -> Likeness:
    """First the terms that are missing, then where the others are: a name of exactly these words, one that begins with
    several of them, a name, the text."""
    names = [telling(words(name)) for name in row.own_names.split("\n")] if row.title_tokens else []
    spelled = telling(asked.words)
    if spelled in names:
        return Likeness(0, EXACT_NAME)
    title = set(row.title_tokens.split())
    in_title = [nearness(term, title) for term in asked.terms]
    starts = any(_starts(name, spelled) for name in names)
    if ABSENT not in in_title:
        level = NAME_BEGINS if starts and len(spelled) > 1 else IN_NAME + (max(in_title) == BEGUN)
        return Likeness(0, level, (not starts, max(in_title)))
    everything = title.union(row.text_tokens.split())
    anywhere = [nearness(term, everything) for term in asked.terms]
    present = [near for near in anywhere if near != ABSENT]
    missing = len(anywhere) - len(present)
    # Of the terms that are there, those in a name make up for some that are missing.
    named = sum(near != ABSENT for near in in_title)
    level = IN_TEXT + (max(present, default=ABSENT) >= BEGUN)
    return Likeness(missing, level, (-named, max(present, default=ABSENT)))


def telling(spelled: Iterable[str]) -> list[str]:
    """Words without those that stand everywhere, if others are left: "igualdad de oportunidades" is two."""
    spelled = list(spelled)
    return [word for word in spelled if word not in STOP_WORDS] or spelled


def _starts(name: list[str], spelled: list[str]) -> bool:
    """Whether a name begins with the words, the last of which may go on."""
    there = name[: len(spelled)]
    return bool(there) and there[:-1] == spelled[:-1] and there[-1].startswith(spelled[-1])


def nearness(term: Term, tokens: set[str]) -> int:
    """How a set of tokens has a term: as typed, inflected, begun or in a compound, not at all."""
    if all(word in tokens for word in term.words):
        return EXACT
    if not tokens.isdisjoint(term.tokens):
        return INFLECTED
    if term.parts and not term.quoted:
        near = max(nearness(part, tokens) for part in term.parts)
        if near != ABSENT:
            return near
    if not tokens.isdisjoint(term.compounds):
        return BEGUN
    return BEGUN if term.beginnings and any(token.startswith(term.beginnings) for token in tokens) else ABSENT


# --- The database ------------------------------------------------------------------------------------------------

_COLUMNS = (
    "content_type_id", "object_id", "language", "kind", "title", "title_language", "other_names", "city", "country",
    "points", "fictional", "sort_key", "title_tokens", "text_tokens",
)  # fmt: skip


def _candidates(asked: Typed, language: str, filters: Filters, any_term: bool) -> tuple[list[IndexRow], bool]:
    """At most some `MOST_ROWS` rows that have the terms, and whether there are more."""
    has = HasWords(asked.terms, title=asked.titles_only, any_term=any_term)
    rows = _rows(asked, has, Q(), MOST_ROWS + 1)
    if len(rows) <= MOST_ROWS:
        return rows, False
    in_title = HasWords(asked.terms, title=True, any_term=any_term)
    tiers = [(in_title, Q(language=language)), (in_title, Q()), (has, Q(language=language))]
    chosen = {row.pk: row for row in rows if not filters}
    for words_there, which in tiers:
        chosen.update({row.pk: row for row in _rows(asked, words_there, which & filters.rows(), MOST_ROWS)})
    return list(chosen.values()), True


def _rows(asked: Typed, has: HasWords, which: Q, most: int) -> list[IndexRow]:
    columns = (*_COLUMNS, "summary", "summary_language", "body") if asked.phrases else _COLUMNS
    rows = IndexRow.objects.filter(has, which).only(*columns)[:most]
    return [row for row in rows if all(holds(row, phrase) for phrase in asked.phrases)]


def _stands(term: Term) -> bool:
    """Whether a term is anywhere in the index."""
    return IndexRow.objects.filter(HasWords([term])).exists()


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Let the database work no longer than this on one statement (PostgreSQL) or on them all (SQLite)."""
    connection.ensure_connection()
    try:
        _limit(seconds)
        yield
    except OperationalError as error:
        if _was_stopped(error):
            raise TooLong from error
        raise
    finally:
        _limit(None)


def _limit(seconds: float | None) -> None:
    driver = connection.connection
    if driver is None:
        return
    if connection.vendor == "postgresql":
        if driver.info.transaction_status.name != "INERROR":
            driver.execute(f"SET statement_timeout = {int(seconds * 1000)}" if seconds else "RESET statement_timeout")
    elif seconds:
        end = monotonic() + seconds
        driver.set_progress_handler(lambda: monotonic() > end, 10_000)
    else:
        driver.set_progress_handler(None, 0)


def _was_stopped(error: OperationalError) -> bool:
    return "interrupted" in str(error) or "statement timeout" in str(error)
