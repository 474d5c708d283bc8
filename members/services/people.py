"""Inviting people, accepting, withdrawing, ending a role, a new password.

The only writer of invitations and of roles in a city.
"""

import hashlib
import logging
import secrets
import threading
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from languages.dates import format_date
from languages.text import translated
from members import emails
from members.models import City, CityRole, Invitation, User
from members.permissions import may_in_city
from members.services import letters

logger = logging.getLogger(__name__)

# Invitations that a coordinator writes within an hour at most.
PER_HOUR = 20


@dataclass(frozen=True)
class NewPerson:
    """What somebody without an account types when they accept."""

    name: str
    language: str
    password: str = field(repr=False)


@transaction.atomic
def invite(*, email: str, city: City | None, role: str, language: str, by: User) -> Invitation:
    """Write somebody a letter with a link that gives them `role` in `city`; without a city, the
    secretariat's rights.

    An invitation that ran out is withdrawn and replaced. Raises PermissionDenied for whoever may
    not invite there, ValidationError for a wrong address or role, an open invitation of the same
    kind, a role already held, or where a coordinator has written to more people within the hour
    than a town hall has.
    """
    if not _may_invite(by, city, role):
        raise PermissionDenied
    refuse_invitation(email=email, city=city, role=role, by=by)
    token = secrets.token_urlsafe(32)
    invitation = _unsaved(
        token, email=email.strip().lower(), city=city, role=role, language=language, invited_by=by
    )
    _clear_way(invitation)
    _write_down(invitation)
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
    if row.city_id is None:
        person.is_secretariat = True
        person.save(update_fields=["is_secretariat"])
    else:
        CityRole.objects.get_or_create(user=person, city_id=row.city_id, role=row.role, until=None)
    row.accepted_at, row.accepted_by = timezone.now(), person
    row.save(update_fields=["accepted_at", "accepted_by"])
    letters.withdraw_unsent(about=row, why=_("The invitation was accepted."))
    return person


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> None:
    """Make an invitation's link useless. Raises PermissionDenied for whoever could not have invited
    there, ValidationError where it was accepted or withdrawn before."""
    row = _locked(invitation)
    if not _may_invite(by, row.city, row.role):
        raise PermissionDenied
    refuse_answered(row)
    _withdraw(row, by)


@transaction.atomic
def end_role(*, role: CityRole, by: User) -> None:
    """Let a role end today: it no longer holds from this moment. A role that was to begin later
    never does.

    Raises PermissionDenied without the right to change roles there, ValidationError for a role that
    has ended.
    """
    row = CityRole.objects.select_for_update(of=("self",)).get(pk=role.pk)
    if not by.has_perm("change", row):
        raise PermissionDenied
    today = timezone.localdate()
    if row.until is not None and row.until <= max(today, row.since):
        raise ValidationError(_("This role has ended already."), code="ended")
    row.until = max(today, row.since)
    row.save(update_fields=["until"])


def send_password_link(*, email: str) -> None:
    """Write a link for a new password to whoever may sign in with this address; nobody is told
    whether there is one.

    The letter is written beside the answer to the page, not before it: the time must not tell
    either.
    """
    for person in User.objects.filter(email=email.strip().lower(), is_active=True):
        threading.Thread(
            target=_send_password_letter, args=[person], name=f"letter to person {person.pk}"
        ).start()


