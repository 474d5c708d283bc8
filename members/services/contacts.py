"""Checks of support contacts: noting that one is right today, and which ones are due."""

from datetime import datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from members.models import SupportContact, User

DAYS_BETWEEN_REMINDERS = 60


@transaction.atomic
def check(*, contact: SupportContact, by: User) -> None:
    """Note that somebody checked the contact today, and that its page is right.

    Its origin stays as it is: a check is no new statement. Raises PermissionDenied without the
    right to change it.
    """
    row = SupportContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if not by.has_perm("change", row):
        raise PermissionDenied
    row.last_checked_on = timezone.localdate()
    row.save()
    contact.last_checked_on, contact.version = row.last_checked_on, row.version


def first_due() -> QuerySet[SupportContact]:
    """Of the contacts to check, the first of each city, and the first of those of whole countries.

    It stands for the others, so that nobody gets a letter for each.
    """
    due = SupportContact.objects.due_for_check(timezone.localdate())
    longest_ago = F("last_checked_on").asc(nulls_last=True)
    keys = due.order_by(longest_ago, "published_at", "pk").values("pk")
    of_the_city = Subquery(keys.filter(city=OuterRef("city"))[:1])
    of_countries = Subquery(keys.filter(city=None)[:1])
    return due.filter(Q(pk=of_the_city) | Q(pk=of_countries))


def counted_from(contact: SupportContact) -> datetime:
    """The moment from which its first reminder is counted: it comes on the day of the due check.

    For a contact that was never checked, the moment of its publication.
    """
    if contact.last_checked_on is None:
        return contact.published_at or timezone.now()
    days = SupportContact.DAYS_BETWEEN_CHECKS + 1 - DAYS_BETWEEN_REMINDERS
    day = contact.last_checked_on + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time.min))
