"""News, pictures and events."""

from portal.models.events import Event
from portal.models.news import Attachment, News
from portal.models.pictures import CityPicture, Picture
from portal.models.towns import Town, TownName

__all__ = ["Attachment", "CityPicture", "Event", "News", "Picture", "Town", "TownName"]
