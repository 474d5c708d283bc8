"""Saving, publishing and withdrawing an entry. The only writer of its origin and of the date of its
publication."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from languages import desk
from languages.freshness import keep_translations_current, record_translations
from languages.models import Freshness
from members.models import Action, Record, Source, User
from members.permissions import city_of
from members.slugs import free_slug

DENIED = gettext_lazy("Your city has declared this wrong. Take that back first.")


@transaction.atomic
def save(
    *, record: models.Model, by: User, changed: Iterable[str] = (), small: bool = False
) -> None:
    """Keep what a person typed. `changed` names the columns of translations that were typed anew;
    `small` says that the source text was only corrected, and that its translations still hold.

    What a coordinator writes is the city's own statement from then on; the secretariat's work
    leaves the origin. Raises PermissionDenied without the right to this entry in the city that it
    belongs to from now on.
    """
    if not by.has_perm("add" if record._state.adding else "change", record):
        raise PermissionDenied
    _keep_named(record, by)
    if isinstance(record, Record) and not by.is_secretariat:
        record.origin = Record.Origin.STATED
        record.stated_at = timezone.now()
        if isinstance(record, Action):
            # Whoever corrects a claim that was wrong says something of their own.
            record.denied_at = record.denied_by = None
    before = (
        type(record)._base_manager.filter(pk=record.pk).first() if small and record.pk else None
    )
    with desk.batch_writes():
        record.save()
        if before is not None:
            keep_translations_current(record, before)
        if isinstance(record, Record):
            record_translations(record, changed=changed, how=Freshness.How.OFFICE, by=by)


def _keep_named(record: models.Model, by: User) -> None:
    """Keep the rows that this one names for the first time, and that have no key yet."""
    for field in record._meta.concrete_fields:
        named = (
            getattr(record, field.name) if field.is_relation and field.is_cached(record) else None
        )
        if named is not None and named.pk is None:
            setattr(record, field.name, _kept(named, record, by))


def _kept(row: models.Model, record: models.Model, by: User) -> models.Model:
    """The row with a key: the same that was kept a moment ago for another entry of the page, or a
    new one.

    Whoever may write about something may name what was written about it; changing a source stays
    the office's. What a coordinator names belongs to their city, so that they can go on with it.
    """
    if isinstance(row, Source):
        same = Source.objects.at(row.url, title=row.title, publisher=row.publisher)
        return same.get_or_create(defaults={f.name: getattr(row, f.name) for f in _plain(row)})[0]
    row.city_id = row.city_id or (None if by.is_secretariat else city_of(record))
    same = (
        type(row)
        .objects.filter(original_name=row.original_name, city_id=row.city_id)
        .order_by("pk")
        .first()
    )
    if same is None:
        row.slug = free_slug(type(row), row.original_name)
        row.source_language = row.original_language = record.source_language
        save(record=row, by=by)
    return same or row


def _plain(row: models.Model) -> list[models.Field]:
    return [field for field in row._meta.concrete_fields if not field.primary_key]


@transaction.atomic
def publish(*, record: Record, by: User) -> None:
    """Show an entry to everybody, with the parts that hang on it, as far as they are the person's
    to publish.

    Raises PermissionDenied without the right to change it, ValidationError for a fact from
    elsewhere that names no source: real cities carry only facts with a source. A part without one
    stays a draft.
    """
    row = _locked(record, by)
    if row.published_at is None:
        if isinstance(row, Action) and row.denied_at:
            raise ValidationError(DENIED, code="denied")
        _refuse_without_source(row)
        row.published_at = timezone.now()
        row.save()
    _publish_parts(row, by)
    record.published_at = row.published_at


def _publish_parts(row: Record, by: User) -> None:
    for part in _parts(row):
        if not by.has_perm("change", part) or not _has_source(part):
            continue
        if part.published_at is None:
            part.published_at = row.published_at
            part.save()
        _publish_parts(part, by)


@transaction.atomic
def withdraw(*, record: Record, by: User) -> None:
    """Take an entry off the public pages; nothing is lost. Raises PermissionDenied without the
    right to change it."""
    row = _locked(record, by)
    if row.published_at is not None:
        row.published_at = None
        row.save()
    record.published_at = None


def _locked(record: Record, by: User) -> Record:
    row = type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    if not by.has_perm("change", row):
        raise PermissionDenied
    return row


def _refuse_without_source(record: Record) -> None:
    if not _has_source(record):
        raise ValidationError(
            _(
                "“%(entry)s” names no source. Add a citation first: the portal shows only "
                "facts with a source."
            ),
            code="no_source",
            params={"entry": record},
        )


def _has_source(record: Record) -> bool:
    """What the city states and what is invented needs none; every other fact does."""
    stated = record.origin == Record.Origin.STATED
    return stated or record.fictional or not record.needs_source or record.citations.exists()


def _parts(record: Record) -> list[Record]:
    """Entries that exist only as a part of this one: its tasks, items, events."""
    parts = [
        relation.get_accessor_name()
        for relation in record._meta.related_objects
        if relation.on_delete is models.CASCADE
        and issubclass(relation.related_model, Record)
        and not relation.many_to_many
    ]
    return [part for name in parts for part in getattr(record, name).all()]
