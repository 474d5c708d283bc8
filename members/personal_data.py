"""What the portal keeps about a person with an account: as a copy for them, and in numbers.

`members/services/erasure.py` deletes it. docs/privacy.md names every field.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from members.models import (
    AccountEvent,
    CityRole,
    ExpressionOfInterest,
    Invitation,
    KeptFile,
    KeptForm,
    Letter,
    ReminderStop,
    User,
)
from members.models.letters import LetterQuerySet

# Rows of these are listed with all that they say, not only with their name.
TOLD_IN_FULL = (CityRole, Invitation, KeptFile, KeptForm, Letter, LogEntry)
# The log keeps for these who somebody is; it is rewritten when the person is erased.
ACCOUNT_KINDS = (User, CityRole, Invitation, ReminderStop)
# What was done, in words that do not depend on the reader's language.
ACTIONS = {
    LogEntry.Action.CREATE: "create",
    LogEntry.Action.UPDATE: "update",
    LogEntry.Action.DELETE: "delete",
    LogEntry.Action.ACCESS: "access",
}


@dataclass(frozen=True)
class Identity:
    """By what a person is known: e-mail addresses and names, of today and before."""

    addresses: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True)
class Traces:
    """In numbers: what the portal keeps about a person, and an erasure ends, deletes or rewrites.

    `rewritten_entries`: entries of the log about the account, its roles and invitations.
    """

    open_roles: int
    sessions: int
    letters: int
    invitations: int
    interests: int
    reminder_stops: int
    unsaved_files: int
    unsaved_forms: int
    own_entries: int
    rewritten_entries: int


def identity_of(person: User) -> Identity:
    """The person's addresses and names, those of before from the log of changes.

    An address that another account has by now is not theirs any more.
    """
    addresses = {person.email}
    names = {person.name}
    for entry in log_about_account(person):
        changes = entry.changes or {}
        addresses.update(_texts(changes.get("email")))
        names.update(_texts(changes.get("name")))
    others = User.objects.exclude(pk=person.pk).filter(email__in=addresses)
    addresses.difference_update(others.values_list("email", flat=True))
    return Identity(
        frozenset(filter(None, addresses)),
        frozenset(filter(None, names)),
    )


def _texts(change: Any) -> list[str]:
    """The values before and after, as the log keeps them of a field of text."""
    if not isinstance(change, list):
        return []
    return [value for value in change if isinstance(value, str) and value != "None"]


def traces_of(person: User) -> Traces:
    identity = identity_of(person)
    return Traces(
        open_roles=open_roles(person).count(),
        sessions=len(sessions_of(person)),
        letters=letters_to(identity).count(),
        invitations=invitations_to(identity).count(),
        interests=interests_of(identity).count(),
        reminder_stops=reminder_stops_of(identity).count(),
        unsaved_files=KeptFile.objects.filter(owner=person).count(),
        unsaved_forms=KeptForm.objects.filter(owner=person).count(),
        own_entries=log_by(person).count(),
        rewritten_entries=log_about(person, identity).count(),
    )


# --- Rows about a person --------------------------------------------------------------------------


def open_roles(person: User) -> QuerySet[CityRole]:
    """Roles that hold today or begin later."""
    today = timezone.localdate()
    has_not_ended = Q(until__isnull=True) | Q(until__gt=today)
    return CityRole.objects.filter(has_not_ended, user=person)


def sessions_of(person: User) -> list[Session]:
    """Where the person is signed in."""
    current = Session.objects.filter(expire_date__gt=timezone.now())
    key = str(person.pk)
    return [row for row in current if row.get_decoded().get(SESSION_KEY) == key]


def letters_to(identity: Identity) -> LetterQuerySet:
    is_reader = _is_one_of("to", identity.addresses)
    letters: LetterQuerySet = Letter.objects.filter(is_reader)
    return letters


def letters_that_name(person: User) -> LetterQuerySet:
    """Letters to others that the person wrote, or that tell of their roles or their account."""
    condition = Q(written_by=person)
    for model, path in ((CityRole, "user"), (AccountEvent, "person")):
        rows = model._base_manager.filter(**{path: person})
        condition |= _is_about(model, keys_of(rows))
    letters: LetterQuerySet = Letter.objects.filter(condition)
    return letters


def invitations_to(identity: Identity) -> QuerySet[Invitation]:
    return Invitation.objects.filter(_is_one_of("email", identity.addresses))


def interests_of(identity: Identity) -> QuerySet[ExpressionOfInterest]:
    """What the person wrote by the form for cities that think about joining."""
    return ExpressionOfInterest.objects.filter(_is_one_of("email", identity.addresses))


def reminder_stops_of(identity: Identity) -> QuerySet[ReminderStop]:
    return ReminderStop.objects.filter(_is_one_of("email", identity.addresses))


def _is_one_of(column: str, addresses: frozenset[str]) -> Q:
    """Whatever its letters: a visitor's form keeps an address as it was typed."""
    condition = Q(pk__in=[])
    for address in addresses:
        condition |= Q(**{f"{column}__iexact": address})
    return condition


