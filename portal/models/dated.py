"""Entries that may be published ahead of time."""

from typing import Self

from django.utils import timezone

from members.models.record import RecordQuerySet, RecordT


class DatedQuerySet(RecordQuerySet[RecordT]):
    """Entries with a dated publication: `published_at` may lie in the future, and until then nobody
    reads them."""

    def public(self) -> Self:
        """Published rows whose time has come."""
        published = super().public()
        return published.filter(published_at__lte=timezone.now())
