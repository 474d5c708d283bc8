"""Saving a document, and making its file public or private.

The only writer of who uploaded a document; `evidence_files` opens and closes its file.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.models import Document, User
from members.services import entries, evidence_files


@transaction.atomic
def save(*, record: Document, by: User) -> None:
    """Save a document; a new one is uploaded by this person. Raises as `entries.save` does."""
    if record._state.adding:
        record.uploaded_by = by
    entries.save(record=record, by=by)


@transaction.atomic
def publish(*, record: Document, by: User) -> None:
    """Let everybody read the file. Raises PermissionDenied without the right to change it."""
    row = _locked(record, by)
    evidence_files.open_file(row)


@transaction.atomic
def withdraw(*, record: Document, by: User) -> None:
    """Let only the city and the secretariat read the file.

    Raises PermissionDenied without the right to change it.
    """
    row = _locked(record, by)
    evidence_files.close_file(row)


def _locked(record: Document, by: User) -> Document:
    locked = Document.objects.select_for_update(of=("self",))
    row = locked.get(pk=record.pk)
    may_change = by.has_perm("change", row)
    if not may_change:
        raise PermissionDenied
    return row
