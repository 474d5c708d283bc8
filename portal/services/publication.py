"""Publishing at a moment that somebody chooses."""

import datetime

from django.db import transaction
from django.utils import timezone

from members.models import User
from members.services import entries
from portal.models import Event, News


@transaction.atomic
def publish_from(*, record: News | Event, at: datetime.datetime | None, by: User) -> None:
    """Show an entry from a moment on, by default at once; a moment that was set before is moved.

    Raises PermissionDenied without the right to change it, ValidationError for a fact from
    elsewhere without a source, or for a detail of a person without its ground.
    """
    entries.publish(record=record, by=by)
    rows = type(record)._default_manager.select_for_update(of=("self",))
    row = rows.get(pk=record.pk)
    now = timezone.now()
    published_at = at or min(row.published_at or now, now)
    if row.published_at != published_at:
        row.published_at = published_at
        row.save()
    record.published_at = published_at
