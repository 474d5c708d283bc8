"""Saving, publishing and withdrawing an entry.

The only writer of its origin and of the date of its publication.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from languages import desk
from languages.freshness import keep_translations_current, record_translations
from languages.models import Freshness, TranslatedModel
from members.models import Action, City, Commitment, Evidence, Record, Source, SupportContact, User
from members.permissions import city_of
from members.services import evidence_files
from members.slugs import free_slug

DENIED = gettext_lazy("Your city has declared this wrong. Take that back first.")


@contextmanager
def alone_in(city: City) -> Iterator[None]:
    """A transaction in which nobody else writes on the pages of this city."""
    with transaction.atomic():
        lock_city(city)
        yield


def lock_city(city: City) -> None:
    """Lock the row of the city: two people at the same empty point do not both begin it."""
    locked = City.objects.select_for_update(of=("self",))
    locked.get(pk=city.pk)


@transaction.atomic
def save(
    *, record: models.Model, by: User, changed: Iterable[str] = (), small: bool = False
) -> None:
    """Save what a person wrote.

    `changed`: columns of texts that the person changed. `small`: the source text was only
    corrected, so that its translations still hold. What a coordinator writes is the city's own
    statement from then on; the secretariat's work leaves the origin.

    Raises PermissionDenied without the right to this entry in the city that it belongs to from now
    on.
    """
    right = "add" if record._state.adding else "change"
    if not by.has_perm(right, record):
        raise PermissionDenied
    _save_named_rows(record, by)
    if isinstance(record, Record) and not by.is_secretariat:
        _state(record)
    before = None
    if small and record.pk:
        rows = type(record)._base_manager
        before = rows.filter(pk=record.pk).first()
    with desk.batch_writes():
        record.save()
        if before is not None and isinstance(record, TranslatedModel):
            keep_translations_current(record, before)
        if isinstance(record, Record):
            record_translations(record, changed=changed, how=Freshness.How.OFFICE, by=by)
        if isinstance(record, Evidence):
            evidence_files.follow(record)


@transaction.atomic
def delete(*, record: models.Model, by: User) -> None:
    """Delete a row. Raises PermissionDenied without the right to."""
    if not by.has_perm("delete", record):
        raise PermissionDenied
    if isinstance(record, Evidence):
        evidence_files.close(record)
    record.delete()


@transaction.atomic
def save_all(*, changes: Iterable[tuple[Record, list[str]]], by: User) -> None:
    """Save several entries, each with its changed columns: all of them, or none."""
    for record, columns in changes:
        save(
            record=record,
            by=by,
            changed=columns,
        )


def _state(record: Record) -> None:
    """Note that the entry is the city's own statement from now on."""
    record.origin = Record.Origin.STATED
    record.stated_at = timezone.now()
    if isinstance(record, Action):
        # A claim that the city corrected is its own statement, and no longer denied.
        record.denied_at = None
        record.denied_by = None


def _save_named_rows(record: models.Model, by: User) -> None:
    """Save the rows that this one names for the first time, and that have no key yet."""
    for field in record._meta.concrete_fields:
        if not field.is_relation:
            continue
        has_key = getattr(record, field.attname) is not None
        if has_key:
            continue
        name = field.name
        row = getattr(record, name, None)
        if row is not None:
            row_with_key = _saved(row, record, by)
            setattr(record, name, row_with_key)


def _saved(row: Any, record: Any, by: User) -> Any:
    """The row with a key: a new one, or the same one that another entry of the page named before.

    Who may write about something may name its sources; changing a source stays the office's. What a
    coordinator names belongs to their city, so that they can change it later.
    """
    if isinstance(row, Source):
        return _saved_source(row)
    model = type(row)
    name = row.original_name
    has_city = row.city_id is not None
    if not has_city and not by.is_secretariat:
        row.city_id = city_of(record)
    same = model.objects.filter(
        original_name=name,
        city_id=row.city_id,
    )
    known = same.order_by("pk").first()
    if known:
        return known
    language = record.source_language
    row.slug = free_slug(model, name)
    row.source_language = language
    row.original_language = language
    save(record=row, by=by)
    return row


