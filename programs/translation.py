"""Which fields of programmes are kept per language."""

from modeltranslation.translator import TranslationOptions, register

from programs.models import (
    Coverage,
    Edition,
    EditionEvent,
    Evaluation,
    Participation,
    Programme,
    ProgrammeItem,
    Spending,
)


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
@register(Spending)
class NoteTranslation(Translated):
    fields = ("note",)


@register(ProgrammeItem)
class ProgrammeItemTranslation(Translated):
    fields = ("text",)


@register(Coverage)
class CoverageTranslation(Translated):
    fields = ("finding",)


@register(Evaluation)
class EvaluationTranslation(Translated):
    fields = ("finding", "reply")
