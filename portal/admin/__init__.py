"""The administration of news and events, and the log of changes."""

from portal.admin import log, news, pictures

__all__ = ["log", "news", "pictures"]
