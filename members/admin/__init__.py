"""The administration of cities, their commitments and accessions, memberships, people, letters,
plan and sources."""

from members.admin import (
    accessions,
    cities,
    commitments,
    joining,
    letters,
    memberships,
    organisations,
    people,
    plan,
    sources,
)
from members.editing.admin import drafts

__all__ = [
    "accessions",
    "cities",
    "commitments",
    "drafts",
    "joining",
    "letters",
    "memberships",
    "organisations",
    "people",
    "plan",
    "sources",
]
