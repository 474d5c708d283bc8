"""Records from which source text each translation was made: which is current, outdated or
missing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from languages import desk
from languages.models import DeskState, Freshness, TranslatedModel, text_hash
from languages.states import State, state_of, worst_of
from languages.text import column, own_text, schema_languages, source_text, translated_fields

# A field and a language.
TextKey = tuple[str, str]
UNIQUE_FIELDS = ("content_type", "object_id", "field", "language")
DESK_COLUMNS = ("row__object_id", "language", "since")
UPDATE_FIELDS = (
    "source_language",
    "source_hash",
    "source_text",
    "how",
    "translated_at",
    "translated_by",
)


def record_translations(
    record: TranslatedModel,
    *,
    changed: Iterable[str],
    how: str,
    by: models.Model | None = None,
    source_hashes: Mapping[str, str] | None = None,
    known: Mapping[TextKey, Freshness] | None = None,
) -> None:
    """Record that the columns named in `changed` (`name_pl`, …) translate the current source text.

    `how` is a value of `Freshness.How`. `source_hashes` maps fields to the hash of the source text
    that the translator read; if it is not the current one, the translation is outdated at once. An
    empty column loses its row. Columns of the source language are ignored. `known`: the record's
    rows, where somebody has asked for them already. Call it in the transaction that saves the
    record.
    """
    author = _Author(how, by, source_hashes or {})
    rows = _rows_by_text(record) if known is None else known
    emptied: list[int] = []
    marks: list[Freshness] = []
    names = set(changed)
    for field, language in _translations_among(record, names):
        row = rows.get((field, language))
        if not own_text(record, field, language):
            if row:
                emptied.append(row.pk)
        elif row is None or author.changes(row, record):
            new_row = author.new_row(record, field, language)
            marks.append(new_row)
    if emptied:
        _rows_of(record).filter(pk__in=emptied).delete()
    if marks:
        _write(marks)
    if emptied or marks:
        desk.refresh(record)


def _translations_among(record: TranslatedModel, names: set[str]) -> Iterator[TextKey]:
    """The field and language of each of the columns that does not hold a source text."""
    for field in translated_fields(type(record)):
        for language in schema_languages():
            if language == record.source_language:
                continue
            name = column(field, language)
            if name in names:
                yield field, language


def _write(rows: list[Freshness]) -> None:
    Freshness.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=UNIQUE_FIELDS,
        update_fields=UPDATE_FIELDS,
    )


@dataclass(frozen=True)
class _Author:
    """Who translated, how, and from which source texts (hashes by field)."""

    how: str
    person: models.Model | None
    source_hashes: Mapping[str, str]

    @property
    def key(self) -> Any:
        """The person's primary key; None for the portal itself."""
        return self.person.pk if self.person else None

    def changes(self, row: Freshness, record: TranslatedModel) -> bool:
        """Whether the row must be written: because it says something else, or because the author
        may have read another source text."""
        if row.field in self.source_hashes:
            return True
        if row.how != self.how:
            return True
        if row.translated_by_id != self.key:
            return True
        return not _is_current(row, record)

    def new_row(self, record: TranslatedModel, field: str, language: str) -> Freshness:
        source = source_text(record, field)
        current_hash = text_hash(source)
        read_hash = self.source_hashes.get(field, current_hash)
        return Freshness(
            content_type=_content_type_of(record),
            object_id=record.pk,
            field=field,
            language=language,
            source_language=record.source_language,
            source_hash=read_hash,
            # Of another source text than the current one the portal has the hash only.
            source_text=source if read_hash == current_hash else "",
            how=self.how,
            translated_at=timezone.now(),
            translated_by_id=self.key,
        )


def _is_current(row: Freshness, record: TranslatedModel) -> bool:
    """Whether the row belongs to the current source text."""
    if row.source_language != record.source_language:
        return False
    source = source_text(record, row.field)
    current_hash = text_hash(source)
    return row.source_hash == current_hash


def confirm_translations(
    record: TranslatedModel, language: str, *, source_hashes: Mapping[str, str], by: models.Model
) -> bool:
    """Record that the outdated translations in a language are right as they are.

    Confirms only translations of the source texts that the person read (`source_hashes`, by field).
    The translator stays the same, except that a person now answers for what a machine translated.
    False if there was nothing to confirm.
    """
    rows = _rows_of(record).filter(language=language)
    rows_by_field = {row.field: row for row in rows}
    confirmed = False
    with desk.batch_writes():
        for field in translated_fields(type(record)):
            row = rows_by_field.get(field)
            state = state_of(record, field, language, row)
            if state != State.OUTDATED:
                continue
            source = source_text(record, field)
            if source_hashes.get(field) == text_hash(source):
                name = column(field, language)
                how = _how_confirmed(row)
                record_translations(
                    record,
                    changed=[name],
                    how=how,
                    by=by,
                )
                confirmed = True
    return confirmed


