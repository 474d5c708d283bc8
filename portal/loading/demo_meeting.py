"""The next meeting of the demonstration: its file can be put on the agenda."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from members.models import Meeting, User
from members.services import entries

# From the day on which the demonstration is loaded.
AHEAD = timedelta(days=60)
PLACE = "Inventville"


@transaction.atomic
def plan_meeting(by: User) -> bool:
    """Record an invented meeting that lies ahead, unless there is one; whether there was none."""
    today = timezone.localdate()
    planned = Meeting.objects.filter(
        fictional=True,
        kind=Meeting.Kind.STEERING,
        starts__gte=today.isoformat(),
    )
    if planned.exists():
        return False
    day = today + AHEAD
    meeting = Meeting.objects.create(
        kind=Meeting.Kind.STEERING,
        starts=day.isoformat(),
        place=PLACE,
        fictional=True,
    )
    entries.publish(record=meeting, by=by)
    return True
