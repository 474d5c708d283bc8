"""What a city promised and what it has done, point by point, built from its records."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Prefetch, QuerySet

from members.models import Action, ActionUpdate, City, Commitment, Evidence, Indicator, IndicatorValue, Point, Review
from members.models.commitments import Answer
from members.strip import Column, Deed, Strip, column_of, evidenced


@dataclass
class Deeds:
    """An action with all that the public can see of it."""

    action: Action
    evidence: list[Evidence]
    updates: list[ActionUpdate]
    indicators: list[Indicator]
    reviews: list[Review]

    @property
    def review(self) -> Review | None:
        """The newest one."""
        return self.reviews[0] if self.reviews else None

    @property
    def lacks_evidence(self) -> bool:
        """Done, as somebody says, and nothing shows it."""
        return self.action.status == Action.Status.DONE and not self.action.seen

    @property
    def existed_before(self) -> bool:
        return self.action.existed_before == Answer.YES

    @property
    def changed_since_review(self) -> bool:
        """The city has written something about it after the review."""
        said = self.action.stated_at
        return bool(self.review and said and said > self.review.reviewed_at)


@dataclass
class Promise:
    """One point of the plan in one city."""

    point: Point
    column: Column
    commitment: Commitment | None = None
    deeds: list[Deeds] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)

    @property
    def new(self) -> list[Deeds]:
        return [deed for deed in self.deeds if not deed.existed_before]

    @property
    def older(self) -> list[Deeds]:
        """In place before the city joined."""
        return [deed for deed in self.deeds if deed.existed_before]

    @property
    def is_promised(self) -> bool:
        return bool(self.commitment) and self.commitment.chosen == Answer.YES

    @property
    def late(self) -> int:
        """The number of its actions that are overdue."""
        return sum(deed.action.is_late for deed in self.deeds)


@dataclass
class Promises:
    """All points of the plan in one city, in order."""

    points: list[Promise]

    @cached_property
    def strip(self) -> Strip:
        return Strip(tuple(promise.column for promise in self.points))

    @property
    def known(self) -> list[Promise]:
        return [promise for promise in self.points if promise.column.known or promise.commitment]

    @property
    def unknown(self) -> list[Promise]:
        return [promise for promise in self.points if promise not in self.known]

    @property
    def confirmed_on(self) -> date | None:
        """The last day on which the city itself said something about any point."""
        days = [promise.column.confirmed_on for promise in self.points if promise.column.confirmed_on]
        return max(days, default=None)

    @property
    def records(self) -> list[Commitment | Action]:
        """What may have citations."""
        promised = [promise.commitment for promise in self.points if promise.commitment]
        return [*promised, *(deed.action for promise in self.points for deed in promise.deeds)]


def promises_of(city: City) -> Promises:
    """What is public of a city's commitments. The number of queries does not grow with them."""
    points = list(Point.objects.public().filter(plan__in_force=True))
    commitments = {
        row.point_id: row
        for row in Commitment.objects.public().filter(city=city, point__in=points).select_related("unit")
    }
    actions: dict[int, list[Action]] = defaultdict(list)
    for action in actions_shown(Action.objects.filter(commitment__in=commitments.values())):
        actions[action.commitment_id].append(action)
    values = Prefetch("values", IndicatorValue.objects.public().select_related("source").order_by("on"))
    indicators: dict[int, list[Indicator]] = defaultdict(list)
    found = Indicator.objects.public().filter(commitment__in=commitments.values()).prefetch_related(values)
    for indicator in found.order_by("pk"):
        indicators[indicator.commitment_id].append(indicator)
    return Promises([_promise(point, commitments.get(point.pk), actions, indicators) for point in points])


def actions_shown(actions: QuerySet[Action]) -> QuerySet[Action]:
    """Public actions with their parts; the oldest first."""
    return (
        actions.public()
        .annotate(seen=evidenced())
        .select_related("unit", "suggested_action")
        .prefetch_related(
            Prefetch("evidence", Evidence.objects.public().select_related("source", "document").order_by("pk")),
            Prefetch("updates", ActionUpdate.objects.public().order_by("-on", "-pk")),
            Prefetch("reviews", Review.objects.public().order_by("-reviewed_at")),
            Prefetch("further_points", Point.objects.public().order_by("number")),
        )
        .order_by("starts", "pk")
    )


def _promise(
    point: Point,
    commitment: Commitment | None,
    actions: dict[int, list[Action]],
    indicators: dict[int, list[Indicator]],
) -> Promise:
    if commitment is None:
        return Promise(point, Column(point.number))
    own = actions[commitment.pk]
    numbers = indicators[commitment.pk]
    deeds = tuple(Deed(action.status, action.is_stated, action.seen) for action in own)
    said = max(filter(None, [commitment.confirmed_at, commitment.stated_at]), default=None)
    return Promise(
        point,
        column_of(point.number, commitment.chosen, said, deeds),
        commitment,
        [_deeds(action, numbers) for action in own],
        [indicator for indicator in numbers if indicator.action_id is None],
    )


def _deeds(action: Action, indicators: Iterable[Indicator]) -> Deeds:
    own = [indicator for indicator in indicators if indicator.action_id == action.pk]
    return Deeds(action, action.evidence.all(), action.updates.all(), own, action.reviews.all())
