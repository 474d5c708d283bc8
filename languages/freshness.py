"""Which translation is current, which is outdated, which is missing."""

from collections.abc import Iterable
from enum import StrEnum

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from languages.models import Freshness, text_hash
from languages.text import own_text, translated_fields


class State(StrEnum):
    """State of an object, or of one of its texts, in one language."""

    SOURCE = "source"
    CURRENT = "current"
    OUTDATED = "outdated"
    MISSING = "missing"
    EMPTY = "empty"


STATES = {
    State.SOURCE: pgettext_lazy("state of a translation", "source text"),
    State.CURRENT: pgettext_lazy("state of a translation", "current"),
    State.OUTDATED: pgettext_lazy("state of a translation", "outdated"),
    State.MISSING: pgettext_lazy("state of a translation", "missing"),
    State.EMPTY: pgettext_lazy("state of a translation", "nothing to translate yet"),
}


def record_translations(
    record: models.Model, *, changed: Iterable[str], how: str, by: models.Model | None = None
) -> None:
    """Note that the columns named in `changed` (`name_pl`, …) were translated from today's source text.

    A column emptied loses its row; the source language's own columns need none. Call it in the transaction that
    saves the record.
    """
    wanted = set(changed)
    content_type = ContentType.objects.get_for_model(type(record))
    rows = Freshness.objects.filter(content_type=content_type, object_id=record.pk)
    known = {(row.field, row.language): row for row in rows}
    emptied, written = [], []
    for field in translated_fields(type(record)):
        for code, _name in settings.SCHEMA_LANGUAGES:
            if f"{field}_{code}" not in wanted or code == record.source_language:
                continue
            before = known.get((field, code))
            if not own_text(record, field, code):
                emptied += [before.pk] if before else []
            elif not (before and _says(before, record, how, by)):
                written.append(_row(content_type, record, field, code, how, by))
    if emptied:
        rows.filter(pk__in=emptied).delete()
    if written:
        Freshness.objects.bulk_create(
            written,
            update_conflicts=True,
            unique_fields=["content_type", "object_id", "field", "language"],
            update_fields=["source_language", "source_hash", "source_text", "how", "translated_at", "translated_by"],
        )


def _row(
    content_type: ContentType, record: models.Model, field: str, language: str, how: str, by: models.Model | None
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


def _says(row: Freshness, record: models.Model, how: str, by: models.Model | None) -> bool:
    """Whether the row says already what would be written."""
    today = (record.source_language, text_hash(own_text(record, row.field, record.source_language)))
    return (row.source_language, row.source_hash) == today and (row.how, row.translated_by_id) == (how, by and by.pk)


def states(record: models.Model) -> dict[str, dict[str, State]]:
    """For every translated field its state per language: `{"name": {"pl": State.CURRENT, …}, …}`. One query."""
    rows = {}
    if record.pk:
        content_type = ContentType.objects.get_for_model(type(record))
        for row in Freshness.objects.filter(content_type=content_type, object_id=record.pk):
            rows[row.field, row.language] = row
    return {
        field: {code: _state(record, field, code, rows.get((field, code))) for code, _name in settings.SCHEMA_LANGUAGES}
        for field in translated_fields(type(record))
    }


def _state(record: models.Model, field: str, language: str, row: Freshness | None) -> State:
    source = own_text(record, field, record.source_language)
    if language == record.source_language:
        return State.SOURCE if source else State.EMPTY
    if not own_text(record, field, language):
        return State.MISSING if source else State.EMPTY
    if not source:
        return State.CURRENT
    if row is None or row.source_language != record.source_language or row.source_hash != text_hash(source):
        return State.OUTDATED
    return State.CURRENT


def language_states(record: models.Model) -> dict[str, State]:
    """The worst state of any text per language: what the panel of that language says in its summary."""
    worst = [State.OUTDATED, State.MISSING, State.CURRENT, State.SOURCE, State.EMPTY]
    fields = states(record).values()
    return {
        code: min((field[code] for field in fields), key=worst.index, default=State.EMPTY)
        for code, _name in settings.SCHEMA_LANGUAGES
    }
