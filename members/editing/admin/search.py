"""Searching a list of the administration: folded words, places in any spelling, what the index
finds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Q, Value, When
from django.http import HttpRequest
from django.utils.text import capfirst

from languages.folding import words
from languages.models import IndexRow
from languages.search.lists import ManyRows, asked_number, is_about_a_row_with, keys_with
from languages.search.matching import matching_rows
from languages.search.places import PlaceReading, read_places
from languages.text import columns, translated, translated_fields
from members.filters import QUERY_LENGTH

# In `search_fields`: the row of any kind that `content_type` and `object_id` name.
ABOUT = "record"

# Of more matches than these nobody reads the first ones alone.
MOST_RANKED = 500

# Keys of rows: read already, asked of the database, or more than are read.
Keys = list[int] | models.QuerySet[Any, Any] | ManyRows
# A condition that no row meets.
NOTHING = Q(pk__in=[])

if TYPE_CHECKING:
    AdminBase = admin.ModelAdmin[Any]
else:
    AdminBase = object


@dataclass
class ListQuery:
    """What a person asks of a list, or of all lists: read once, when a list needs it."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        return words(self.text)

    @cached_property
    def number(self) -> str:
        return asked_number(self.text)

    @cached_property
    def reading(self) -> PlaceReading:
        return read_places(self.text)

    @cached_property
    def hits(self) -> models.QuerySet[IndexRow]:
        """Rows of the index: inflected forms, and other names, of what is public."""
        return matching_rows(self.text)

    def keys_with(self, model: type[models.Model], word: str) -> Keys:
        """The rows of a model that have a folded word."""
        return keys_with(model, word)

    def keys_of_hits(self, model: type[models.Model]) -> Keys:
        """The rows of a model that the index finds."""
        kind = ContentType.objects.get_for_model(model)
        return self.hits.filter(content_type=kind).values("object_id")

    def is_about(self, word: str) -> Q:
        """That the row which `content_type` and `object_id` name has a folded word."""
        return is_about_a_row_with(word)


