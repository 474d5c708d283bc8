"""Inviting people, accepting, withdrawing, ending a role, a new password.

The only writer of invitations and of roles in a city.
"""

import hashlib
import logging
import secrets
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from languages.dates import format_date
from members import emails
from members.accession_queue import file_of_candidate
from members.models import AccountEvent, City, CityRole, Invitation, User
from members.models.cities import city_name
from members.permissions import may_in_city
from members.services import accounts, letters, office_right

logger = logging.getLogger(__name__)

# Invitations that a coordinator writes within an hour at most.
PER_HOUR = 20
# Seconds until a letter with a link to a new password is written: the page has answered by then.
LETTER_PAUSE = 1.0


@dataclass(frozen=True)
class NewPerson:
    """What somebody without an account fills in when they accept."""

    name: str
    language: str
    password: str = field(repr=False)


@transaction.atomic
def invite(
    *,
    email: str,
    language: str,
    by: User,
    city: City | None = None,
    role: str = "",
    to_office: bool = False,
) -> Invitation:
    """Write somebody a letter with a link that gives them `role` in `city`.

    `to_office`: the secretariat's rights, without a city and a role. An invitation that ran out is
    withdrawn and replaced. Raises PermissionDenied for somebody who may not invite there,
    ValidationError for a wrong address or role, an open invitation of the same kind, a role that
    the person has, or where a coordinator has written too many invitations within the hour.
    """
    if not _may_invite(by, city, role):
        raise PermissionDenied
    refuse_invitation(email=email, city=city, role=role, by=by)
    token = secrets.token_urlsafe(32)
    address = email.strip().lower()
    invitation = _new_invitation(
        token,
        email=address,
        city=city,
        role=role,
        to_office=to_office,
        language=language,
        invited_by=by,
    )
    _withdraw_expired(invitation)
    _save(invitation)
    _write_letter(invitation, token)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User | NewPerson) -> User:
    """Give the invited person what the invitation promises, once; return them.

    Raises PermissionDenied for another person than the invited one, ValidationError where the
    invitation is closed or the address of a new person has an account already.
    """
    row = _locked(invitation)
    refuse_closed(row)
    person = _new_account(row, by) if isinstance(by, NewPerson) else _own_account(row, by)
    _give_role(person, row)
    row.accepted_at = timezone.now()
    row.accepted_by = person
    row.save(update_fields=["accepted_at", "accepted_by"])
    letters.withdraw_unsent(about=row, why=_("The invitation was accepted."))
    return person


def _give_role(person: User, invitation: Invitation) -> None:
    """The role in the invitation's city, or the secretariat's rights."""
    if invitation.to_office:
        person.is_secretariat = True
        person.save(update_fields=["is_secretariat"])
        office_right.note_change(person=person, by=invitation.invited_by)
        return
    CityRole.objects.get_or_create(
        user=person, city=invitation.city, role=invitation.role, until=None
    )


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> None:
    """Make an invitation's link useless.

    Raises PermissionDenied for somebody who may not invite there, ValidationError where it was
    accepted or withdrawn before.
    """
    row = _locked(invitation)
    if not _may_invite(by, row.city, row.role):
        raise PermissionDenied
    refuse_answered(row)
    _withdraw(row, by)


@transaction.atomic
def withdraw_invitations_to(*, email: str, by: User) -> int:
    """An account has left this address: no link that was sent there gives anything to anybody."""
    rows = Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None)
    locked = list(rows.select_for_update(of=("self",)))
    for row in locked:
        _withdraw(row, by)
    return len(locked)


@transaction.atomic
def forget_invited(*, invitation: Invitation, pseudonym: str, by: User) -> None:
    """Whoever was invited is erased: an open invitation is withdrawn, and none names them."""
    row = _locked(invitation)
    if row.accepted_at is None and row.withdrawn_at is None:
        _withdraw(row, by)
    row.email = pseudonym
    row.save(update_fields=["email"])


