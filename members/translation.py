"""Which fields are kept per language. Keys and slugs never are."""

from modeltranslation.translator import TranslationOptions, register

from members.models import (
    Accession,
    AccessionOwnAction,
    Action,
    ActionUpdate,
    BodyTask,
    City,
    Commitment,
    Evidence,
    Ground,
    Indicator,
    LegalAct,
    Milestone,
    NetworkText,
    Organisation,
    Plan,
    Point,
    Review,
    SuggestedAction,
    SupportContact,
    TargetGroup,
    Undertaking,
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


@register(Evidence)
@register(LegalAct)
@register(Milestone)
class NoteTranslation(Translated):
    fields = ("note",)


@register(Point)
class PointTranslation(Translated):
    fields = ("title", "short_title", "objective")


@register(Accession)
class AccessionTranslation(Translated):
    fields = ("resources",)


@register(SuggestedAction)
@register(ActionUpdate)
@register(AccessionOwnAction)
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


@register(Commitment)
class CommitmentTranslation(Translated):
    fields = ("statement", "resources")


@register(Undertaking)
class UndertakingTranslation(Translated):
    fields = ("statement",)


@register(Action)
class ActionTranslation(Translated):
    fields = ("title", "description", "stopped_why")


@register(Indicator)
class IndicatorTranslation(Translated):
    fields = ("name", "measure")


@register(Review)
class ReviewTranslation(Translated):
    fields = ("finding", "reply")
