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


class TranslatedProgrammeOptions(TranslationOptions):
    empty_values = None


@register(Programme)
class ProgrammeTranslation(TranslatedProgrammeOptions):
    fields = ("name", "introduction")


@register(Edition)
class EditionTranslation(TranslatedProgrammeOptions):
    fields = ("summary",)


@register(EditionEvent)
@register(Participation)
@register(Spending)
class ProgrammeNoteTranslation(TranslatedProgrammeOptions):
    fields = ("note",)


@register(ProgrammeItem)
class ProgrammeItemTranslation(TranslatedProgrammeOptions):
    fields = ("text",)


@register(Coverage)
class CoverageTranslation(TranslatedProgrammeOptions):
    fields = ("finding",)


@register(Evaluation)
class EvaluationTranslation(TranslatedProgrammeOptions):
    fields = ("finding", "reply")
