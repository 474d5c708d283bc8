"""Grounds of discrimination, target groups, organisations and equality bodies."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Unique
from languages.dates import PartialDateField
from languages.fields import LineField, ProseField, WebAddressField
from languages.text import translated
from members.models.cities import City, Country
from members.models.record import Record
from members.models.sources import LegalAct


class Ground(Record):
    """A feature on which discrimination is forbidden. An editable list with its legal source."""

    CITY_PATH = None

    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = LineField(_("name"), max_length=150)
    legal_source = LineField(_("legal source"), max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("ground of discrimination")
        verbose_name_plural = _("grounds of discrimination")
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return str(translated(self, "name"))

    def get_absolute_url(self) -> str:
        return reverse("ground_detail", args=[self.slug])


class TargetGroup(Record):
    """For whom something is meant. An editable list."""

    CITY_PATH = None

    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = LineField(_("name"), max_length=150)

    class Meta(Record.Meta):
        verbose_name = _("target group")
        verbose_name_plural = _("target groups")
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return str(translated(self, "name"))


class Organisation(Record):
    """An association, an office, a police force, a university, a fund, an equality body.

    `original_name` is the name in its own language; `name` is what it is called in the portal's
    languages.
    """

    PUBLIC_WITH = ("city",)

    class Kind(models.TextChoices):
        ASSOCIATION = "association", pgettext_lazy("organisation", "association")
        CITY_OFFICE = "city-office", pgettext_lazy("organisation", "city office")
        EQUALITY_BODY = "equality-body", pgettext_lazy("organisation", "equality body")
        OMBUDSPERSON = "ombudsperson", pgettext_lazy("organisation", "ombudsperson")
        HELPLINE = "helpline", pgettext_lazy("organisation", "helpline")
        POLICE = "police", pgettext_lazy("organisation", "police")
        UNIVERSITY = "university", pgettext_lazy("organisation", "university")
        FUND = "fund", pgettext_lazy("organisation", "fund")
        ADVISORY = "advisory-body", pgettext_lazy("organisation", "monitoring and advisory body")
        OTHER = "other", pgettext_lazy("organisation", "organisation")

    # By name, or the ombudsperson, whose office it is in many countries; in this order in lists.
    EQUALITY_BODIES = (Kind.EQUALITY_BODY, Kind.OMBUDSPERSON)

    slug = models.SlugField(_("web address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    original_name = LineField(_("name in its own language"), max_length=250)
    original_language = LineField(
        _("language of that name"),
        max_length=20,
        blank=True,
        help_text=_("Language code, for example pl or nl."),
    )
    name = LineField(_("name"), max_length=250, blank=True)
    introduction = ProseField(_("introduction"), max_length=5000, blank=True)
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("country"),
    )
    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("city"),
        help_text=_("Only for an office or body of one city."),
    )
    website = WebAddressField(_("website"), max_length=500, blank=True)
    appointed_by = models.ForeignKey(
        LegalAct,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointed_bodies",
        verbose_name=_("appointed by"),
        help_text=_("For a body: the legal act that set it up."),
    )
    term_from = PartialDateField(_("in office since"))
    term_to = PartialDateField(_("in office until"))
    grounds = models.ManyToManyField(
        Ground, blank=True, related_name="organisations", verbose_name=_("grounds")
    )

    class Meta(Record.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("organisation_detail", args=[self.slug])

    @property
    def is_equality_body(self) -> bool:
        """Whether its kind is one of an equality body."""
        return self.kind in self.EQUALITY_BODIES


class BodyTask(Record):
    """One task of an equality body, in the order of the act that appointed it."""

    CITY_PATH = "organisation__city"
    PUBLIC_WITH = ("organisation", "organisation__city")

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="tasks", verbose_name=_("organisation")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    text = ProseField(_("text"), max_length=1500)

    class Meta(Record.Meta):
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["organisation", "order"]
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["organisation", "order"],
                name="one_task_per_place",
                words=_("This number in the order is taken. Choose another."),
                field="order",
            ),
        ]

    def __str__(self) -> str:
        return str(translated(self, "text"))
