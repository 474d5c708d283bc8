"""What a city undertook in a plan or a decision that it published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from languages.dates import PartialDateField
from languages.text import labelled, translated
from members.models.commitments import Commitment
from members.models.record import Record


class Undertaking(Record):
    """What a city undertook in a plan or a decision of its own: cited, never stated here.

    Several may stand under one point. Where the plan itself numbers the points of the network's
    plan (`point_assigned` is false), the commitment says `chosen` yes with the origin *cited*.
    Where the portal chose the point, nothing says that the city chose it: such rows are counted
    apart.
    """

    CITY_PATH = "commitment__city"
    PUBLIC_WITH = ("commitment", "commitment__city", "commitment__point")

    commitment = models.ForeignKey(
        Commitment,
        models.PROTECT,
        related_name="undertakings",
        verbose_name=_("city and point of the plan"),
    )
    statement = models.TextField(
        _("what the city undertook"),
        help_text=_("One sentence in your own words, not a quotation."),
    )
    original_statement = models.CharField(
        _("as the plan says it"),
        max_length=300,
        blank=True,
        help_text=_("Its own words, at most twenty, in its own language."),
    )
    original_language = models.CharField(_("language of the plan"), max_length=20, blank=True)
    plan_title = models.CharField(
        _("plan or decision"), max_length=300, help_text=_("Its title, in its own language.")
    )
    # Translators: field: the years or the number of the edition of a plan
    plan_edition = models.CharField(_("edition of the plan"), max_length=80, blank=True)
    # Translators: field: the day on which a council or an executive adopted a plan
    decided_on = PartialDateField(_("adopted on"))
    decided_by = models.CharField(
        _("adopted by"),
        max_length=200,
        blank=True,
        help_text=_("Who decided, in its own language."),
    )
    as_of = PartialDateField(
        _("true as of"),
        help_text=_(
            "The last date for which it is known: of the plan, of its edition or its source."
        ),
    )
    carried_by = models.CharField(_("carried out by"), max_length=250, blank=True)
    is_heading = models.BooleanField(
        _("only a heading"),
        default=False,
        help_text=_("The plan names the point; which measure the city means is not known."),
    )
    point_assigned = models.BooleanField(
        _("the point was chosen by the portal"),
        default=False,
        help_text=_("The plan does not name a point of the network’s plan."),
    )

    class Meta(Record.Meta):
        # Translators: what a city undertook in a plan of its own
        verbose_name = _("undertaking")
        verbose_name_plural = _("undertakings")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["commitment", "plan_title", "original_statement"],
                name="an_undertaking_is_recorded_once",
            ),
            models.CheckConstraint(
                condition=~Q(is_heading=True, point_assigned=True),
                name="a_heading_names_its_point_itself",
                violation_error_message=_("A heading that names no point is no undertaking."),
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.plan_title, translated(self, "statement"))
