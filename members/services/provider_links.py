"""Who of our people somebody of the provider is (0056). The only writer of `ProviderLink`."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import AccountEvent, ProviderLink, User
from members.provider import Claims
from members.services import accounts

Kind = AccountEvent.Kind


class DoubtedLinkError(Exception):
    """A new password was chosen by letter, and the person has not confirmed their link since."""


def link_of(person: User) -> ProviderLink | None:
    """The person's link to the provider of today."""
    links = ProviderLink.objects.filter(
        person=person,
        issuer=settings.OIDC_ISSUER,
    )
    return links.first()


def person_of(claims: Claims, *, sender: str) -> User | None:
    """Whom the provider means: linked already, or known by a checked address and linked now.

    None for everybody else: nobody gets an account by this, and somebody who is switched off stays
    out. That is noted. Raises DoubtedLinkError where the owner has not confirmed the link yet.
    """
    person = _linked_person(claims) or _person_at(claims.email)
    if person is not None and _is_doubted(person):
        accounts.note_refusal(Kind.PROVIDER_FAILED, email=person.email, sender=sender)
        raise DoubtedLinkError
    if person is not None and person.is_active:
        try:
            link(person=person, claims=claims, sender=sender)
        except ValidationError:
            pass
        else:
            return person
    accounts.note_stranger(person=person, sender=sender)
    return None


def _is_doubted(person: User) -> bool:
    link = link_of(person)
    return link is not None and link.is_doubted


def _linked_person(claims: Claims) -> User | None:
    links = ProviderLink.objects.filter(issuer=settings.OIDC_ISSUER, subject=claims.subject)
    link = links.select_related("person").first()
    return link.person if link else None


def _person_at(email: str) -> User | None:
    return User.objects.filter(email=email).first() if email else None


@transaction.atomic
def link(*, person: User, claims: Claims, sender: str) -> ProviderLink:
    """Link the account, unless it is; the person is told by letter.

    Raises ValidationError where either is linked otherwise: an address of the provider may have got
    another owner there.
    """
    User.objects.select_for_update().get(pk=person.pk)
    now = timezone.now()
    row = link_of(person)
    if row is None and _linked_person(claims) is None:
        row = ProviderLink.objects.create(
            person=person,
            issuer=settings.OIDC_ISSUER,
            subject=claims.subject,
            linked_at=now,
        )
        _tell(Kind.PROVIDER_LINKED, person, sender)
    if row is None or row.subject != claims.subject:
        sentence = _("This account of the provider belongs to somebody else here.")
        raise ValidationError(sentence)
    row.last_used_at = now
    row.save(update_fields=["last_used_at"])
    return row


def doubt(*, person: User) -> None:
    """A new password came by letter: no link signs in before its owner confirmed it."""
    links = ProviderLink.objects.filter(person=person)
    links.update(is_doubted=True)


@transaction.atomic
def confirm(*, person: User, sender: str) -> bool:
    """Its owner says that the link is theirs: it signs in again. Whether it waited for that."""
    links = ProviderLink.objects.filter(person=person, is_doubted=True)
    confirmed = links.update(is_doubted=False)
    if not confirmed:
        return False
    _tell(Kind.PROVIDER_CONFIRMED, person, sender)
    return True


@transaction.atomic
def unlink(*, person: User, sender: str, but: str | None) -> bool:
    """Take the link away and end all other sessions; whether there was one."""
    links = ProviderLink.objects.filter(person=person)
    removed, _rows = links.delete()
    if not removed:
        return False
    accounts.end_sessions(person=person, but=but)
    kind = Kind.PROVIDER_UNLINKED
    _tell(kind, person, sender)
    return True


def _tell(kind: AccountEvent.Kind, person: User, sender: str) -> None:
    event = accounts.note(kind, person=person, sender=sender)
    accounts.tell(event, person)
