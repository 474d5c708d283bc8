"""Cities as rows of a list: by name, each with its standing and its strip."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from languages.text import current_language, language_columns
from members.models import City, Membership
from members.standing import standings_of
from members.strip import strips_for

PER_PAGE = 50


def cities_by_name() -> QuerySet[City]:
    """The public, real cities, in the order of the reader's language."""
    cities = City.objects.public().real().listed(current_language())
    return cities.select_related("country").defer(*language_columns(City))


def rows_of(keys: Iterable[int], points: Sequence[int] | None = None) -> list[City]:
    """The cities with these keys, in this order. `points`: the numbers of the plan's points, where
    the caller knows them; that spares a query."""
    public_memberships = Membership.objects.public().order_by("pk")
    memberships = Prefetch("memberships", public_memberships, to_attr="public_memberships")
    cities: Any = cities_by_name().filter(pk__in=keys).prefetch_related(memberships)
    by_key = {city.pk: city for city in cities}
    rows = [by_key[key] for key in keys if key in by_key]
    strips = strips_for(rows, points)
    standings = standings_of(rows)
    for city in rows:
        city.strip = strips[city.pk]
        city.standing = standings[city.pk]
    return rows
