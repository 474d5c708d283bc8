"""Which rows of the index have what was typed: the only thing asked of the database.

The same tokens stand in FTS5 on SQLite and in tsvectors on PostgreSQL, so both give the same rows.
What more than `MOST_ROWS` rows have is too common to put them all in order: then exact names, names
and texts in the reader's language, kinds with few objects and a sample of the others are taken, the
same on both databases (`marks`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from time import monotonic

from django.db import OperationalError, connection
from django.db.models import BooleanField, Expression, Q
from django.db.models.sql.compiler import SQLCompiler

from languages.models import IndexRow, OwnTexts
from languages.search.marks import FEW, SAMPLES, of_language, of_name, of_sample
from languages.search.passages import holds
from languages.search.query import QueryTerm, Typed

MOST_ROWS = 1000
MOST_OF_A_TIER = 300
# A sample of this size is looked through: with fewer the next larger one would still be small
# enough.
MOST_OF_A_SAMPLE, LEAST_OF_A_SAMPLE = 600, 150
# One row in 64. With fewer of them than this all rows can be looked at.
PROBE, FEW_IN_PROBE = 6, 16
# With more terms none is left out to find rows that have all others.
MOST_LEFT_OUT = 5


class HasWords(Expression):
    """True for rows of the index that have the terms, of their titles alone or of everything; all
    of them or any."""

    conditional = True

    def __init__(
        self,
        terms: Sequence[QueryTerm],
        *,
        title: bool = False,
        any_term: bool = False,
        marks: Sequence[str] = (),
        most: int | None = None,
    ) -> None:
        super().__init__(output_field=BooleanField())
        self.terms, self.title, self.any_term, self.marks = (
            tuple(terms),
            title,
            any_term,
            tuple(marks),
        )
        # SQLite makes the whole list of a sub-query before it takes the first of it; PostgreSQL
        # stops by itself.
        self.most = most

    def marked(self, *marks: str, most: int | None = None) -> "HasWords":
        """The same for rows that have these marks too."""
        return HasWords(
            self.terms,
            title=self.title,
            any_term=self.any_term,
            marks=(*self.marks, *marks),
            most=most or self.most,
        )

    def closed(self) -> "HasWords":
        """The same without words that only begin so: of those PostgreSQL and SQLite read all there
        are."""
        terms = [term.closed() for term in self.terms]
        return HasWords(terms, title=self.title, any_term=self.any_term, marks=self.marks)

    def as_sql(self, compiler: SQLCompiler, connection: object) -> tuple[str, list[object]]:
        terms = (" OR " if self.any_term else " AND ").join(_fts5(term) for term in self.terms)
        query = " AND ".join(
            [*([f"({terms})"] if terms else []), *(f'"{mark}"' for mark in self.marks)]
        )
        query = f"{{title_tokens}} : ({query})" if self.title else query
        rows = "SELECT rowid FROM languages_indexrow_fts WHERE languages_indexrow_fts MATCH %s"
        if self.most:
            return f"{_table(compiler)}.id IN ({rows} LIMIT %s)", [query, self.most]
        return f"{_table(compiler)}.id IN ({rows})", [query]

    def as_postgresql(self, compiler: SQLCompiler, connection: object) -> tuple[str, list[str]]:
        terms = (" | " if self.any_term else " & ").join(_tsquery(term) for term in self.terms)
        query = " & ".join(
            [*([f"({terms})"] if terms else []), *(f"'{mark}'" for mark in self.marks)]
        )
        return f"{_table(compiler)}.{'names' if self.title else 'tokens'} @@ %s::tsquery", [query]


def _table(compiler: SQLCompiler) -> str:
    """What the index is called in this query: a sub-query of another has an alias of its own."""
    return compiler.query.base_table or "languages_indexrow"


def _fts5(term: QueryTerm) -> str:
    """`("krakow" OR "ßplßkrak" OR "krak"*)`: tokens have letters and digits only, so that nothing
    needs escaping."""
    either = [f'"{token}"' for token in (*term.tokens, *term.compounds)]
    either += [f'"{beginning}"*' for beginning in term.beginnings]
    if term.parts:
        either.append("(" + " AND ".join(_fts5(part) for part in term.parts) + ")")
    return "(" + " OR ".join(either) + ")"


def _tsquery(term: QueryTerm) -> str:
    either = [f"'{token}'" for token in (*term.tokens, *term.compounds)]
    either += [f"'{beginning}':*" for beginning in term.beginnings]
    if term.parts:
        either.append("(" + " & ".join(_tsquery(part) for part in term.parts) + ")")
    return "(" + " | ".join(either) + ")"


@dataclass(slots=True)
class Candidate(OwnTexts):
    """What ranking needs of a row; a thousand instances of a model would cost more than finding
    them."""

    pk: int
    content_type_id: int
    object_id: int
    language: str
    kind: str
    path: str
    title: str
    title_language: str
    other_names: str
    city: int | None
    country: str
    points: str
    fictional: bool
    sort_key: str
    title_tokens: str
    text_tokens: str
    # Only where a phrase must be looked for.
    summary: str = ""
    summary_language: str = ""
    body: str = ""


_COLUMNS = tuple(field.name for field in fields(Candidate))
_TEXTS = 3


@dataclass
class Candidates:
    """Rows that have what was typed."""

    rows: list[Candidate]
    # More rows have it, and these are the best of them.
    cut: bool = False
    # Filters were asked of the database: nothing is known about rows that do not pass them.
    filtered: bool = False


def candidates(asked: Typed, language: str, which: Q, *, any_term: bool) -> Candidates:
    """The rows that have the terms; of common ones some, and only such as are `which`."""
    has = HasWords(asked.terms, title=asked.titles_only, any_term=any_term)
    rows, cut, has = _all_or_some(asked, has, MOST_ROWS)
    if cut and which:
        rows = _fetched(asked, has, which, MOST_ROWS + 1)
        if len(rows) <= MOST_ROWS:
            return Candidates(_with_phrases(asked, rows), filtered=True)
    if cut:
        rows = [*rows[:MOST_OF_A_SAMPLE], *_best(asked, has, language, which)]
    rows = list({row.pk: row for row in rows}.values())
    return Candidates(_with_phrases(asked, rows), cut, filtered=bool(cut and which))


def _all_or_some(asked: Typed, has: HasWords, most: int) -> tuple[list[Candidate], bool, HasWords]:
    """All rows, or a sample of them if there are more than so many; whether it is one, and what the
    rows have: of words that are common by themselves those that only begin so are left out."""
    halvings, closed, everything = PROBE, has.closed(), []
    rows = _sample(asked, closed, PROBE)
    if len(rows) < FEW_IN_PROBE:
        everything = _fetched(asked, has, Q(), most + 1)
        if len(everything) <= most:
            return everything, False, has
        rows = _sample(asked, has, PROBE)
    else:
        has = closed
    while len(rows) < LEAST_OF_A_SAMPLE and halvings > SAMPLES[0]:
        halvings -= 2
        rows = _sample(asked, has, halvings)
    while len(rows) >= MOST_OF_A_SAMPLE and halvings < SAMPLES[-1]:
        halvings += 2
        rows = _sample(asked, has, halvings)
    # Kinds with few objects are in no sample.
    return rows or everything[:most], True, has


def _sample(asked: Typed, has: HasWords, halvings: int) -> list[Candidate]:
    return _fetched(asked, has.marked(of_sample(halvings)), Q(), MOST_OF_A_SAMPLE)


def _best(asked: Typed, has: HasWords, language: str, which: Q) -> Iterator[Candidate]:
    """Of rows with common words those that are likely to come first."""
    names = HasWords(has.terms, title=True, any_term=has.any_term)
    own = of_language(language)
    yield from _fetched(
        asked, HasWords((), title=True, marks=[of_name(asked.words)]), which, MOST_OF_A_TIER
    )
    yield from _fetched(asked, has.marked(FEW), which, MOST_ROWS)
    if which:
        yield from _fetched(asked, names, which, MOST_OF_A_TIER)
        yield from _fetched(asked, has, which, MOST_OF_A_TIER)
        return
    yield from _all_or_some(asked, names.marked(own), MOST_OF_A_TIER)[0]
    if not has.title:
        yield from _all_or_some(asked, has.marked(own), MOST_OF_A_TIER)[0]
    if has.any_term and len(asked.terms) <= MOST_LEFT_OUT:
        for term in asked.terms:
            others = [other for other in asked.terms if other is not term]
            yield from _all_or_some(asked, HasWords(others, title=has.title), MOST_OF_A_TIER)[0]


def _fetched(asked: Typed, has: HasWords, which: Q, most: int) -> list[Candidate]:
    columns = _COLUMNS if asked.phrases else _COLUMNS[:-_TEXTS]
    has = has if which else has.marked(most=most)
    rows = [
        Candidate(*values)
        for values in IndexRow.objects.filter(has, which).values_list(*columns)[:most]
    ]
    # In an order that is the same on every database.
    return sorted(
        rows, key=lambda row: (row.sort_key, row.content_type_id, row.object_id, row.language)
    )


def _with_phrases(asked: Typed, rows: list[Candidate]) -> list[Candidate]:
    return [row for row in rows if all(holds(row, phrase) for phrase in asked.phrases)]


def stands(term: QueryTerm) -> bool:
    """Whether a term is anywhere in the index."""
    return IndexRow.objects.filter(HasWords([term])).exists()


class TooLong(Exception):
    """The database was stopped: the search would have held up everybody else."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Let the database work no longer than this on one statement, and begin none after it."""
    connection.ensure_connection()
    end = monotonic() + seconds

    def in_time(execute: Callable, sql: str, *rest: object) -> object:
        # Where the search runs inside a transaction, what was stopped is rolled back all the same.
        if monotonic() > end and not sql.startswith(("ROLLBACK", "RELEASE")):
            raise TooLong
        return execute(sql, *rest)

    try:
        _limit(seconds)
        with connection.execute_wrapper(in_time):
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
            driver.execute(
                f"SET statement_timeout = {int(seconds * 1000)}"
                if seconds
                else "RESET statement_timeout"
            )
            # "Some rows, whichever" tempts the planner to read the whole table, which is slow where
            # there are none.
            driver.execute("SET enable_seqscan = off" if seconds else "RESET enable_seqscan")
    elif seconds:
        end = monotonic() + seconds
        driver.set_progress_handler(lambda: monotonic() > end, 10_000)
    else:
        driver.set_progress_handler(None, 0)


def _was_stopped(error: OperationalError) -> bool:
    return "interrupted" in str(error) or "statement timeout" in str(error)
