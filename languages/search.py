"""Finding rows of the index by words: the same tokens on SQLite (FTS5) and on PostgreSQL (tsvector)."""

from collections.abc import Iterable

from django.conf import settings
from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from languages.analysis import is_stem, query_tokens
from languages.folding import words
from languages.models import IndexRow
from languages.text import current_language

# A word that stands in more rows than this is too common to be put in order by its place in each.
MOST_ROWS = 2000


def matching(query: str) -> QuerySet[IndexRow]:
    """Rows in any language in which every word of the query occurs, as a beginning or inflected.

    Nothing typed is an operator: words are folded to letters and digits first. No words, no rows.
    """
    words = query_tokens(query, [code for code, _name in settings.SCHEMA_LANGUAGES])
    if not words:
        return IndexRow.objects.none()
    if connection.vendor == "postgresql":
        ids = RawSQL("SELECT id FROM languages_indexrow WHERE tokens @@ %s::tsquery", [_tsquery(words)])
    else:
        ids = RawSQL("SELECT rowid FROM languages_indexrow_fts WHERE languages_indexrow_fts MATCH %s", [_fts5(words)])
    return IndexRow.objects.filter(pk__in=ids)


def _fts5(words: list[list[str]]) -> str:
    """`("krak"* OR "zzkrak") ("otwart"* …)`: words side by side must all occur."""
    return " AND ".join("(" + " OR ".join(f'"{token}"{_prefix(token, "*")}' for token in word) + ")" for word in words)


def _tsquery(words: list[list[str]]) -> str:
    return " & ".join("(" + " | ".join(f"'{token}'{_prefix(token, ':*')}" for token in word) + ")" for word in words)


def _prefix(token: str, mark: str) -> str:
    """Words match as beginnings, stems whole."""
    return "" if is_stem(token) else mark


def found(query: str, language: str | None = None) -> list[IndexRow]:
    """One row per object that matches, best first: exact title, title before text, the reader's language, the order
    of the dictionary. The row is the one in which the words were found."""
    wanted = language or current_language()
    rows = matching(query).annotate(
        other=Case(When(language=wanted, then=Value(0)), default=Value(1), output_field=IntegerField())
    )
    typed = [word[0] for word in query_tokens(query, [wanted])]
    best: dict[tuple[int, int], tuple] = {}
    for row in rows.order_by("other", "sort_key")[:MOST_ROWS]:
        key = (row.content_type_id, row.object_id)
        place = (rank(row, typed), row.other, row.sort_key)
        if key not in best or place < best[key][0]:
            best[key] = (place, row)
    return [row for _place, row in sorted(best.values(), key=lambda item: item[0])]


def in_language(rows: Iterable[IndexRow], language: str | None = None) -> list[tuple[IndexRow, IndexRow]]:
    """Each row that was found beside the row of the same object in the reader's language, which is shown. One query."""
    rows = list(rows)
    if not rows:
        return []
    keys = Q(pk__in=[])
    for row in rows:
        keys |= Q(content_type=row.content_type_id, object_id=row.object_id)
    own = {
        (row.content_type_id, row.object_id): row
        for row in IndexRow.objects.filter(keys, language=language or current_language())
    }
    return [(row, own.get((row.content_type_id, row.object_id), row)) for row in rows]


def rank(row: IndexRow, typed: list[str]) -> int:
    """For the folded words typed: 0: they are the title; 1: they are in the title or in another name; 2: elsewhere."""
    if words(row.title) == typed:
        return 0
    return 1 if all(word in row.title_tokens.split() for word in typed) else 2
