"""The sources behind a figure: how many there are, and the most cited of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from members.models import Citation, City, Membership, Source
from members.models.record import content_type_of
from portal.figures.actions import counted_actions
from portal.figures.help import counted_contacts

# So many are named beside a figure.
NAMED = 3


@dataclass(frozen=True)
class SourcesBehind:
    """Of all rows of a figure."""

    count: int
    most_cited: list[Source]


def sources_behind() -> dict[str, SourcesBehind]:
    """By the kind of the rows in the open data: two queries for each."""
    memberships = Membership.objects.public().real()
    rows: dict[str, QuerySet[Any]] = {
        "memberships": memberships.exclude(standing=Membership.Standing.ANNULLED),
        "actions": counted_actions(),
        "contacts": counted_contacts(),
    }
    return {kind: _sources_of(of_kind) for kind, of_kind in rows.items()}


def sources_of_matrix(cities: QuerySet[City], point: str) -> SourcesBehind:
    """Of the actions of these cities, under this point or under any. Two queries."""
    keys = cities.order_by().values("pk")
    actions = counted_actions()
    actions = actions.filter(commitment__city__in=keys)
    if point:
        actions = actions.filter(commitment__point__number=point)
    return _sources_of(actions)


def _sources_of(rows: QuerySet[Any]) -> SourcesBehind:
    content_type = content_type_of(rows.model())
    is_behind = Q(
        citations__content_type=content_type,
        citations__object_id__in=rows.order_by().values("pk"),
    )
    cited = Citation.objects.filter(
        content_type=content_type, object_id__in=rows.order_by().values("pk")
    )
    uses = Count(
        "citations",
        filter=is_behind,
    )
    sources = Source.objects.filter(pk__in=cited.values("source")).annotate(uses=uses)
    return SourcesBehind(
        count=cited.aggregate(sources=Count("source", distinct=True))["sources"],
        most_cited=list(sources.order_by("-uses", "pk")[:NAMED]),
    )
