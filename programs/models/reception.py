"""What others say of a programme: coverage by the media, and evaluations beside the city's own
view."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.fields import ProseField
from members.models import Organisation, Record, Source
from programs.models.programmes import Edition, Programme


class Coverage(Record):
    """An official record, an article or a broadcast about a programme."""

    CITY_PATH = "programme__city"
    PUBLIC_WITH = ("programme", "programme__city")

    class Kind(models.TextChoices):
        OFFICIAL = "official", pgettext_lazy("coverage", "official record")
        PRESS = "press", pgettext_lazy("coverage", "press")
        RADIO = "radio", pgettext_lazy("coverage", "radio")
        TELEVISION = "television", pgettext_lazy("coverage", "television")
        RESEARCH = "research", pgettext_lazy("coverage", "research")
        OTHER = "other", pgettext_lazy("coverage", "other")

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="coverage", verbose_name=_("programme")
    )
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="coverage", verbose_name=_("source")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    finding = ProseField(_("what it says"), max_length=3000, blank=True)

    class Meta(Record.Meta):
        # Translators: what press, radio and others reported on a programme
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["programme", "source"],
                name="a_source_covers_a_programme_once",
                words=_("This source is recorded for this programme already."),
                field="source",
            ),
        ]

    def __str__(self) -> str:
        return str(self.source)


class Evaluation(Record):
    """What an evaluation found, beside the city's reply.

    The reply is written here, on a day and by somebody, or it is the city's own view as another
    source has it.
    """

    CITY_PATH = "edition__programme__city"
    PUBLIC_WITH = ("edition", "edition__programme", "edition__programme__city")
    # As long as others found it, a coordinator translates it where it is missing and rewrites
    # nothing.
    TEXTS_OF_OTHERS = ("finding",)

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="evaluations", verbose_name=_("edition")
    )
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="evaluations", verbose_name=_("source")
    )
    evaluators = models.ManyToManyField(
        Organisation, blank=True, related_name="evaluations", verbose_name=_("who evaluated")
    )
    finding = ProseField(_("what it found"), max_length=3000)
    reply = ProseField(_("the city’s reply"), max_length=3000, blank=True)
    reply_source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("where the city’s view stands"),
        help_text=_("Where the city did not reply here."),
    )
    replied_at = models.DateTimeField(_("replied on"), null=True, editable=False)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["edition", "source"],
                name="a_source_evaluates_an_edition_once",
                words=_("This source is recorded for this edition already."),
                field="source",
            ),
            Check(
                condition=Q(replied_at__isnull=True, replied_by__isnull=True)
                | Q(replied_at__isnull=False, replied_by__isnull=False),
                name="evaluation_replied_when_and_by_whom",
                words=_("A reply needs its date and the person who gave it."),
                field="reply",
            ),
        ]

    def __str__(self) -> str:
        return str(self.source)