def _how_confirmed(row: Freshness | None) -> str:
    if row is None or row.how == Freshness.How.MACHINE:
        return Freshness.How.OFFICE
    return row.how


def keep_translations_current(record: TranslatedModel, before: models.Model) -> None:
    """Let the current translations of `before` be those of the record as it is now: for a small
    correction of the source text. Outdated translations stay outdated."""
    updated = []
    source_language = record.source_language
    rows = _rows_of(record).filter(source_language=source_language)
    for row in rows:
        old_text = own_text(before, row.field, source_language)
        new_text = source_text(record, row.field)
        if not new_text or new_text == old_text:
            continue
        was_current = row.source_hash == text_hash(old_text)
        if was_current:
            row.source_hash = text_hash(new_text)
            row.source_text = new_text
            updated.append(row)
    if updated:
        Freshness.objects.bulk_update(updated, ["source_hash", "source_text"])
        desk.refresh(record)


def rows_of_model(model: type[TranslatedModel]) -> dict[int, dict[TextKey, Freshness]]:
    """What is recorded of all rows of a model, by their keys. One query."""
    content_type = ContentType.objects.get_for_model(model)
    rows: dict[int, dict[TextKey, Freshness]] = defaultdict(dict)
    for row in Freshness.objects.filter(content_type=content_type):
        rows[row.object_id][row.field, row.language] = row
    return rows


@dataclass(frozen=True)
class OutdatedTexts:
    """Fields of a row whose translation into a language is older than its source text. `since`:
    when that was found first; None where it is not known."""

    fields: list[str]
    since: datetime | None


def outdated_texts(
    records: Sequence[TranslatedModel], names: Collection[str]
) -> dict[int, dict[str, OutdatedTexts]]:
    """Of rows of one model, by key and language, among the fields of these names.

    One query where nothing is outdated, else two: the desk knows which rows to ask about.
    """
    keys = [record.pk for record in records]
    content_type = _content_type_of(records[0])
    states = DeskState.objects.filter(
        row__content_type=content_type, row__object_id__in=keys, state=State.OUTDATED
    )
    since = {(key, code): at for key, code, at in states.values_list(*DESK_COLUMNS)}
    if not since:
        return {}
    found: dict[int, dict[str, OutdatedTexts]] = defaultdict(dict)
    rows = _rows_of_some(content_type, {key for key, _code in since})
    by_key = {record.pk: record for record in records}
    for (key, code), at in since.items():
        fields = _outdated_fields(by_key[key], code, rows[key])
        own = [field for field in fields if field in names]
        if own:
            found[key][code] = OutdatedTexts(own, at)
    return found


def _outdated_fields(
    record: TranslatedModel, language: str, rows: Mapping[TextKey, Freshness]
) -> list[str]:
    fields = []
    for field in translated_fields(type(record)):
        row = rows.get((field, language))
        if state_of(record, field, language, row) == State.OUTDATED:
            fields.append(field)
    return fields


def _rows_of_some(
    content_type: ContentType, keys: Iterable[int]
) -> dict[int, dict[TextKey, Freshness]]:
    rows: dict[int, dict[TextKey, Freshness]] = defaultdict(dict)
    for row in Freshness.objects.filter(content_type=content_type, object_id__in=keys):
        rows[row.object_id][row.field, row.language] = row
    return rows


def _rows_of(record: TranslatedModel) -> models.QuerySet[Freshness]:
    content_type = _content_type_of(record)
    return Freshness.objects.filter(content_type=content_type, object_id=record.pk)


def _rows_by_text(record: TranslatedModel) -> dict[TextKey, Freshness]:
    rows = {}
    for row in _rows_of(record):
        rows[row.field, row.language] = row
    return rows


def _content_type_of(record: TranslatedModel) -> ContentType:
    return ContentType.objects.get_for_model(type(record))


def states(record: TranslatedModel) -> dict[str, dict[str, State]]:
    """For each translated field its state by language: `{"name": {"pl": State.CURRENT, …}, …}`. One
    query."""
    rows = _rows_by_text(record) if record.pk else {}
    answer = {}
    for field in translated_fields(type(record)):
        by_language = {}
        for code in schema_languages():
            row = rows.get((field, code))
            by_language[code] = state_of(record, field, code, row)
        answer[field] = by_language
    return answer


def language_states(record: TranslatedModel) -> dict[str, State]:
    """The state of a record by language: the worst state of any of its texts."""
    states_by_field = states(record).values()
    worst: dict[str, State] = {}
    for code in schema_languages():
        in_language = {by_language[code] for by_language in states_by_field}
        worst[code] = worst_of(in_language)
    return worst
