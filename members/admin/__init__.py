"""The administration of cities, their commitments, people, the plan, organisations and sources."""

from members.admin import cities, commitments, drafts, organisations, people, plan, sources

__all__ = ["cities", "commitments", "drafts", "organisations", "people", "plan", "sources"]
