"""The draft of a public entry: saved, ended, thrown away.

The only writer of when it was saved and by whom.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Draft, Record, User
from members.models.record import content_type_of
from members.permissions import city_of


class AnotherDraft(ValidationError):
    """Somebody saved another draft of the entry in the meantime."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            _("Somebody saved a draft of this entry while you were writing."), code="another_draft"
        )
        self.draft = draft


def draft_of(record: Record) -> Draft | None:
    """The one open draft of this entry."""
    drafts = _drafts_of(record)
    return drafts.select_related("saved_by").first()


def _drafts_of(record: Record) -> QuerySet[Draft]:
    return Draft.objects.filter(
        content_type=content_type_of(record),
        object_id=record.pk,
    )


@transaction.atomic
def save_draft(
    *,
    record: Record,
    values: Mapping[str, Any],
    marks: Mapping[str, str],
    rows: Mapping[str, Any] | None = None,
    opened: str = "",
    by: User,
) -> Draft:
    """Save changes of a public entry that the public does not read yet.

    `values`: by field. `marks`: of the fields as the person saw them. `rows`: those below the
    entry. `opened`: the stamp of the draft that the person had open, if any.

    Raises PermissionDenied without the right to change the entry, ValidationError for an entry that
    is not public (nobody else reads it, so it needs no draft), AnotherDraft where somebody saved
    another draft since.
    """
    row = type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    if not by.has_perm("change", row):
        raise PermissionDenied
    if row.published_at is None:
        raise ValidationError(
            _("This entry is not public yet: save it. Nobody else reads it."), code="not_public"
        )
    draft = draft_of(row)
    if draft and draft.stamp != opened:
        raise AnotherDraft(draft)
    draft = draft or Draft(content_type=content_type_of(row), object_id=row.pk)
    draft.city_id = city_of(row)
    draft.base_version = row.version
    draft.marks = dict(marks)
    draft.values = _storable(dict(values))
    draft.rows = _storable(dict(rows or {}))
    draft.saved_at = timezone.now()
    draft.saved_by = by
    draft.save()
    return draft


def _storable(value: Any) -> Any:
    """The value without what PostgreSQL stores in no text: NUL and half of a character."""
    if isinstance(value, str):
        without_nul = value.replace("\x00", "")
        return without_nul.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_storable(one) for one in value]
    return value


@transaction.atomic
def throw_away(*, record: Record, by: User) -> None:
    """Delete the draft; the public text stays as it is.

    Raises PermissionDenied without the right to change the entry.
    """
    if not by.has_perm("change", record):
        raise PermissionDenied
    _drafts_of(record).delete()


@transaction.atomic
def end_draft(*, record: Record, opened: str) -> bool:
    """Delete the draft with this stamp: the entry was saved with it.

    False where there is none, or a later one, which stays.
    """
    draft = draft_of(record)
    if draft is None or draft.stamp != opened:
        return False
    draft.delete()
    return True
