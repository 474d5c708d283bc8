"""Which translation is current, which is outdated, which is missing."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from languages import desk
from languages.models import Freshness, text_hash
from languages.states import WORST_FIRST, State, state_of
from languages.text import column, own_text, translated_fields


def record_translations(
    record: models.Model,
    *,
    changed: Iterable[str],
    how: str,
    by: models.Model | None = None,
    seen: Mapping[str, str] | None = None,
) -> None:
    """Note that the columns named in `changed` (`name_pl`, …) were translated from today's source
    text.

    `seen` maps fields to the hash of the source text that the translator had before them, where
    that may be another: such a translation is outdated at once. A column emptied loses its row; the
    source language's own columns need none. Call it in the transaction that saves the record.
    """
    wanted = set(changed)
    content_type = ContentType.objects.get_for_model(type(record))
    rows = _rows_of(record)
    known = {(row.field, row.language): row for row in rows}
    emptied, written = [], []
    for field in translated_fields(type(record)):
        for code, _name in settings.SCHEMA_LANGUAGES:
            if f"{field}_{code}" not in wanted or code == record.source_language:
                continue
            before = known.get((field, code))
            if not own_text(record, field, code):
                emptied += [before.pk] if before else []
            elif not (before and _says(before, record, how, by)) or field in (seen or {}):
                written.append(_seen(_row(content_type, record, field, code, how, by), seen or {}))
    if emptied:
        rows.filter(pk__in=emptied).delete()
    if written:
        Freshness.objects.bulk_create(
            written,
            update_conflicts=True,
            unique_fields=["content_type", "object_id", "field", "language"],
            update_fields=[
                "source_language",
                "source_hash",
                "source_text",
                "how",
                "translated_at",
                "translated_by",
            ],
        )
    if emptied or written:
        desk.refresh(record)


def _row(
    content_type: ContentType,
    record: models.Model,
    field: str,
    language: str,
    how: str,
    by: models.Model | None,
) -> Freshness:
    source = own_text(record, field, record.source_language)
    return Freshness(
        content_type=content_type,
        object_id=record.pk,
        field=field,
        language=language,
        source_language=record.source_language,
        source_hash=text_hash(source),
        source_text=source,
        how=how,
        translated_at=timezone.now(),
        translated_by=by,
    )


def _seen(row: Freshness, seen: Mapping[str, str]) -> Freshness:
    """Made from another source text than today's: which one exactly is not kept."""
    if seen.get(row.field, row.source_hash) != row.source_hash:
        row.source_hash, row.source_text = seen[row.field], ""
    return row


def _says(row: Freshness, record: models.Model, how: str, by: models.Model | None) -> bool:
    """Whether the row says already what would be written."""
    today = (record.source_language, text_hash(own_text(record, row.field, record.source_language)))
    return (row.source_language, row.source_hash) == today and (row.how, row.translated_by_id) == (
        how,
        by and by.pk,
    )


def confirm_translations(
    record: models.Model, language: str, *, seen: Mapping[str, str], by: models.Model
) -> bool:
    """Note that what is outdated in a language is still right as it stands; whether there was
    anything to confirm.

    Only what was made for the source text that the person had before them (`seen`, its hash by
    field) is confirmed. Who made it stays known, except for a machine: a person answers for it now.
    """
    confirmed = []
    rows = {row.field: row for row in _rows_of(record).filter(language=language)}
    for field in translated_fields(type(record)):
        row = rows.get(field)
        today = text_hash(own_text(record, field, record.source_language))
        if state_of(record, field, language, row) == State.OUTDATED and seen.get(field) == today:
            how = row.how if row and row.how != Freshness.How.MACHINE else Freshness.How.OFFICE
            confirmed.append((column(field, language), how))
    with desk.batch_writes():
        for name, how in confirmed:
            record_translations(record, changed=[name], how=how, by=by)
    return bool(confirmed)


def hold_translations(record: models.Model, before: models.Model) -> None:
    """A small correction of the source text: what was a current translation of `before` is one of
    the record as it is now. What was outdated stays so."""
    held = []
    for row in _rows_of(record).filter(source_language=record.source_language):
        was, now = (own_text(one, row.field, record.source_language) for one in (before, record))
        if was != now and now and row.source_hash == text_hash(was):
            row.source_hash, row.source_text = text_hash(now), now
            held.append(row)
    if held:
        Freshness.objects.bulk_update(held, ["source_hash", "source_text"])
        desk.refresh(record)


def _rows_of(record: models.Model) -> models.QuerySet[Freshness]:
    return Freshness.objects.filter(
        content_type=ContentType.objects.get_for_model(type(record)), object_id=record.pk
    )


def states(record: models.Model) -> dict[str, dict[str, State]]:
    """For every translated field its state per language: `{"name": {"pl": State.CURRENT, …}, …}`.
    One query."""
    rows = {}
    if record.pk:
        for row in _rows_of(record):
            rows[row.field, row.language] = row
    return {
        field: {
            code: state_of(record, field, code, rows.get((field, code)))
            for code, _name in settings.SCHEMA_LANGUAGES
        }
        for field in translated_fields(type(record))
    }


def language_states(record: models.Model) -> dict[str, State]:
    """The worst state of any text per language: what the panel of that language says in its
    summary."""
    fields = states(record).values()
    return {
        code: min((field[code] for field in fields), key=WORST_FIRST.index, default=State.EMPTY)
        for code, _name in settings.SCHEMA_LANGUAGES
    }
