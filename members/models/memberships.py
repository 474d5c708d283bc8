"""Membership of the network, its steps, and the dated facts on the way to it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.dates import Bounds, PartialDateField, format_partial
from languages.fields import ProseField
from languages.text import current_language, labelled
from members.models.cities import City
from members.models.record import (
    Owned,
    OwnedQuerySet,
    Record,
    RecordManager,
    Stepped,
    SteppedQuerySet,
)


class MembershipQuerySet(SteppedQuerySet["Membership"]):
    def open(self) -> "MembershipQuerySet":
        """Neither withdrawn nor excluded."""
        return self.filter(standing__in=Membership.OPEN)


class Membership(Stepped, Record):
    """A city in the network, from the committee's vote to its end. Never deleted.

    `evidenced`: a source named the city as a member on some date; whether it is one today is not
    known. `annulled`: recorded by mistake; the annulled decision holds the reason. The standing is
    changed by `members.services.membership_transitions` alone.
    """

    PUBLIC_WITH = ("city",)
    STATUS = "standing"

    class Standing(models.TextChoices):
        EVIDENCED = "evidenced", pgettext_lazy("membership", "evidenced")
        ACTIVE = "active", pgettext_lazy("membership", "active")
        SUSPENDED = "suspended", pgettext_lazy("membership", "suspended")
        WITHDRAWN = "withdrawn", pgettext_lazy("membership", "withdrawn")
        EXCLUDED = "excluded", pgettext_lazy("membership", "excluded")
        ANNULLED = "annulled", pgettext_lazy("membership", "recorded by mistake")

    OPEN = (Standing.EVIDENCED, Standing.ACTIVE, Standing.SUSPENDED)
    FORMER = (Standing.WITHDRAWN, Standing.EXCLUDED)

    city = models.ForeignKey(
        City, models.PROTECT, related_name="memberships", verbose_name=_("city")
    )
    standing = models.CharField(_("standing"), max_length=20, choices=Standing)
    # Translators: heading: the day on which a membership began
    joined = PartialDateField(_("joined"), bounds=Bounds.HAPPENED)
    # Translators: heading: the day on which a membership ended
    ended = PartialDateField(_("ended"), bounds=Bounds.HAPPENED)
    legal_basis = models.ForeignKey(
        "members.LegalAct",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("decision to join"),
        help_text=_("The city’s own act on which the membership rests."),
    )
    # Translators: heading: when somebody entered it into the portal
    recorded_at = models.DateTimeField(_("recorded"), null=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects: ClassVar = RecordManager.from_queryset(MembershipQuerySet)()

    class Meta(Record.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["city"],
                condition=Q(standing__in=["evidenced", "active", "suspended"]),
                name="one_open_membership_per_city",
                words=_("The city has an open membership already."),
                field="city",
            ),
            Check(
                condition=Q(ended="", standing__in=["evidenced", "active", "suspended", "annulled"])
                | (~Q(ended="") & Q(standing__in=["withdrawn", "excluded"])),
                name="membership_ended_has_its_date",
                words=_("A membership that ended has the date of its end, and no other has one."),
                field="ended",
            ),
            Check(
                condition=Q(recorded_at__isnull=True, recorded_by__isnull=True)
                | Q(recorded_at__isnull=False, recorded_by__isnull=False),
                name="membership_recorded_when_and_by_whom",
                words=_("The date and the person belong together: give both or neither."),
                field="recorded_at",
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.city, self.get_standing_display())


class MembershipStep(Owned):
    """A change of a membership's standing. Triggers of the database refuse to edit or delete it.

    `on`: when it took effect, by the decision or the letter. `recorded_at`: when it was entered.
    """

    CITY_PATH = "membership__city"

    class Verb(models.TextChoices):
        ADMIT = "admit", pgettext_lazy("step of a membership", "admitted")
        CONFIRM = "confirm", pgettext_lazy("step of a membership", "confirmed")
        SUSPEND = "suspend", pgettext_lazy("step of a membership", "suspended")
        RESTORE = "restore", pgettext_lazy("step of a membership", "restored")
        WITHDRAW = "withdraw", pgettext_lazy("step of a membership", "withdrawn")
        EXCLUDE = "exclude", pgettext_lazy("step of a membership", "excluded")
        ANNUL = "annul", pgettext_lazy("step of a membership", "earlier step annulled")

    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="steps", verbose_name=_("membership")
    )
    verb = models.CharField(_("step"), max_length=20, choices=Verb)
    from_standing = models.CharField(
        _("standing before"), max_length=20, choices=Membership.Standing, blank=True
    )
    to_standing = models.CharField(_("standing after"), max_length=20, choices=Membership.Standing)
    on = PartialDateField(_("date"), bounds=Bounds.HAPPENED)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    why = ProseField(_("reason"), max_length=5000, blank=True)
    decision = models.ForeignKey(
        "members.Decision",
        models.PROTECT,
        null=True,
        related_name="steps",
        verbose_name=_("decision"),
    )
    document = models.ForeignKey(
        "members.Document",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("on paper", "letter"),
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a membership")
        verbose_name_plural = _("steps of memberships")
        ordering = ["pk"]

    def __str__(self) -> str:
        city = self.membership.city
        return labelled(city, self.get_verb_display())


class Milestone(Record):
    """A dated fact on the road to membership that is not itself the admission.

    Sources mix these up; they are kept apart: a declaration of intention is not a membership.
    """

    PUBLIC_WITH = ("city",)

    class Kind(models.TextChoices):
        INTENTION = "intention", pgettext_lazy("milestone", "declaration of intention")
        MOTION = "motion", pgettext_lazy("milestone", "motion in the council")
        DRAFT = "draft_resolution", pgettext_lazy("milestone", "draft resolution")
        WISH = "wish", pgettext_lazy("milestone", "wish to join reported")
        APPLICATION_DECIDED = "application_decided", pgettext_lazy("milestone", "decided to apply")
        COUNCIL_DECISION = "council_decision", pgettext_lazy("milestone", "decision to join")
        CANDIDATE = "candidate", pgettext_lazy("milestone", "presented as a candidate")
        PLAN = (
            "plan_taken_over",
            pgettext_lazy("milestone", "took over the network’s plan as a whole"),
        )
        CERTIFICATE = "certificate", pgettext_lazy("milestone", "certificate handed over")
        ANNOUNCEMENT = "announcement", pgettext_lazy("milestone", "public announcement")
        CONTACT = "contact", pgettext_lazy("milestone", "contact with the network")

    city = models.ForeignKey(
        City, models.PROTECT, related_name="milestones", verbose_name=_("city")
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    on = PartialDateField(_("date"), bounds=Bounds.HAPPENED)
    note = ProseField(_("note"), max_length=2000, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["city", "kind", "on"],
                name="a_milestone_is_recorded_once",
                words=_("This step of the city on this day is recorded already."),
                field="on",
            ),
        ]

    def __str__(self) -> str:
        kind = str(self.get_kind_display())
        day = format_partial(self.on, current_language())
        return ", ".join(filter(None, (kind, day)))
