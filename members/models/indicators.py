"""Numbers by which a commitment is followed."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from languages.constraints import Unique
from languages.dates import Bounds, PartialDateField, format_partial
from languages.fields import LineField
from languages.names import number
from languages.text import current_language, labelled, translated
from members.models.actions import Action
from members.models.commitments import Commitment
from members.models.record import Record
from members.models.sources import Source


class Indicator(Record):
    """A number by which a commitment, or one of its actions, is followed."""

    CITY_PATH = "commitment__city"
    PUBLIC_WITH = ("commitment", "commitment__city", "action")

    commitment = models.ForeignKey(
        Commitment,
        models.CASCADE,
        related_name="indicators",
        verbose_name=_("city and point of the plan"),
    )
    action = models.ForeignKey(
        Action,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=pgettext_lazy("what a city does", "action"),
        help_text=_("Empty: the number tells about the whole point."),
    )
    name = LineField(
        _("name"), max_length=200, help_text=_("For example: people who asked for advice.")
    )
    measure = LineField(
        _("what is counted"),
        max_length=200,
        blank=True,
        help_text=_("For example: persons a year."),
    )

    class Meta(Record.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [*Record.Meta.constraints]

    def __str__(self) -> str:
        return str(translated(self, "name"))

    def clean(self) -> None:
        """Its action stands under the same point of the same city."""
        action = self.action
        if action is None or not self.commitment_id:
            return
        if action.commitment_id != self.commitment_id:
            sentence = gettext("This action does not belong to this point of this city.")
            raise ValidationError({"action": sentence})


class IndicatorValue(Record):
    """A dated value of an indicator, with its source: without one it is not shown."""

    CITY_PATH = "indicator__commitment__city"
    PUBLIC_WITH = (
        "indicator",
        "indicator__commitment",
        "indicator__commitment__city",
        "indicator__action",
    )

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="values", verbose_name=_("indicator")
    )
    on = PartialDateField(
        _("date"),
        bounds=Bounds.HAPPENED,
        blank=False,
        help_text=_("The day, month or year that the value is true of."),
    )
    # Translators: field: the figure of an indicator on a day
    value = models.DecimalField(_("value"), max_digits=15, decimal_places=3)
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="indicator_values", verbose_name=_("source")
    )

    class Meta(Record.Meta):
        verbose_name = _("value of an indicator")
        verbose_name_plural = _("values of indicators")
        ordering = ["indicator", "on"]
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["indicator", "on"],
                name="one_value_per_indicator_and_date",
                words=_("There is a value of this date already. Change it."),
                field="on",
            ),
        ]

    def __str__(self) -> str:
        language = current_language()
        day = format_partial(self.on, language)
        return labelled(day, number(self.value, language))

    @property
    def needs_source(self) -> bool:
        """False: it names one itself."""
        return False
