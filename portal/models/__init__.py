"""News and what they say of people, pictures, events, towns, examples, open data, versions."""

from portal.models.events import Event
from portal.models.examples import Example
from portal.models.news import Attachment, News
from portal.models.open_data import DataRelease, RowChange
from portal.models.page_versions import PageVersion
from portal.models.personal_details import PersonalDetail
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
    "PersonalDetail",
    "Picture",
    "RowChange",
    "Town",
    "TownName",
]
