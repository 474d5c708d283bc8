"""The administration of news, events and examples, and the log of changes."""

from portal.admin import examples, log, news, personal_details, pictures

__all__ = ["examples", "log", "news", "personal_details", "pictures"]
