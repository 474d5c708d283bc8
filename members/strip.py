"""The mark of the product: a city's work on the plan as one column per point, drawn and in words.

One bar: chosen. Two: something under way. Three: something done with evidence. A dash: not chosen.
Nothing: not known. A bar is filled where the city itself says so, and an outline where only public
sources do, its own published plan among them; the outline is dashed where all of these are old or
have no date (`members.age`). A dot in the outline: the portal chose the point, no source names it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import ngettext, pgettext

from members.age import Age, age_of, is_recent
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
from members.models.commitments import Answer, is_stale
from members.models.record import content_type_of
from members.point_states import STATE_LABELS, PointBasis, PointState

# All in units of the drawing, which is shown one to one: a column every 22 pixels, the number under
# it.
PITCH = 22
BAR = 14
LEFT = (PITCH - BAR) // 2
BAR_HEIGHT = 6
STEP = 9
DASH_HEIGHT = 2
BARS = 3
FOOT = BARS * STEP - (STEP - BAR_HEIGHT)
NUMBER_LINE = FOOT + 15
HEIGHT = NUMBER_LINE + 3
OUTLINE = 1.5
DOT = 2
DASH_TOP = FOOT - (BAR_HEIGHT + DASH_HEIGHT) // 2


@dataclass(frozen=True)
class StripAction:
    """What the strip must know of an action: its status, whether the city states it, whether
    evidence or a source shows it (`has_evidence`), the partial date of which the status is true,
    whether the portal chose its point."""

    status: str
    is_stated: bool
    has_evidence: bool
    as_of: str = ""
    is_assigned: bool = False

    @property
    def is_done(self) -> bool:
        return self.status == Action.Status.DONE

    @property
    def is_in_progress(self) -> bool:
        return self.status == Action.Status.IN_PROGRESS


@dataclass(frozen=True)
class StripColumn:
    """A point of the plan in one city. `confirmed_on`: when the city last wrote or confirmed it.

    `is_stated`: whether `chosen` is said here, by the city or for it; else its published plan says
    so.
    `plan_as_of`, `assigned_as_of`: the newest partial dates of what it undertook, in a plan that
    names the point and where the portal chose it; None where there is nothing.
    """

    number: int
    chosen: str = Answer.UNKNOWN
    confirmed_on: date | None = None
    actions: tuple[StripAction, ...] = ()
    is_stated: bool = True
    plan_as_of: str | None = None
    assigned_as_of: str | None = None

    @property
    def is_in_plan(self) -> bool:
        """The city's own published plan names the point; the city has not confirmed it here."""
        return self.chosen == Answer.YES and not self.is_stated

    @cached_property
    def is_assigned(self) -> bool:
        """Whether all that stands here stands under this point because the portal chose it."""
        if not self.is_only_claimed or self.chosen == Answer.YES:
            return False
        return all(action.is_assigned for action in self.actions)

    @property
    def is_refused(self) -> bool:
        """The city says that it does not work on this point: a dash."""
        return self.chosen == Answer.NO

    @property
    def own_actions(self) -> list[StripAction]:
        """What the city itself states."""
        return [action for action in self.actions if action.is_stated]

    @cached_property
    def own_bars(self) -> int:
        """How many bars stand on the city's own word: they are filled."""
        if self.is_refused:
            return 0
        chosen = self.chosen if self.is_stated else Answer.UNKNOWN
        return _bars(chosen, self.own_actions)

    @cached_property
    def recent_bars(self) -> int:
        """How many bars stand on the city's word or on recent sources: they are not dashed."""
        if self.is_refused:
            return 0
        recent = [row for row in self.actions if row.is_stated or is_recent(row.as_of)]
        is_in_recent_plan = self.is_in_plan and is_recent(self.plan_as_of or "")
        is_chosen = self.is_stated or is_in_recent_plan
        bars = _bars(self.chosen if is_chosen else Answer.UNKNOWN, recent)
        if not bars and is_recent(self.assigned_as_of or ""):
            return 1
        return bars

    @property
    def has_old_bars(self) -> bool:
        return self.bars > self.recent_bars

    @cached_property
    def bars(self) -> int:
        """How many bars there are, those outlined as well."""
        if self.is_refused:
            return 0
        bars = _bars(self.chosen, self.actions)
        has_undertaking = self.assigned_as_of is not None
        return bars or int(has_undertaking)

    @cached_property
    def is_known(self) -> bool:
        return self.is_refused or self.bars > 0

    @property
    def is_only_claimed(self) -> bool:
        """Public sources name something here; the city has said nothing."""
        return self.bars > 0 and self.own_bars == 0

    @property
    def has_claimed_actions(self) -> bool:
        """Whether bars stand on actions that only public sources name."""
        bars = 0 if self.is_refused else _bars(Answer.UNKNOWN, self.actions)
        return bars > self.own_bars

    @property
    def is_done_without_evidence(self) -> bool:
        if self.own_bars == BARS:
            return False
        return any(action.is_done for action in self.own_actions)

    @property
    def is_under_way(self) -> bool:
        return self.own_bars == BARS - 1 and not self.is_done_without_evidence

    @property
    def is_stale(self) -> bool:
        return self.own_bars > 0 and is_stale(self.confirmed_on)

    @property
    def words(self) -> str:
        """How the city stands in this point, in a few words."""
        words = str(STATE_LABELS[self.state])
        if not self.is_only_claimed or is_recent(self.as_of):
            return words
        return pgettext("point of a city", "%(words)s; old or undated") % {"words": words}

    @property
    def state(self) -> PointState:
        """The code of `words`, without their age."""
        if self.is_refused:
            return PointState.NOT_CHOSEN
        if not self.is_known:
            return PointState.NOT_KNOWN
        return _claimed_state(self) if self.is_only_claimed else _own_state(self)

    @property
    def basis(self) -> PointBasis | None:
        """Whose word puts the city under the point; None where nothing does."""
        if self.is_in_plan:
            return PointBasis.PLAN
        if self.chosen:
            return PointBasis.STATED
        if self.assigned_as_of is not None:
            return PointBasis.ASSIGNED
        return PointBasis.ACTIONS if self.actions else None

    @property
    def age(self) -> Age | None:
        """Of the facts that give `words`; None where nothing is known."""
        return age_of(self.as_of) if self.is_known else None

    @property
    def as_of(self) -> str:
        """The newest partial date of the facts that give `words`; "" where they have none.

        What is newer and says less is not among them: a plan of 2026 is no date of what was done
        in 2023.
        """
        if self.is_refused or not self.is_known or self._is_own_choice:
            return self.confirmed_on.isoformat() if self.confirmed_on else ""
        actions = self.actions if self.is_only_claimed else self.own_actions
        bars = self.bars if self.is_only_claimed else self.own_bars
        if bars <= 1 and self.is_only_claimed and self.is_in_plan:
            return self.plan_as_of or ""
        if not actions:
            return self.assigned_as_of or ""
        dates = [action.as_of for action in actions if _stands_behind(action, bars, actions)]
        return max(dates, default="")

    @property
    def _is_own_choice(self) -> bool:
        """The city chose the point, and states no more than that."""
        is_chosen = self.chosen == Answer.YES and self.is_stated
        return is_chosen and self.own_bars == 1

    @property
    def bar_path(self) -> str:
        """The column alone, as filled bars: the value of an SVG path's `d`."""
        return _filled_path(self, 0)

    @property
    def outline_path(self) -> str:
        """The column alone, its outlined bars."""
        return _outline_path(self, 0)

    @property
    def dashed_path(self) -> str:
        """The column alone, its dashed bars."""
        return _dashed_path(self, 0)

    @property
    def dot_path(self) -> str:
        """The column alone, the dot in its lowest bar."""
        return _dot_path(self, 0)


