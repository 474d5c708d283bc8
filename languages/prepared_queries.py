"""Queries that are the same for every reader but for one key: their SQL is built once.

Django builds the SQL of a queryset anew each time that it is asked. For a query over twenty kinds
of rows that takes many times as long as the database takes to answer.
"""

from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

RowT = TypeVar("RowT", bound=Model)

# Stands in a queryset where the key will stand; no row has it.
KEY = -1


class PreparedQuery(NamedTuple):
    """The SQL of a queryset. Only for what depends on no reader, no day and no row: it is kept as
    long as the process runs."""

    sql: str
    parameters: tuple[Any, ...]

    def values(self, key: int = KEY) -> list[Any]:
        """The values of its only column. `key` takes the place of `KEY`."""
        return self._column(self.sql, self._with(key))

    def values_of_all(self, keys: list[int]) -> list[Any]:
        """The values of its only column for all these keys, in one query. Only for a query without
        an order of its own."""
        if not keys:
            return []
        sql = " UNION ALL ".join([self.sql] * len(keys))
        parameters: list[Any] = []
        for key in keys:
            parameters += self._with(key)
        return self._column(sql, tuple(parameters))

    def rows(self, model: type[RowT], key: int, first: int, number: int) -> list[RowT]:
        """So many of its rows, from the first one on (counted from 0). They are of this model."""
        parameters = (*self._with(key), number, first)
        manager = model._default_manager
        return list(manager.raw(f"{self.sql} LIMIT %s OFFSET %s", parameters))

    def count(self, key: int) -> int:
        counting = f"SELECT COUNT(*) FROM ({self.sql}) AS counted"  # noqa: S608 - Django's SQL
        [number] = self._column(counting, self._with(key))
        return int(number)

    def _with(self, key: int) -> tuple[Any, ...]:
        return tuple(key if value == KEY else value for value in self.parameters)

    def _column(self, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return [value for (value,) in cursor.fetchall()]


def prepare(rows: QuerySet[Any, Any]) -> PreparedQuery:
    """`rows`: one column, by `values_list`, or the columns of one model, without those of rows that
    belong to them. Not several columns: django-modeltranslation gives them in any order."""
    sql, parameters = rows.query.sql_with_params()
    return PreparedQuery(sql, tuple(parameters))
