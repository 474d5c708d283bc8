"""The page on which a person works on an entry, and the way that leads to it through its city."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from members.models import Accession, Action, City, Commitment, Point, User

LONGEST_STEP = 60


@dataclass(frozen=True)
class WayStep:
    """A page on the way, from the first page down. `city`: where the step is a city."""

    url: str
    title: str = ""
    city: City | None = None


def entry_page(row: Any) -> str:
    """The page of an entry: a page of the city's own before the stock form."""
    if isinstance(row, City):
        return reverse("admin:city_work", args=[row.slug])
    if isinstance(row, Commitment) and _has_page(row.point):
        slug = row.city.slug
        number = row.point.number
        return reverse("admin:point_work", args=[slug, number])
    if isinstance(row, Action):
        slug = row.commitment.city.slug
        return reverse("admin:action_work", args=[slug, row.pk])
    if isinstance(row, Accession):
        return row.get_file_url()
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])


def _has_page(point: Point) -> bool:
    """Whether the city's page of the point is there: the plan in force and public."""
    plan = point.plan
    is_public = point.published_at is not None and plan.published_at is not None
    return is_public and plan.in_force


def owners_of(entry: Any) -> Iterator[Any]:
    """What an entry belongs to, the nearest first, its city last."""
    path = getattr(entry, "CITY_PATH", None)
    if path is None or path == "pk":
        return
    owner = entry
    for name in path.split("__"):
        owner = getattr(owner, name, None)
        if owner is None:
            return
        yield owner


def way_to(user: User, entry: Any = None, city: City | None = None) -> list[WayStep]:
    """The pages above an entry, a list or a page of a city, as far as the person may open them.

    Who works for one city begins there, as their first page does.
    """
    owners = list(owners_of(entry))
    is_office = user.is_secretariat
    # The office's roles count for nothing: no query for them.
    own_cities = [] if is_office else user.city_ids()
    has_one_city = len(own_cities) == 1
    for owner in owners:
        if isinstance(owner, City):
            city = owner
    if city is None and has_one_city:
        city = user.city(own_cities[0])

    steps = []
    if not has_one_city:
        desk = reverse("admin:index")
        steps.append(WayStep(desk, _("Desk")))
    if city is None:
        return steps
    if not is_office and city.pk not in own_cities:
        return steps
    steps.append(WayStep(entry_page(city), city=city))
    for owner in reversed(owners):
        if not isinstance(owner, City):
            url = entry_page(owner)
            title = _step_title(owner)
            steps.append(WayStep(url, title))
    return steps


def _step_title(owner: Any) -> str:
    if isinstance(owner, Commitment):
        return _("Point %(number)s") % {"number": owner.point.number}
    if isinstance(owner, Accession):
        return capfirst(str(owner._meta.verbose_name))
    return Truncator(str(owner)).chars(LONGEST_STEP)
