"""Checks of support contacts: noting that one is right today, and which ones are due."""

from datetime import datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from members.gaps import has_left
from members.models import City, Letter, SupportContact, User
from members.models.letters import LetterQuerySet

DAYS_BETWEEN_REMINDERS = 60
REMINDER = "reminder_contacts"
FOUND_WRONG = "contact that a visitor found wrong"
TAKEN_BACK_WITHIN = timedelta(hours=1)


@transaction.atomic
def check(*, contact: SupportContact, by: User) -> None:
    """Note that somebody checked the contact today, and that its page is right.

    Its origin stays as it is: a check is no new statement. Raises PermissionDenied without the
    right to change it.
    """
    locked = SupportContact.objects.select_for_update(of=("self",))
    row = locked.get(pk=contact.pk)
    if not by.has_perm("change", row):
        raise PermissionDenied
    row.note_check()
    row.save()
    contact.note_check()
    contact.version = row.version


def find_wrong(*, contact: SupportContact) -> str:
    """Note that a visitor says that something in the contact is wrong; the first time counts.

    No person of the portal says so: the row keeps its version and its origin. Whoever looks after
    it reads it among what waits, and in the next reminder. Gives a token with which the visitor can
    take it back for an hour; empty where somebody had said so before.
    """
    now = timezone.now()
    rows = SupportContact.objects.filter(pk=contact.pk, found_wrong_at=None)
    if not rows.update(found_wrong_at=now):
        return ""
    found_wrong = [contact.pk, now.isoformat()]
    return signing.dumps(found_wrong, salt=FOUND_WRONG)


def take_back_wrong(*, contact: SupportContact, token: str) -> bool:
    """Take back what a visitor said with one tap; whether it was what stands in the row.

    A token of another contact, one that is used, over or not of this portal changes nothing: what
    somebody else says stays.
    """
    try:
        key, moment = signing.loads(token, salt=FOUND_WRONG, max_age=TAKEN_BACK_WITHIN)
    except signing.BadSignature:
        return False
    if key != contact.pk:
        return False
    found_wrong_at = datetime.fromisoformat(moment)
    said = SupportContact.objects.filter(pk=contact.pk, found_wrong_at=found_wrong_at)
    return said.update(found_wrong_at=None) > 0


def first_due() -> QuerySet[SupportContact]:
    """Of the contacts to check, the first of each city, and the first of those of whole countries.

    It stands for the others, so that nobody gets a letter for each. A city that left the network is
    asked no more; the office's desk counts its contacts.
    """
    today = timezone.localdate()
    due = SupportContact.objects.due_for_check(today).filter(~has_left("city"))
    wrong_first = F("found_wrong_at").asc(nulls_last=True)
    longest_ago = F("last_checked_on").asc(nulls_last=True)
    ordered = due.order_by(wrong_first, longest_ago, "published_at", "pk")
    keys = ordered.values("pk")
    keys_of_city = keys.filter(city=OuterRef("city"))
    keys_of_countries = keys.filter(city=None)
    is_first_of_city = Q(pk=Subquery(keys_of_city[:1]))
    is_first_of_countries = Q(pk=Subquery(keys_of_countries[:1]))
    return due.filter(is_first_of_city | is_first_of_countries)


def reminders_of(city: City | None) -> LetterQuerySet:
    """Letters that remind of a contact of the city, or of one of a whole country."""
    contacts = SupportContact.objects.filter(city=city)
    return Letter.objects.filter(
        kind=REMINDER,
        content_type=ContentType.objects.get_for_model(SupportContact),
        object_id__in=contacts.values("pk"),
    )


def counted_from(contact: SupportContact) -> datetime:
    """The moment from which its first reminder is counted: it comes on the day of the due check.

    For a contact that was never checked, the moment of its publication. One that a visitor found
    wrong is due at once.
    """
    if contact.found_wrong_at:
        return contact.found_wrong_at - timedelta(days=DAYS_BETWEEN_REMINDERS)
    last_check = contact.last_checked_on
    if last_check is None:
        return contact.published_at or timezone.now()
    days_until_due = SupportContact.DAYS_BETWEEN_CHECKS + 1
    days = days_until_due - DAYS_BETWEEN_REMINDERS
    day = last_check + timedelta(days=days)
    midnight = datetime.combine(day, time.min)
    return timezone.make_aware(midnight)