class ListSearch(AdminBase):
    """A list finds a row by the words of its own columns and of the rows that it belongs to.

    `search_fields` names columns (a text per language by its bare name) and relations: `text`,
    `city`, `action__commitment__city`. A relation stands for the columns that the list of that
    model searches.
    """

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With a title that says what the list holds, not what to do with it."""
        changelist = super().get_changelist_instance(request)
        names = self.opts.verbose_name_plural
        title = capfirst(str(names))
        changelist.title = title
        return changelist

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        text = search_term[:QUERY_LENGTH]
        if not text.strip():
            return queryset, False
        query = ListQuery(text)
        matches = queryset.filter(has_text(self, query))
        has_several = has_several_paths(self)
        rows = self._best_first(request, matches, text)
        return rows, has_several

    def _best_first(
        self, request: HttpRequest, matches: models.QuerySet[Any], text: str
    ) -> models.QuerySet[Any]:
        """Before the others: what the list shows has the words, not another language alone.

        The order that a person chose stays. One query more.
        """
        texts = [name for name in self.search_fields if name in translated_fields(self.model)]
        if not texts or ORDER_VAR in request.GET:
            return matches
        names = searched_columns(self)
        rows = matches.order_by().select_related(None).only("pk", "source_language", *names)
        each = list(rows[: MOST_RANKED + 1])
        if len(each) > MOST_RANKED:
            return matches
        folded = words(text)
        visible = [row.pk for row in each if shows(row, texts, names, folded)]
        rank = Case(When(pk__in=visible, then=Value(0)), default=Value(1))
        return matches.order_by(rank, *matches.query.order_by)


def shows(row: Any, texts: Sequence[str], names: Sequence[str], folded: Sequence[str]) -> bool:
    """Whether a row has every word in what the reader sees of it.

    `texts`: its texts, of which the reader sees one language. `names`: all columns that are
    searched.
    """
    in_languages: set[str] = set()
    visible = []
    for text in texts:
        in_languages.update(columns(text))
        visible.append(translated(row, text))
    for name in names:
        if name not in in_languages:
            visible.append(getattr(row, name))
    visible_words = words("\n".join(map(str, visible)))
    return all(_is_in_one(word, visible_words) for word in folded)


def _is_in_one(word: str, others: Iterable[str]) -> bool:
    return any(word in other for other in others)


def searched_columns(model_admin: "admin.ModelAdmin[Any]") -> tuple[str, ...]:
    """The columns of its own model that a list searches."""
    model = model_admin.model
    texts = translated_fields(model)
    relations = relations_of(model_admin)
    names: list[str] = []
    for name in model_admin.search_fields:
        if name in texts:
            in_languages = columns(name)
            names += in_languages
        elif name not in relations:
            names.append(name)
    return tuple(names)


def relations_of(model_admin: "admin.ModelAdmin[Any]") -> list[str]:
    """The relations among the search fields, `ABOUT` too."""
    model = model_admin.model
    return [
        name
        for name in model_admin.search_fields
        if name == ABOUT or get_fields_from_path(model, name)[-1].is_relation
    ]


def has_text(model_admin: "admin.ModelAdmin[Any]", query: ListQuery) -> Q:
    """That a row of a list has what was asked for; NOTHING where that is known of no row."""
    model = model_admin.model
    relations = relations_of(model_admin)
    ways = [_has_all(model, relations, query, query.words)]
    if query.number:
        ways.append(_has(model, relations, query, query.number))
    ways.append(_is_of_a_place(model, relations, query))
    ways.append(is_among("pk", query.keys_of_hits(model)))
    return _one_of(ways)


def has_own_text(model: type[models.Model], query: ListQuery) -> Q:
    """That a row has every word in its own columns."""
    return _has_all(model, [], query, query.words)


def has_several_paths(model_admin: "admin.ModelAdmin[Any]") -> bool:
    """Whether a search may find one row in several ways, and so several times."""
    model = model_admin.model
    paths = relations_of(model_admin)
    answers = [_is_multiple(model, path) for path in paths]
    return any(answers)


def is_among(path: str, keys: Keys) -> Q:
    """That the row at the end of the path is one of these; NOTHING for none."""
    if isinstance(keys, ManyRows):
        return keys.contain(path)
    if isinstance(keys, list) and not keys:
        return NOTHING
    return Q(**{f"{path}__in": keys})


def _one_of(ways: Iterable[Q]) -> Q:
    condition = NOTHING
    for way in ways:
        if way == NOTHING:
            continue
        condition = way if condition == NOTHING else condition | way
    return condition


def _has_all(
    model: type[models.Model], relations: list[str], query: ListQuery, folded: list[str]
) -> Q:
    """That a row has every word, in its own columns or in a row that it belongs to."""
    if not folded:
        return NOTHING
    condition = Q()
    for word in folded:
        has_word = _has(model, relations, query, word)
        if has_word == NOTHING:
            return NOTHING
        condition &= has_word
    return condition


def _has(model: type[models.Model], relations: list[str], query: ListQuery, word: str) -> Q:
    ways = [is_among("pk", query.keys_with(model, word))]
    for path in relations:
        if path == ABOUT:
            ways.append(query.is_about(word))
            continue
        related: Any = get_fields_from_path(model, path)[-1].related_model
        keys = query.keys_with(related, word)
        ways.append(is_among(path, keys))
    return _one_of(ways)


def _is_of_a_place(model: Any, relations: list[str], query: ListQuery) -> Q:
    """That a row belongs to a city that the text names, and has its other words."""
    path = getattr(model, "CITY_PATH", None)
    if path not in relations:
        return NOTHING
    of_city = is_among(path, list(query.reading.city_keys))
    rest = words(query.reading.rest)
    if of_city == NOTHING or not rest:
        return of_city
    has_rest = _has_all(model, relations, query, rest)
    return NOTHING if has_rest == NOTHING else of_city & has_rest


def _is_multiple(model: type[models.Model], path: str) -> bool:
    """Whether one row may have several rows at the end of this path."""
    if path == ABOUT:
        return False
    for field in get_fields_from_path(model, path):
        if field.one_to_many:
            return True
        if field.many_to_many:
            return True
    return False
