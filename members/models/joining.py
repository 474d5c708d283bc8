"""Before there is an accession: what membership costs, and cities that think about joining."""

from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.dates import PartialDateField
from languages.fields import LineField, ProseField
from members.models.cities import City, Country
from members.models.record import Owned, OwnedQuerySet, Record, RecordManager, RecordQuerySet


class FeeBandQuerySet(RecordQuerySet["FeeBand"]):
    def in_force(self) -> Self:
        """Bands that hold today: those not known to begin later or to have ended."""
        today = timezone.localdate().isoformat()
        year = today[:4]
        month = today[:7]
        # A band that ends in a month or a year holds to the last day of it. Partial dates compare
        # as texts.
        ends_later = Q(valid_to__gte=today)
        ends_now = Q(valid_to__in=[year, month])
        has_not_ended = Q(valid_to="") | ends_later | ends_now
        return self.filter(has_not_ended, valid_from__lte=today)


class FeeBand(Record):
    """The yearly fee for members of a size. A border that is not known stays empty."""

    CITY_PATH = None

    valid_from = PartialDateField(
        _("valid from"), help_text=_("Leave empty if it is not known since when.")
    )
    valid_to = PartialDateField(_("valid until"), help_text=_("Leave empty while it holds."))
    population_from = models.PositiveIntegerField(
        _("from how many inhabitants"),
        null=True,
        blank=True,
        help_text=_("Leave empty if the border to the band below is not known."),
    )
    population_to = models.PositiveIntegerField(
        _("up to how many inhabitants"),
        null=True,
        blank=True,
        help_text=_(
            "Leave empty for the largest cities, or if the border to the band above is not known."
        ),
    )
    amount = models.DecimalField(_("fee a year"), max_digits=10, decimal_places=2)
    currency = LineField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters, for example EUR."))],
        help_text=_("Three letters (ISO 4217)."),
    )

    objects: ClassVar = RecordManager.from_queryset(FeeBandQuerySet)()

    class Meta(Record.Meta):
        verbose_name = _("fee band")
        verbose_name_plural = _("fee bands")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                F("valid_from"),
                Coalesce("population_from", Value(-1)),
                name="one_fee_band_per_start",
                words=_(
                    "There is a fee band from this day and this number of inhabitants already."
                ),
                field="population_from",
            ),
            Check(
                condition=Q(valid_to="") | Q(valid_to__gte=F("valid_from")),
                name="fee_band_ends_after_it_begins",
                words=_("The end lies before the beginning."),
                field="valid_to",
            ),
            Check(
                condition=Q(population_from__isnull=True)
                | Q(population_to__isnull=True)
                | Q(population_to__gte=F("population_from")),
                name="fee_band_goes_upwards",
                words=_("The largest number of inhabitants lies below the smallest."),
                field="population_to",
            ),
            Check(
                condition=Q(amount__gte=0),
                name="nobody_is_paid_for_joining",
                words=_("The amount cannot be below zero."),
                field="amount",
            ),
        ]

    def __str__(self) -> str:
        smallest = _in_words(self.population_from)
        largest = _in_words(self.population_to)
        fee = f"{self.amount} {self.currency}"
        return f"{smallest} - {largest}: {fee}"


def _in_words(border: int | None) -> str:
    return "?" if border is None else f"{border:,}"


class InterestQuerySet(OwnedQuerySet["ExpressionOfInterest"]):
    def waiting(self) -> Self:
        """Not answered yet, confirmed or not."""
        return self.filter(answered_at=None)


class ExpressionOfInterest(Owned):
    """A city writes by the public form that it thinks about joining.

    What it says about a person is deleted when it is no longer needed: `manage.py
    forget_interests`.
    """

    CITY_PATH = None
    PERSONAL = ("person_name", "office", "email", "message", "answer")

    class Outcome(models.TextChoices):
        CANDIDATE = "candidate", pgettext_lazy("answer to a city", "became a candidate")
        NOT_NOW = "not_now", pgettext_lazy("answer to a city", "not now")

    city_name = LineField(_("city"), max_length=150)
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="expressions_of_interest", verbose_name=_("country")
    )
    person_name = LineField(_("name of the person"), max_length=150, blank=True)
    office = LineField(pgettext_lazy("where somebody works", "office"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.SCHEMA_LANGUAGES)
    message = ProseField(_("message"), max_length=4000, blank=True)
    # Only the SHA-256 of the link's token: nobody who reads the table can confirm for others.
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Translators: heading: when an expression of interest came in
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    # Translators: heading: when an expression of interest was answered
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("answered by"),
    )
    # Translators: what was decided, or what became of it
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=Outcome, blank=True, editable=False
    )
    answer = ProseField(_("reason"), max_length=2000, blank=True, editable=False)
    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        related_name="expressions_of_interest",
        editable=False,
        verbose_name=_("candidate city"),
    )
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, editable=False)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("expression of interest")
        verbose_name_plural = _("expressions of interest")
        constraints = [
            Check(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, outcome="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(outcome="")),
                name="interest_answered_when_by_whom_and_how",
                words=_("The date, the person and the reason belong together: give all or none."),
                field="outcome",
            ),
            Check(
                condition=Q(outcome="candidate", city__isnull=False)
                | (~Q(outcome="candidate") & Q(city__isnull=True)),
                name="a_candidate_names_its_city",
                words=_("A candidate has its city, and nobody else has one."),
                field="city",
            ),
            Check(
                condition=Q(anonymised_at__isnull=True)
                | Q(person_name="", office="", email="", message="", answer=""),
                name="anonymised_interest_names_nobody",
                words=_(
                    "The personal data were deleted: no name and no address can be entered again."
                ),
                field="person_name",
            ),
        ]
        indexes = [models.Index(fields=["received_at"], name="interest_received")]

    def __str__(self) -> str:
        return self.city_name
