"""Strips from the rows of cities, and what shows an action."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from members.models import (
    Action,
    Citation,
    City,
    Commitment,
    Evidence,
    Point,
    Record,
    Undertaking,
)
from members.models.actions import known_as_of
from members.models.record import content_type_of
from members.strip.columns import StripAction, StripColumn
from members.strip.strips import Strip


class StripRow(NamedTuple):
    """A public commitment with one of its public actions, or with none."""

    city: int
    number: int
    chosen: str
    confirmed_at: datetime | None
    stated_at: datetime | None
    # Of the action; what belongs to it is public with the commitment.
    published_at: datetime | None
    status: str
    origin: str
    status_as_of: str
    action_stated_at: datetime | None
    is_assigned: bool
    has_evidence: bool
    own_origin: str
    plan_as_of: str | None
    assigned_as_of: str | None

    @property
    def confirmation(self) -> datetime | None:
        """When the city last wrote or confirmed it."""
        moments = (self.confirmed_at, self.stated_at)
        return max(filter(None, moments), default=None)

    @property
    def action(self) -> StripAction:
        return StripAction(
            status=self.status,
            is_stated=self.origin == Record.Origin.STATED,
            has_evidence=self.has_evidence,
            as_of=known_as_of(self.status_as_of, self.action_stated_at),
            is_assigned=self.is_assigned,
        )


def strips_for(cities: Iterable[City], numbers: Sequence[int] | None = None) -> dict[int, Strip]:
    """The strip of each of these cities, by its key: two queries for a list however long.

    `numbers`: of the points of the plan, where the caller knows them; that spares one.
    """
    if numbers is None:
        points = Point.objects.public().filter(plan__in_force=True)
        numbers = list(points.values_list("number", flat=True))
    keys = [city.pk for city in cities]
    rows = _rows_by_column(keys)
    # Most columns of a list are empty: one for all cities is counted and drawn once.
    nothing = {number: StripColumn(number) for number in numbers}
    strips = {}
    for city in keys:
        columns = []
        for number in numbers:
            own_rows = rows.get((city, number))
            column = _column(number, own_rows) if own_rows else nothing[number]
            columns.append(column)
        strips[city] = Strip(tuple(columns))
    return strips


def _rows_by_column(cities: list[int]) -> dict[tuple[int, int], list[StripRow]]:
    """The rows of each column, by the key of its city and the number of its point."""
    rows: dict[tuple[int, int], list[StripRow]] = defaultdict(list)
    for row in _rows(cities):
        column = (row.city, row.number)
        rows[column].append(row)
    return rows


def _column(number: int, rows: list[StripRow]) -> StripColumn:
    """The column of a city's point from its rows: all of one commitment."""
    first = rows[0]
    actions = [row.action for row in rows if row.published_at]
    column = column_of(
        number=number,
        chosen=first.chosen,
        confirmation=first.confirmation,
        actions=actions,
    )
    return replace(
        column,
        is_stated=first.own_origin == Record.Origin.STATED or first.plan_as_of is None,
        plan_as_of=first.plan_as_of,
        assigned_as_of=first.assigned_as_of,
    )


def column_of(
    number: int, chosen: str, confirmation: datetime | None, actions: Sequence[StripAction]
) -> StripColumn:
    """A column; `confirmation` is when the city last wrote or confirmed it."""
    confirmed_on = timezone.localdate(confirmation) if confirmation else None
    return StripColumn(
        number=number,
        chosen=chosen,
        confirmed_on=confirmed_on,
        actions=tuple(actions),
    )


def has_evidence(action: str = "pk") -> Q:
    """Whether something public shows an action, by its key: evidence, or a source that names it.
    `action`: the lookup to that key."""
    return has_own_evidence(action) | has_source(action)


def has_own_evidence(action: str = "pk") -> Exists:
    """Whether an action, by its key, has public evidence: what somebody added to show it."""
    evidence = Evidence.objects.public().filter(action=OuterRef(action))
    return Exists(evidence)


def has_source(action: str = "pk") -> Exists:
    """Whether a source names an action, by its key."""
    citations = Citation.objects.filter(
        content_type=content_type_of(Action()),
        object_id=OuterRef(action),
    )
    return Exists(citations)


def _rows(cities: list[int]) -> Iterator[StripRow]:
    """A row for each public action, and one for a commitment without any."""
    commitments = Commitment.objects.public().filter(city__in=cities, point__plan__in_force=True)
    rows = commitments.annotate(
        has_evidence=has_evidence("actions"),
        plan_as_of=_newest_undertaking(point_assigned=False),
        assigned_as_of=_newest_undertaking(point_assigned=True),
    )
    columns = rows.order_by().values_list(
        "city",
        "point__number",
        "chosen",
        "confirmed_at",
        "stated_at",
        "actions__published_at",
        "actions__status",
        "actions__origin",
        "actions__status_as_of",
        "actions__stated_at",
        "actions__point_assigned",
        "has_evidence",
        "origin",
        "plan_as_of",
        "assigned_as_of",
    )
    for values in columns:
        yield StripRow(*values)


def _newest_undertaking(*, point_assigned: bool) -> Subquery:
    """The newest partial date of the public undertakings of a commitment; NULL without any."""
    published = Undertaking.objects.filter(published_at__isnull=False)
    own = published.filter(commitment=OuterRef("pk"), point_assigned=point_assigned)
    return Subquery(own.order_by("-as_of").values("as_of")[:1])
