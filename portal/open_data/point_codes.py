"""A point in a city as files have it: codes that never change, each beside its words."""

from collections.abc import Mapping
from typing import Any

from members.models.commitments import Answer
from members.point_states import AGE_LABELS, BASIS_LABELS, STATE_LABELS
from members.strip import StripColumn

COLUMNS = (
    *("chosen", "chosen_label", "basis", "basis_label"),
    *("state", "state_label", "state_as_of", "age", "age_label"),
)


def point_codes(column: StripColumn) -> dict[str, str]:
    """Whether and by whose word the point was chosen, what is known of it, and of when."""
    age, basis = column.age, column.basis
    return {
        "chosen": column.chosen,
        "chosen_label": _words(dict(Answer.choices), column.chosen),
        "basis": basis or "",
        "basis_label": _words(BASIS_LABELS, basis),
        "state": column.state,
        "state_label": _words(STATE_LABELS, column.state),
        "state_as_of": column.as_of,
        "age": age.value if age else "",
        "age_label": _words(AGE_LABELS, age),
    }


def _words(labels: Mapping[Any, object], code: object) -> str:
    """What the code is called; "" for no code."""
    return str(labels[code]) if code else ""
