"""Writing a translation, and saying that one is still right. A translation states nothing new in
the city's name."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from languages import desk
from languages.freshness import confirm_translations, record_translations
from languages.models import Freshness
from members.models import Record, User


@transaction.atomic
def translate(*, record: Record, by: User, changed: Iterable[str], seen: Mapping[str, str]) -> None:
    """Keep what was typed in the columns of one language (`changed`), made from the source texts in
    `seen` (hashes by field). Who stated the entry, and when, stays as it was.

    Raises PermissionDenied without the right to change the entry.
    """
    columns = list(changed)
    if not by.has_perm("change", record):
        raise PermissionDenied
    if columns:
        with desk.batch_writes():
            record.save(update_fields=[*columns, "version"])
            record_translations(
                record, changed=columns, how=Freshness.How.OFFICE, by=by, source_hashes=seen
            )


@transaction.atomic
def still_right(*, record: Record, language: str, by: User, seen: Mapping[str, str]) -> bool:
    """Note that nothing has to change in a language; False where there was nothing (more) to
    confirm.

    Raises PermissionDenied without the right to change the entry.
    """
    if not by.has_perm("change", record):
        raise PermissionDenied
    return confirm_translations(record, language, source_hashes=seen, by=by)
