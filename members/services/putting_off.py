"""Putting off what waits for a city, and taking it up again."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import City, Commitment, PutOff, User
from members.permissions import may_in_city
from members.waiting import SORTS, desk_of

# Somebody waits for these: they cannot be put off.
URGENT = ("file",)


@transaction.atomic
def put_off(*, city: City, sort: str, key: int, by: User) -> date:
    """Take the thing off the desk for a month; the day on which it comes back.

    Raises PermissionDenied for those who do not write for the city, ValidationError for what
    cannot be put off.
    """
    _refuse_others(city, by)
    if sort not in SORTS or sort in URGENT:
        raise ValidationError(_("This cannot wait."), code="urgent")
    if (sort, key) not in _things_of(city):
        raise ValidationError(_("This does not wait any more."), code="done")
    until = timezone.localdate() + PutOff.DAYS
    PutOff.objects.update_or_create(
        city=city,
        sort=sort,
        key=key,
        defaults={"until": until},
    )
    return until


@transaction.atomic
def take_up(*, city: City, sort: str, key: int, by: User) -> None:
    """Put the thing back on the desk."""
    _refuse_others(city, by)
    rows = PutOff.objects.filter(city=city, sort=sort, key=key)
    rows.delete()


def _things_of(city: City) -> set[tuple[str, int]]:
    """What waits for the city, also what was put off before."""
    desk = desk_of(city)
    things = [*desk.waiting, *desk.later]
    return {(one.sort, one.key) for one in things}


def _refuse_others(city: City, by: User) -> None:
    if not may_in_city(by, "change", Commitment, city.pk):
        raise PermissionDenied
