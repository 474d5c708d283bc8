"""How often something was tried: counts that hold for all processes and after a restart."""

from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone


class UseCountQuerySet(models.QuerySet[Any]):
    def current(self) -> "UseCountQuerySet":
        """Those whose time is not over."""
        return self.filter(ends_at__gt=timezone.now())

    @transaction.atomic
    def count_one(self, key: str, seconds: int) -> int:
        """Count one more use under this key.

        Returns the number of uses within the time that began with the first. Uses at the same
        moment wait for each other, so that each gets a number of its own.
        """
        if not self.current().filter(key=key).update(count=F("count") + 1):
            self.start(key, seconds)
        row = self.get(key=key)
        latest = timezone.now() + timedelta(seconds=seconds)
        if row.ends_at > latest:
            # The clock was set back since: nobody waits longer than the time itself.
            row.ends_at = latest
            row.save(update_fields=["ends_at"])
        return int(row.count)

    def start(self, key: str, seconds: int) -> None:
        """Begin anew with one use. Rows whose time is over go."""
        self.filter(ends_at__lte=timezone.now()).exclude(key=key).delete()
        ends_at = timezone.now() + timedelta(seconds=seconds)
        # If another process has begun a moment ago, its count goes on.
        row, is_new = self.select_for_update().get_or_create(
            key=key, defaults={"count": 1, "ends_at": ends_at}
        )
        if is_new:
            return
        is_over = row.ends_at <= timezone.now()
        row.count = 1 if is_over else row.count + 1
        row.ends_at = ends_at if is_over else row.ends_at
        row.save(update_fields=["count", "ends_at"])


class UseCount(models.Model):
    """How often one sender did one thing.

    `key`: what is counted and a fingerprint made with the secret key (`members/limits.py`); it
    tells no address of a person or of a computer.
    """

    key = models.CharField(max_length=120, unique=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    objects = UseCountQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key