def fingerprint(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def refuse_invitation(*, email: str, city: City | None, role: str, by: User) -> None:
    """Raise ValidationError where the person holds the role, or has an open invitation to it, or
    where whoever invites has written to very many.

    Looks only at the city in question: an invitation tells nobody who has an account elsewhere.
    """
    email = email.strip().lower()
    if "\x00" in email:
        return
    if city is None:
        held = User.objects.filter(email=email, is_secretariat=True)
    else:
        held = CityRole.objects.current().filter(
            city=city, role=role, until=None, user__email=email
        )
    if held.exists():
        raise ValidationError(_("This person holds this role already."), code="held")
    if any(row.is_open for row in _unanswered(email, city, role)):
        raise _open_already()
    _refuse_too_many(by)


def refuse_closed(invitation: Invitation) -> None:
    """Raise ValidationError, in words for the invited person, where the invitation can no longer be
    accepted."""
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
        raise ValidationError(_("This invitation has been accepted already."), code="accepted")
    if invitation.withdrawn_at is not None:
        raise ValidationError(_("This invitation was withdrawn."), code="withdrawn")


def _may_invite(by: User, city: City | None, role: str) -> bool:
    """The table says who invites to a city; only the secretariat to the secretariat and to the
    committee."""
    may = may_in_city(by, "add", Invitation, city.pk if city else None)
    return may and (by.is_secretariat or role in CityRole.COORDINATORS)


def _refuse_too_many(by: User) -> None:
    """An account in wrong hands does not write to strangers by the thousand. The office invites
    whole networks."""
    hour_ago = timezone.now() - timedelta(hours=1)
    if (
        not by.is_secretariat
        and Invitation.objects.filter(invited_by=by, invited_at__gt=hour_ago).count() >= PER_HOUR
    ):
        raise ValidationError(
            _("You have written very many invitations. Try again in an hour."), code="too_many"
        )


def _send_password_letter(person: User) -> None:
    try:
        emails.send_password_reset(user=person)
    except Exception:
        logger.exception("The letter about a new password was not sent to person %s", person.pk)
    finally:
        # This thread's own: composing the letter asks for the secretariat's wording.
        connection.close()


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)


def _unsaved(token: str, **values: object) -> Invitation:
    """An invitation whose address, role and language are checked. Raises ValidationError."""
    if bool(values["city"]) != bool(values["role"]):
        raise ValidationError(
            _("Choose a city and a role, or neither for the secretariat."), code="role"
        )
    now = timezone.now()
    invitation = Invitation(
        token_hash=fingerprint(token),
        invited_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
        **values,
    )
    invitation.clean_fields()
    return invitation


def _unanswered(email: str, city: City | None, role: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        email=email, city=city, role=role, accepted_at=None, withdrawn_at=None
    )


def _clear_way(invitation: Invitation) -> None:
    """Withdraw what ran out unanswered; refuse where an invitation of the same kind was opened
    meanwhile."""
    earlier = _unanswered(invitation.email, invitation.city, invitation.role).select_for_update(
        of=("self",)
    )
    for row in earlier:
        if row.is_open:
            raise _open_already()
        _withdraw(row, invitation.invited_by)


def _write_down(invitation: Invitation) -> None:
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
    language = emails.letter_language(invitation.language)
    context = {
        "name": str(invitation.invited_by),
        "link": emails.site_link("invitation_accept", [token], language),
        "date": format_date(timezone.localdate(invitation.expires_at), language),
    }
    if invitation.city is not None:
        with override(language):
            context["role"] = str(invitation.get_role_display())
        context["city"] = str(translated(invitation.city, "name", language))
    letters.draft(
        kind="invitation_city" if invitation.city else "invitation_office",
        to=invitation.email,
        language=language,
        context=context,
        about=invitation,
        by=invitation.invited_by,
    )


def _withdraw(row: Invitation, by: User) -> None:
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    letters.withdraw_unsent(about=row, why=_("The invitation was withdrawn."), by=by)


def _own_account(row: Invitation, by: User) -> User:
    person = User.objects.select_for_update().get(pk=by.pk)
    if person.email != row.email or not person.is_active:
        raise PermissionDenied
    return person


def _new_account(row: Invitation, typed: NewPerson) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(
                row.email, typed.password, name=typed.name, language=typed.language
            )
    except IntegrityError as error:
        raise ValidationError(
            _("There is an account with this e-mail address. Sign in to accept."), code="account"
        ) from error
