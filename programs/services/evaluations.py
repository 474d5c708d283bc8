"""The city's reply to what an evaluation found. The only writer of when it was given and by
whom."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from languages.freshness import record_translations
from languages.models import Freshness
from members.models import User
from programs.models import Evaluation


@transaction.atomic
def reply(*, evaluation: Evaluation, by: User, changed: Iterable[str]) -> None:
    """Keep the reply that stands on `evaluation`; the finding keeps its origin. `changed` names the
    columns typed anew.

    Raises PermissionDenied without the right to change the evaluation. An emptied reply takes its
    date with it.
    """
    row = Evaluation.objects.select_for_update(of=("self",)).get(pk=evaluation.pk)
    if not by.has_perm("change", row):
        raise PermissionDenied
    columns = [name for name in changed if name.startswith("reply_")]
    for name in columns:
        setattr(row, name, getattr(evaluation, name))
    stands = any(
        getattr(row, field.name)
        for field in Evaluation._meta.fields
        if field.name.startswith("reply_")
    )
    row.replied_at, row.replied_by = (timezone.now(), by) if stands else (None, None)
    row.save()
    record_translations(row, changed=columns, how=Freshness.How.OFFICE, by=by)
    evaluation.refresh_from_db()
