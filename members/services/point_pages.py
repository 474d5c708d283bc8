"""Saving the page of a point: the city's answer and its translations, or nothing."""

from collections.abc import Iterable

from django.db import transaction

from members.forms.workplace import Change
from members.models import Commitment, User
from members.services import entries


@transaction.atomic
def save(
    *, changes: Iterable[Change], promise: Commitment, small: bool, publish: bool, by: User
) -> None:
    """Save what a person wrote on the page of a point, and publish the promise if `publish`.

    `changes`: rows with their changed columns of texts; the promise too, if it changed. A new
    promise is saved in any case. `small` as in `entries.save`. Raises as `entries.save` and
    `entries.publish` do; nothing is saved then.
    """
    rows = list(changes)
    if promise._state.adding and not rows:
        rows = [(promise, [])]
    for row, columns in rows:
        entries.save(
            record=row,
            by=by,
            changed=columns,
            small=small,
        )
    if publish:
        entries.publish(record=promise, by=by)
