"""Which fields of news and events are kept per language."""

from modeltranslation.translator import register

from members.translation import Translated
from portal.models import Event, News


@register(News)
class NewsTranslation(Translated):
    fields = ("title", "lead", "body", "picture_text", "caption", "office")


@register(Event)
class EventTranslation(Translated):
    fields = ("title", "text")
