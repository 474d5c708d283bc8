"""News, pictures and events."""

from portal.models.events import Event
from portal.models.news import Attachment, News
from portal.models.pictures import Picture
from portal.models.towns import Town, TownName

__all__ = ["Attachment", "Event", "News", "Picture", "Town", "TownName"]
