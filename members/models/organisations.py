"""Grounds of discrimination, organisations and equality bodies, and where people find help."""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.dates import PartialDateField
from languages.fields import LineField, ProseField, WebAddressField
from languages.text import translated
from members.models.cities import City, Country
from members.models.record import Record, RecordManager, RecordQuerySet
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
            models.UniqueConstraint(fields=["organisation", "order"], name="one_task_per_place"),
        ]

    def __str__(self) -> str:
        return str(translated(self, "text"))


class SupportContactQuerySet(RecordQuerySet["SupportContact"]):
    def due_for_check(self, today: date) -> Self:
        """Public ones that nobody has checked for a year, or ever."""
        year = timedelta(days=SupportContact.DAYS_BETWEEN_CHECKS)
        is_old = Q(last_checked_on__lt=today - year)
        is_due = Q(last_checked_on=None) | is_old
        return self.filter(is_due, published_at__isnull=False)


class SupportContact(Record):
    """Where somebody who was discriminated against can turn to, in a city or in a whole country."""

    PUBLIC_WITH = ("city", "organisation", "organisation__city")
    DAYS_BETWEEN_CHECKS = 365

    class Answer(models.TextChoices):
        YES = "yes", pgettext_lazy("answer", "yes")
        NO = "no", pgettext_lazy("answer", "no")
        UNKNOWN = "", pgettext_lazy("answer", "not known")

    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="support_contacts",
        verbose_name=_("city"),
    )
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="support_contacts",
        verbose_name=_("country"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="support_contacts",
        verbose_name=_("organisation"),
    )
    what_it_does = ProseField(
        _("what it does"), max_length=1500, help_text=_("Who may come, and what happens then.")
    )
    url = WebAddressField(_("website"), max_length=500, blank=True)
    phone = LineField(_("telephone"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    languages = LineField(
        _("languages"),
        max_length=100,
        blank=True,
        help_text=_("Language codes with a space between: en pl uk."),
    )
    hours = LineField(_("opening hours"), max_length=200, blank=True)
    free = models.CharField(
        _("free of charge"), max_length=3, choices=Answer, default=Answer.UNKNOWN, blank=True
    )
    anonymous = models.CharField(
        _("anonymous help possible"),
        max_length=3,
        choices=Answer,
        default=Answer.UNKNOWN,
        blank=True,
    )
    remark = ProseField(
        _("remark"),
        max_length=1000,
        blank=True,
        help_text=_("On languages, costs or anonymity, for example interpreters."),
    )
    last_checked_on = models.DateField(_("last checked"), null=True, blank=True)

    objects: ClassVar = RecordManager.from_queryset(SupportContactQuerySet)()

    class Meta(Record.Meta):
        verbose_name = _("support contact")
        verbose_name_plural = _("support contacts")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(city__isnull=False, country__isnull=True)
                | Q(city__isnull=True, country__isnull=False),
                name="support_contact_is_for_a_city_or_a_country",
            ),
            models.UniqueConstraint(
                fields=["city", "organisation"], name="an_organisation_helps_once_per_city"
            ),
            models.UniqueConstraint(
                fields=["country", "organisation"], name="an_organisation_helps_once_per_country"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        """Its place on the page of its city or country.

        Raises NoReverseMatch while neither is chosen.
        """
        slug = ""
        if self.city:
            slug = self.city.slug
        elif self.country:
            code = self.country.code
            slug = code.lower()
        page = reverse("help_detail", args=[slug])
        return f"{page}#contact-{self.pk}"

    @property
    def is_due(self) -> bool:
        """Whether nobody has checked it for a year, or ever."""
        if self.last_checked_on is None:
            return True
        days = (timezone.localdate() - self.last_checked_on).days
        return days > self.DAYS_BETWEEN_CHECKS
