"""Programmes: what cities and organisations undertake, what it cost, and what others say of it."""

from programs.models.money import Grant, Spending
from programs.models.programmes import (
    Edition,
    EditionEvent,
    Participation,
    Programme,
    ProgrammeItem,
    ProgrammeLink,
)
from programs.models.reception import Coverage, Evaluation

__all__ = [
    "Coverage",
    "Edition",
    "EditionEvent",
    "Evaluation",
    "Grant",
    "Participation",
    "Programme",
    "ProgrammeItem",
    "ProgrammeLink",
    "Spending",
]
