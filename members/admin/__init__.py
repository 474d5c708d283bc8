"""The administration of cities, accessions, memberships, people, letters, the plan, organisations and sources."""

from members.admin import accessions, cities, joining, letters, memberships, organisations, people, plan, sources

__all__ = ["accessions", "cities", "joining", "letters", "memberships", "organisations", "people", "plan", "sources"]
