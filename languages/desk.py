"""How every entry stands in every language, kept ready to be listed, filtered and counted.

Comparing hashes needs every text of every entry; so the answer is kept beside them (`DeskRow`,
`DeskState`), written in the transaction of the entry or of its translations. `portal/signals.py`
listens to the entries' own changes. Everything here can be made again from the rows: `manage.py
rebuild_index`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F, Sum
from django.utils import timezone
from modeltranslation.translator import translator

from languages.models import DeskRow, DeskState, Freshness
from languages.states import WORST_FIRST, State, state_of
from languages.text import own_text, translated_fields
from languages.upkeep import BATCH, Keys, Upkeep, batches

TITLE_LENGTH = 150
Known = dict[tuple[str, str], Freshness]


@cache
def kinds() -> tuple[type[models.Model], ...]:
    """Kinds of entries that are written in a source language and translated into the others."""
    found = [
        model
        for model in translator.get_registered_models(abstract=False)
        if hasattr(model, "source_language")
    ]
    return tuple(sorted(found, key=lambda model: model._meta.label_lower))


def refresh(record: models.Model) -> None:
    """Make the desk agree with one entry; a row without texts to translate has no place there."""
    if type(record) in kinds():
        upkeep.refresh(record)


def forget(record: models.Model) -> None:
    """Take a deleted entry off the desk."""
    DeskRow.objects.filter(content_type=_kind(type(record)), object_id=record.pk).delete()


def write(model: type[models.Model], keys: Iterable[int]) -> int:
    """Bring the rows of these entries up to date; their number."""
    wanted = sorted(keys)
    changed = [key for batch in batches(wanted) for key in _write_batch(model, batch)]
    for part, path in _parts(model) if changed else ():
        hanging = (
            part._base_manager.filter(**{f"{path}__in": changed})
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        for batch in batches(hanging):
            _write_batch(part, batch)
    return len(wanted)


def _write_each(keys: Keys) -> None:
    for model, own in keys.items():
        write(model, own)


upkeep = Upkeep("desk", _write_each)
batch_writes = upkeep.batch_writes


def write_due(model: type[models.Model]) -> int:
    """Note what has become public by itself since it was saved; the number of entries."""
    shown = DeskRow.objects.filter(content_type=_kind(model), public=True).values("object_id")
    return write(
        model, model.objects.public().exclude(pk__in=shown).order_by().values_list("pk", flat=True)
    )


def rebuild(progress: Callable[[str, int, int], None] = lambda name, done, total: None) -> int:
    """Write every row again, in one transaction; their number. Since when something is outdated is
    kept."""
    with transaction.atomic():
        return sum(_rebuild(model, progress) for model in kinds())


def _rebuild(model: type[models.Model], progress: Callable[[str, int, int], None]) -> int:
    keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
    DeskRow.objects.filter(content_type=_kind(model)).exclude(
        object_id__in=model._base_manager.order_by().values("pk")
    ).delete()
    progress(model._meta.model_name, 0, len(keys))
    for done, batch in enumerate(batches(keys), 1):
        _write_batch(model, batch)
        progress(model._meta.model_name, min(done * BATCH, len(keys)), len(keys))
    return len(keys)


def _kind(model: type[models.Model]) -> ContentType:
    return ContentType.objects.get_for_model(model)


def _write_batch(model: type[models.Model], keys: list[int]) -> list[int]:
    """Write these entries; those whose parts belong to another city now, or are public or not,
    because of them."""
    rows = DeskRow.objects.filter(content_type=_kind(model), object_id__in=keys)
    before = {
        key: (city, published)
        for key, city, published in rows.values_list("object_id", "city", "published")
    }
    records = list(_with_city(model).filter(pk__in=keys))
    public = set(model.objects.public().filter(pk__in=keys).order_by().values_list("pk", flat=True))
    written = [_row(record, record.pk in public) for record in records]
    DeskRow.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["content_type", "object_id"],
        update_fields=[
            "city",
            "source_language",
            "title",
            "length",
            "published",
            "public",
            "fictional",
        ],
    )
    _write_states(records, dict(rows.values_list("object_id", "pk")), _known(model, keys))
    return [
        row.object_id for row in written if before.get(row.object_id, _where(row)) != _where(row)
    ]


def _where(row: DeskRow) -> tuple[int | None, bool]:
    return row.city, row.published


def _with_city(model: type[models.Model]) -> models.QuerySet:
    path = model.CITY_PATH
    return model._base_manager.annotate(city_key=F(path)) if path else model._base_manager.all()


def _row(record: models.Model, public: bool) -> DeskRow:
    source = [
        own_text(record, field, record.source_language).strip()
        for field in translated_fields(type(record))
    ]
    return DeskRow(
        content_type=_kind(type(record)),
        object_id=record.pk,
        city=getattr(record, "city_key", None),
        source_language=record.source_language,
        title=" ".join(next(filter(None, source), "").split())[:TITLE_LENGTH],
        length=sum(map(len, source)),
        published=record.published_at is not None,
        public=public,
        fictional=record.fictional,
    )


def _known(model: type[models.Model], keys: list[int]) -> dict[int, Known]:
    found: dict[int, Known] = defaultdict(dict)
    for row in Freshness.objects.filter(content_type=_kind(model), object_id__in=keys):
        found[row.object_id][row.field, row.language] = row
    return found


def _write_states(
    records: list[models.Model], rows: dict[int, int], known: dict[int, Known]
) -> None:
    before = {
        (one.row_id, one.language): one for one in DeskState.objects.filter(row__in=rows.values())
    }
    now, states, gone = timezone.now(), [], []
    for record in records:
        for code, _name in settings.SCHEMA_LANGUAGES:
            was = before.get((rows[record.pk], code))
            state = _state(record, rows[record.pk], code, known[record.pk])
            if state.state == State.EMPTY:
                gone += [was.pk] if was else []
                continue
            state.since = _since(state, was, now)
            if was is None or _said(was) != _said(state):
                states.append(state)
    DeskState.objects.filter(pk__in=gone).delete()
    DeskState.objects.bulk_create(
        states,
        update_conflicts=True,
        unique_fields=["row", "language"],
        update_fields=["state", "since", "current", "outdated"],
    )


def _said(state: DeskState) -> tuple[object, ...]:
    return (state.state, state.since, state.current, state.outdated)


def _state(record: models.Model, row: int, language: str, known: Known) -> DeskState:
    """The worst state of the entry's texts, and how many characters of its source text are in
    which."""
    found, lengths = {State.EMPTY}, defaultdict(int)
    for field in translated_fields(type(record)):
        state = state_of(record, field, language, known.get((field, language)))
        found.add(state)
        lengths[state] += len(own_text(record, field, record.source_language).strip())
    return DeskState(
        row_id=row,
        language=language,
        state=min(found, key=WORST_FIRST.index).value,
        current=lengths[State.CURRENT] + lengths[State.SOURCE],
        outdated=lengths[State.OUTDATED],
    )


def _since(state: DeskState, was: DeskState | None, now: datetime) -> datetime | None:
    """Since when it is outdated: since it was found so first; not known of what was so when it was
    first written."""
    if state.state != State.OUTDATED or was is None:
        return None
    return was.since if was.state == State.OUTDATED else now


@cache
def _parts(model: type[models.Model]) -> tuple[tuple[type[models.Model], str], ...]:
    """Kinds that are public only together with an entry of this model, and the lookup from them to
    it."""
    return tuple(
        (part, path)
        for part in kinds()
        for path in part.PUBLIC_WITH
        if get_fields_from_path(part, path)[-1].related_model is model
    )


# --- Shares ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """How much of the published text can be read in a language, in per cent of its characters."""

    language: str
    current: int
    outdated: int

    @property
    def missing(self) -> int:
        return 100 - self.current - self.outdated


def shares(entries: models.QuerySet[DeskRow] | None = None) -> list[Share]:
    """By language in the network's order: of all that is public and not invented, or of what is
    public of these."""
    whose = DeskRow.objects.filter(fictional=False) if entries is None else entries
    rows = whose.filter(public=True, states__isnull=False).order_by().values("states__language")
    sums: dict[str, dict[str, Any]] = {
        row["states__language"]: row
        for row in rows.annotate(
            done=Sum("states__current"), old=Sum("states__outdated"), whole=Sum("length")
        )
    }
    codes = [code for code, _name in settings.LANGUAGES if code in sums]
    return [
        _share(code, **{name: sums[code][name] for name in ("done", "old", "whole")})
        for code in codes
    ]


def _share(language: str, done: int, old: int, whole: int) -> Share:
    """Rounded down: nothing is called complete of which a sentence is missing; what is outdated
    shows at least as 1."""
    if not whole:
        return Share(language, 0, 0)
    current = 100 * done // whole
    return Share(language, current, min(100 - current, -(-100 * old // whole)))
