"""What the promises of cities consist of: undertakings, actions and their parts, each list by the
key of what its rows belong to."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import Prefetch

from members.models import (
    Action,
    ActionUpdate,
    Evidence,
    Indicator,
    IndicatorValue,
    Point,
    Review,
    Undertaking,
)
from portal.city_keys import (
    DISTANT,
    FURTHER_POINTS,
    PROGRAMMES_OF_ACTIONS,
    PROGRAMMES_OF_UNDERTAKINGS,
    PublicKeys,
)
from programs.models import Programme


@dataclass(frozen=True)
class Parts:
    """Public rows. A list is empty where there are none."""

    keys: PublicKeys
    # By the key of the commitment: undertakings the newest first, actions the oldest first.
    undertakings: dict[int, list[Undertaking]]
    actions: dict[int, list[Action]]
    indicators: dict[int, list[Indicator]]
    # By the key of the action: updates and reviews the newest first.
    evidence: dict[int, list[Evidence]]
    updates: dict[int, list[ActionUpdate]]
    reviews: dict[int, list[Review]]
    further_points: dict[int, list[Point]]
    programmes: dict[int, list[Programme]]


def parts_of(keys: PublicKeys) -> Parts:
    """One query for each kind of which the cities have rows."""
    actions = Action.objects.select_related("unit").order_by("starts", "pk")
    evidence = Evidence.objects.select_related("source", "document").order_by("pk")
    updates = ActionUpdate.objects.order_by("-on", "-pk")
    reviews = Review.objects.order_by("-reviewed_at")
    points = FURTHER_POINTS.objects.select_related("point").order_by("point__number")
    programmes = PROGRAMMES_OF_ACTIONS.objects.select_related("programme").order_by("programme_id")
    return Parts(
        keys,
        undertakings=_grouped(_undertakings_of(keys), "commitment_id"),
        actions=_grouped(keys.rows(actions), "commitment_id"),
        indicators=_grouped(_indicators_of(keys), "commitment_id"),
        evidence=_grouped(keys.rows(evidence), "action_id"),
        updates=_grouped(keys.rows(updates), "action_id"),
        reviews=_grouped(keys.rows(reviews), "action_id"),
        further_points=_grouped(keys.rows(points), "action_id", "point"),
        programmes=_grouped(keys.rows(programmes), "action_id", "programme"),
    )


def _undertakings_of(keys: PublicKeys) -> list[Undertaking]:
    """The newest first, each with its public programmes and whether its sources are distant."""
    relations = PROGRAMMES_OF_UNDERTAKINGS.objects.select_related("programme")
    rows = keys.rows(relations.order_by("programme_id"))
    programmes = _grouped(rows, "undertaking_id", "programme")
    undertakings = keys.rows(Undertaking.objects.order_by("-as_of", "pk"))
    for undertaking in undertakings:
        undertaking.public_programmes = programmes[undertaking.pk]
        undertaking.is_distant = keys.is_said(DISTANT, undertaking)
    return undertakings


def _indicators_of(keys: PublicKeys) -> list[Indicator]:
    public_values = IndicatorValue.objects.public().select_related("source")
    values = Prefetch("values", public_values.order_by("on"))
    return keys.rows(Indicator.objects.order_by("pk").prefetch_related(values))


def _grouped(rows: Iterable[Any], owner: str, part: str = "") -> dict[int, list[Any]]:
    """Rows by the key of their owner; `part`: what each row leads to instead of itself."""
    groups: dict[int, list[Any]] = defaultdict(list)
    key_of = attrgetter(owner)
    for row in rows:
        own = getattr(row, part) if part else row
        groups[key_of(row)].append(own)
    return groups
