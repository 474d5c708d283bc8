"""Open accession files, in the order in which they are read."""

from django.db.models import QuerySet

from members.models import (
    Accession,
)


def accession_queue() -> QuerySet[Accession]:
    """Open files of all cities, the longest waiting first."""
    return Accession.objects.open().select_related("city").order_by("status_since", "pk")


def files_for_committee() -> QuerySet[Accession]:
    """Submitted files that are not decided yet, by their meeting: what somebody in the Steering
    Committee reads."""
    rows = Accession.objects.submitted().open().select_related("city", "meeting")
    return rows.order_by("meeting__starts", "city__slug")
