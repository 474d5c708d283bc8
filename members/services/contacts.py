"""A support contact is checked: somebody rang, wrote or looked today, and what the page says is
right. And which contacts wait for that."""

from datetime import datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from members.models import SupportContact, User

DAYS_BETWEEN_REMINDERS = 60


@transaction.atomic
def check(*, contact: SupportContact, by: User) -> None:
    """Note that the contact was checked today. Where it comes from stays as it is: a check is no
    new statement.

    Raises PermissionDenied without the right to change it.
    """
    row = SupportContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if not by.has_perm("change", row):
        raise PermissionDenied
    row.last_checked_on = timezone.localdate()
    row.save()
    contact.last_checked_on, contact.version = row.last_checked_on, row.version


def first_due() -> QuerySet[SupportContact]:
    """Of the contacts whose check is due, the first of each city, and the first of those of whole
    countries: it stands for the others, so that nobody gets a letter for each."""
    due = SupportContact.objects.due_for_check(timezone.localdate())
    ordered = due.order_by(F("last_checked_on").asc(nulls_last=True), "published_at", "pk").values(
        "pk"
    )
    of_the_city = Subquery(ordered.filter(city=OuterRef("city"))[:1])
    of_countries = Subquery(ordered.filter(city=None)[:1])
    return due.filter(Q(pk=of_the_city) | Q(pk=of_countries))


def counted_from(contact: SupportContact) -> datetime:
    """The moment from which its first reminder is counted: so that it comes on the day on which the
    check is due. Of what was never checked, from its publication."""
    if contact.last_checked_on is None:
        return contact.published_at
    days = SupportContact.DAYS_BETWEEN_CHECKS + 1 - DAYS_BETWEEN_REMINDERS
    return timezone.make_aware(
        datetime.combine(contact.last_checked_on + timedelta(days=days), time.min)
    )
