"""The rows of the translation desk: the state of every entry in every language.

To find the states one must compare the hashes of all texts of all entries. So the desk keeps them
(`DeskRow`, `DeskState`) and writes them in the transaction of the entry or of its translations.
`portal/signals.py` calls it when an entry changes. `manage.py rebuild_index` writes all rows anew.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from django.contrib.admin.utils import get_fields_from_path
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Sum
from django.utils import timezone
from modeltranslation.translator import translator

from languages.models import DeskRow, DeskState, Freshness, TranslatedModel
from languages.states import State, state_of, worst_of
from languages.text import network_languages, schema_languages, source_text, translated_fields
from languages.upkeep import Keys, Upkeep, batches

TITLE_LENGTH = 150
ROW_FIELDS = ("city", "source_language", "title", "length", "published", "public", "fictional")
STATE_FIELDS = ("state", "since", "current", "outdated")

Kind = type[TranslatedModel]
# Name of a kind, number of entries written, number of all entries of the kind.
Progress = Callable[[str, int, int], None]
# The freshness of an entry's translations, by field and language.
FreshnessByText = dict[tuple[str, str], Freshness]


@cache
def kinds() -> tuple[Kind, ...]:
    """The models of entries that have a source language and translations."""
    models = translator.get_registered_models(abstract=False)
    kinds = [model for model in models if hasattr(model, "source_language")]
    ordered = sorted(cast("list[Kind]", kinds), key=_label_of)
    return tuple(ordered)


def _label_of(model: Kind) -> str:
    return model._meta.label_lower


# --- When it is written ---------------------------------------------------------------------------


def refresh(record: models.Model) -> None:
    """Bring the desk up to date with one row of any model."""
    if type(record) in kinds():
        upkeep.refresh(record)


def forget(record: models.Model) -> None:
    """Remove a deleted entry from the desk."""
    model = cast("Kind", type(record))
    rows = _rows_of(model).filter(object_id=record.pk)
    rows.delete()


def _write_each(keys: Keys) -> None:
    for model, own_keys in keys.items():
        kind = cast("Kind", model)
        write(
            kind,
            own_keys,
        )


upkeep = Upkeep("desk", _write_each)
batch_writes = upkeep.batch_writes


def write_due(model: Kind) -> int:
    """Write the entries that became public by time alone since they were saved; their number."""
    public_rows = _rows_of(model).filter(public=True)
    public_keys = public_rows.values("object_id")
    due = _public(model).exclude(pk__in=public_keys)
    due_keys = _keys_of(due)
    return write(model, due_keys)


def rebuild(progress: Progress = lambda name, number_written, total: None) -> int:
    """Write all rows anew in one transaction; their number.

    Keeps since when an entry is outdated.
    """
    with transaction.atomic():
        numbers = [_rebuild(model, progress) for model in kinds()]
    return sum(numbers)


def _rebuild(model: Kind, progress: Progress) -> int:
    name = str(model._meta.model_name)
    entries = model._base_manager.order_by("pk")
    keys = list(entries.values_list("pk", flat=True))
    total = len(keys)
    existing = entries.order_by().values("pk")
    orphans = _rows_of(model).exclude(object_id__in=existing)
    orphans.delete()
    number_written = 0
    progress(name, number_written, total)
    for batch in batches(keys):
        _write_batch(model, batch)
        number_written += len(batch)
        progress(name, number_written, total)
    return total


# --- Writing --------------------------------------------------------------------------------------


def write(model: Kind, keys: Iterable[int]) -> int:
    """Bring the rows of these entries up to date; their number.

    Writes their parts too, if these now belong to another city or if what is public changed.
    """
    entries = sorted(keys)
    changed: list[int] = []
    for batch in batches(entries):
        changed += _write_batch(model, batch)
    if changed:
        for part, path in _parts_of(model):
            _write_parts(part, path, changed)
    return len(entries)


def _write_parts(part: Kind, path: str, entries: list[int]) -> None:
    lookup = f"{path}__in"
    parts = part._base_manager.filter(**{lookup: entries})
    in_order = parts.order_by("pk")
    keys = in_order.values_list("pk", flat=True)
    for batch in batches(keys):
        _write_batch(part, batch)


def _write_batch(model: Kind, keys: list[int]) -> list[int]:
    """Write these entries; return the keys of those whose city or publication changed."""
    rows = _rows_of(model).filter(object_id__in=keys)
    values = rows.values_list("object_id", "city", "published")
    before = {key: place for key, *place in values}
    is_public = Exists(_public(model).filter(pk=OuterRef("pk")))
    entries = _with_city(model).filter(pk__in=keys).annotate(desk_public=is_public)
    records = list(entries)
    entries_to_write = [_row(record, record.desk_public) for record in records]
    DeskRow.objects.bulk_create(
        entries_to_write,
        update_conflicts=True,
        unique_fields=["content_type", "object_id"],
        update_fields=ROW_FIELDS,
    )
    row_keys = {row.object_id: row.pk for row in entries_to_write}
    freshness = _freshness_of(model, keys)
    _write_states(records, row_keys, freshness)
    changed = []
    for row in entries_to_write:
        place = _place_of(row)
        if before.get(row.object_id, place) != place:
            changed.append(row.object_id)
    return changed


def _place_of(row: DeskRow) -> list[object]:
    return [row.city, row.published]


def _rows_of(model: Kind) -> models.QuerySet[DeskRow]:
    content_type = ContentType.objects.get_for_model(model)
    return DeskRow.objects.filter(content_type=content_type)


def _public(model: Kind) -> models.QuerySet[Any]:
    """The entries that everybody may read: the `public()` of the model's own QuerySet."""
    manager: Any = model._default_manager
    return manager.public()


