"""The administration of cities, people, the plan, organisations and sources."""

from members.admin import cities, organisations, people, plan, sources

__all__ = ["cities", "organisations", "people", "plan", "sources"]
