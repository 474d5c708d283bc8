"""The translation desk hears of every entry that is saved or deleted."""

from django.db import models
from django.db.models.signals import post_delete, post_save

from languages import desk


def _saved(
    sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: object
) -> None:
    if not raw:
        desk.refresh(instance)


def _deleted(sender: type[models.Model], instance: models.Model, **kwargs: object) -> None:
    # Not by a generic relation: the page that asks before deleting would name every row.
    desk.forget(instance)


def connect() -> None:
    """Listen to the entries' own changes."""
    for sender in desk.kinds():
        post_save.connect(_saved, sender=sender, dispatch_uid=f"desk-save-{sender._meta.label}")
        post_delete.connect(
            _deleted, sender=sender, dispatch_uid=f"desk-delete-{sender._meta.label}"
        )
