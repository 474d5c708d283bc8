"""News of cities and of the network."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.dates import Bounds, PartialDateField
from languages.fields import LineField, ProseField
from languages.text import columns, translated
from members.models import (
    City,
    Decision,
    Document,
    LegalAct,
    Owned,
    OwnedQuerySet,
    Point,
    Record,
    RecordManager,
    Unit,
)
from portal.models.dated import DatedQuerySet
from portal.models.pictures import Picture, has_text
from programs.models import Programme


class NewsQuerySet(DatedQuerySet["News"]):
    def about(self, city: City) -> "NewsQuerySet":
        """News by a city, and news of others that concern it."""
        relation = News.cities.through
        mentions = relation.objects.filter(city=city)
        is_by_city = Q(city=city)
        names_city = Q(pk__in=mentions.values("news"))
        return self.filter(is_by_city | names_city)

    def newest(self) -> "NewsQuerySet":
        """As lists show them: the newest first, each with its city, without the long texts."""
        in_order = self.select_related("city").order_by("-on", "-pk")
        return in_order.defer(*columns("body"))


class News(Record):
    """What a city or the network tells: a press release, a report. Without a city it is the
    network's own.

    The quotation is kept word for word in its own language. A caption without a picture belongs to
    a picture that cannot be shown here, because the rights to it are somebody else's.
    """

    PUBLIC_WITH = ("city",)

    class Detail(models.TextChoices):
        """What an item can say of a person; each has a ground (`PersonalDetail`)."""

        NAME = "name", pgettext_lazy("detail of a person", "name")
        OFFICE = "office", pgettext_lazy("detail of a person", "office")
        QUOTATION = "quotation", pgettext_lazy("detail of a person", "quotation")
        PICTURE = "picture", pgettext_lazy("detail of a person", "picture")

    # The columns that say it.
    COLUMNS: ClassVar[dict[str, tuple[str, ...]]] = {
        Detail.NAME: ("speaker",),
        Detail.OFFICE: tuple(columns("office")),
        Detail.QUOTATION: ("quotation", "quotation_language"),
        Detail.PICTURE: ("credit", *columns("picture_text"), *columns("caption")),
    }

    slug = models.SlugField(
        _("web address"),
        max_length=100,
        unique=True,
        help_text=_("Left empty, it is made of the title."),
    )
    on = PartialDateField(
        _("date"), bounds=Bounds.HAPPENED, blank=False, help_text=_("The date of the news itself.")
    )
    title = LineField(_("title"), max_length=200)
    lead = ProseField(
        # Translators: field: the first two sentences of a news item
        _("lead"),
        max_length=1000,
        blank=True,
        help_text=_("What happened, in two sentences. Lists and feeds show it."),
    )
    body = ProseField(_("text"), max_length=20_000, blank=True)
    city = models.ForeignKey(
        # Translators: field: the city that publishes a news item; empty means the network
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="news",
        verbose_name=_("published by"),
    )
    cities = models.ManyToManyField(
        City, blank=True, related_name="mentioned_in", verbose_name=_("further cities")
    )
    points = models.ManyToManyField(
        Point, blank=True, related_name="news", verbose_name=_("points of the plan")
    )
    programmes = models.ManyToManyField(
        Programme, blank=True, related_name="news", verbose_name=_("programmes")
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="news",
        verbose_name=_("decision of the network"),
    )
    legal_acts = models.ManyToManyField(
        LegalAct, blank=True, related_name="news", verbose_name=_("legal acts")
    )
    contact = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="news", verbose_name=_("contact")
    )
    picture = models.OneToOneField(
        Picture,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="news",
        editable=False,
        verbose_name=_("picture"),
    )
    picture_text = ProseField(
        _("alternative text of the picture"),
        max_length=1000,
        blank=True,
        help_text=_("What the picture shows, for people who do not see it."),
    )
    caption = ProseField(_("caption of the picture"), max_length=1000, blank=True)
    credit = LineField(
        _("credit of the picture"),
        max_length=200,
        blank=True,
        help_text=_("Who made it, and under which licence."),
    )
    quotation = ProseField(
        _("quotation"),
        max_length=2000,
        blank=True,
        help_text=_("Word for word, without quotation marks."),
    )
    quotation_language = LineField(
        _("language of the quotation"),
        max_length=20,
        blank=True,
        help_text=_("Language code, for example pl or nl."),
    )
    speaker = LineField(_("speaker"), max_length=150, blank=True)
    office = LineField(_("office of the speaker"), max_length=250, blank=True)

    objects: ClassVar = RecordManager.from_queryset(NewsQuerySet)()

    class Meta(Record.Meta):
        verbose_name = pgettext_lazy("one piece", "news")
        verbose_name_plural = _("news")
        constraints = [
            *Record.Meta.constraints,
            Check(
                condition=Q(picture__isnull=True) | (~Q(credit="") & has_text("picture_text")),
                name="news_picture_has_its_text_and_credit",
                words=_("A picture has an alternative text and a credit."),
                field="picture_text",
            ),
            Check(
                condition=Q(quotation="")
                | (~Q(speaker="") & ~Q(quotation_language="") & has_text("office")),
                name="quotation_names_its_speaker_and_office",
                words=_("A quotation names its speaker, their office and its language."),
                field="speaker",
            ),
        ]

    def __str__(self) -> str:
        title = str(translated(self, "title"))
        return title or self.slug

    def get_absolute_url(self) -> str:
        return reverse("news_detail", args=[self.slug])

    def says(self, detail: str) -> bool:
        """Whether it says this of a person. Whether its picture shows one, nobody can read."""
        if detail == self.Detail.PICTURE:
            return False
        return any(getattr(self, name) for name in self.COLUMNS[detail])

    def details_with_ground(self) -> set[str]:
        """The details whose ground holds. One query."""
        rows = self.personal_details.filter(withdrawn_at=None)
        details = rows.values_list(
            "detail",
            flat=True,
        )
        return set(details)

    def refuse_publication(self) -> None:
        """Nothing is public about a person without its ground."""
        known = self.details_with_ground()
        missing = [one.label for one in self.Detail if self.says(one) and one not in known]
        if missing:
            sentence = _("Say on what ground this may be published: %(details)s.")
            details = ", ".join(map(str, missing))
            raise ValidationError(sentence % {"details": details}, code="no_ground")


class Attachment(Owned):
    """A document that hangs on a notice. Readers see it while the document is public."""

    CITY_PATH = "news__city"

    news = models.ForeignKey(
        News,
        models.CASCADE,
        related_name="attachments",
        verbose_name=pgettext_lazy("one piece", "news"),
    )
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="attached_to", verbose_name=_("document")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["order", "pk"]
        constraints = [
            Unique(
                fields=["news", "document"],
                name="a_document_is_attached_once",
                words=_("This document is attached already."),
                field="document",
            )
        ]

    def __str__(self) -> str:
        return str(self.document)
