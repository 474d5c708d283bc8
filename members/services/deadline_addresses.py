"""The address of a person's calendar of deadlines: made, and made anew."""

from django.db import transaction

from members.deadlines import has_calendar
from members.models import User


@transaction.atomic
def renew(*, person: User) -> None:
    """Give the person an address that nobody had before; the earlier one ends."""
    if not has_calendar(person):
        return
    row = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    row.calendar_number = row.calendar_number + 1
    row.save(update_fields=["calendar_number"])
