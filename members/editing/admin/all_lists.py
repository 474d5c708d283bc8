"""Searching all lists of the administration at once, each as its own page searches it.

A list says itself which rows a person may open (`get_queryset`) and which have the words: so
nobody finds here what the list does not show them, and the number of a list is the number of rows
that its own search finds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Count, Exists, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest

from languages.search.lists import MOST_READ, WordRows, has_itself, keys_by_kind
from members.editing.admin.base import OwnCityAdmin
from members.editing.admin.search import (
    MOST_RANKED,
    NOTHING,
    Keys,
    ListQuery,
    has_own_text,
    has_several_paths,
    has_text,
)
from members.entry_pages import entry_page, owners_of
from members.models import City

# Of so many lists the first rows are shown; of the others the number is a link.
MOST_LISTS = 12
PER_LIST = 5
# Of a list with more rows nobody is told how many.
MOST_COUNTED = 1000
# So many rows of a list with very many are brought in order.
CANDIDATES = 100

# What people look for by name comes before what belongs to it.
FIRST = (
    "members.city",
    "members.user",
    "members.commitment",
    "members.action",
    "members.undertaking",
    "programs.programme",
    "members.supportcontact",
    "members.organisation",
    "members.letter",
    "portal.news",
    "portal.event",
    "members.invitation",
    "members.accession",
)

Model = type[models.Model]


class AllListsQuery(ListQuery):
    """What a person asks of all lists: words and index are asked once for all of them.

    A list of which no row has the words is known before it is asked.
    """

    @cached_property
    def _rows_with(self) -> dict[str, WordRows]:
        return {}

    def _rows(self, word: str) -> WordRows:
        return self._rows_with.setdefault(word, WordRows(word))

    @cached_property
    def _hits_by_kind(self) -> dict[int, list[int] | None] | None:
        """The hits of each kind; None where there are too many to be read."""
        pairs = self.hits.order_by().values_list("content_type", "object_id").distinct()
        first = list(pairs[: MOST_READ + 1])
        return keys_by_kind(first) if len(first) <= MOST_READ else None

    def keys_with(self, model: Model, word: str) -> Keys:
        return self._rows(word).keys_of(model)

    def keys_of_hits(self, model: Model) -> Keys:
        hits = self._hits_by_kind
        kind = ContentType.objects.get_for_model(model)
        keys = None if hits is None else hits.get(kind.pk, [])
        return super().keys_of_hits(model) if keys is None else keys

    def is_about(self, word: str) -> Q:
        condition = self._rows(word).is_about()
        return NOTHING if condition is None else condition


@dataclass(frozen=True)
class EntryHit:
    """A row with the page on which it is edited, and its city where its title does not say it."""

    row: Any
    url: str
    city: City | None


@dataclass(frozen=True)
class ListHits:
    """What one list has: its name, its number, the page with all of them, the first rows."""

    name: Any
    count: int
    url: str
    hits: list[EntryHit]

    @property
    def has_more(self) -> bool:
        return self.count > len(self.hits)

    @property
    def has_very_many(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.count > MOST_COUNTED

    @property
    def counted(self) -> int:
        return min(self.count, MOST_COUNTED)


@dataclass(frozen=True)
class SearchedList:
    """A list that the person may open, with its name in the menu."""

    name: Any
    url: str
    model_admin: "OwnCityAdmin"

    @property
    def model(self) -> Model:
        model: Model = self.model_admin.model
        return model

    @property
    def label(self) -> str:
        return self.model._meta.label_lower


def searched_lists(groups: Iterable[dict[str, Any]]) -> list[SearchedList]:
    """The lists with entries in these groups of the menu, in the order of the answer."""
    lists = []
    for group in groups:
        for entry in group["models"]:
            model_admin = admin.site.get_model_admin(entry["model"])
            if isinstance(model_admin, OwnCityAdmin) and model_admin.search_fields:
                one = SearchedList(entry["name"], entry["admin_url"], model_admin)
                lists.append(one)
    return sorted(lists, key=_place)


def _place(one: SearchedList) -> int:
    if one.label not in FIRST:
        return len(FIRST)
    return FIRST.index(one.label)


def search_lists(
    request: HttpRequest, lists: list[SearchedList], query: ListQuery
) -> list[ListHits]:
    """The lists that have rows: one query for all numbers, one more for each list of which very
    many rows have a word, one for the first rows of each list."""
    conditions = _conditions(lists, query)
    matches = {}
    for one in lists:
        if one.label in conditions:
            rows = one.model_admin.get_queryset(request)
            matches[one.label] = rows.filter(conditions[one.label])
    many = {name for name, condition in conditions.items() if _is_asked_of_each_row(condition)}
    counts = _counts(matches, many)
    answer: list[ListHits] = []
    for one in lists:
        count = counts.get(one.label)
        if not count:
            continue
        own_matches = matches[one.label]
        hits: list[EntryHit] = []
        if len(answer) < MOST_LISTS and count > MOST_RANKED:
            hits = _first_of_many(one, one.model_admin.get_queryset(request), own_matches, query)
        elif len(answer) < MOST_LISTS:
            hits = _hits(one, own_matches, has_own_text(one.model, query))
        answer.append(ListHits(one.name, count, one.url, hits))
    return answer


def _conditions(lists: list[SearchedList], query: ListQuery) -> dict[str, Q]:
    """What a row of each list must have; not of lists that have none."""
    conditions = {}
    for one in lists:
        condition = has_text(one.model_admin, query)
        if condition != NOTHING:
            conditions[one.label] = condition
    return conditions


def search_files(name: Any, url: str, files: QuerySet[Any], query: ListQuery) -> list[ListHits]:
    """Those of a few accession files that have what was asked for, under the name and the address
    of the page that has all of them; nothing where there are none. One query."""
    model_admin = admin.site.get_model_admin(files.model)
    matches = files.filter(has_text(model_admin, query))
    hits = [_hit(row) for row in matches]
    return [ListHits(name, len(hits), url, hits)] if hits else []


def _counts(matches: dict[str, QuerySet[Any]], many: set[str]) -> dict[str, int]:
    """The number of rows of each list that has some; of the lists in `many`, one more than
    `MOST_COUNTED` at most."""
    counts = {name: _count_of_first(matches[name]) for name in sorted(many)}
    parts = []
    for name, list_matches in matches.items():
        if name not in many:
            parts.append(_labelled_count(name, list_matches))
    if parts:
        first, *others = parts
        counts |= dict(first.union(*others, all=True) if others else first)
    return counts


def _count_of_first(matches: QuerySet[Any]) -> int:
    in_any_order = matches.order_by()
    keys = in_any_order.values("pk")
    each_once = keys.distinct()
    first_keys = each_once[: MOST_COUNTED + 1]
    return first_keys.count()


def _labelled_count(name: str, matches: QuerySet[Any]) -> QuerySet[Any, Any]:
    """A row with the name and the number; none where there is nothing."""
    keys = matches.order_by().values("pk")
    # A plain queryset: a manager of translated rows cannot read a union.
    rows: QuerySet[Any] = QuerySet(matches.model).filter(pk__in=keys)
    label = Value(name, output_field=models.TextField())
    of_list = rows.order_by().annotate(list_label=label).values("list_label")
    counted = of_list.annotate(list_count=Count("pk"))
    names_and_counts: QuerySet[Any, Any] = counted.values_list("list_label", "list_count")
    return names_and_counts


def _is_asked_of_each_row(condition: Q) -> bool:
    """Whether very many rows have a word: the condition asks one row after the other."""
    for child in condition.children:
        if isinstance(child, Exists):
            return True
        if not isinstance(child, Q):
            continue
        if _is_asked_of_each_row(child):
            return True
    return False


def _hits(one: SearchedList, matches: QuerySet[Any], own_text: Q) -> list[EntryHit]:
    """The first rows: those that have the words themselves before those of a city that has them."""
    path = getattr(one.model, "CITY_PATH", None)
    has_city = path not in (None, "pk")
    related = [path] if has_city else []
    # Each list of entries names the relations that its columns need, or says that it needs none.
    named: Any = one.model_admin.list_select_related
    related += named or []
    rank = Case(
        When(own_text, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    order = matches.query.order_by
    in_order = matches.order_by(rank, *order)
    if has_several_paths(one.model_admin):
        in_order = in_order.distinct()
    first_rows = in_order.select_related(*related)[:PER_LIST]
    return [_hit(row) for row in first_rows]


def _first_of_many(
    one: SearchedList, rows: QuerySet[Any], matches: QuerySet[Any], query: ListQuery
) -> list[EntryHit]:
    """Of some candidates, those with the words themselves if there are enough: to bring very many
    rows in order takes long, and nobody reads the first ones alone. Two or three queries.

    `rows`: all that the list shows the person; `matches`: those that were found.
    """
    own_text = Q() if query.words else NOTHING
    for word in query.words:
        own_text &= has_itself(one.model, word)
    keys = _first_keys(rows.filter(own_text))
    if len(keys) < PER_LIST:
        keys += _first_keys(matches)
    chosen: QuerySet[Any] = one.model._default_manager.filter(pk__in=keys)
    return _hits(one, chosen.order_by(*matches.query.order_by), own_text)


def _first_keys(rows: QuerySet[Any]) -> list[int]:
    by_key = rows.order_by("pk").select_related(None)
    return list(by_key.values_list("pk", flat=True)[:CANDIDATES])


def _hit(row: Any) -> EntryHit:
    city = None
    for owner in owners_of(row):
        if isinstance(owner, City) and str(owner) not in str(row):
            city = owner
    return EntryHit(row, entry_page(row), city)
