"""The line that says what a strip draws: its phrases, and which columns each counts."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.utils.translation import ngettext

from members.models.commitments import Answer
from members.strip.columns import StripColumn
from members.strip.drawing import BARS


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


def of_all(count: int, total: int) -> str:
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


def is_chosen(column: StripColumn) -> bool:
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
