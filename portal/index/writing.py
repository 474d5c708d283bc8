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
from languages.search.places import forget_places, learn_places
from languages.search.vocabulary import forget, learn
from languages.sorting import sort_key
from languages.upkeep import BATCH, Keys, Upkeep, batches
from members.models.record import content_type_of
from portal.index.entries import Entry
from portal.index.kinds import KINDS, IndexedKind, Model
from portal.index.places import further_names

# In characters; the columns are as long.
TITLE_LENGTH = 500
BODY_LENGTH = 20_000
SORT_KEY_LENGTH = 1000
# What makes a row of the index the only one of its kind.
UNIQUE = ("content_type", "object_id", "language")
# What the rows of others take over from an object's own.
TAKEN_OVER = ("title", "other_names", "country", "fictional")
# A kind stands after those that its rows depend on.
ORDER = list(KINDS)

Progress = Callable[[str, int, int], None]


def no_progress(name: str, count: int, total: int) -> None:
    """Say nothing while the index is written."""


# --- One object -----------------------------------------------------------------------------------


def rows_of(record: models.Model) -> list[IndexRow]:
    """The rows that should stand for a public object, one per language."""
    kind = KINDS[type(record)]
    path = _path_of(record)
    codes = dict(settings.SCHEMA_LANGUAGES)
    return [_row(record, kind, path, code) for code in codes]


def _path_of(record: Any) -> str:
    """The address of an object's page, without the language before it."""
    language = settings.LANGUAGE_CODE
    with override(language):
        url: str = record.get_absolute_url()
    prefix = f"/{language}/"
    return url.removeprefix(prefix)


def _row(record: models.Model, kind: IndexedKind, path: str, language: str) -> IndexRow:
    entry = kind.entry(record, language)
    title = entry.title
    summary = entry.summary
    key = sort_key(title.value, language)
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
        sort_key=key[:SORT_KEY_LENGTH],
    )
    _add_tokens(row, entry, few=kind.few)
    return row


def _lines(texts: list[str]) -> str:
    return "\n".join(filter(None, texts))


def _spaced(numbers: Iterable[int]) -> str:
    """`{3, 7}` → `" 3  7 "`: a number is looked for with its spaces."""
    words = [f" {number} " for number in sorted(numbers)]
    return "".join(words)


def _add_tokens(row: IndexRow, entry: Entry, *, few: bool) -> None:
    """What the search compares. The places also where there is no text in the language: "Цюрих"
    finds an office that is described in German only."""
    text = "\n".join([row.own_text, *entry.places])
    text_tokens = index_tokens(text, row.language)
    title_tokens = list(index_tokens(row.own_names, row.language))
    row.text_tokens = " ".join(text_tokens)
    says_something = title_tokens or text_tokens
    if says_something:
        title_tokens += labels_of(row, small_kind=few, is_gloss=entry.is_gloss)
    row.title_tokens = " ".join(title_tokens)


def write(records: Iterable[models.Model]) -> int:
    """Bring the rows of public objects up to date. Returns the number of rows written."""
    records = list(records)
    rows: list[IndexRow] = []
    for record in records:
        rows += rows_of(record)
    fixed = {"id", *UNIQUE}
    columns = [field.name for field in IndexRow._meta.concrete_fields]
    IndexRow.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=UNIQUE,
        update_fields=[name for name in columns if name not in fixed],
    )
    learn(rows)
    learn_places(rows, further_names(records))
    return len(rows)


# --- After a change -------------------------------------------------------------------------------


def _refresh(keys: Keys) -> None:
    """These objects, then what depends on those that changed; each once."""
    waiting: Keys = defaultdict(set)
    for model, own in keys.items():
        waiting[model] |= own
    while waiting:
        model = min(waiting, key=ORDER.index)
        in_order = sorted(waiting.pop(model))
        for batch in batches(in_order):
            for dependent in _refresh_batch(model, batch):
                kind = type(dependent)
                waiting[kind].add(dependent.pk)


# A row of the index agrees with its object, and with those that are public only together with it.
upkeep = Upkeep("index", _refresh)
batch_writes, refresh = upkeep.batch_writes, upkeep.refresh


def _refresh_batch(model: Model, keys: list[int]) -> list[models.Model]:
    """Write or delete the rows of these objects. Returns what depends on those that changed."""
    kind = KINDS[model]
    rows = _rows_of_model(model).filter(object_id__in=keys)
    # A kind of which some rows do not stand in the index passes on every change.
    compares = kind.dependents and not kind.is_selective
    before = _taken_over(rows) if compares else {}
    public = _public(model).filter(pk__in=keys)
    records = [record for record in public if kind.stands(record)]
    outdated = set(keys) - {record.pk for record in records}
    if outdated:
        rows.filter(object_id__in=outdated).delete()
        forget_places(kind.name, outdated)
    write(records)
    if not compares:
        return _dependents(model, keys)
    after = _taken_over(rows)
    changed = [key for key in keys if before[key] != after[key]]
    return _dependents(model, changed)


def _rows_of_model(model: Model) -> models.QuerySet[IndexRow]:
    content_type = content_type_of(model())
    return IndexRow.objects.filter(content_type=content_type)


def _public(model: Any) -> models.QuerySet[Any]:
    """Everything of a kind that may stand in the index, with what its entries read."""
    kind = KINDS[model]
    rows: models.QuerySet[Any] = model.objects.public().prefetch_related(*kind.related)
    # Without a name, Django would join all that there is.
    return rows.select_related(*kind.joined) if kind.joined else rows


def _taken_over(rows: models.QuerySet[IndexRow]) -> dict[int, list[tuple[object, ...]]]:
    """What others' rows take over, by the object's key."""
    values: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    columns = ("object_id", "language", *TAKEN_OVER)
    in_order = rows.order_by("language")
    for key, *own in in_order.values_list(*columns):
        own_values = values[key]
        own_values.append(tuple(own))
    return values


def _dependents(model: Model, keys: list[int]) -> list[models.Model]:
    names = KINDS[model].dependents
    dependents: list[models.Model] = []
    for key in keys:
        # Only its key is needed, which it has even if it was deleted.
        record = model(pk=key)
        for name in names:
            relation = getattr(record, name)
            own = relation.all()
            dependents += own
    return dependents


def write_due(model: Model) -> int:
    """Index what has become public by itself since it was saved. Returns the number of rows."""
    indexed = _rows_of_model(model).values("object_id")
    due = _public(model).exclude(pk__in=indexed)
    return write(due)


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
    forget_places(kind.name)
    records = _public(model)
    total = records.count()
    progress(kind.name, 0, total)
    count = 0
    in_order = records.order_by("pk").iterator(chunk_size=BATCH)
    for number, batch in enumerate(batches(in_order), 1):
        own_records = [record for record in batch if kind.stands(record)]
        count += write(own_records)
        number_written = min(number * BATCH, total)
        progress(kind.name, number_written, total)
    return count