@dataclass(frozen=True)
class Strip:
    """All points of the plan in one city."""

    columns: tuple[StripColumn, ...] = field(default=())

    @property
    def is_known(self) -> bool:
        """Whether anything is known: without that, no strip is drawn."""
        return any(column.is_known for column in self.columns)

    @property
    def width(self) -> int:
        return PITCH * len(self.columns)

    @property
    def view_box(self) -> str:
        """The value of the SVG attribute `viewBox`."""
        return f"0 0 {self.width} {HEIGHT}"

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def number_line(self) -> int:
        """The base line of the numbers."""
        return NUMBER_LINE

    @property
    def bar_path(self) -> str:
        """Filled bars and dashes: the value of an SVG path's `d`."""
        path = ""
        for left, column in self._known_columns:
            path += _filled_path(column, left)
        return path

    @property
    def outline_path(self) -> str:
        """Outlined bars, to be stroked."""
        path = ""
        for left, column in self._known_columns:
            path += _outline_path(column, left)
        return path

    @property
    def dashed_path(self) -> str:
        """Outlined bars that are old or without a date, to be stroked with dashes."""
        path = ""
        for left, column in self._known_columns:
            path += _dashed_path(column, left)
        return path

    @property
    def dot_path(self) -> str:
        """Dots in the bars of points that the portal chose."""
        path = ""
        for left, column in self._known_columns:
            path += _dot_path(column, left)
        return path

    @property
    def blank_path(self) -> str:
        """A small dot at the foot of every column of which nothing is known."""
        path = ""
        for left, column in self._placed_columns():
            if not column.is_known:
                path += _rectangle(left + (BAR - DOT) / 2, FOOT - DOT, DOT, DOT)
        return path

    def _placed_columns(self) -> Iterator[tuple[int, StripColumn]]:
        """Each column with the left edge of its bars."""
        for place, column in enumerate(self.columns):
            yield place * PITCH + LEFT, column

    @cached_property
    def _known_columns(self) -> list[tuple[int, StripColumn]]:
        """Those of which something is known: no other has a bar, or is counted in words."""
        return [placed for placed in self._placed_columns() if placed[1].is_known]

    @property
    def numbers(self) -> list[tuple[int, int]]:
        """The middle of each column with the number of its point."""
        middle = PITCH // 2
        return [
            (place * PITCH + middle, column.number) for place, column in enumerate(self.columns)
        ]

    @property
    def words(self) -> str:
        """What the drawing says, as one line, with the points of which it says so:
        `3 of 10 chosen (1, 2, 7) · 1 done with evidence (2) · …`."""
        parts = []
        for phrase, columns in self._groups():
            numbers = [str(column.number) for column in columns]
            points = ", ".join(numbers)
            parts.append(f"{phrase} ({points})")
        return " · ".join(parts)

    @property
    def phrases(self) -> list[str]:
        """The parts of that line without the points; what is none is left out."""
        phrases = []
        for phrase, _columns in self._groups():
            phrases.append(phrase)
        return phrases

    def _groups(self) -> Iterator[tuple[str, list[StripColumn]]]:
        """Each phrase with the columns that it counts, if there are any."""
        total = len(self.columns)
        chosen = self._columns_that(_is_chosen)
        if chosen:
            count = len(chosen)
            yield _of_all(count, total), chosen
        for is_counted, phrase_of in PHRASES:
            columns = self._columns_that(is_counted)
            if columns:
                count = len(columns)
                yield phrase_of(count), columns

    def _columns_that(self, is_counted: Callable[[StripColumn], Any]) -> list[StripColumn]:
        columns = []
        for _left, column in self._known_columns:
            if is_counted(column):
                columns.append(column)
        return columns


