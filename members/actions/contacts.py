"""A support contact is checked: somebody rang, wrote or looked today, and what the page says is right."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members.models import SupportContact, User


@transaction.atomic
def check(*, contact: SupportContact, by: User) -> None:
    """Note that the contact was checked today. Where it comes from stays as it is: a check is no new statement.

    Raises PermissionDenied without the right to change it.
    """
    row = SupportContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if not by.has_perm("change", row):
        raise PermissionDenied
    row.last_checked_on = timezone.localdate()
    row.save()
    contact.last_checked_on, contact.version = row.last_checked_on, row.version
