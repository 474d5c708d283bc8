"""The mark of the product: a city's work on the plan as one column per point, drawn and in words.

One bar: chosen. Two: something under way. Three: something done with evidence. A dash: not chosen.
Nothing: not known. A bar is filled where the city itself says so, and an outline where only public
sources do, its own published plan among them; the outline is dashed where all of these are old or
have no date (`members.age`). A dot in the outline: the portal chose the point, no source names it.
"""

from members.strip.columns import StripAction, StripColumn
from members.strip.drawing import BARS
from members.strip.rows import (
    column_of,
    has_evidence,
    has_own_evidence,
    has_source,
    strips_for,
)
from members.strip.strips import Strip

__all__ = [
    "BARS",
    "Strip",
    "StripAction",
    "StripColumn",
    "column_of",
    "has_evidence",
    "has_own_evidence",
    "has_source",
    "strips_for",
]
