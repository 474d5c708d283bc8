"""The city's reply to what an evaluation found; the only writer of its date and author."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from languages.freshness import record_translations
from languages.models import Freshness
from languages.text import columns
from members.models import User
from programs.models import Evaluation


@transaction.atomic
def reply(*, evaluation: Evaluation, by: User, changed: Iterable[str]) -> None:
    """Keep the reply of `evaluation`; the finding keeps its origin. An emptied reply loses its
    date.

    `changed` names the columns that the person changed. Raises PermissionDenied without the right
    to change the evaluation.
    """
    row = Evaluation.objects.select_for_update(of=("self",)).get(pk=evaluation.pk)
    if not by.has_perm("change", row):
        raise PermissionDenied
    replies = [name for name in changed if name.startswith("reply_")]
    for name in replies:
        value = getattr(evaluation, name)
        setattr(row, name, value)
    texts = [getattr(row, name) for name in columns("reply")]
    has_reply = any(texts) or row.reply_source_id is not None
    row.replied_at = timezone.now() if has_reply else None
    row.replied_by = by if has_reply else None
    row.save()
    record_translations(
        row,
        changed=replies,
        how=Freshness.How.OFFICE,
        by=by,
    )
    evaluation.refresh_from_db()
