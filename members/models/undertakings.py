"""What a city undertook in a plan or a decision that it published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from languages.constraints import Check, Unique
from languages.dates import Bounds, PartialDateField
from languages.fields import LineField, ProseField
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
    statement = ProseField(
        _("what the city undertook"),
        max_length=1000,
        help_text=_("One sentence in your own words, not a quotation."),
    )
    original_statement = LineField(
        _("as the plan says it"),
        max_length=300,
        blank=True,
        help_text=_("Its own words, at most twenty, in its own language."),
    )
    original_language = LineField(_("language of the plan"), max_length=20, blank=True)
    plan_title = LineField(
        _("plan or decision"), max_length=300, help_text=_("Its title, in its own language.")
    )
    # Translators: field: the years or the number of the edition of a plan
    plan_edition = LineField(_("edition of the plan"), max_length=80, blank=True)
    # Translators: field: the day on which a council or an executive adopted a plan
    decided_on = PartialDateField(_("adopted on"), bounds=Bounds.HAPPENED)
    decided_by = LineField(
        _("adopted by"),
        max_length=200,
        blank=True,
        help_text=_("Who decided, in its own language."),
    )
    as_of = PartialDateField(
        _("true as of"),
        bounds=Bounds.HAPPENED,
        help_text=_(
            "The last date for which it is known: of the plan, of its edition or its source."
        ),
    )
    carried_by = LineField(_("carried out by"), max_length=250, blank=True)
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
            Unique(
                fields=["commitment", "plan_title", "original_statement"],
                name="an_undertaking_is_recorded_once",
                words=_("This undertaking is recorded already."),
                field="original_statement",
            ),
            Check(
                condition=~Q(is_heading=True, point_assigned=True),
                name="a_heading_names_its_point_itself",
                words=_("A heading that names no point is no undertaking."),
                field="is_heading",
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.plan_title, translated(self, "statement"))
