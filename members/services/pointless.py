"""Letters whose time has come are taken back where nobody needs them any more.

Hours pass between the writing of a letter and its sending, days where the mail server is away: in
this time the thing is done, or the reader leaves the city.
"""

from collections import defaultdict
from datetime import datetime

from django.utils import timezone

from members.models import Letter
from members.services import asking, office_summaries, reminders, summaries

MONTHLY = (summaries.MONTHLY, office_summaries.MONTHLY)


def take_back_due(*, now: datetime | None = None) -> int:
    """Withdraw what is due and pointless; how many. One query where nothing is due."""
    due = Letter.objects.due(now or timezone.now())
    keys: dict[str, set[int]] = defaultdict(set)
    for kind, key in due.values_list("kind", "object_id"):
        keys[kind].add(key)
    count = 0
    if asking.KIND in keys:
        count += asking.stop_pointless()
    for rule in reminders.RULES:
        if rule.kind in keys:
            count += reminders.stop_pointless(rule)
    for monthly in MONTHLY:
        if monthly.kind in keys:
            count += monthly.stop_pointless(keys[monthly.kind])
    return count
