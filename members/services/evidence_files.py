"""The file of a piece of evidence is public together with its action.

With `documents`, the only writer of `Document.public_since`.
"""

from django.utils import timezone

from members.models import Action, Document, Evidence


def follow(evidence: Evidence) -> None:
    """Make the file public or private, as its action and its own tick ask for."""
    document = evidence.document
    if document is None:
        return
    is_public = evidence.published_at is not None and evidence.action.published_at is not None
    if is_public and not evidence.office_only:
        open_file(document)
    elif evidence.office_only:
        close(evidence)


def follow_all(action: Action) -> None:
    """Make the files of a public action public, those of any other private."""
    pieces = action.evidence.exclude(document=None).select_related("document", "action")
    for evidence in pieces:
        if action.published_at is None:
            close(evidence)
        else:
            follow(evidence)


def close(evidence: Evidence) -> None:
    """Make the file of this evidence private, unless something else names it too."""
    document = evidence.document
    if document is not None and not _is_named_elsewhere(document, evidence):
        close_file(document)


def _is_named_elsewhere(document: Document, evidence: Evidence) -> bool:
    for relation in document._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: document})
        if relation.related_model is Evidence:
            rows = rows.exclude(pk=evidence.pk)
        if rows.exists():
            return True
    return False


def open_file(document: Document) -> None:
    if document.public_since is None:
        document.public_since = timezone.now()
        document.save(update_fields=["public_since"])


def close_file(document: Document) -> None:
    if document.public_since is not None:
        document.public_since = None
        document.save(update_fields=["public_since"])