# --- From the rows --------------------------------------------------------------------------------


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


def _bars(chosen: str, actions: Sequence[StripAction]) -> int:
    """How many bars a point has by these actions, from 0 to BARS."""
    if any(action.is_done and action.has_evidence for action in actions):
        return BARS
    if any(action.is_done or action.is_in_progress for action in actions):
        return BARS - 1
    if actions or chosen == Answer.YES:
        return 1
    return 0


def _stands_behind(action: StripAction, bars: int, actions: Sequence[StripAction]) -> bool:
    """Whether the status of a point with so many bars comes from this one of its actions."""
    if bars == BARS:
        return action.is_done and action.has_evidence
    if bars < BARS - 1:
        return True
    has_done = any(row.is_done for row in actions)
    return action.is_done if has_done else action.is_in_progress


# --- The drawing ----------------------------------------------------------------------------------


def _bar_top(bar: int) -> int:
    """The upper edge of a bar, counted from the lowest, which is 0."""
    lowest_top = FOOT - BAR_HEIGHT
    return lowest_top - bar * STEP


def _filled_path(column: StripColumn, left: int) -> str:
    """The filled bars of a column, or its dash."""
    if column.is_refused:
        return _rectangle(left, DASH_TOP, BAR, DASH_HEIGHT)
    path = ""
    for bar in range(column.own_bars):
        path += _rectangle(
            left=left,
            top=_bar_top(bar),
            width=BAR,
            height=BAR_HEIGHT,
        )
    return path


def _outline_path(column: StripColumn, left: int) -> str:
    """The outlined bars of a column that are not dashed."""
    bars = range(column.own_bars, column.recent_bars)
    return _strokes(bars, left)


def _dashed_path(column: StripColumn, left: int) -> str:
    bars = range(column.recent_bars, column.bars)
    return _strokes(bars, left)


def _strokes(bars: Iterable[int], left: int) -> str:
    """Bars to be stroked: half of the stroke lies inside the line."""
    inset = OUTLINE / 2
    path = ""
    for bar in bars:
        path += _rectangle(
            left=left + inset,
            top=_bar_top(bar) + inset,
            width=BAR - OUTLINE,
            height=BAR_HEIGHT - OUTLINE,
        )
    return path


