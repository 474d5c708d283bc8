"""Which rows of the index have what was typed: the only thing asked of the database, and at most `MOST_ROWS` of them.

The same tokens stand in FTS5 on SQLite and in tsvectors on PostgreSQL, so both give the same rows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from time import monotonic

from django.db import OperationalError, connection
from django.db.models import BooleanField, Expression, Q
from django.db.models.sql.compiler import SQLCompiler

from languages.models import IndexRow, OwnTexts
from languages.passages import holds
from languages.typed import Term, Typed

# A word that stands in more rows is too common to put them all in order: of these some with it in a name, and some in
# the reader's language.
MOST_ROWS = 1000
MOST_OF_A_TIER = 400
MOST_LOOKED_AT = 4000


class HasWords(Expression):
    """True for rows of the index that have the terms, of their titles alone or of everything; all of them or any."""

    conditional = True

    def __init__(
        self, terms: Sequence[Term], *, title: bool = False, any_term: bool = False, most: int | None = None
    ) -> None:
        super().__init__(output_field=BooleanField())
        self.terms, self.title, self.any_term = tuple(terms), title, any_term
        # SQLite makes the whole list of a sub-query before it takes the first of it; PostgreSQL stops by itself.
        self.most = most

    def as_sql(self, compiler: SQLCompiler, connection: object) -> tuple[str, list[object]]:
        query = (" OR " if self.any_term else " AND ").join(_fts5(term) for term in self.terms)
        query = f"{{title_tokens}} : ({query})" if self.title else query
        rows = "SELECT rowid FROM languages_indexrow_fts WHERE languages_indexrow_fts MATCH %s"
        if self.most:
            return f"{_table(compiler)}.id IN ({rows} LIMIT %s)", [query, self.most]
        return f"{_table(compiler)}.id IN ({rows})", [query]

    def as_postgresql(self, compiler: SQLCompiler, connection: object) -> tuple[str, list[str]]:
        query = (" | " if self.any_term else " & ").join(_tsquery(term) for term in self.terms)
        return f"{_table(compiler)}.{'names' if self.title else 'tokens'} @@ %s::tsquery", [query]


def _table(compiler: SQLCompiler) -> str:
    """What the index is called in this query: a sub-query of another has an alias of its own."""
    return compiler.query.base_table or "languages_indexrow"


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


@dataclass(slots=True)
class Candidate(OwnTexts):
    """What ranking needs of a row; a thousand instances of a model would cost more than finding them."""

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


def candidates(asked: Typed, language: str, which: Q, *, any_term: bool) -> tuple[list[Candidate], bool]:
    """At most some `MOST_ROWS` rows that have the terms, and whether there are more.

    If there are, only rows that are `which` are taken.
    """
    has = HasWords(asked.terms, title=asked.titles_only, any_term=any_term, most=MOST_ROWS + 1)
    rows = _fetched(asked, has, Q(), MOST_ROWS + 1)
    if len(rows) <= MOST_ROWS:
        return _with_phrases(asked, rows), False
    # Without filters the first rows are some of those in any language; with them all must be asked for.
    deep = None if which else MOST_LOOKED_AT
    in_title = HasWords(asked.terms, title=True, any_term=any_term, most=deep)
    anywhere = HasWords(asked.terms, title=asked.titles_only, any_term=any_term, most=deep)
    tiers = [(in_title, Q(language=language)), (in_title, Q()), (anywhere, Q(language=language))]
    chosen = {}
    for words_there, of_tier in tiers:
        chosen |= {row.pk: row for row in rows_with(asked, words_there, which & of_tier, MOST_OF_A_TIER)}
    if which:
        chosen |= {row.pk: row for row in rows_with(asked, anywhere, which, MOST_OF_A_TIER)}
    else:
        chosen |= {row.pk: row for row in _with_phrases(asked, rows)[:MOST_OF_A_TIER]}
    return list(chosen.values()), True


def rows_with(asked: Typed, has: HasWords, which: Q, most: int) -> list[Candidate]:
    """At most so many rows that have the terms, those without its phrases left out."""
    return _with_phrases(asked, _fetched(asked, has, which, most))


def _fetched(asked: Typed, has: HasWords, which: Q, most: int) -> list[Candidate]:
    columns = _COLUMNS if asked.phrases else _COLUMNS[:-_TEXTS]
    return [Candidate(*values) for values in IndexRow.objects.filter(has, which).values_list(*columns)[:most]]


def _with_phrases(asked: Typed, rows: list[Candidate]) -> list[Candidate]:
    return [row for row in rows if all(holds(row, phrase) for phrase in asked.phrases)]


def stands(term: Term) -> bool:
    """Whether a term is anywhere in the index."""
    return IndexRow.objects.filter(HasWords([term])).exists()


class TooLong(Exception):
    """The database was stopped: the search would have held up everybody else."""


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
            # "Some rows, whichever" tempts the planner to read the whole table, which is slow where there are none.
            driver.execute("SET enable_seqscan = off" if seconds else "RESET enable_seqscan")
    elif seconds:
        end = monotonic() + seconds
        driver.set_progress_handler(lambda: monotonic() > end, 10_000)
    else:
        driver.set_progress_handler(None, 0)


def _was_stopped(error: OperationalError) -> bool:
    return "interrupted" in str(error) or "statement timeout" in str(error)
