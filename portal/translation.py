"""Which fields of news, events and pictures are kept per language."""

from modeltranslation.translator import register

from members.translation import Translated
from portal.models import CityPicture, Event, News


@register(News)
class NewsTranslation(Translated):
    fields = ("title", "lead", "body", "picture_text", "caption", "office")


@register(CityPicture)
class CityPictureTranslation(Translated):
    fields = ("picture_text", "caption")


@register(Event)
class EventTranslation(Translated):
    fields = ("title", "text")
