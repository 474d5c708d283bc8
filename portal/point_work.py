"""What cities do under a point of the plan: who works on it, and the newest news first.

Who works on a point and when is asked of all cities at once, by a prepared query of short facts;
the rows themselves are fetched for what the page shows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat

from languages.prepared_queries import KEY, PreparedQuery, prepare
from languages.text import current_language
from languages.value_sets import Facts
from members.age import DatedFact, is_recent
from members.city_rows import cities_by_name
from members.city_sets import keys_by_name
from members.models import Action, Commitment, Point, Undertaking
from members.models.actions import known_as_of
from members.models.commitments import Answer

RowT = TypeVar("RowT")
OtherT = TypeVar("OtherT")

# Rows of each list of a page; the directory has all cities.
MOST_ROWS = 50
BETWEEN = "|"
# Where a city has an action, that is shown; else the strongest of what is said of it.
ORDER = ACTION, CHOSEN, IN_PLAN, ASSIGNED = ("action", "chosen", "in plan", "assigned")


# --- What the page shows --------------------------------------------------------------------------


@dataclass
class WorkingCity:
    """A city that works on a point, by its own word or according to public sources.

    `first_date`: when the earliest of its actions began, as far as anybody says; `newest_date`: of
    when its newest news is; partial dates.
    """

    city: Any
    first_date: str
    newest_date: str

    @property
    def title(self) -> str:
        return str(self.city.title)

    @property
    def title_language(self) -> str:
        return str(self.city.title_language)


@dataclass(frozen=True)
class DatedAction(DatedFact):
    """An action of a city under a point, with its age."""

    city: WorkingCity
    action: Action

    @property
    def date(self) -> str:
        return self.action.as_of


@dataclass(frozen=True)
class FirstRows(Generic[RowT]):
    """The first rows of a list. `more`: how many there are beside them."""

    rows: list[RowT]
    more: int = 0

    def of(self, found: Mapping[RowT, OtherT]) -> "FirstRows[OtherT]":
        """The same with what was found for each; without what is gone since."""
        return FirstRows([found[row] for row in self.rows if row in found], self.more)


@dataclass(frozen=True)
class WorkOnPoint:
    """`recent`, `older`: actions, the newest first; old and undated ones apart. `choosing`,
    `planning`, `assigned`: cities without a known action. `count`: of all cities. `dated`: cities
    by their newest news."""

    recent: FirstRows[DatedAction]
    older: FirstRows[DatedAction]
    choosing: FirstRows[WorkingCity]
    planning: FirstRows[WorkingCity]
    assigned: FirstRows[WorkingCity]
    dated: FirstRows[WorkingCity]
    count: int

    @property
    def actions(self) -> list[Action]:
        return [work.action for work in (*self.recent.rows, *self.older.rows)]


def work_on(point: Point) -> WorkOnPoint:
    """Of real cities. Three queries, whatever their number, and one for the order of all cities.

    A city that says it did not choose the point is not named for what others say it does there.
    """
    facts = _facts_of(point)
    recent = first_rows(facts.actions_that(recent=True))
    older = first_rows(facts.actions_that(recent=False))
    choosing = first_rows(facts.cities_without_action(CHOSEN))
    planning = first_rows(facts.cities_without_action(IN_PLAN))
    assigned = first_rows(facts.cities_without_action(ASSIGNED))
    dated = first_rows(facts.cities_by_newest)
    shown_actions = [*recent.rows, *older.rows]
    acting = [action.city for action in shown_actions]
    cities = _cities([*acting, *choosing.rows, *planning.rows, *assigned.rows, *dated.rows], facts)
    works = _works(shown_actions, cities)
    return WorkOnPoint(
        recent=recent.of(works),
        older=older.of(works),
        choosing=choosing.of(cities),
        planning=planning.of(cities),
        assigned=assigned.of(cities),
        dated=dated.of(cities),
        count=len(facts.cities),
    )


def first_rows(rows: list[RowT]) -> FirstRows[RowT]:
    return FirstRows(rows[:MOST_ROWS], max(0, len(rows) - MOST_ROWS))


def _cities(keys: Iterable[int], facts: "PointFacts") -> dict[int, WorkingCity]:
    """One query."""
    rows = cities_by_name().filter(pk__in=set(keys))
    return {city.pk: WorkingCity(city, *facts.years_of(city.pk)) for city in rows}


def _works(
    facts: Iterable["ActionFact"], cities: Mapping[int, WorkingCity]
) -> dict["ActionFact", DatedAction]:
    """One query."""
    keys = [fact.key for fact in facts]
    actions = Action.objects.select_related("commitment__city").in_bulk(keys)
    works = {}
    for fact in facts:
        if fact.city in cities and fact.key in actions:
            works[fact] = DatedAction(cities[fact.city], actions[fact.key])
    return works


# --- Facts about all cities -----------------------------------------------------------------------


class ActionFact(NamedTuple):
    """An action in short: its key, that of its city, partial dates."""

    city: int
    key: int
    starts: str
    as_of: str


class PointFacts:
    """What is known of all cities under a point. `cities`: what is said of each (`CHOSEN` and so
    on), in the order of their names."""

    def __init__(self, said: dict[int, set[str]], actions: list[ActionFact]) -> None:
        order = [key for key in keys_by_name(current_language()) if key in said]
        self.cities = {key: said[key] for key in order}
        self._by_city: dict[int, list[ActionFact]] = defaultdict(list)
        for action in sorted(actions, key=lambda action: (action.starts, action.key)):
            self._by_city[action.city].append(action)

    @cached_property
    def _newest_first(self) -> list[ActionFact]:
        actions = [action for key in self.cities for action in self._by_city.get(key, ())]
        return sorted(actions, key=lambda action: action.as_of, reverse=True)

    def actions_that(self, *, recent: bool) -> list[ActionFact]:
        """The newest first."""
        return [action for action in self._newest_first if is_recent(action.as_of) == recent]

    def cities_without_action(self, word: str) -> list[int]:
        """Cities of which this is the first that is said."""
        return [key for key, words in self.cities.items() if _first_of(words) == word]

    @property
    def cities_by_newest(self) -> list[int]:
        """Cities with a date, that with the newest news first."""
        newest = {key: self.years_of(key)[1] for key in self.cities}
        dated = [key for key in self.cities if newest[key]]
        return sorted(dated, key=newest.__getitem__, reverse=True)

    def years_of(self, city: int) -> tuple[str, str]:
        """When the earliest of its actions began, as far as anybody says, and of when its newest
        news is: partial dates, or empty."""
        actions = self._by_city.get(city, ())
        beginnings = [action.starts or action.as_of for action in actions]
        first_date = min(filter(None, beginnings), default="")
        return first_date, max((action.as_of for action in actions), default="")


def _first_of(words: set[str]) -> str:
    return next(word for word in ORDER if word in words)


def _facts_of(point: Point) -> PointFacts:
    """One query."""
    said: dict[int, set[str]] = defaultdict(set)
    actions = []
    for fact in _query().values(point.pk):
        word, city, *rest = fact.split(BETWEEN)
        said[int(city)].add(word)
        if word == ACTION:
            key, starts, status_as_of, stated_at = rest
            as_of = known_as_of(status_as_of, _moment(stated_at))
            actions.append(ActionFact(int(city), int(key), starts, as_of))
    return PointFacts(said, actions)


def _moment(text: str) -> datetime | None:
    """As a database writes it: SQLite without its time zone, which is UTC."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@cache