def _saved_source(source: Source) -> Source:
    """The source that is stored for this address, or else this one."""
    same = Source.objects.at(
        source.url,
        title=source.title,
        publisher=source.publisher,
    )
    values = {}
    for field in Source._meta.concrete_fields:
        if not field.primary_key:
            name = field.name
            values[name] = getattr(source, name)
    stored, _is_new = same.get_or_create(defaults=values)
    return stored


@transaction.atomic
def publish(*, record: Record, by: User) -> None:
    """Make an entry public, and with it those of its parts that the person may publish.

    A part that needs a source and has none stays unpublished. Raises PermissionDenied without the
    right to change the entry, ValidationError for a fact from elsewhere that names no source (real
    cities show only facts with a source), for a promise that says nothing, and by a rule of
    its kind. A help contact that somebody of its city publishes was checked with that.
    """
    row = _locked(record, by)
    is_public = row.published_at is not None
    if not is_public:
        _refuse_denied(row)
        _refuse_without_source(row)
        if isinstance(row, Commitment):
            row.refuse_contradictions()
        row.refuse_publication()
        row.published_at = timezone.now()
        if isinstance(row, SupportContact) and not by.is_secretariat:
            row.note_check()
        row.save()
    _publish_parts(row, by)
    _follow_files(row)
    record.published_at = row.published_at


def refuse_publication(*, record: Record, by: User, names_source: bool) -> None:
    """Raise ValidationError, as `publish` would, for an entry that somebody is about to save.

    `names_source`: a source is saved with it. What a coordinator saves is the city's own statement.
    """
    is_public = record.published_at is not None
    if is_public:
        return
    if by.is_secretariat:
        _refuse_denied(record)
        if not names_source:
            _refuse_without_source(record)
    if isinstance(record, Commitment):
        record.refuse_contradictions()


def _refuse_denied(record: Record) -> None:
    is_denied = isinstance(record, Action) and record.denied_at
    if is_denied:
        raise ValidationError(
            DENIED,
            code="denied",
        )


def _follow_files(record: Record) -> None:
    if isinstance(record, Evidence):
        evidence_files.follow(record)
    elif isinstance(record, Action):
        evidence_files.follow_all(record)


def _publish_parts(row: Record, by: User) -> None:
    for part in _parts(row):
        if not by.has_perm("change", part):
            continue
        if not _has_source(part):
            continue
        if part.published_at is None:
            part.published_at = row.published_at
            part.save()
        _publish_parts(part, by)


@transaction.atomic
def withdraw(*, record: Record, by: User) -> None:
    """Take an entry off the public pages; nothing is deleted.

    Raises PermissionDenied without the right to change it.
    """
    row = _locked(record, by)
    if row.published_at is not None:
        row.published_at = None
        row.save()
        _follow_files(row)
    record.published_at = None


def _locked(record: Record, by: User) -> Record:
    locked = type(record).objects.select_for_update(of=("self",))
    row = locked.get(pk=record.pk)
    may_change = by.has_perm("change", row)
    if not may_change:
        raise PermissionDenied
    return row


def _refuse_without_source(record: Record) -> None:
    if not _has_source(record):
        raise ValidationError(
            _(
                "“%(entry)s” names no source. Name one under “Sources” on its page: the portal "
                "shows only facts with a source."
            ),
            code="no_source",
            params={"entry": record},
        )


def _has_source(record: Record) -> bool:
    """Whether the entry has a source or needs none, as what a city states, what the office plans
    or what is invented."""
    if record.origin == Record.Origin.STATED or record.is_announcement:
        return True
    if record.fictional:
        return True
    if not record.needs_source:
        return True
    is_saved = record.pk is not None
    return is_saved and record.citations.exists()


def _parts(record: Record) -> list[Record]:
    """Entries that exist only as a part of this one: its tasks, items, events."""
    parts: list[Record] = []
    for relation in record._meta.related_objects:
        if relation.many_to_many or relation.on_delete is not models.CASCADE:
            continue
        if not issubclass(relation.related_model, Record):
            continue
        name = str(relation.get_accessor_name())
        rows = getattr(record, name)
        parts += rows.all()
    return parts
