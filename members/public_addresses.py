"""The public page on which an entry is shown."""

from django.db.models import Model
from django.urls import NoReverseMatch

from members.models import (
    Record,
)

# From an entry to what it is shown with.
SHOWN_WITH = ("programme", "action", "commitment", "city", "organisation", "point")


def public_address(record: Model) -> str | None:
    """Where the public reads this entry: its own page, else that of what it belongs to; None while
    it is not public."""
    if isinstance(record, Record) and record.published_at is None:
        return None
    for step in (record, *(getattr(record, name, None) for name in SHOWN_WITH)):
        if step is not None and hasattr(step, "get_absolute_url"):
            return _address(step)
    return None


def _address(record: Model) -> str | None:
    """The record's public page; none where what was typed, and refused, makes no address."""
    try:
        return record.get_absolute_url()
    except NoReverseMatch:
        return None
