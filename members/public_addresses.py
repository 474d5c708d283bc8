"""The public page on which an entry is shown."""

from collections.abc import Callable

from django.db.models import Model
from django.urls import NoReverseMatch

from members.models import Record

# The fields of an entry that name what it is shown with, the nearest first.
PARENTS = ("programme", "action", "commitment", "city", "organisation", "point")


def public_address(record: Model) -> str | None:
    """Where the public reads this entry: its own page, else that of what it belongs to.

    None while it is not public.
    """
    if isinstance(record, Record) and record.published_at is None:
        return None
    parents = [getattr(record, name, None) for name in PARENTS]
    for row in (record, *parents):
        get_absolute_url = getattr(row, "get_absolute_url", None)
        if get_absolute_url:
            return _address(get_absolute_url)
    return None


def _address(get_absolute_url: Callable[[], str]) -> str | None:
    """A row's public page; None where its values, which a form refused, make no address."""
    try:
        return get_absolute_url()
    except NoReverseMatch:
        return None
