"""News, pictures, events, towns, examples, what was published of the data, versions of pages."""

from portal.models.events import Event
from portal.models.examples import Example
from portal.models.news import Attachment, News
from portal.models.open_data import DataRelease, RowChange
from portal.models.page_versions import PageVersion
from portal.models.pictures import CityPicture, Picture
from portal.models.towns import Town, TownName

__all__ = [
    "Attachment",
    "CityPicture",
    "DataRelease",
    "Event",
    "Example",
    "News",
    "PageVersion",
    "Picture",
    "RowChange",
    "Town",
    "TownName",
]
