"""The administration of cities, people, the plan, organisations and sources."""

from members.admin import cities, joining, organisations, people, plan, sources

__all__ = ["cities", "joining", "organisations", "people", "plan", "sources"]