def _dot_path(column: StripColumn, left: int) -> str:
    """The dot in the lowest bar of a point that the portal chose."""
    if not column.is_assigned:
        return ""
    return _rectangle(
        left=left + (BAR - DOT) / 2,
        top=_bar_top(0) + (BAR_HEIGHT - DOT) / 2,
        width=DOT,
        height=DOT,
    )


def _rectangle(left: float, top: float, width: float, height: float) -> str:
    corner = f"M{left:g} {top:g}"
    across = f"h{width:g}"
    down = f"v{height:g}"
    back = f"h-{width:g}"
    return "".join((corner, across, down, back, "z"))


# --- In words -------------------------------------------------------------------------------------


def _own_state(column: StripColumn) -> PointState:
    """By the city's own word."""
    if column.own_bars == BARS:
        return PointState.DONE_WITH_EVIDENCE
    if column.is_done_without_evidence:
        return PointState.DONE_WITHOUT_EVIDENCE
    if column.own_bars == BARS - 1:
        return PointState.UNDER_WAY
    if column.chosen == Answer.YES:
        return PointState.CHOSEN
    return PointState.ACTION_PLANNED


def _claimed_state(column: StripColumn) -> PointState:
    """By public sources alone."""
    if column.bars == BARS:
        return PointState.FOUND_DONE
    if column.bars == BARS - 1:
        return PointState.FOUND_UNDER_WAY
    if column.is_in_plan:
        return PointState.IN_PLAN
    return PointState.FOUND if column.actions else PointState.ASSIGNED


def _in_plan(count: int) -> str:
    words = ngettext(
        "%(count)d in the city’s own plan, not confirmed here by the city",
        "%(count)d in the city’s own plan, not confirmed here by the city",
        count,
    )
    return _with_count(words, count)


def _assigned(count: int) -> str:
    words = ngettext(
        "%(count)d point to which the network assigned what the city undertook",
        "%(count)d points to which the network assigned what the city undertook",
        count,
    )
    return _with_count(words, count)


def _of_all(count: int, total: int) -> str:
    if not count:
        return ""
    words = ngettext("%(count)d of %(total)d chosen", "%(count)d of %(total)d chosen", count)
    return words % {"count": count, "total": total}


def _refused(count: int) -> str:
    words = ngettext("%(count)d not chosen", "%(count)d not chosen", count)
    return _with_count(words, count)


def _done_with_evidence(count: int) -> str:
    words = ngettext("%(count)d done with evidence", "%(count)d done with evidence", count)
    return _with_count(words, count)


def _done_without_evidence(count: int) -> str:
    words = ngettext("%(count)d done, no evidence yet", "%(count)d done, no evidence yet", count)
    return _with_count(words, count)


def _under_way(count: int) -> str:
    words = ngettext("%(count)d under way", "%(count)d under way", count)
    return _with_count(words, count)


def _stale(count: int) -> str:
    words = ngettext(
        "%(count)d not confirmed for a year", "%(count)d not confirmed for a year", count
    )
    return _with_count(words, count)


def _claimed(count: int) -> str:
    words = ngettext(
        "%(count)d point with actions found in public sources, not confirmed by the city",
        "%(count)d points with actions found in public sources, not confirmed by the city",
        count,
    )
    return _with_count(words, count)


def _old(count: int) -> str:
    words = ngettext(
        "%(count)d of them old or undated",
        "%(count)d of them old or undated",
        count,
    )
    return _with_count(words, count)


def _with_count(words: str, count: int) -> str:
    """The words with their number; empty for none."""
    return words % {"count": count} if count else ""


# --- Which columns a phrase counts ----------------------------------------------------------------


def _is_chosen(column: StripColumn) -> bool:
    if not column.own_bars:
        return False
    is_yes = column.chosen == Answer.YES
    return is_yes and column.is_stated


def _is_done_with_evidence(column: StripColumn) -> bool:
    return column.own_bars == BARS


def _is_old(column: StripColumn) -> bool:
    if not column.has_claimed_actions:
        return False
    return column.has_old_bars


def _has_assigned(column: StripColumn) -> bool:
    return column.assigned_as_of is not None


# In the order of the sentence, after how many points are chosen.
PHRASES: tuple[tuple[Callable[[StripColumn], Any], Callable[[int], str]], ...] = (
    (attrgetter("is_refused"), _refused),
    (_is_done_with_evidence, _done_with_evidence),
    (attrgetter("is_done_without_evidence"), _done_without_evidence),
    (attrgetter("is_under_way"), _under_way),
    (attrgetter("is_stale"), _stale),
    (attrgetter("is_in_plan"), _in_plan),
    (attrgetter("has_claimed_actions"), _claimed),
    (_is_old, _old),
    (_has_assigned, _assigned),
)