def _query() -> PreparedQuery:
    first, *others = _all_facts()
    return prepare(first.union(*others, all=True))


def _all_facts() -> Iterator[Facts]:
    promises = Commitment.objects.public().real().filter(point=KEY)
    yield _facts(promises.chosen_here(), CHOSEN, "city")
    yield _facts(promises.in_plan(), IN_PLAN, "city")
    undertakings = Undertaking.objects.public().real().filter(point_assigned=True)
    unanswered = promises.filter(chosen=Answer.UNKNOWN)
    yield _facts(unanswered.filter(undertakings__in=undertakings), ASSIGNED, "city")
    columns = ("commitment__city", "pk", "starts", "status_as_of", "stated_at")
    yield _facts(_actions_under(KEY), ACTION, *columns)


def _actions_under(point: int) -> QuerySet[Action]:
    """Public actions of real cities under a point, and those that serve it besides."""
    is_under_it = Q(commitment__point=point)
    is_not_chosen = Q(commitment__chosen=Answer.NO)
    relation = Action.further_points.through
    further = relation.objects.filter(point=point)
    serves_it = Q(pk__in=further.values("action"))
    public = Action.objects.public().real()
    return public.filter(is_under_it & ~is_not_chosen | serves_it)


def _facts(rows: QuerySet[Any], word: str, *columns: str) -> Facts:
    """Texts: the word and the values of these columns, with a line between them."""
    parts: list[Combinable] = [_text(word)]
    for column in columns:
        value = Cast(F(column), TextField())
        parts += [_text(BETWEEN), Coalesce(value, _text(""), output_field=TextField())]
    fact = Concat(*parts, output_field=TextField())
    facts: Facts = rows.order_by().annotate(fact=fact).values_list("fact", flat=True)
    return facts


def _text(value: str) -> Value:
    """PostgreSQL joins no text with a short one of its own accord."""
    return Value(value, output_field=TextField())
