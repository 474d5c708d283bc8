"""How a city stands in a point of the plan: codes that never change, and their words."""

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

from members.age import Age

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise
else:
    from django.utils.functional import Promise as StrPromise


class PointState(StrEnum):
    """What is known of a city under a point. `found_…`: only public sources say so."""

    NOT_CHOSEN = "not_chosen"
    NOT_KNOWN = "not_known"
    CHOSEN = "chosen"
    ACTION_PLANNED = "action_planned"
    UNDER_WAY = "under_way"
    DONE_WITHOUT_EVIDENCE = "done_without_evidence"
    DONE_WITH_EVIDENCE = "done_with_evidence"
    IN_PLAN = "in_plan"
    ASSIGNED = "assigned"
    FOUND = "found"
    FOUND_UNDER_WAY = "found_under_way"
    FOUND_DONE = "found_done"


class PointBasis(StrEnum):
    """Whose word puts the city under the point (decision 0037); "" where nothing does."""

    STATED = "stated"
    PLAN = "plan"
    ASSIGNED = "assigned"
    ACTIONS = "actions"


STATE_LABELS: dict[PointState, "StrPromise"] = {
    PointState.NOT_CHOSEN: pgettext_lazy("point of a city", "not chosen"),
    PointState.NOT_KNOWN: pgettext_lazy("point of a city", "not known"),
    PointState.CHOSEN: pgettext_lazy("point of a city", "chosen"),
    PointState.ACTION_PLANNED: pgettext_lazy("point of a city", "action planned"),
    PointState.UNDER_WAY: pgettext_lazy("point of a city", "under way"),
    PointState.DONE_WITHOUT_EVIDENCE: pgettext_lazy("point of a city", "done, no evidence yet"),
    PointState.DONE_WITH_EVIDENCE: pgettext_lazy("point of a city", "done, with evidence"),
    PointState.IN_PLAN: pgettext_lazy("point of a city", "in the city’s own plan"),
    PointState.ASSIGNED: pgettext_lazy(
        "point of a city", "undertaken in a plan; the network chose the point"
    ),
    PointState.FOUND: pgettext_lazy("point of a city", "named in public sources"),
    PointState.FOUND_UNDER_WAY: pgettext_lazy(
        "point of a city", "under way, according to public sources"
    ),
    PointState.FOUND_DONE: pgettext_lazy("point of a city", "done, according to public sources"),
}
BASIS_LABELS: dict[PointBasis, "StrPromise"] = {
    PointBasis.STATED: pgettext_lazy("origin of a promise", "stated by the city here"),
    PointBasis.PLAN: pgettext_lazy("origin of a promise", "from the city’s own published plan"),
    PointBasis.ASSIGNED: pgettext_lazy(
        "origin of a promise", "put under this point by the network"
    ),
    PointBasis.ACTIONS: pgettext_lazy(
        "origin of a promise", "no promise: only actions stand under it"
    ),
}
AGE_LABELS: dict[Age, "StrPromise"] = {
    Age.RECENT: pgettext_lazy("age of a fact", "of the last three years"),
    Age.OLD: pgettext_lazy("age of a fact", "older"),
    Age.UNDATED: pgettext_lazy("age of a fact", "no date in the source"),
}
