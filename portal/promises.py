"""What a city promised and what it has done, point by point, built from its records."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from django.utils import timezone

from languages.names import join_list, number
from languages.text import current_language, translated
from members.age import DatedFact
from members.models import (
    Action,
    ActionUpdate,
    City,
    Commitment,
    Evidence,
    Indicator,
    Point,
    Record,
    Review,
    Undertaking,
    Unit,
)
from members.models.commitments import Answer
from members.point_states import PointState
from members.strip import Strip, StripAction, StripColumn, column_of
from portal.city_keys import DISTANT, EVIDENCED, PublicKeys, keys_of
from portal.promise_parts import Parts, parts_of
from programs.models import Programme

# The states of a point that one of its actions gives it, and not its newest alone.
DONE_STATES = (
    PointState.DONE_WITH_EVIDENCE,
    PointState.DONE_WITHOUT_EVIDENCE,
    PointState.FOUND_DONE,
)
UNDER_WAY_STATES = (PointState.UNDER_WAY, PointState.FOUND_UNDER_WAY)
UNDER_WAY_STATUSES = (Action.Status.IN_PROGRESS, Action.Status.DONE)
# By the key of the city.
Actions = dict[int, list[Action]]


@dataclass
class ActionWithParts:
    """An action with all that the public can see of it."""

    action: Action
    evidence: list[Evidence]
    updates: list[ActionUpdate]
    indicators: list[Indicator]
    reviews: list[Review]
    # What it serves besides, and programmes that contribute to it.
    further_points: list[Point]
    programmes: list[Programme]
    # Public evidence, or a source that names the action.
    has_evidence: bool
    # Only the press or a party names it, and the city does not state it.
    is_distant: bool = False

    @property
    def review(self) -> Review | None:
        """The newest one."""
        return self.reviews[0] if self.reviews else None

    @property
    def lacks_evidence(self) -> bool:
        """Done, as somebody says, and nothing shows it."""
        is_done = self.action.status == Action.Status.DONE
        return is_done and not self.has_evidence

    def stands_behind(self, state: PointState) -> bool:
        """Whether a point has this state by this action: by its status, and what shows it."""
        action = self.action
        if state in DONE_STATES:
            is_shown = self.has_evidence or state is PointState.DONE_WITHOUT_EVIDENCE
            return action.status == Action.Status.DONE and is_shown
        if state in UNDER_WAY_STATES:
            return action.status in UNDER_WAY_STATUSES
        return True

    @property
    def unit(self) -> Unit | None:
        """Who is responsible, where that is a public unit and another than the point's own."""
        unit = self.action.unit
        if unit is None or not unit.published_at:
            return None
        unit_of_point = self.action.commitment.unit_id
        if unit.pk == unit_of_point:
            return None
        return unit

    @property
    def existed_before(self) -> bool:
        return self.action.existed_before == Answer.YES

    @property
    def changed_since_review(self) -> bool:
        """The city has written something about it after the review."""
        review = self.review
        stated_at = self.action.stated_at
        if review is None or stated_at is None:
            return False
        return stated_at > review.reviewed_at


@dataclass
class Promise(DatedFact):
    """One point of the plan in one city."""

    point: Point
    column: StripColumn
    commitment: Commitment | None = None
    actions: list[ActionWithParts] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    undertakings: list[Undertaking] = field(default_factory=list)

    @property
    def in_plan(self) -> list[Undertaking]:
        """What the city's own plan puts under this point, the newest first."""
        return [row for row in self.undertakings if not row.point_assigned]

    @property
    def assigned(self) -> list[Undertaking]:
        """What the city undertook, put under this point by the portal, the newest first."""
        return [row for row in self.undertakings if row.point_assigned]

    @property
    def new(self) -> list[ActionWithParts]:
        return [item for item in self.actions if not item.existed_before]

    @property
    def older(self) -> list[ActionWithParts]:
        """In place before the city joined."""
        return [item for item in self.actions if item.existed_before]

    @property
    def is_promised(self) -> bool:
        if self.commitment is None:
            return False
        return self.commitment.chosen == Answer.YES

    @property
    def is_answered(self) -> bool:
        """Whether the city itself says something. An entry that only held claims which are gone
        says nothing."""
        if self.commitment is None:
            return False
        has_statement = bool(translated(self.commitment, "statement"))
        return self.commitment.needs_source or has_statement

    @property
    def is_known(self) -> bool:
        return self.column.is_known or self.is_answered

    @property
    def newest(self) -> ActionWithParts | None:
        """The action of which the newest news is."""
        return max(self.actions, key=lambda item: (item.action.as_of, item.action.pk), default=None)

    @property
    def further_words(self) -> str:
        """What the strip says of the point where its newest action says less: that an earlier one
        is done. Empty where that action is what the strip shows."""
        newest = self.newest
        if newest is None or newest.stands_behind(self.column.state):
            return ""
        return self.column.words

    @property
    def date(self) -> str:
        """Of what the point's line says: of its newest action, else of the newest undertaking, else
        of the city's own answer (partial date or "")."""
        if self.newest:
            return self.newest.action.as_of
        if self.undertakings:
            newest = self.undertakings[0]
            return str(newest.as_of)
        return self.column.as_of