def _keys_of(entries: models.QuerySet[Any]) -> models.QuerySet[Any, int]:
    return entries.order_by().values_list("pk", flat=True)


def _with_city(model: Kind) -> models.QuerySet[Any]:
    """The entries, each with the key of its city as `city_key`, if its model has a city."""
    path = model.CITY_PATH
    entries = model._base_manager.all()
    if not path:
        return entries
    return entries.annotate(city_key=F(path))


def _row(record: TranslatedModel, public: bool) -> DeskRow:
    texts = _source_texts(record)
    first = next(filter(None, texts), "")
    title = " ".join(first.split())
    return DeskRow(
        content_type=ContentType.objects.get_for_model(type(record)),
        object_id=record.pk,
        city=getattr(record, "city_key", None),
        source_language=record.source_language,
        title=title[:TITLE_LENGTH],
        length=sum(map(len, texts)),
        published=record.published_at is not None,
        public=public,
        fictional=record.fictional,
    )


def _source_texts(record: TranslatedModel) -> list[str]:
    texts = []
    for field in translated_fields(type(record)):
        text = source_text(record, field)
        texts.append(text.strip())
    return texts


def _freshness_of(model: Kind, keys: list[int]) -> dict[int, FreshnessByText]:
    content_type = ContentType.objects.get_for_model(model)
    rows = Freshness.objects.filter(content_type=content_type, object_id__in=keys)
    freshness: dict[int, FreshnessByText] = defaultdict(dict)
    for row in rows:
        text = (row.field, row.language)
        by_text = freshness[row.object_id]
        by_text[text] = row
    return freshness


def _write_states(
    records: list[TranslatedModel],
    row_keys: dict[int, int],
    freshness: dict[int, FreshnessByText],
) -> None:
    """Write the states of these records that changed, and delete those of empty texts."""
    states = DeskState.objects.filter(row__in=row_keys.values())
    before = {(state.row_id, state.language): state for state in states}
    now = timezone.now()
    changed: list[DeskState] = []
    emptied: list[int] = []
    for record in records:
        row_key = row_keys[record.pk]
        by_text = freshness[record.pk]
        for state in _states_of(record, row_key, by_text):
            old = before.get((row_key, state.language))
            if state.state == State.EMPTY:
                if old:
                    emptied.append(old.pk)
                continue
            state.since = _outdated_since(state, old, now)
            if old is None or _values_of(old) != _values_of(state):
                changed.append(state)
    DeskState.objects.filter(pk__in=emptied).delete()
    DeskState.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["row", "language"],
        update_fields=STATE_FIELDS,
    )


def _values_of(state: DeskState) -> list[object]:
    return [getattr(state, name) for name in STATE_FIELDS]


def _states_of(
    record: TranslatedModel, row_key: int, freshness: FreshnessByText
) -> Iterator[DeskState]:
    """The state of an entry in each language, with the characters of its source text by state."""
    fields = translated_fields(type(record))
    for language in schema_languages():
        lengths: Counter[State] = Counter()
        for field in fields:
            row = freshness.get((field, language))
            state = state_of(record, field, language, row)
            text = source_text(record, field).strip()
            lengths[state] += len(text)
        worst = worst_of(lengths)
        yield DeskState(
            row_id=row_key,
            language=language,
            state=worst.value,
            current=lengths[State.CURRENT] + lengths[State.SOURCE],
            outdated=lengths[State.OUTDATED],
        )


def _outdated_since(state: DeskState, old: DeskState | None, now: datetime) -> datetime | None:
    """When the state was found outdated for the first time.

    None if it is not outdated, or if it was outdated when it was first written.
    """
    if state.state != State.OUTDATED or old is None:
        return None
    if old.state == State.OUTDATED:
        return old.since
    return now


@cache
def _parts_of(model: Kind) -> tuple[tuple[Kind, str], ...]:
    """The kinds that are public only together with an entry of this model, each with the lookup
    from it to that entry."""
    parts = []
    for part in kinds():
        for path in part.PUBLIC_WITH:
            fields = get_fields_from_path(part, path)
            field: Any = fields[-1]
            if field.related_model is model:
                parts.append((part, path))
    return tuple(parts)


# --- Shares ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """How much of the published text is there in a language, in per cent of its characters."""

    language: str
    current: int
    outdated: int

    @property
    def missing(self) -> int:
        return 100 - self.current - self.outdated


def shares(entries: models.QuerySet[DeskRow] | None = None) -> list[Share]:
    """The share of each language, in the network's order.

    Of the public entries among `entries`; by default of all public entries that are not invented.
    """
    if entries is None:
        entries = DeskRow.objects.filter(fictional=False)
    rows = entries.filter(public=True, states__isnull=False)
    languages = rows.order_by().values_list("states__language")
    sums = languages.annotate(
        Sum("states__current"),
        Sum("states__outdated"),
        Sum("length"),
    )
    by_language = {}
    for language, *numbers in sums:
        by_language[language] = _share(language, *numbers)
    return [by_language[code] for code in network_languages() if code in by_language]


def _share(language: str, current: int, outdated: int, total: int) -> Share:
    """The share of numbers of characters.

    Rounded down, so that 100 per cent means complete. Outdated text counts as one per cent or more.
    """
    if not total:
        return Share(language, 0, 0)
    current_share = 100 * current // total
    # Minus and minus again rounds up.
    outdated_share = -(-100 * outdated // total)
    most = 100 - current_share
    return Share(
        language=language,
        current=current_share,
        outdated=min(most, outdated_share),
    )
