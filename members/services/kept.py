"""Keeping what a person chose and typed until the form is saved, thrown away or old.

The only writer of kept files and kept forms. Nobody but their owner can name them.
"""

import logging
from collections.abc import Iterable
from functools import partial

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.forms import BaseForm
from django.utils import timezone

from members.editing.forms.kept_files import new_files, own_files, used_files
from members.editing.unsent import MOST
from members.models import KeptFile, KeptForm, User

logger = logging.getLogger(__name__)

Fields = list[tuple[str, str]]

# Of one person. The oldest go when there are more.
MOST_FILES = 30
MOST_BYTES = 300 * 1024 * 1024
MOST_FORMS = 50


@transaction.atomic
def keep_files(*, forms: Iterable[BaseForm], by: User) -> None:
    """Keep the new files of forms that were not saved; the forms show them from now on.

    A file that its field refused is not kept.
    """
    for form in forms:
        for field, upload in new_files(form):
            row = _keep_file(upload, by)
            field.show(row)
        close_files(form)


def _keep_file(upload: "UploadedFile[bytes]", by: User) -> KeptFile:
    upload.seek(0)
    row = KeptFile(owner=by, name=(upload.name or "")[-300:], size=upload.size or 0)
    row.file.save(row.name, upload, save=False)
    row.save()
    row.file = row.file.name
    _make_room(by, row)
    return row


def _make_room(by: User, newest: KeptFile) -> None:
    total = newest.size
    others = KeptFile.objects.filter(owner=by).exclude(pk=newest.pk)
    for number, row in enumerate(others.order_by("-pk"), 2):
        total += row.size
        if number > MOST_FILES or total > MOST_BYTES:
            _delete_file(row)


@transaction.atomic
def forget_used(*, forms: Iterable[BaseForm], by: User) -> None:
    """Forget the files of forms that are saved now: each has its place."""
    keys = []
    for form in forms:
        keys += [row.pk for row in used_files(form)]
        close_files(form)
    for row in KeptFile.objects.filter(owner=by, pk__in=keys):
        _delete_file(row)


def close_files(form: BaseForm) -> None:
    """Close the files of the storage that the form read."""
    for row in used_files(form):
        row.file.close()


class KeptElsewhere(Exception):
    """Another window of the same person keeps another text for this page."""


@transaction.atomic
def keep_form(*, page: str, fields: Fields, by: User, since: str | None = None) -> KeptForm | None:
    """Keep what a person typed on a page, instead of what was kept before; None for too much.

    `since`: the mark of what the person's window knows to be kept, "" for nothing. Raises
    KeptElsewhere where something else is kept by now; without a mark nothing is compared.
    """
    if sum(len(value) for _name, value in fields) > MOST:
        return None
    if since is not None:
        _refuse_other_window(page, by, since)
    storable = [(_storable(name), _storable(value)) for name, value in fields]
    values = {"fields": storable, "kept_at": timezone.now(), "given_by": None}
    row, _is_new = KeptForm.objects.update_or_create(owner=by, page=page, defaults=values)
    newest = KeptForm.objects.filter(owner=by).order_by("-kept_at", "-pk")[:MOST_FORMS]
    keys = [one.pk for one in newest]
    KeptForm.objects.filter(owner=by).exclude(pk__in=keys).delete()
    return row


def _refuse_other_window(page: str, by: User, since: str) -> None:
    rows = KeptForm.objects.of(by).filter(page=page)
    row = rows.select_for_update().first()
    if row is not None and row.mark != since:
        raise KeptElsewhere


def _storable(text: str) -> str:
    """The text without what PostgreSQL stores in no text: NUL and half of a character."""
    without_nul = text.replace("\x00", "")
    return without_nul.encode("utf-8", "replace").decode()


def form_of(page: str, user: User) -> KeptForm | None:
    """What this person typed on the page and has not saved."""
    rows = KeptForm.objects.of(user).select_related("given_by")
    row: KeptForm | None = rows.filter(page=page).first()
    return row


def forget_form(*, page: str, by: User) -> None:
    """The page was saved, or the person throws away what they typed there."""
    KeptForm.objects.filter(owner=by, page=page).delete()


@transaction.atomic
def give_forms(*, pages: Iterable[str], to: User, by: User) -> int:
    """Give what a person typed on these pages, with its files, to somebody else: how many.

    What the other person typed there themselves stays, and so does what was to be given.
    """
    taken = KeptForm.objects.of(to).values("page")
    rows = list(KeptForm.objects.of(by).filter(page__in=list(pages)).exclude(page__in=taken))
    KeptForm.objects.filter(owner=to, page__in=[row.page for row in rows]).delete()
    for row in rows:
        row.owner = to
        row.given_by = by
        row.save(update_fields=["owner", "given_by"])
        keys = [value for name, value in row.fields if name.endswith("-kept")]
        files = [file.pk for file in own_files(by, keys)]
        KeptFile.objects.filter(pk__in=files).update(owner=to)
    return len(rows)


@transaction.atomic
def forget_old(*, is_rehearsal: bool = False) -> int:
    """Delete what was kept for too long; the number of files and forms. A rehearsal only counts."""
    files = KeptFile.objects.old()
    forms = KeptForm.objects.old()
    count: int = files.count() + forms.count()
    if is_rehearsal:
        return count
    for row in files:
        _delete_file(row)
    forms.delete()
    return count


@transaction.atomic
def forget_all(*, by: User) -> None:
    """Delete all that this person chose and typed without saving it."""
    for row in KeptFile.objects.filter(owner=by):
        _delete_file(row)
    KeptForm.objects.filter(owner=by).delete()


def _delete_file(row: KeptFile) -> None:
    name = str(row.file.name)
    row.delete()
    transaction.on_commit(partial(_delete_from_storage, name))


def _delete_from_storage(name: str) -> None:
    try:
        default_storage.delete(name)
    except OSError:
        logger.exception("A kept file could not be deleted")
