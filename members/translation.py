"""Which fields are kept per language. Keys and slugs never are."""

from modeltranslation.translator import TranslationOptions, register

from members.models import (
    BodyTask,
    City,
    Ground,
    LegalAct,
    Milestone,
    NetworkText,
    Organisation,
    Plan,
    Point,
    SuggestedAction,
    SupportContact,
    TargetGroup,
    Unit,
)


class Translated(TranslationOptions):
    """An empty text is an empty text in every language: nothing else counts as a change."""

    empty_values = None


@register(Plan)
@register(TargetGroup)
@register(Unit)
class NameTranslation(Translated):
    fields = ("name",)


@register(Ground)
class GroundTranslation(Translated):
    fields = ("name", "legal_source")


@register(City)
class CityTranslation(Translated):
    fields = ("name", "introduction", "plain_summary")


@register(LegalAct)
@register(Milestone)
class NoteTranslation(Translated):
    fields = ("note",)


@register(Point)
class PointTranslation(Translated):
    fields = ("title", "short_title", "objective")


@register(SuggestedAction)
@register(BodyTask)
@register(NetworkText)
class TextTranslation(Translated):
    fields = ("text",)


@register(Organisation)
class OrganisationTranslation(Translated):
    fields = ("name", "introduction")


@register(SupportContact)
class SupportContactTranslation(Translated):
    fields = ("what_it_does", "hours", "remark")
