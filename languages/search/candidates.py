"""Finds the rows of the index that match a query. This is all that search asks of the database.

FTS5 on SQLite and tsvectors on PostgreSQL hold the same tokens, so both give the same rows. If more
than `MOST_ROWS` rows match, they are not all ranked. Then the candidates are exact names, names and
texts in the reader's language, kinds with few objects, and a sample of the others; again the same
on both databases (see `labels`).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from time import monotonic
from typing import Any, NamedTuple

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, Q
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from languages.models import IndexRow, OwnTexts
from languages.search.labels import SAMPLES, SMALL_KIND, language_label, sample_label
from languages.search.passages import has_phrase
from languages.search.places import CITY
from languages.search.query import Query, QueryTerm
from languages.text import schema_languages
from languages.validity import holds_until

MOST_ROWS = 1000
MOST_OF_A_TIER = 200
# The size of a good sample. With fewer rows the next larger sample would still be small enough.
MOST_OF_A_SAMPLE, LEAST_OF_A_SAMPLE = 400, 100
# The first sample is one row in 64. If it has fewer rows than this, all rows can be read: of 1,000
# that may be read it has about 16, of the 200 of a tier about 3.
PROBE, FEW_IN_PROBE, FEW_OF_A_TIER = 6, 16, 9
POINT, GROUND, ACT, CONTACT, MEETING = "point", "ground", "act", "contact", "meeting"
# A query with more terms is not searched again without each of them.
MOST_LEFT_OUT = 5


class HasWords(Expression):
    """SQL condition: true for rows of the index that have the terms and the labels.

    `title`: have them in the title. `any_term`: one of the terms is enough.
    """

    conditional = True

    def __init__(
        self,
        terms: Iterable[QueryTerm],
        *,
        title: bool = False,
        any_term: bool = False,
        labels: Iterable[str] = (),
        most: int | None = None,
    ) -> None:
        super().__init__(output_field=BooleanField())
        self.terms = tuple(terms)
        self.title = title
        self.any_term = any_term
        self.labels = tuple(labels)
        # SQLite builds the whole list of a sub-query before it takes the first rows of it.
        # PostgreSQL stops by itself.
        self.most = most

    def with_labels(self, *labels: str, most: int | None = None) -> "HasWords":
        """The same condition for rows that have these labels too."""
        return HasWords(
            self.terms,
            title=self.title,
            any_term=self.any_term,
            labels=(*self.labels, *labels),
            most=most or self.most,
        )

    def without_beginnings(self) -> "HasWords":
        """The same condition for whole words: for a beginning both databases read all words that
        start so."""
        return HasWords(
            [term.without_beginnings() for term in self.terms],
            title=self.title,
            any_term=self.any_term,
            labels=self.labels,
        )

    @property
    def has_beginnings(self) -> bool:
        """Whether a word that only starts so is enough."""
        return any(term.has_beginnings for term in self.terms)

    def is_met_by(self, row: "Candidate") -> bool:
        """The same condition for a row that has been read."""
        tokens = set(row.title_tokens.split())
        if not self.title:
            tokens.update(row.text_tokens.split())
        if not tokens.issuperset(self.labels):
            return False
        is_enough = any if self.any_term and self.terms else all
        return is_enough(term.is_in(tokens) for term in self.terms)

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        """The condition for SQLite: a full-text query of FTS5."""
        conditions = self._conditions(_FTS5)
        query = _FTS5.both.join(conditions)
        if self.title:
            query = f"{{title_tokens}} : ({query})"
        table = _table(compiler)
        rows = "SELECT rowid FROM languages_indexrow_fts WHERE languages_indexrow_fts MATCH %s"
        condition = f"{table}.id IN ({rows})"
        if self.most:
            condition = f"{table}.id IN ({rows} LIMIT %s)"
            return condition, (query, self.most)
        return condition, (query,)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        """The condition for PostgreSQL: a `tsquery` for each term and label.

        Its index finds what meets several queries by leaps from row to row. One query that joins
        them is tried on every row with any of the words, which takes three to ten times as long.
        """
        column = "names" if self.title else "tokens"
        condition = f"{_table(compiler)}.{column} @@ %s::tsquery"
        queries = self._conditions(_TSQUERY)
        conditions = [condition] * len(queries)
        all_conditions = " AND ".join(conditions)
        return f"({all_conditions})", tuple(queries)

    def _conditions(self, syntax: "Syntax") -> list[str]:
        """The labels and terms in the query language of a database; a row has all of them."""
        word = syntax.word
        labels = list(map(word.format, self.labels))
        terms = [_term_expression(term, syntax) for term in self.terms]
        if self.any_term and terms:
            any_of_them = syntax.either.join(terms)
            terms = [f"({any_of_them})"]
        return labels + terms


class Syntax(NamedTuple):
    """The query language of a full-text index."""

    word: str
    beginning: str
    both: str
    either: str


_FTS5 = Syntax(word='"{}"', beginning='"{}"*', both=" AND ", either=" OR ")
_TSQUERY = Syntax(word="'{}'", beginning="'{}':*", both=" & ", either=" | ")


def _table(compiler: SQLCompiler) -> str:
    """The name of the index in this query: a sub-query of another query has an alias of its own."""
    return compiler.query.base_table or "languages_indexrow"


def _term_expression(term: QueryTerm, syntax: Syntax) -> str:
    """A term in the query language: `("krakow" OR "ßplßkrak" OR "krak"*)`.

    Tokens have letters and digits only, so that nothing has to be escaped.
    """
    words = term.tokens + term.compounds
    choices = [syntax.word.format(word) for word in words]
    for start in term.beginnings:
        beginning = syntax.beginning.format(start)
        choices.append(beginning)
    if term.parts:
        parts = [_term_expression(part, syntax) for part in term.parts]
        all_parts = syntax.both.join(parts)
        choices.append(f"({all_parts})")
    choices += [_term_expression(synonym, syntax) for synonym in term.synonyms]
    any_choice = syntax.either.join(choices)
    return f"({any_choice})"


@dataclass(slots=True)
class Candidate(OwnTexts):
    """What ranking needs of a row. A thousand instances of the model would take longer to make than
    the rows take to find."""

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
    # Not read where titles alone are searched.
    text_tokens: str = ""
    # Read only where a phrase must be found.
    summary: str = ""
    summary_language: str = ""
    body: str = ""


_COLUMNS = tuple(field.name for field in fields(Candidate))
_TEXT_COLUMNS = ("summary", "summary_language", "body")
_COLUMNS_WITHOUT_TEXTS = _COLUMNS[: -len(_TEXT_COLUMNS)]
_COLUMNS_OF_TITLES = _COLUMNS_WITHOUT_TEXTS[:-1]


@dataclass
class Candidates:
    """Rows that match a query.

    `is_sample`: more rows match, and these are the best of them. `is_filtered`: the database
    applied the filters, so that nothing is known about the rows that do not pass them.
    """

    rows: list[Candidate]
    is_sample: bool = False
    is_filtered: bool = False


def find_candidates(query: Query, language: str, filters: Q, *, any_term: bool) -> Candidates:
    """The rows that have all terms, or with `any_term` one of them.

    If there are too many, these are the likely best for a reader of `language`, and only such as
    pass the filters. Otherwise the filters are not applied. Raises OperationalError.
    """
    reader = _IndexReader(query, language)
    has_words = HasWords(query.terms, title=query.titles_only, any_term=any_term)
    matches = reader.all_or_sample(_Samples(reader, has_words), MOST_ROWS, FEW_IN_PROBE)
    if matches.is_sample and filters:
        passing = _Samples(reader, matches.samples.condition, filters)
        # Who narrows a search wants all: they are sampled only where they are surely too many.
        matches = reader.all_or_sample(passing, MOST_ROWS, 2 * FEW_IN_PROBE)
    rows = matches.rows
    if matches.is_sample:
        best = reader.likely_best(matches.samples)
        rows = _unique([*rows[:MOST_OF_A_SAMPLE], *best])
    return Candidates(
        rows=reader.with_phrases(rows),
        is_sample=matches.is_sample,
        is_filtered=bool(matches.samples.filters),
    )


def _unique(rows: Iterable[Candidate]) -> list[Candidate]:
    by_key = {row.pk: row for row in rows}
    return list(by_key.values())


class _Samples:
    """The samples of the rows that meet a condition, each read when it is needed.

    `filters`: what the rows must pass as well. A sample that holds all its rows says which of them
    meet a narrower condition, without asking the database again.
    """

    def __init__(
        self,
        reader: "_IndexReader",
        condition: HasWords,
        filters: Q | None = None,
        wider: "_Samples | None" = None,
    ) -> None:
        self.reader = reader
        self.condition = condition
        self.filters = filters
        self.wider = wider
        self._read: dict[int, list[Candidate]] = {}

    def rows(self, halvings: int) -> list[Candidate]:
        """At most `MOST_OF_A_SAMPLE` rows of a sample."""
        if halvings not in self._read:
            rows = self._from_wider(halvings)
            if rows is None:
                in_sample = self.condition.with_labels(sample_label(halvings))
                rows = self.reader.fetch(in_sample, MOST_OF_A_SAMPLE, self.filters)
            self._read[halvings] = rows
        return self._read[halvings]

    def _from_wider(self, halvings: int) -> list[Candidate] | None:
        """The rows of a sample that has been read for a wider condition, if it has all of them."""
        known = self.wider._read.get(halvings) if self.wider else None
        if known is None or len(known) >= MOST_OF_A_SAMPLE:
            return None
        meets = self.condition.is_met_by
        return list(filter(meets, known))

    def narrower(self, condition: HasWords) -> "_Samples":
        """The samples for a condition that only rows of these samples meet."""
        return _Samples(
            self.reader,
            condition,
            self.filters,
            wider=self,
        )

    def without_beginnings(self) -> "_Samples":
        condition = self.condition.without_beginnings()
        return _Samples(
            self.reader,
            condition,
            self.filters,
            self.wider,
        )


class _Rows(NamedTuple):
    """All rows that meet a condition, or a sample of them."""

    rows: list[Candidate]
    is_sample: bool
    samples: _Samples


@dataclass(frozen=True)
class _IndexReader:
    """Reads rows of the index for one query of a reader of `language`."""

    query: Query
    language: str

    def all_or_sample(self, samples: _Samples, most: int, few: int) -> _Rows:
        """All rows that meet the condition of the samples, or one of these if they are more than
        `most`, which is sure if `few` of them are in the first sample.

        For common words the condition of a sample leaves out words that only start so.
        """
        whole_words = samples.without_beginnings()
        if len(whole_words.rows(PROBE)) >= few:
            return _Rows(self._good_sample(whole_words), True, whole_words)
        condition = samples.condition
        rows = self.fetch(condition, most + 1, samples.filters)
        if len(rows) <= most:
            return _Rows(rows, False, samples)
        if not condition.has_beginnings:
            samples = whole_words
        # Kinds with few objects are in no sample.
        sample = self._good_sample(samples) or rows[:most]
        return _Rows(sample, True, samples)

    def _good_sample(self, samples: _Samples) -> list[Candidate]:
        """A larger sample than the probe if it is too small, a smaller one if it is too large."""
        halvings = PROBE
        rows = samples.rows(halvings)
        while len(rows) < LEAST_OF_A_SAMPLE and halvings > SAMPLES[0]:
            halvings -= 2
            rows = samples.rows(halvings)
        while len(rows) >= MOST_OF_A_SAMPLE and halvings < SAMPLES[-1]:
            halvings += 2
            rows = samples.rows(halvings)
        return rows

    def likely_best(self, samples: _Samples) -> Iterator[Candidate]:
        """The rows with common words that are likely to come first."""
        condition = samples.condition
        filters = samples.filters
        exact_name = HasWords((), title=True, labels=[self.query.name_label])
        yield from self.fetch(exact_name, MOST_OF_A_TIER, filters)
        small_kinds = condition.with_labels(SMALL_KIND)
        yield from self.fetch(small_kinds, MOST_ROWS, filters)
        names = HasWords(
            condition.terms,
            title=True,
            any_term=condition.any_term,
        )
        if filters:
            yield from self._tier(samples.narrower(names))
            return
        own_language = language_label(self.language)
        own_names = names.with_labels(own_language)
        yield from self._tier(samples.narrower(own_names))
        if not condition.title:
            own_texts = condition.with_labels(own_language)
            yield from self._tier(samples.narrower(own_texts))
        if condition.any_term and len(self.query.terms) <= MOST_LEFT_OUT:
            yield from self._rows_without_one_term(samples)

    def _rows_without_one_term(self, samples: _Samples) -> Iterator[Candidate]:
        """The rows that have all terms but one."""
        terms = self.query.terms
        for term in terms:
            others = [other for other in terms if other is not term]
            condition = HasWords(others, title=samples.condition.title)
            yield from self._tier(_Samples(self, condition))

    def _tier(self, samples: _Samples) -> list[Candidate]:
        return self.all_or_sample(samples, MOST_OF_A_TIER, FEW_OF_A_TIER).rows

    def fetch(self, condition: HasWords, most: int, filters: Q | None = None) -> list[Candidate]:
        """At most so many rows, in an order that is the same on every database."""
        columns = self._columns()
        rows = IndexRow.objects.all()
        if filters:
            rows = rows.filter(condition, filters)
        else:
            first_rows = condition.with_labels(most=most)
            rows = rows.filter(first_rows)
        values = rows.values_list(*columns)
        candidates = [Candidate(*row) for row in values[:most]]
        return sorted(candidates, key=_stable_order)

    def _columns(self) -> tuple[str, ...]:
        if self.query.phrases:
            return _COLUMNS
        if self.query.titles_only:
            return _COLUMNS_OF_TITLES
        return _COLUMNS_WITHOUT_TEXTS

    def with_phrases(self, rows: list[Candidate]) -> list[Candidate]:
        """Those of the rows that have the phrases of the query word for word."""
        for phrase in self.query.phrases:
            rows = [row for row in rows if has_phrase(row, phrase)]
        return rows


def _stable_order(row: Candidate) -> tuple[str, int, int, str]:
    return (
        row.sort_key,
        row.content_type_id,
        row.object_id,
        row.language,
    )


# --- Rows that a text names -----------------------------------------------------------------------


def of_kinds(*kinds: str) -> Q:
    """The condition for rows of few kinds, in every language: the index of lists begins with the
    language, and without it both databases would read all of it."""
    languages = schema_languages()
    return Q(language__in=languages, kind__in=kinds)


def rows_of_cities(keys: Iterable[int]) -> list[Candidate]:
    """The rows of cities themselves, by their keys."""
    return _rows(Q(city__in=list(keys), kind=CITY))


def rows_in_cities(keys: Iterable[int], query: Query) -> list[Candidate]:
    """What belongs to cities and has one of the terms, and their own pages and contacts. Without
    terms all."""
    own = Q(city__in=list(keys))
    if query:
        own &= Q(kind__in=[CITY, CONTACT]) | Q(HasWords(query.terms, any_term=True))
    return _rows(own)


def rows_of_countries(codes: Iterable[str], kind: str) -> list[Candidate]:
    """The pages of countries, or of their cities."""
    in_country = Q(country__in=list(codes))
    return _rows(in_country & of_kinds(kind))


def rows_of_points(numbers: Iterable[int]) -> list[Candidate]:
    """The points of the plan with these numbers."""
    spaced = [f" {number} " for number in numbers]
    if not spaced:
        return []
    numbered = Q(points__in=spaced)
    return _rows(numbered & of_kinds(POINT))


def rows_of_subjects(paths: Iterable[str]) -> list[Candidate]:
    """The points of the plan and the grounds of discrimination with these addresses."""
    wanted = list(paths)
    if not wanted:
        return []
    named = Q(path__in=wanted)
    return _rows(named & of_kinds(POINT, GROUND))


def rows_of_meetings(names: Iterable[Query]) -> list[Candidate]:
    """The meetings that have one of the names in their title."""
    condition = Q()
    for name in names:
        has_name = HasWords(name.terms, title=True)
        condition |= Q(has_name)
    if not condition:
        return []
    is_meeting = Q(kind=MEETING)
    return _rows(condition & is_meeting)


def rows_of_act(number: Iterable[str]) -> list[Candidate]:
    """The legal acts with a number that has these words."""
    terms = [QueryTerm(word, (word,), tokens=(word,)) for word in number]
    if not terms:
        return []
    return _rows(Q(HasWords(terms, title=True)) & Q(kind=ACT))


def rows_with_names(labels: Iterable[str], kinds: Iterable[str]) -> list[Candidate]:
    """The rows of these kinds whose whole name has one of the labels (`labels.name_label`)."""
    names = [QueryTerm(label, (label,), tokens=(label,)) for label in labels]
    if not names:
        return []
    return _rows(Q(HasWords(names, title=True, any_term=True)) & Q(kind__in=list(kinds)))


def _rows(condition: Q) -> list[Candidate]:
    rows = IndexRow.objects.filter(condition)
    values = rows.values_list(*_COLUMNS_WITHOUT_TEXTS)
    candidates = [Candidate(*row) for row in values[:MOST_ROWS]]
    return sorted(candidates, key=_stable_order)


def is_in_index(term: QueryTerm) -> bool:
    """Whether any row has the term."""
    has_term = HasWords([term])
    rows = IndexRow.objects.filter(has_term)
    return rows.exists()


# --- Time limit -----------------------------------------------------------------------------------


class SearchTimeout(Exception):
    """A search took longer than its limit and was stopped, so that others do not wait for it.

    A page that goes on without it is true for nobody after this reader.
    """

    def __init__(self) -> None:
        super().__init__()
        holds_until(timezone.now())


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop a statement of the database after so many seconds; start none after this time.

    Raises `SearchTimeout`.
    """
    # As for each query of Django: a connection that the database has cut meanwhile is made anew.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    end = monotonic() + seconds

    def execute_in_time(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        # A search inside a transaction is rolled back also after the end.
        if monotonic() > end and not sql.startswith(("ROLLBACK", "RELEASE")):
            raise SearchTimeout
        return execute(sql, *rest)

    try:
        _set_limit(seconds)
        with connection.execute_wrapper(execute_in_time):
            yield
    except OperationalError as error:
        if _is_timeout(error):
            raise SearchTimeout from error
        raise
    finally:
        _set_limit(None)


def _set_limit(seconds: float | None) -> None:
    """Limit the time of a statement in the database itself; None takes the limit away."""
    driver = connection.connection
    if driver is None:
        return
    if connection.vendor == "postgresql":
        # Errors become Django's, which then opens a new connection for the next request.
        with connection.wrap_database_errors:
            _set_postgresql_limit(driver, seconds)
    elif seconds:
        end = monotonic() + seconds
        driver.set_progress_handler(lambda: monotonic() > end, 10_000)
    else:
        driver.set_progress_handler(None, 0)


def _set_postgresql_limit(driver: Any, seconds: float | None) -> None:
    # UNKNOWN: the connection was cut, and the error of that is already on its way.
    if driver.info.transaction_status.name in {"INERROR", "UNKNOWN"}:
        return
    # For "any rows, at most so many" the planner likes to read the whole table, which is slow if
    # there are no such rows.
    if seconds:
        milliseconds = int(seconds * 1000)
        driver.execute(f"SET statement_timeout = {milliseconds}; SET enable_seqscan = off")
    else:
        driver.execute("RESET statement_timeout; RESET enable_seqscan")


def _is_timeout(error: OperationalError) -> bool:
    message = str(error)
    return "interrupted" in message or "statement timeout" in message
