"""Putting off what waits for a city, and taking it up again."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import City, Commitment, PutOff, User
from members.permissions import may_in_city
from members.waiting import SORTS, Waiting, desk_of

# Somebody waits for these: they cannot be put off.
URGENT = ("file",)


@transaction.atomic
def put_off(*, city: City, sort: str, key: int, by: User) -> date:
    """Take the thing off the desk for a month, with all that stand in one line with it; the day on
    which it comes back.

    Raises PermissionDenied for those who do not write for the city, ValidationError for what
    cannot be put off.
    """
    _refuse_others(city, by)
    can_wait = sort in SORTS and sort not in URGENT
    if not can_wait:
        raise ValidationError(_("This cannot wait."), code="urgent")
    desk = desk_of(city)
    lines = [*desk.waiting, *desk.later]
    keys = _keys_of(lines, sort, key)
    if not keys:
        raise ValidationError(_("This does not wait any more."), code="done")
    until = timezone.localdate() + PutOff.DAYS
    for one in keys:
        PutOff.objects.update_or_create(
            city=city,
            sort=sort,
            key=one,
            defaults={"until": until},
        )
    return until


@transaction.atomic
def take_up(*, city: City, sort: str, key: int, by: User) -> None:
    """Put the thing back on the desk, with all that were put off in one line with it."""
    _refuse_others(city, by)
    keys = _keys_of(desk_of(city).later, sort, key)
    rows = PutOff.objects.filter(city=city, sort=sort, key__in=keys or [key])
    rows.delete()


def _keys_of(lines: list[Waiting], sort: str, key: int) -> list[int]:
    """The keys of the things in the line that has this key, or of the one thing within a line."""
    things = [*lines, *(part for one in lines for part in one.parts)]
    for one in things:
        if (one.sort, one.key) == (sort, key):
            return [part.key for part in one.parts or (one,)]
    return []


def _refuse_others(city: City, by: User) -> None:
    if not may_in_city(by, "change", Commitment, city.pk):
        raise PermissionDenied
