"""Writing the rows of the index, and keeping them right."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import override

from languages.models import IndexRow
from languages.search.analysis import index_tokens
from languages.search.labels import labels_of
from languages.search.vocabulary import forget, learn
from languages.sorting import sort_key
from languages.upkeep import BATCH, Keys, Upkeep, batches
from members.models.record import content_type_of
from portal.index.entries import Entry
from portal.index.kinds import KINDS, IndexedKind, Model

# In characters; the columns are as long.
TITLE_LENGTH = 500
BODY_LENGTH = 20_000
SORT_KEY_LENGTH = 1000
# What makes a row of the index the only one of its kind.
UNIQUE = ("content_type", "object_id", "language")
# What the rows of others take over from an object's own.
TAKEN_OVER = ("title", "other_names", "country", "fictional")

Progress = Callable[[str, int, int], None]


def no_progress(name: str, count: int, total: int) -> None:
    """Say nothing while the index is written."""


# --- One object -----------------------------------------------------------------------------------


def rows_of(record: models.Model) -> list[IndexRow]:
    """The rows that should stand for a public object, one per language."""
    kind = KINDS[type(record)]
    path = _path_of(record)
    return [_row(record, kind, path, code) for code, _name in settings.SCHEMA_LANGUAGES]


def _path_of(record: Any) -> str:
    """The address of an object's page, without the language before it."""
    with override(settings.LANGUAGE_CODE):
        url: str = record.get_absolute_url()
    return url.removeprefix(f"/{settings.LANGUAGE_CODE}/")


def _row(record: models.Model, kind: IndexedKind, path: str, language: str) -> IndexRow:
    entry = kind.entry(record, language)
    title, summary = entry.title, entry.summary
    row = IndexRow(
        content_type=content_type_of(record),
        object_id=record.pk,
        language=language,
        kind=kind.name,
        path=path,
        title=title.value[:TITLE_LENGTH],
        title_language=title.language,
        other_names=_lines(entry.names),
        summary=summary.value,
        summary_language=summary.language if summary else "",
        body=_lines(entry.texts)[:BODY_LENGTH],
        city=kind.city(record),
        country=kind.country(record),
        points=_spaced(kind.points(record)),
        fictional=getattr(record, "fictional", False),
        sort_key=sort_key(title.value, language)[:SORT_KEY_LENGTH],
    )
    _add_tokens(row, entry, few=kind.few)
    return row


def _lines(texts: list[str]) -> str:
    return "\n".join(filter(None, texts))


def _spaced(numbers: Iterable[int]) -> str:
    """`{3, 7}` → `" 3  7 "`: a number is looked for with its spaces."""
    return "".join(f" {number} " for number in sorted(numbers))


def _add_tokens(row: IndexRow, entry: Entry, *, few: bool) -> None:
    """What the search compares. The places also where there is no text in the language: "Цюрих"
    finds an office that is described in German only."""
    names = index_tokens(row.own_names, row.language)
    text = "\n".join([row.own_text, *entry.places])
    row.text_tokens = " ".join(index_tokens(text, row.language))
    says_something = names or row.text_tokens
    labels = labels_of(row, small_kind=few) if says_something else []
    row.title_tokens = " ".join([*names, *labels])


def write(records: Iterable[models.Model]) -> int:
    """Bring the rows of public objects up to date. Returns the number of rows written."""
    rows = [row for record in records for row in rows_of(record)]
    columns = [field.name for field in IndexRow._meta.concrete_fields]
    IndexRow.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=UNIQUE,
        update_fields=[name for name in columns if name not in {"id", *UNIQUE}],
    )
    learn(rows)
    return len(rows)


# --- After a change -------------------------------------------------------------------------------


def _refresh(keys: Keys) -> None:
    """Round after round: these objects, then what depends on those that changed."""
    while keys:
        dependents: Keys = defaultdict(set)
        for model, own in keys.items():
            for batch in batches(sorted(own)):
                for dependent in _refresh_batch(model, batch):
                    dependents[type(dependent)].add(dependent.pk)
        keys = dependents


# A row of the index agrees with its object, and with those that are public only together with it.
upkeep = Upkeep("index", _refresh)
batch_writes, refresh = upkeep.batch_writes, upkeep.refresh


def _refresh_batch(model: Model, keys: list[int]) -> list[models.Model]:
    """Write or delete the rows of these objects. Returns what depends on those that changed."""
    kind = KINDS[model]
    rows = _rows_of_model(model).filter(object_id__in=keys)
    before = _taken_over(rows)
    records = [record for record in _public(model).filter(pk__in=keys) if kind.stands(record)]
    outdated = set(before) - {record.pk for record in records}
    if outdated:
        rows.filter(object_id__in=outdated).delete()
    write(records)
    if not kind.dependents:
        return []
    after = _taken_over(rows)
    changed = [key for key in keys if kind.is_selective or before[key] != after[key]]
    return _dependents(model, changed)


def _rows_of_model(model: Model) -> models.QuerySet[IndexRow]:
    return IndexRow.objects.filter(content_type=content_type_of(model()))


def _public(model: Any) -> models.QuerySet[Any]:
    """Everything of a kind that may stand in the index, with what its entries read."""
    related = KINDS[model].related
    rows: models.QuerySet[Any] = model.objects.public().prefetch_related(*related)
    return rows


def _taken_over(rows: models.QuerySet[IndexRow]) -> dict[int, list[tuple[object, ...]]]:
    """What others' rows take over, by the object's key."""
    values: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    columns = ("object_id", "language", *TAKEN_OVER)
    for key, *own in rows.order_by("language").values_list(*columns):
        values[key].append(tuple(own))
    return values


def _dependents(model: Model, keys: list[int]) -> list[models.Model]:
    names = KINDS[model].dependents
    records = model._base_manager.filter(pk__in=keys)
    return [row for record in records for name in names for row in getattr(record, name).all()]


def write_due(model: Model) -> int:
    """Index what has become public by itself since it was saved. Returns the number of rows."""
    indexed = _rows_of_model(model).values("object_id")
    return write(_public(model).exclude(pk__in=indexed))


# --- All of it ------------------------------------------------------------------------------------


def rebuild(progress: Progress = no_progress) -> dict[str, int]:
    """Drop and write again every row and the vocabulary, in one transaction. Returns the number of
    rows by kind."""
    with transaction.atomic():
        forget()
        return {kind.name: _rebuild(model, progress) for model, kind in KINDS.items()}


def _rebuild(model: Model, progress: Progress) -> int:
    kind = KINDS[model]
    _rows_of_model(model).delete()
    records = _public(model)
    total = records.count()
    progress(kind.name, 0, total)
    count = 0
    in_order = records.order_by("pk").iterator(chunk_size=BATCH)
    for number, batch in enumerate(batches(in_order), 1):
        count += write(record for record in batch if kind.stands(record))
        progress(kind.name, min(number * BATCH, total), total)
    return count
