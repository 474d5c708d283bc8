"""Another e-mail address for an account, agreed to in both mailboxes.

The only writer of changes of addresses, and of an own address.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from languages.dates import format_date
from members import emails, limits
from members.models import AccountEvent, AddressChange, User
from members.services import accounts, letters, office_right, people

Kind = AccountEvent.Kind

# How long both links work, and how many wishes somebody may write within an hour.
DAYS = 3
PER_HOUR = 5


@dataclass(frozen=True)
class Link:
    """A change, and whether its link came to the present address or to the new one."""

    change: AddressChange
    is_old: bool

    @property
    def is_used(self) -> bool:
        """Whether this mailbox has agreed already."""
        row = self.change
        return bool(row.old_confirmed_at if self.is_old else row.new_confirmed_at)


@transaction.atomic
def ask(*, person: User, email: str, sender: str) -> AddressChange:
    """Write to both addresses that the account shall have another one.

    An earlier wish ends. Whether the new address has an account, only its owner learns. Raises
    ValidationError for the present address, and after too many wishes.
    """
    row = User.objects.select_for_update().get(pk=person.pk)
    address = email.strip().lower()
    if address == row.email:
        raise ValidationError(_("This is your address already."), code="same")
    key = limits.fingerprint_of("address", str(row.pk))
    if limits.count_use("address", key) > PER_HOUR:
        message = _("You have asked very often. Try again in an hour.")
        raise ValidationError(message, code="too_many")
    end_open(person=row)
    change = _write_down(row, address)
    accounts.note(Kind.ADDRESS_ASKED, person=row, sender=sender)
    return change


def _write_down(person: User, address: str) -> AddressChange:
    """The wish as a row, with its letters."""
    old_token = secrets.token_urlsafe(32)
    new_token = secrets.token_urlsafe(32)
    is_taken = User.objects.filter(email=address).exists()
    now = timezone.now()
    change = AddressChange.objects.create(
        person=person,
        old_email=person.email,
        new_email=address,
        old_token_hash=people.fingerprint(old_token),
        new_token_hash="" if is_taken else people.fingerprint(new_token),
        asked_at=now,
        expires_at=now + timedelta(days=DAYS),
    )
    _write_letter("address_old", change, old_token)
    _write_letter("address_taken" if is_taken else "address_new", change, new_token)
    return change


def _write_letter(kind: str, change: AddressChange, token: str) -> None:
    to = change.old_email if kind == "address_old" else change.new_email
    language = letters.language_of(to, otherwise=change.person.language)
    last_day = timezone.localdate(change.expires_at)
    context = {
        "email": change.new_email,
        "link": emails.site_link("address_confirm", [token], language),
        "date": format_date(last_day, language),
    }
    letter = letters.NewLetter(
        kind=kind,
        to=to,
        language=language,
        context=context,
    )
    letters.write(letter=letter, about=change, by=None)


def link_of(token: str) -> Link | None:
    """What the link of a letter opens; None where it works no more or never did."""
    hash_ = people.fingerprint(token)
    rows = AddressChange.objects.select_related("person")
    old = rows.filter(old_token_hash=hash_).first()
    change = old or rows.filter(new_token_hash=hash_).first()
    if change is None or not _is_open(change, change.person):
        return None
    return Link(change, is_old=old is not None)


def _is_open(change: AddressChange, person: User) -> bool:
    """Not once it has ended or is too old, nor for somebody who is switched off or whose address
    the secretariat has changed meanwhile."""
    if change.ended_at is not None or change.expires_at <= timezone.now():
        return False
    return person.is_active and person.email == change.old_email


@transaction.atomic
def agree(*, link: Link, sender: str, but: str | None = None) -> bool:
    """Note that this mailbox agrees; whether the account has its new address by that.

    `but`: the key of a session that stays. Raises ValidationError where the link works no more, or
    another account got the address meanwhile.
    """
    person, change = _locked(link.change)
    now = timezone.now()
    if link.is_old:
        change.old_confirmed_at = now
    else:
        change.new_confirmed_at = now
    change.save(update_fields=["old_confirmed_at", "new_confirmed_at"])
    if not change.is_confirmed:
        return False
    _give_address(person, change.new_email)
    end_open(person=person)
    note_changed(
        person=person,
        old_email=change.old_email,
        sender=sender,
        by=None,
    )
    accounts.end_sessions(person=person, but=but)
    return True


@transaction.atomic
def stop(*, link: Link, sender: str) -> None:
    """End the change: the owner did not ask for it, or the new mailbox is somebody else's. Raises
    ValidationError as `agree`."""
    person, _change = _locked(link.change)
    end_open(person=person)
    event = accounts.note(Kind.ADDRESS_STOPPED, person=person, sender=sender)
    accounts.tell(event, person)


def end_open(*, person: User) -> int:
    """A wish that waits comes true no more, and its letters are taken back; how many there were."""
    ended = 0
    for change in AddressChange.objects.filter(person=person, ended_at=None):
        change.ended_at = timezone.now()
        change.save(update_fields=["ended_at"])
        letters.withdraw_unsent(about=change, why=_("The change of the address has ended."))
        ended += 1
    return ended


def note_changed(*, person: User, old_email: str, sender: str, by: User | None) -> None:
    """The account has another address: withdraw what was sent to the old one, and tell it both, and
    the secretariat where it is one of theirs.

    `by`: somebody of the secretariat who changed it, if it was not the person.
    """
    people.withdraw_invitations_to(email=old_email, by=by or person)
    event = accounts.note(Kind.ADDRESS_CHANGED, person=person, sender=sender, by=by)
    if by is None:
        accounts.tell(event, person)
    else:
        accounts.tell_given_address(event, person)
    accounts.tell_earlier_address(event, person, to=old_email)
    if person.is_secretariat:
        office_right.tell_colleagues(event, person=person, by=by or person)


def _locked(change: AddressChange) -> tuple[User, AddressChange]:
    """Person and change as they are now. Raises ValidationError where the link works no more."""
    person = User.objects.select_for_update().get(pk=change.person_id)
    row = AddressChange.objects.select_for_update().get(pk=change.pk)
    if not _is_open(row, person):
        raise ValidationError(_("This link no longer works."), code="over")
    return person, row


def _give_address(person: User, email: str) -> None:
    refusal = ValidationError(_("Another account has this e-mail address by now."), code="taken")
    person.email = email
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
    except IntegrityError as error:
        raise refusal from error
