"""Which fields of programmes are kept per language."""

from modeltranslation.translator import TranslationOptions, register

from programs.models import Edition, EditionEvent, Participation, Programme, ProgrammeItem


class Translated(TranslationOptions):
    empty_values = None


@register(Programme)
class ProgrammeTranslation(Translated):
    fields = ("name", "introduction")


@register(Edition)
class EditionTranslation(Translated):
    fields = ("summary",)


@register(EditionEvent)
@register(Participation)
class NoteTranslation(Translated):
    fields = ("note",)


@register(ProgrammeItem)
class ProgrammeItemTranslation(Translated):
    fields = ("text",)