@dataclass
class Promises:
    """All points of the plan in one city, in order."""

    points: list[Promise]

    @cached_property
    def strip(self) -> Strip:
        return Strip(tuple(promise.column for promise in self.points))

    @property
    def known(self) -> list[Promise]:
        return [promise for promise in self.points if promise.is_known]

    @property
    def unknown(self) -> list[Promise]:
        return [promise for promise in self.points if not promise.is_known]

    @property
    def unknown_numbers(self) -> str:
        """Of the points of which nothing is known: `1, 2 and 3`."""
        numbers = [number(promise.point.number, current_language()) for promise in self.unknown]
        return join_list(numbers, current_language())

    @property
    def has_assigned(self) -> bool:
        """Whether the network put a cited action under its point."""
        return any(action.is_assigned for action in self.actions)

    @property
    def has_undertakings(self) -> bool:
        return any(promise.undertakings for promise in self.points)

    @property
    def has_reviews(self) -> bool:
        return any(item.review for promise in self.points for item in promise.actions)

    @property
    def has_claims(self) -> bool:
        """Whether sources name what the city has not confirmed."""
        has_cited_action = any(not action.is_stated for action in self.actions)
        return has_cited_action or self.has_undertakings

    @property
    def actions(self) -> list[Action]:
        actions = []
        for promise in self.points:
            actions += [item.action for item in promise.actions]
        return actions

    @property
    def confirmed_on(self) -> date | None:
        """The last day on which the city itself said something about any point, or made an action
        its own."""
        days: list[date] = []
        for promise in self.points:
            confirmed_on = promise.column.confirmed_on
            if confirmed_on:
                days.append(confirmed_on)
        for action in self.actions:
            if action.stated_at:
                stated_on = timezone.localdate(action.stated_at)
                days.append(stated_on)
        return max(
            days,
            default=None,
        )

    @property
    def records(self) -> list[Record]:
        """What may have citations."""
        records: list[Record] = []
        for promise in self.points:
            commitment = promise.commitment
            if commitment:
                records.append(commitment)
            records += promise.undertakings
        records += self.actions
        return records


def promises_of(city: City, keys: PublicKeys) -> Promises:
    """What is public of a city's commitments. The number of queries does not grow with them."""
    return _promises_by_city([city], keys)[city.pk]


def promises_by_city(cities: Iterable[City]) -> dict[int, Promises]:
    """The same of several cities, by their keys, with as many queries as for one."""
    cities = list(cities)
    return _promises_by_city(cities, keys_of(cities))


def _promises_by_city(cities: Iterable[City], keys: PublicKeys) -> dict[int, Promises]:
    in_force = Point.objects.public().filter(plan__in_force=True)
    points = list(in_force)
    commitments = {}
    for row in keys.rows(Commitment.objects.select_related("unit")):
        commitments[row.city_id, row.point_id] = row
    parts = parts_of(keys)
    by_city = {}
    for city in cities:
        promises = []
        for point in points:
            commitment = commitments.get((city.pk, point.pk))
            promise = _promise(point, commitment, parts)
            promises.append(promise)
        by_city[city.pk] = Promises(promises)
    return by_city


def _promise(point: Point, commitment: Commitment | None, parts: Parts) -> Promise:
    if commitment is None:
        return Promise(point, StripColumn(point.number))
    indicators = parts.indicators[commitment.pk]
    undertakings = parts.undertakings[commitment.pk]
    actions = []
    for action in parts.actions[commitment.pk]:
        action.commitment = commitment
        actions.append(_with_parts(action, parts, indicators))
    return Promise(
        point,
        _column(point, commitment, actions, undertakings),
        commitment,
        # The city's own and official sources first.
        actions=sorted(actions, key=lambda item: item.is_distant),
        indicators=[indicator for indicator in indicators if indicator.action_id is None],
        undertakings=undertakings,
    )


def _column(
    point: Point,
    commitment: Commitment,
    actions: list[ActionWithParts],
    undertakings: list[Undertaking],
) -> StripColumn:
    """What the strip shows of a point."""
    moments = [commitment.confirmed_at, commitment.stated_at]
    confirmed_at = max(filter(None, moments), default=None)
    strip_actions = []
    for item in actions:
        action = item.action
        strip_action = StripAction(
            action.status,
            action.is_stated,
            item.has_evidence,
            as_of=action.as_of,
            is_assigned=action.point_assigned,
        )
        strip_actions.append(strip_action)
    column = column_of(
        point.number,
        commitment.chosen,
        confirmed_at,
        tuple(strip_actions),
    )
    plan_as_of = _newest(undertakings, point_assigned=False)
    return replace(
        column,
        is_stated=commitment.origin == Commitment.Origin.STATED or plan_as_of is None,
        plan_as_of=plan_as_of,
        assigned_as_of=_newest(undertakings, point_assigned=True),
    )


def _newest(undertakings: list[Undertaking], *, point_assigned: bool) -> str | None:
    """The newest partial date of the undertakings of one kind; None without any."""
    dates = [str(row.as_of) for row in undertakings if row.point_assigned == point_assigned]
    return max(dates, default=None)


def _with_parts(action: Action, parts: Parts, indicators: Iterable[Indicator]) -> ActionWithParts:
    return ActionWithParts(
        action,
        evidence=parts.evidence[action.pk],
        updates=parts.updates[action.pk],
        indicators=[row for row in indicators if row.action_id == action.pk],
        reviews=parts.reviews[action.pk],
        further_points=parts.further_points[action.pk],
        programmes=parts.programmes[action.pk],
        has_evidence=parts.keys.is_said(EVIDENCED, action),
        is_distant=not action.is_stated and parts.keys.is_said(DISTANT, action),
    )
