"""Erasing a person: the account stays under a pseudonym, for the log of changes; nothing else."""

import re
from functools import partial
from typing import Any

from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members import emails, personal_data
from members.models import User
from members.permissions import ERASE
from members.personal_data import Identity, Traces
from members.services import accounts, interests, kept, letters, people

# RFC 2606: no mail is ever delivered to such a name.
DOMAIN = "erased.invalid"


@transaction.atomic
def erase(*, person: User, by: User) -> Traces:
    """Take everything out of the portal by which this person is known; what there was, in numbers.

    What they did stays in the log, under a pseudonym. What cities publish stays too: signatories of
    acts, authors of documents. Raises PermissionDenied without the right, ValidationError for
    oneself, for the last of the secretariat, for somebody who is erased, and while a letter to
    them is being sent.
    """
    row = _locked(person, by)
    identity = personal_data.identity_of(row)
    traces = personal_data.traces_of(row)
    # Made while invitations are still found by the addresses, and read when all is done: what the
    # erasure itself logs names the person, too.
    log = personal_data.log_about(row, identity)
    _tell(row)
    _end(row, by)
    _forget(row, identity, by)
    _anonymise(row)
    _rewrite_log(row, identity, log)
    accounts.note_erasure(person=row, by=by)
    return traces


def _tell(person: User) -> None:
    """The last letter goes to the address that goes; when the erasure is certain, and not by the
    outbox, which would keep the address."""
    send = partial(
        emails.send_erased,
        to=person.email,
        language=person.language,
    )
    transaction.on_commit(send, robust=True)


def refuse(*, person: User, by: User) -> None:
    """Raise PermissionDenied or ValidationError where `by` may not erase this person."""
    if not by.has_perm(ERASE, person):
        raise PermissionDenied
    if person.anonymised_at is not None:
        message = _("This person has been erased already.")
        raise ValidationError(
            message,
            code="erased",
        )
    if person.pk == by.pk:
        message = _("Another member of the secretariat must do this: nobody erases themselves.")
        raise ValidationError(message, code="self")


def pseudonym_of(person: User) -> str:
    """What the log calls an erased person: an address at which nobody can be reached."""
    return f"person-{person.pk}@{DOMAIN}"


def _locked(person: User, by: User) -> User:
    """The person as they are now. Locked with the secretariat: two of its last members cannot
    erase each other at once."""
    rows = User.objects.select_for_update().order_by("pk")
    office = {row.pk: row for row in rows.of_secretariat()}
    if by.pk not in office:
        raise PermissionDenied
    row = rows.get(pk=person.pk)
    refuse(person=row, by=office[by.pk])
    return row


def _end(person: User, by: User) -> None:
    """Roles end today, sessions at once."""
    for role in personal_data.open_roles(person):
        people.end_role(role=role, by=by)
    for session in personal_data.sessions_of(person):
        session.delete()


def _forget(person: User, identity: Identity, by: User) -> None:
    kept.forget_all(by=person)
    words = _replacement(identity, pseudonym_of(person))
    # While roles and events still say which letters these are.
    letters.forget_named(rows=personal_data.letters_that_name(person), words=words)
    accounts.forget_person(person=person)
    for interest in personal_data.interests_of(identity):
        interests.forget_one(interest=interest)
    pseudonym = pseudonym_of(person)
    for invitation in personal_data.invitations_to(identity):
        people.forget_invited(invitation=invitation, pseudonym=pseudonym, by=by)
    personal_data.reminder_stops_of(identity).delete()
    letters.forget_reader(rows=personal_data.letters_to(identity), by=by)


def _anonymise(person: User) -> None:
    person.email = pseudonym_of(person)
    person.name = ""
    person.set_unusable_password()
    person.is_secretariat = False
    person.is_active = False
    person.last_login = None
    person.anonymised_at = timezone.now()
    person.save()


# --- The log of changes ---------------------------------------------------------------------------


def _rewrite_log(person: User, identity: Identity, about: QuerySet[LogEntry]) -> None:
    """Put the pseudonym in the place of the person. A trigger of the database lets nothing else of
    an entry be changed."""
    pseudonym = pseudonym_of(person)
    personal_data.log_by(person).update(actor_email=pseudonym)
    replaced = _replacement(identity, pseudonym)
    for entry in list(about):
        name = replaced(entry.object_repr)
        if pseudonym not in name:
            name = pseudonym
        changes = _without_person(entry.changes, pseudonym)
        own = LogEntry.objects.filter(pk=entry.pk)
        own.update(object_repr=name, changes=changes)


def _without_person(changes: Any, pseudonym: str) -> Any:
    """The changes of an entry, without address and name, today's and former ones."""
    if not isinstance(changes, dict):
        return changes
    own = dict(changes)
    if "email" in own:
        own["email"] = [pseudonym, pseudonym]
    if "name" in own:
        own["name"] = ["", ""]
    return own


def _replacement(identity: Identity, pseudonym: str) -> letters.Words:
    """What puts the pseudonym into a text, where an address or a name stands as a whole word."""
    known = sorted(identity.addresses | identity.names, key=len, reverse=True)
    any_of = "|".join(re.escape(text) for text in known)
    pattern = re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(pseudonym, text)
