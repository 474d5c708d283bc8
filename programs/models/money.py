"""What a programme cost, and who paid for it."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.fields import LineField, ProseField
from languages.names import money
from languages.text import current_language, labelled
from members.models import Organisation, Record
from programs.models.programmes import Edition, Programme

FIRST_YEAR = 1990
LAST_YEAR = 2100
YEAR = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
CURRENCY = [
    RegexValidator(
        r"\A[A-Z]{3}\Z", _("Write the three letters of the currency, for example EUR or PLN.")
    )
]


class Grant(Record):
    """Money from a fund, with the notice that it wants to be shown, word for word."""

    CITY_PATH = "programme__city"
    PUBLIC_WITH = ("programme", "programme__city", "fund", "fund__city")

    class Required(models.TextChoices):
        YES = "yes", pgettext_lazy("notice of a fund", "yes")
        NO = "no", pgettext_lazy("notice of a fund", "no")
        UNKNOWN = "", pgettext_lazy("notice of a fund", "not known")

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="grants", verbose_name=_("programme")
    )
    # Translators: field: where the money of a grant comes from
    fund = models.ForeignKey(
        Organisation, models.PROTECT, related_name="grants", verbose_name=_("fund")
    )
    further_funds = models.ManyToManyField(
        Organisation, blank=True, related_name="further_grants", verbose_name=_("together with")
    )
    year_from = models.PositiveSmallIntegerField(
        _("first year"), null=True, blank=True, validators=YEAR
    )
    year_to = models.PositiveSmallIntegerField(
        _("last year"), null=True, blank=True, validators=YEAR
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = LineField(_("currency"), max_length=3, blank=True, validators=CURRENCY)
    notice_required = models.CharField(
        _("the fund requires a notice"),
        max_length=3,
        choices=Required,
        default=Required.UNKNOWN,
        blank=True,
    )
    notice = ProseField(
        _("notice, word for word"),
        max_length=2000,
        blank=True,
        help_text=_("In the words and the language of the fund."),
    )
    notice_language = LineField(_("language of the notice"), max_length=20, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            *Record.Meta.constraints,
            Check(
                condition=Q(amount__isnull=True, currency="") | Q(amount__gte=0) & ~Q(currency=""),
                name="grant_amount_has_its_currency",
                words=_("Give the amount with its currency; it is not below zero."),
                field="currency",
            ),
            Check(
                condition=Q(year_to=None) | Q(year_from=None) | Q(year_to__gte=F("year_from")),
                name="grant_ends_after_it_begins",
                words=_("The end lies before the beginning."),
                field="year_to",
            ),
            Check(
                condition=~Q(notice_required="yes") | ~Q(notice=""),
                name="grant_shows_the_notice_that_its_fund_requires",
                words=_("The fund requires a notice. Write it word for word."),
                field="notice",
            ),
        ]

    def __str__(self) -> str:
        return str(self.fund)


class Spending(Record):
    """What an edition cost in a year, or what was planned for it."""

    CITY_PATH = "edition__programme__city"
    PUBLIC_WITH = ("edition", "edition__programme", "edition__programme__city")

    class Kind(models.TextChoices):
        SPENT = "spent", pgettext_lazy("spending", "spent")
        PLANNED = "planned", pgettext_lazy("spending", "planned")

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="spendings", verbose_name=_("edition")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=YEAR)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SPENT)
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    currency = LineField(_("currency"), max_length=3, validators=CURRENCY)
    note = ProseField(_("note"), max_length=1000, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("spending")
        verbose_name_plural = _("spending")
        ordering = ["edition", "year", "kind"]
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["edition", "year", "kind"],
                name="one_spending_per_edition_year_and_kind",
                words=_("There is an amount of this kind for this year already. Change that one."),
                field="year",
            ),
            Check(
                condition=Q(amount__gte=0),
                name="spending_is_not_negative",
                words=_("The amount cannot be below zero."),
                field="amount",
            ),
        ]

    def __str__(self) -> str:
        sum_of_money = money(Decimal(self.amount), self.currency, current_language())
        return labelled(self.year, sum_of_money)
