"""The administration of cities, people, letters, the plan, organisations and sources."""

from members.admin import cities, letters, organisations, people, plan, sources

__all__ = ["cities", "letters", "organisations", "people", "plan", "sources"]
