"""Writing a translation, and saying that one is still right.

A translation states nothing new in the city's name: who stated the entry, and when, stays.
"""

from collections.abc import Collection, Mapping
from enum import Enum

from django.core.exceptions import PermissionDenied
from django.db import transaction

from languages import desk
from languages.freshness import confirm_translations, record_translations
from languages.models import Freshness
from members.models import Record, User


class Outcome(Enum):
    """What became of a translation that somebody sent."""

    SAVED = "saved"
    CONFIRMED = "confirmed"
    UNCHANGED = "unchanged"


@transaction.atomic
def translate(
    *,
    record: Record,
    language: str,
    changed: Collection[str],
    sources: Mapping[str, str],
    confirm: bool = False,
    by: User,
) -> Outcome:
    """Save the columns of one language (`changed`).

    `sources`: hashes, by field, of the source texts that the person had before them. `confirm`:
    also note that the other texts are still right.

    Raises PermissionDenied without the right to change the entry.
    """
    if not by.has_perm("change", record):
        raise PermissionDenied
    if changed:
        _save(record, changed, sources, by)
    is_confirmed = confirm and confirm_translations(record, language, source_hashes=sources, by=by)
    if changed:
        return Outcome.SAVED
    return Outcome.CONFIRMED if is_confirmed else Outcome.UNCHANGED


def _save(record: Record, changed: Collection[str], sources: Mapping[str, str], by: User) -> None:
    with desk.batch_writes():
        record.save(update_fields=[*changed, "version"])
        record_translations(
            record,
            changed=changed,
            how=Freshness.How.OFFICE,
            by=by,
            source_hashes=sources,
        )
