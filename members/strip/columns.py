"""What is known of a city under one point of the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import pgettext

from members.age import Age, age_of, is_recent
from members.models import Action
from members.models.commitments import Answer, is_stale
from members.point_states import STATE_LABELS, PointBasis, PointState
from members.strip import drawing
from members.strip.drawing import BARS


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
        return is_stale(self.chosen, self.confirmed_on)

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
        """The column alone, as filled bars or a dash: the value of an SVG path's `d`."""
        return self.filled_path_at(0)

    @property
    def outline_path(self) -> str:
        """The column alone, its outlined bars."""
        return self.outline_path_at(0)

    @property
    def dashed_path(self) -> str:
        """The column alone, its dashed bars."""
        return self.dashed_path_at(0)

    @property
    def dot_path(self) -> str:
        """The column alone, the dot in its lowest bar."""
        return self.dot_path_at(0)

    def filled_path_at(self, left: int) -> str:
        """The filled bars, or the dash, with this left edge."""
        if self.is_refused:
            return drawing.dash(left)
        bars = range(self.own_bars)
        return drawing.filled_bars(bars, left)

    def outline_path_at(self, left: int) -> str:
        """The outlined bars that are not dashed."""
        bars = range(self.own_bars, self.recent_bars)
        return drawing.outlined_bars(bars, left)

    def dashed_path_at(self, left: int) -> str:
        """The outlined bars that are old or without a date."""
        bars = range(self.recent_bars, self.bars)
        return drawing.outlined_bars(bars, left)

    def dot_path_at(self, left: int) -> str:
        """The dot of a point that the portal chose; "" for any other."""
        return drawing.dot(left) if self.is_assigned else ""


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
