"""The translation desk hears of every entry that is saved; what is deleted takes its rows along (generic relation)."""

from django.db import models
from django.db.models.signals import post_save

from languages import desk


def _saved(sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: object) -> None:
    if not raw:
        desk.refresh(instance)


def connect() -> None:
    """Listen to the entries' own changes."""
    for sender in desk.kinds():
        post_save.connect(_saved, sender=sender, dispatch_uid=f"desk-save-{sender._meta.label}")