@transaction.atomic
def end_role(*, role: CityRole, by: User) -> None:
    """Let a role end today: from now on it gives no rights. A role that begins later never does.

    Raises PermissionDenied without the right to change roles there, ValidationError for a role that
    has ended.
    """
    locked = CityRole.objects.select_for_update(of=("self",))
    row = locked.get(pk=role.pk)
    if not by.has_perm("change", row):
        raise PermissionDenied
    today = timezone.localdate()
    last_day = max(today, row.since)
    has_ended = row.until is not None and row.until <= last_day
    if has_ended:
        message = _("This role has ended already.")
        raise ValidationError(message, code="ended")
    row.until = last_day
    row.save(update_fields=["until"])


def send_password_link(*, email: str, sender: str) -> None:
    """Write a link for a new password to the person with this address, if there is one.

    The page answers without waiting for the letter, and before the work on it begins, which would
    slow the answer down: neither its words nor its time tell whether there is an account.
    """
    address = email.strip().lower()
    rows = User.objects.filter(email=address, is_active=True)
    void_password_links(rows)
    person = rows.first()
    # One line and one thread in any case: the same work.
    accounts.note(AccountEvent.Kind.LINK_ASKED, person=person, sender=sender)
    thread = threading.Timer(LETTER_PAUSE, _send_password_letter, [person])
    thread.name = f"letter to person {person.pk if person else 0}"
    thread.start()


def void_password_links(rows: QuerySet[User]) -> None:
    """No link to a new password that these people were sent works any longer."""
    rows.update(link_number=F("link_number") + 1)


def fingerprint(token: str) -> str:
    """The SHA-256 of a link's token, as hexadecimal digits: the part that the database keeps."""
    return hashlib.sha256(token.encode()).hexdigest()


def refuse_invitation(*, email: str, city: City | None, role: str, by: User) -> None:
    """Raise ValidationError where the person has the role, or an open invitation to it, or where
    `by` has written too many.

    Looks only at the city in question: an invitation tells nobody who has an account elsewhere.
    """
    email = email.strip().lower()
    if "\x00" in email:
        return
    if _has_role(email, city, role):
        message = _("This person holds this role already.")
        raise ValidationError(message, code="held")
    earlier = _unanswered(email, city, role)
    has_open_one = any(row.is_open for row in earlier)
    if has_open_one:
        raise _open_already()
    _refuse_too_many(by)


def _has_role(email: str, city: City | None, role: str) -> bool:
    if city is None:
        office = User.objects.filter(is_secretariat=True)
        return office.filter(email=email).exists()
    roles = CityRole.objects.current().filter(
        city=city,
        role=role,
        until=None,
        user__email=email,
    )
    return roles.exists()


def refuse_closed(invitation: Invitation) -> None:
    """Raise ValidationError where the invitation can no longer be accepted.

    The sentences are for the invited person.
    """
    refuse_answered(invitation)
    if not invitation.is_open:
        raise ValidationError(_("This invitation has run out."), code="expired")
    if User.objects.filter(email=invitation.email, is_active=False).exists():
        raise ValidationError(
            _("The account with this e-mail address is switched off."), code="inactive"
        )


def refuse_answered(invitation: Invitation) -> None:
    """Raise ValidationError where the invitation was accepted or withdrawn."""
    if invitation.accepted_at is not None:
        message = _("This invitation has been accepted already.")
        raise ValidationError(message, code="accepted")
    if invitation.withdrawn_at is not None:
        message = _("This invitation was withdrawn.")
        raise ValidationError(message, code="withdrawn")


def _may_invite(by: User, city: City | None, role: str) -> bool:
    """Whether the table of rights allows it.

    Only the secretariat invites to the secretariat and to the committee.
    """
    key = city.pk if city else None
    if not may_in_city(by, "add", Invitation, key):
        return False
    is_coordinator = role in CityRole.COORDINATORS
    return by.is_secretariat or is_coordinator


