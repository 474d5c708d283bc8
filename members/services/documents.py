"""To publish a file and to withdraw it. The only writer of a document's `public_since`."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members.models import Document, User


@transaction.atomic
def publish(*, record: Document, by: User) -> None:
    """Let everybody read the file. Raises PermissionDenied without the right to change it."""
    row = _locked(record, by)
    if row.public_since is None:
        row.public_since = timezone.now()
        row.save(update_fields=["public_since"])


@transaction.atomic
def withdraw(*, record: Document, by: User) -> None:
    """Let only the city and the secretariat read the file.

    Raises PermissionDenied without the right to change it.
    """
    row = _locked(record, by)
    if row.public_since is not None:
        row.public_since = None
        row.save(update_fields=["public_since"])


def _locked(record: Document, by: User) -> Document:
    row = Document.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if not by.has_perm("change", row):
        raise PermissionDenied
    return row
