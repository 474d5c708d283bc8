"""The plan that members commit to: its points and suggested actions. Their number is data."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from languages.constraints import Check, Unique
from languages.fields import LineField, ProseField
from languages.text import translated
from members.models.record import Record


class Plan(Record):
    """A plan of action. One is in force."""

    CITY_PATH = None

    name = LineField(_("name"), max_length=200)
    # Translators: field: whether this plan is the one that holds today
    in_force = models.BooleanField(_("in force"), default=False)

    class Meta(Record.Meta):
        # Translators: the network’s plan of ten points
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["in_force"],
                condition=Q(in_force=True),
                name="one_plan_in_force",
                words=_("Another plan is in force. There can be only one."),
                field="in_force",
            ),
        ]

    def __str__(self) -> str:
        return str(translated(self, "name"))

    def get_absolute_url(self) -> str:
        return reverse("plan_detail")


class Point(Record):
    """One of the plan's points."""

    CITY_PATH = None
    PUBLIC_WITH = ("plan",)

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="points", verbose_name=_("plan"))
    # Translators: field: the number of a point or of a legal act
    number = models.PositiveSmallIntegerField(_("number"))
    title = LineField(_("title"), max_length=250)
    short_title = LineField(
        _("short title"), max_length=40, help_text=_("One or two words for tight places.")
    )
    # Translators: field: what a point of the plan aims at
    objective = ProseField(_("objective"), max_length=3000, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("point")
        verbose_name_plural = _("points")
        ordering = ["number"]
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["plan", "number"],
                name="one_point_per_number",
                words=_("The plan has a point with this number already."),
                field="number",
            ),
            Check(
                condition=Q(number__gte=1),
                name="points_are_counted_from_one",
                words=_("Points are counted from 1."),
                field="number",
            ),
        ]

    def __str__(self) -> str:
        title = translated(self, "title")
        return f"{self.number}. {title}"

    def get_absolute_url(self) -> str:
        return reverse("point_detail", args=[self.number])


class SuggestedAction(Record):
    """An action that the plan suggests under a point; a city may choose it or write its own."""

    CITY_PATH = None
    PUBLIC_WITH = ("point",)

    point = models.ForeignKey(
        Point, models.PROTECT, related_name="suggested_actions", verbose_name=_("point")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    text = ProseField(_("text"), max_length=1000)

    class Meta(Record.Meta):
        verbose_name = _("suggested action")
        verbose_name_plural = _("suggested actions")
        ordering = ["point", "order"]
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["point", "order"],
                name="one_suggested_action_per_place",
                words=_("This number in the order is taken. Choose another."),
                field="order",
            ),
        ]

    def __str__(self) -> str:
        return str(translated(self, "text"))