def _refuse_too_many(by: User) -> None:
    """Raise ValidationError after PER_HOUR invitations: a stolen account writes to no thousands.

    The office has no limit: it invites whole networks.
    """
    if by.is_secretariat:
        return
    now = timezone.now()
    hour_ago = now - timedelta(hours=1)
    invitations = Invitation.objects.filter(
        invited_by=by,
        invited_at__gt=hour_ago,
    )
    count = invitations.count()
    if count >= PER_HOUR:
        sentence = _("You have written very many invitations. Try again in an hour.")
        raise ValidationError(sentence, code="too_many")


def _send_password_letter(person: User | None) -> None:
    if person is None:
        return
    try:
        emails.send_password_reset(user=person)
    except Exception:
        logger.exception("The letter about a new password was not sent to person %s", person.pk)
    finally:
        # This thread has a connection of its own: to compose the letter it reads its wording.
        connection.close()


def _locked(invitation: Invitation) -> Invitation:
    locked = Invitation.objects.select_for_update(of=("self",))
    return locked.get(pk=invitation.pk)


def _new_invitation(token: str, **values: Any) -> Invitation:
    """An invitation with checked address, role and language, not saved. Raises ValidationError."""
    wanted = not values["to_office"]
    if bool(values["city"]) != wanted or bool(values["role"]) != wanted:
        message = _("Choose either the secretariat, or a city and a role.")
        raise ValidationError(message, code="role")
    now = timezone.now()
    lifetime = timedelta(days=settings.INVITATION_DAYS)
    invitation = Invitation(
        token_hash=fingerprint(token),
        invited_at=now,
        expires_at=now + lifetime,
        **values,
    )
    invitation.clean_fields()
    return invitation


def _unanswered(email: str, city: City | None, role: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        email=email, city=city, role=role, accepted_at=None, withdrawn_at=None
    )


def _withdraw_expired(invitation: Invitation) -> None:
    """Withdraw older invitations of the same kind that ran out. Raises ValidationError for an open
    one."""
    earlier = _unanswered(
        invitation.email,
        invitation.city,
        invitation.role,
    )
    for row in earlier.select_for_update(of=("self",)):
        if row.is_open:
            raise _open_already()
        _withdraw(row, invitation.invited_by)


def _save(invitation: Invitation) -> None:
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as error:
        # Somebody invited the same person at the same moment.
        raise _open_already() from error


def _open_already() -> ValidationError:
    return ValidationError(
        _(
            "This person has an open invitation of this kind. Withdraw it before you write "
            "another one."
        ),
        code="open",
    )


def _write_letter(invitation: Invitation, token: str) -> None:
    language = letters.language_of(invitation.email, otherwise=invitation.language)
    inviter = invitation.invited_by
    last_day = timezone.localdate(invitation.expires_at)
    context = {
        "name": str(inviter),
        "link": emails.site_link("invitation_accept", [token], language),
        "date": format_date(last_day, language),
    }
    kind = "invitation_office"
    city = invitation.city
    if city is not None:
        kind = "invitation_city"
        if file := file_of_candidate(city):
            kind = "invitation_candidate"
            context["file"] = emails.link_to(file.get_file_url, language)
        with override(language):
            role = invitation.get_role_display()
            context["role"] = str(role)
        name = city_name(city, language)
        context["city"] = str(name)
    letter = letters.NewLetter(
        kind=kind,
        to=invitation.email,
        language=language,
        context=context,
    )
    letters.write(
        letter=letter,
        about=invitation,
        by=inviter,
    )


def _withdraw(row: Invitation, by: User) -> None:
    row.withdrawn_at = timezone.now()
    row.withdrawn_by = by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    why = _("The invitation was withdrawn.")
    letters.withdraw_unsent(about=row, why=why, by=by)


def _own_account(row: Invitation, by: User) -> User:
    locked = User.objects.select_for_update()
    person = locked.get(pk=by.pk)
    is_invited = person.email == row.email
    if not is_invited or not person.is_active:
        raise PermissionDenied
    return person


def _new_account(row: Invitation, new: NewPerson) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(
                row.email, new.password, name=new.name, language=new.language
            )
    except IntegrityError as error:
        sentence = _("There is an account with this e-mail address. Sign in to accept.")
        raise ValidationError(sentence, code="account") from error