def log_by(person: User) -> QuerySet[LogEntry]:
    """What the person did."""
    entries: QuerySet[LogEntry] = LogEntry.objects.filter(actor=person)
    return entries.select_related("content_type").order_by("timestamp", "pk")


def log_about_account(person: User) -> QuerySet[LogEntry]:
    entries: QuerySet[LogEntry] = LogEntry.objects.get_for_object(person)
    return entries.order_by("timestamp", "pk")


def log_about(person: User, identity: Identity) -> QuerySet[LogEntry]:
    """What the log says about the account, its roles, its invitations and its reminders.

    Asked again when the person is erased, it finds what the erasure itself has logged, too.
    """
    condition = _is_about(User, [person.pk])
    roles = CityRole.objects.filter(user=person)
    condition |= _is_about(CityRole, keys_of(roles))
    invitations = invitations_to(identity)
    condition |= _is_about(Invitation, keys_of(invitations))
    # Rows that are gone are known by what they were called.
    kinds = ContentType.objects.get_for_models(Invitation, ReminderStop).values()
    is_address = _is_one_of("object_repr", identity.addresses)
    condition |= Q(content_type__in=kinds) & is_address
    entries: QuerySet[LogEntry] = LogEntry.objects.filter(condition)
    return entries.select_related("content_type").order_by("timestamp", "pk")


def keys_of(rows: QuerySet[Any]) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _is_about(model: type[models.Model], keys: list[int]) -> Q:
    kind = ContentType.objects.get_for_model(model)
    return Q(
        content_type=kind,
        object_id__in=keys,
    )


# --- A copy for the person ------------------------------------------------------------------------


def export(person: User) -> dict[str, Any]:
    """Everything that is kept about a person, as data that JSON can hold."""
    identity = identity_of(person)
    return {
        "account": values_of(person, left_out=("password",)),
        "roles": all_values(CityRole.objects.filter(user=person)),
        "invitations": all_values(invitations_to(identity), left_out=("token_hash",)),
        "letters": all_values(letters_to(identity), left_out=LETTER_MACHINERY),
        "expressions_of_interest": all_values(interests_of(identity), left_out=("token_hash",)),
        "addresses_without_reminders": all_values(reminder_stops_of(identity)),
        "sessions": [{"ends_at": plain(row.expire_date)} for row in sessions_of(person)],
        "unsaved_files": all_values(KeptFile.objects.filter(owner=person)),
        "unsaved_forms": all_values(KeptForm.objects.filter(owner=person)),
        "entries": list(entries_of(person)),
        "log_of_what_you_did": [logged(entry) for entry in log_by(person)],
        "log_about_your_account": [
            logged(entry) | {"changes": entry.changes} for entry in log_about(person, identity)
        ],
    }


# How the outbox sends a letter; nothing about its reader.
LETTER_MACHINERY = ("message_id", "once", "claim", "claimed_until", "next_try_at", "tries")


def all_values(rows: QuerySet[Any], left_out: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return [values_of(row, left_out) for row in rows.order_by("pk")]


def values_of(row: models.Model, left_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """The columns of a row. A city is named by its address, a person by their number alone."""
    values = {}
    for field in row._meta.concrete_fields:
        if field.name in left_out:
            continue
        value = getattr(row, field.attname)
        if field.name == "city" and value is not None:
            value = row.city.slug  # type: ignore[attr-defined]
        values[field.name] = plain(value)
    return values


def plain(value: Any) -> Any:
    """A value as JSON has it: times in ISO 8601, files and keys as text."""
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return str(value)


def entries_of(person: User) -> Iterator[dict[str, Any]]:
    """Rows that say that the person uploaded, wrote or decided something, by their names."""
    for model, field in columns_that_name_people():
        rows = model._base_manager.filter(**{field.name: person})
        for row in rows.order_by("pk"):
            yield {
                "kind": model._meta.label_lower,
                "number": row.pk,
                "name": str(row),
                "you_are": field.name,
            }


def columns_that_name_people() -> Iterator[tuple[type[models.Model], "models.Field[Any, Any]"]]:
    """Foreign keys to an account, of rows that are not told in full."""
    for model in apps.get_models():
        if model in TOLD_IN_FULL:
            continue
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                yield model, field


def logged(entry: LogEntry) -> dict[str, Any]:
    """When, what was done, to which row."""
    kind = entry.content_type
    return {
        "at": plain(entry.timestamp),
        "action": ACTIONS.get(entry.action, ""),
        "kind": f"{kind.app_label}.{kind.model}",
        "number": entry.object_id,
        "name": entry.object_repr,
    }
