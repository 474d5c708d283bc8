"""The administration of cities, people, the plan, organisations and sources."""

from members.admin import cities, drafts, organisations, people, plan, sources

__all__ = ["cities", "drafts", "organisations", "people", "plan", "sources"]
