"""What a city promised and what it has done, point by point, built from its records."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone

from languages.text import current_language, language_columns, translated
from members.models import (
    Action,
    ActionUpdate,
    City,
    Commitment,
    Evidence,
    Indicator,
    IndicatorValue,
    Point,
    Review,
    Unit,
)
from members.models.commitments import Answer
from members.strip import Strip, StripAction, StripColumn, column_of, has_evidence
from programs.models import Programme


@dataclass
class ActionWithParts:
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
    def unit(self) -> Unit | None:
        """Who is responsible, where that is a public unit and another than the point's own."""
        unit = self.action.unit
        own = self.action.commitment.unit_id
        return unit if unit and unit.published_at and unit.pk != own else None

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
    column: StripColumn
    commitment: Commitment | None = None
    actions: list[ActionWithParts] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)

    @property
    def new(self) -> list[ActionWithParts]:
        return [item for item in self.actions if not item.existed_before]

    @property
    def older(self) -> list[ActionWithParts]:
        """In place before the city joined."""
        return [item for item in self.actions if item.existed_before]

    @property
    def is_promised(self) -> bool:
        return bool(self.commitment) and self.commitment.chosen == Answer.YES

    @property
    def is_answered(self) -> bool:
        """The city itself says something: an entry that only held claims which are gone says
        nothing."""
        row = self.commitment
        return bool(row) and (row.needs_source or bool(translated(row, "statement")))

    @property
    def late(self) -> int:
        """The number of its actions that are overdue."""
        return sum(item.action.is_late for item in self.actions)


@dataclass
class Promises:
    """All points of the plan in one city, in order."""

    points: list[Promise]

    @cached_property
    def strip(self) -> Strip:
        return Strip(tuple(promise.column for promise in self.points))

    @property
    def known(self) -> list[Promise]:
        return [
            promise for promise in self.points if promise.column.is_known or promise.is_answered
        ]

    @property
    def unknown(self) -> list[Promise]:
        return [promise for promise in self.points if promise not in self.known]

    @property
    def confirmed_on(self) -> date | None:
        """The last day on which the city itself said something about any point, or made an action
        its own."""
        days = [
            promise.column.confirmed_on for promise in self.points if promise.column.confirmed_on
        ]
        stated = [
            item.action.stated_at
            for promise in self.points
            for item in promise.actions
            if item.action.stated_at
        ]
        return max([*days, *map(timezone.localdate, stated)], default=None)

    @property
    def records(self) -> list[Commitment | Action]:
        """What may have citations."""
        promised = [promise.commitment for promise in self.points if promise.commitment]
        return [*promised, *(item.action for promise in self.points for item in promise.actions)]


def promises_of(city: City) -> Promises:
    """What is public of a city's commitments. The number of queries does not grow with them."""
    points = list(Point.objects.public().filter(plan__in_force=True))
    commitments = {
        row.point_id: row
        for row in Commitment.objects.public()
        .filter(city=city, point__in=points)
        .select_related("unit")
    }
    actions: dict[int, list[Action]] = defaultdict(list)
    for action in actions_shown(Action.objects.filter(commitment__in=commitments.values())):
        actions[action.commitment_id].append(action)
    values = Prefetch(
        "values", IndicatorValue.objects.public().select_related("source").order_by("on")
    )
    indicators: dict[int, list[Indicator]] = defaultdict(list)
    found = (
        Indicator.objects.public()
        .filter(commitment__in=commitments.values())
        .prefetch_related(values)
    )
    for indicator in found.order_by("pk"):
        indicators[indicator.commitment_id].append(indicator)
    return Promises(
        [_promise(point, commitments.get(point.pk), actions, indicators) for point in points]
    )


def actions_shown(actions: QuerySet[Action]) -> QuerySet[Action]:
    """Public actions with their parts; the oldest first."""
    return (
        actions.public()
        .annotate(seen=has_evidence())
        .select_related("unit", "commitment")
        .prefetch_related(
            Prefetch(
                "evidence",
                Evidence.objects.public().select_related("source", "document").order_by("pk"),
            ),
            Prefetch("updates", ActionUpdate.objects.public().order_by("-on", "-pk")),
            Prefetch("reviews", Review.objects.public().order_by("-reviewed_at")),
            Prefetch("further_points", Point.objects.public().order_by("number")),
            Prefetch(
                "programmes", Programme.objects.public().order_by("pk"), to_attr="public_programmes"
            ),
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
        return Promise(point, StripColumn(point.number))
    own = actions[commitment.pk]
    numbers = indicators[commitment.pk]
    strip_actions = tuple(
        StripAction(action.status, action.is_stated, action.seen) for action in own
    )
    said = max(filter(None, [commitment.confirmed_at, commitment.stated_at]), default=None)
    return Promise(
        point,
        column_of(point.number, commitment.chosen, said, strip_actions),
        commitment,
        [_with_parts(action, numbers) for action in own],
        [indicator for indicator in numbers if indicator.action_id is None],
    )


def _with_parts(action: Action, indicators: Iterable[Indicator]) -> ActionWithParts:
    own = [indicator for indicator in indicators if indicator.action_id == action.pk]
    return ActionWithParts(
        action, action.evidence.all(), action.updates.all(), own, action.reviews.all()
    )


@dataclass
class Working:
    """A city that works on a point, by its own word or according to public sources, and how."""

    city: City
    title: str
    title_language: str
    chosen: bool
    actions: list[Action] = field(default_factory=list)


def cities_working_on(point: Point) -> list[Working]:
    """Real cities that chose a point or do something that serves it, in the order of the reader's
    language.

    Two queries. A city that says it did not choose the point is not named for what others say it
    does there.
    """
    language = current_language()
    chosen = (
        City.objects.public()
        .real()
        .filter(commitments__in=Commitment.objects.public().filter(point=point, chosen=Answer.YES))
    )
    actions = _actions_under(point)
    acting: dict[int, list[Action]] = defaultdict(list)
    for action in actions:
        acting[action.commitment.city_id].append(action)
    cities = (
        City.objects.public()
        .filter(Q(pk__in=chosen.values("pk")) | Q(pk__in=acting))
        .by_name(language)
        .annotate(
            title=F("index_rows__title"),
            title_language=F("index_rows__title_language"),
            has_chosen=Q(pk__in=chosen.values("pk")),
        )
        .select_related("country")
        .defer(*language_columns(City))
    )
    return [
        Working(city, city.title, city.title_language, city.has_chosen, acting[city.pk])
        for city in cities
    ]


def _actions_under(point: Point) -> QuerySet[Action]:
    under = Q(commitment__point=point) & ~Q(commitment__chosen=Answer.NO)
    serving = Q(pk__in=Action.further_points.through.objects.filter(point=point).values("action"))
    return (
        Action.objects.public()
        .real()
        .filter(under | serving)
        .annotate(seen=has_evidence())
        .select_related("commitment__city")
        .order_by("starts", "pk")
    )
