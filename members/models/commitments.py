"""What a city promises under each point of the plan, what it does to keep it, and how anybody can
tell."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Left, Length, NullIf
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.dates import PartialDateField, parse, surely_before
from languages.text import column, labelled, translated
from members.models.cities import City, Unit
from members.models.plan import Point, SuggestedAction
from members.models.record import Record, RecordManager, RecordQuerySet
from members.models.sources import Document, Source

# Confirmed longer ago than this, a commitment is shown as not confirmed for a year.
CONFIRMED_FOR = timedelta(days=365)


class Answer(models.TextChoices):
    """To a question that may be open."""

    YES = "yes", pgettext_lazy("answer", "yes")
    NO = "no", pgettext_lazy("answer", "no")
    UNKNOWN = "", pgettext_lazy("answer", "not known")


def first_text(name: str) -> Coalesce:
    """A translated text in whichever language it is written, or "": for the database's checks.

    Never NULL: a check that comes out as NULL passes.
    """
    columns = (
        NullIf(F(column(name, code)), Value("")) for code, _name in settings.SCHEMA_LANGUAGES
    )
    return Coalesce(*columns, Value(""), output_field=models.TextField())


class Commitment(Record):
    """What a city says about one point of the plan.

    `chosen` yes or no is the city's word. Where it is not known the row only holds actions that
    public sources name: it puts no promise into the city's mouth.
    """

    PUBLIC_WITH = ("city", "point")

    city = models.ForeignKey(
        City, models.PROTECT, related_name="commitments", verbose_name=_("city")
    )
    point = models.ForeignKey(
        Point, models.PROTECT, related_name="commitments", verbose_name=_("point")
    )
    chosen = models.CharField(
        # Translators: whether the city chose this point when it joined
        _("chosen"),
        max_length=3,
        choices=Answer,
        default=Answer.UNKNOWN,
        blank=True,
        help_text=_(
            "Whether your city works on this point. “No” is a good answer too: it is not "
            "“not known”."
        ),
    )
    statement = models.TextField(
        _("what the city promises"),
        blank=True,
        help_text=_(
            "One or two sentences for residents: what your city wants to reach under this point."
        ),
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("responsible unit"),
        help_text=_("The office that people may ask about this point."),
    )
    resources = models.TextField(
        _("resources"),
        blank=True,
        help_text=_("Money, posts or rooms set aside for it, as far as you want to say."),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["city", "point"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["city", "point"],
                name="one_commitment_per_city_and_point",
                violation_error_message=_(
                    "There is an entry for this point already. Open it and change it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="commitment_confirmed_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.city, self.point)

    def clean(self) -> None:
        """The unit is one of the city's own."""
        _refuse_foreign_unit(self.unit, self.city_id)

    def get_absolute_url(self) -> str:
        return f"{reverse('city_detail', args=[self.city.slug])}#point-{self.point.number}"

    @property
    def needs_source(self) -> bool:
        """Without an answer from the city the entry states nothing that could need a source."""
        return self.chosen != Answer.UNKNOWN

    @property
    def confirmed_on(self) -> date | None:
        """The last day on which the city itself said that this is so: by writing it or by
        confirming it."""
        said = max(filter(None, [self.confirmed_at, self.stated_at]), default=None)
        return timezone.localdate(said) if said else None

    @property
    def is_stale(self) -> bool:
        """The city said it, and has not confirmed it for a year."""
        return is_stale(self.confirmed_on)


def is_stale(confirmed_on: date | None, today: date | None = None) -> bool:
    """Whether what was last confirmed on this day has not been for a year; False for what never was
    the city's."""
    return (
        confirmed_on is not None and (today or timezone.localdate()) - confirmed_on > CONFIRMED_FOR
    )


class Action(Record):
    """Something that a city does under a point, told by the city itself or found in a public
    source."""

    CITY_PATH = "commitment__city"
    PUBLIC_WITH = ("commitment", "commitment__city", "commitment__point")

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("action", "planned")
        IN_PROGRESS = "in_progress", pgettext_lazy("action", "in progress")
        DONE = "done", pgettext_lazy("action", "done")
        STOPPED = "stopped", pgettext_lazy("action", "stopped")
        UNKNOWN = "", pgettext_lazy("action", "not known")

    OPEN = (Status.PLANNED, Status.IN_PROGRESS)

    commitment = models.ForeignKey(
        Commitment,
        models.PROTECT,
        related_name="actions",
        verbose_name=_("city and point of the plan"),
    )
    suggested_action = models.ForeignKey(
        SuggestedAction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("suggested action"),
        help_text=_("If your city took up one of the plan’s suggestions."),
    )
    title = models.CharField(
        _("title"), max_length=250, help_text=_("What is done, in a few words.")
    )
    original_title = models.CharField(
        _("title in its own language"),
        max_length=250,
        blank=True,
        help_text=_("If that is none of the portal’s."),
    )
    original_language = models.CharField(
        _("language of that title"),
        max_length=20,
        blank=True,
        help_text=_("Language code, for example nl or fi."),
    )
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("Who does what for whom? Two or three sentences are enough."),
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("responsible unit"),
        help_text=_("One of your city’s units."),
    )
    carried_by = models.CharField(
        _("carried out by"),
        max_length=250,
        blank=True,
        help_text=_("Somebody else than a unit of the city, or the name that the source uses."),
    )
    # Translators: field: the day on which an action begins
    starts = PartialDateField(
        _("start"), help_text=_("A day, a month or a year: 15.3.2026, 3.2026 or 2026.")
    )
    due = PartialDateField(
        # Translators: field: the day by which an action is to be done
        _("due"),
        help_text=_(
            "When it is to be done. Once that day is over, it is shown as late until it is done."
        ),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status, default=Status.UNKNOWN, blank=True
    )
    status_as_of = PartialDateField(
        _("status as of"),
        help_text=_("The date of which the status is true. Empty: the day on which you save."),
    )
    stopped_why = models.TextField(
        _("why it was stopped"),
        blank=True,
        help_text=_("Needed for a stopped action: one honest sentence."),
    )
    existed_before = models.CharField(
        _("already in place before accession"),
        max_length=3,
        choices=Answer,
        default=Answer.UNKNOWN,
        blank=True,
        help_text=_(
            "Whether your city did this before it joined the network. It is shown apart from "
            "what is new."
        ),
    )
    further_points = models.ManyToManyField(
        Point,
        blank=True,
        related_name="further_actions",
        verbose_name=_("further points that it serves"),
    )
    point_assigned = models.BooleanField(
        _("the point was chosen by the portal"),
        default=False,
        help_text=_(
            "The source does not name a point of the plan; the portal put the action where it fits."
        ),
    )
    denied_at = models.DateTimeField(_("declared wrong by the city"), null=True, editable=False)
    denied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta(Record.Meta):
        verbose_name = pgettext_lazy("what a city does", "action")
        verbose_name_plural = pgettext_lazy("what a city does", "actions")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status="stopped")
                | Q(GreaterThan(first_text("stopped_why"), Value(""))),
                name="stopped_action_says_why",
                violation_error_message=_("Say why it was stopped."),
            ),
            # Partial dates are compared as far as both are known: due 2025 is no earlier than a
            # start in March 2025.
            models.CheckConstraint(
                condition=Q(starts="")
                | Q(due="")
                | Q(GreaterThanOrEqual(F("due"), Left(F("starts"), Length(F("due"))))),
                name="action_is_due_after_it_starts",
                violation_error_message=_("This date lies before the start."),
            ),
            models.CheckConstraint(
                condition=Q(denied_at__isnull=True, denied_by__isnull=True)
                | Q(denied_at__isnull=False, denied_by__isnull=False),
                name="action_denied_when_and_by_whom",
            ),
            # What a city calls wrong is shown to nobody and is not the city's own word.
            models.CheckConstraint(
                condition=Q(denied_at__isnull=True) | Q(published_at__isnull=True, origin="cited"),
                name="denied_action_is_not_public",
            ),
        ]

    def __str__(self) -> str:
        return str(translated(self, "title")) or self.original_title

    def clean(self) -> None:
        """What one row can be asked: dates in order, a reason for stopping, a unit of the same
        city."""
        errors = {}
        if self.starts and self.due and surely_before(parse(self.due), parse(self.starts)):
            errors["due"] = ValidationError(_now("This date lies before the start."), code="order")
        if self.status == self.Status.STOPPED and not translated(self, "stopped_why"):
            name = column("stopped_why", self.source_language)
            errors[name] = ValidationError(_now("Say why it was stopped."), code="required")
        if errors:
            raise ValidationError(errors)
        _refuse_foreign_unit(self.unit, self.commitment.city_id if self.commitment_id else None)

    def get_absolute_url(self) -> str:
        return f"{reverse('city_detail', args=[self.commitment.city.slug])}#action-{self.pk}"

    @property
    def is_stated(self) -> bool:
        """The city itself says so; else it was found in public sources and the city has not
        confirmed it."""
        return self.origin == self.Origin.STATED

    @property
    def is_claim(self) -> bool:
        """Only sources say so: it waits for the city to confirm it, to correct it or to declare it
        wrong."""
        return not self.is_stated and self.denied_at is None

    @property
    def is_kept(self) -> bool:
        """What sources say does not vanish silently: see `permissions.may`."""
        return not self.is_stated

    @property
    def as_of(self) -> str:
        """The date of which the status is true, as far as it is known (partial date)."""
        return self.status_as_of or (
            str(timezone.localdate(self.stated_at)) if self.stated_at else ""
        )

    @property
    def is_assigned(self) -> bool:
        """The portal put it under its point, and the city has not said since that it belongs
        there."""
        return self.point_assigned and not self.is_stated

    @property
    def is_late(self) -> bool:
        return is_late(self.status, self.due)


def is_late(status: str, due: str, today: date | None = None) -> bool:
    """Whether an open action's last possible day has passed: due 2025 is late from 1 January
    2026."""
    return (
        status in Action.OPEN
        and bool(due)
        and parse(due).last_day() < (today or timezone.localdate())
    )


class EvidenceQuerySet(RecordQuerySet["Evidence"]):
    def public(self) -> "EvidenceQuerySet":
        """What the public can look at: a document counts once it is public."""
        return (
            super()
            .public()
            .filter(Q(document__isnull=True) | Q(document__public_since__isnull=False))
        )


class Evidence(Record):
    """What shows that an action happened: a source or a document."""

    CITY_PATH = "action__commitment__city"
    PUBLIC_WITH = ("action", "action__commitment", "action__commitment__city")

    action = models.ForeignKey(
        Action,
        models.CASCADE,
        related_name="evidence",
        verbose_name=pgettext_lazy("what a city does", "action"),
    )
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("source"),
    )
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("document"),
        help_text=_("A file of your city. The public sees it once it is made public."),
    )
    note = models.TextField(
        _("what it shows"), blank=True, help_text=_("One sentence, for example: photographs.")
    )

    objects: ClassVar = RecordManager.from_queryset(EvidenceQuerySet)()

    class Meta(Record.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = pgettext_lazy("several pieces", "evidence")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(source__isnull=False, document__isnull=True)
                | Q(source__isnull=True, document__isnull=False),
                name="evidence_is_a_source_or_a_document",
                violation_error_message=_("Give a web address or a document, one of the two."),
            ),
            models.UniqueConstraint(
                fields=["action", "source"],
                name="a_source_is_evidence_once_per_action",
                violation_error_message=_("This action has this evidence already."),
            ),
            models.UniqueConstraint(
                fields=["action", "document"],
                name="a_document_is_evidence_once_per_action",
                violation_error_message=_("This action has this evidence already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.source or self.document)

    @property
    def needs_source(self) -> bool:
        """It is one."""
        return False


class ActionUpdate(Record):
    """News of an action."""

    CITY_PATH = "action__commitment__city"
    PUBLIC_WITH = ("action", "action__commitment", "action__commitment__city")

    action = models.ForeignKey(
        Action,
        models.CASCADE,
        related_name="updates",
        verbose_name=pgettext_lazy("what a city does", "action"),
    )
    on = PartialDateField(
        _("date"), blank=False, help_text=_("When it happened: a day, a month or a year.")
    )
    text = models.TextField(_("what happened"), help_text=_("One or two sentences."))

    class Meta(Record.Meta):
        verbose_name = pgettext_lazy("report on an action", "update")
        verbose_name_plural = pgettext_lazy("report on an action", "updates")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["action", "on"],
                name="one_update_per_action_and_date",
                violation_error_message=_("There is an update of this date already. Add to it."),
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.on, translated(self, "text"))


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
    name = models.CharField(
        _("name"), max_length=200, help_text=_("For example: people who asked for advice.")
    )
    measure = models.CharField(
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
        if (
            self.action_id
            and self.commitment_id
            and self.action.commitment_id != self.commitment_id
        ):
            raise ValidationError(
                {"action": _now("This action does not belong to this point of this city.")}
            )


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
        _("date"), blank=False, help_text=_("The day, month or year that the value is true of.")
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
            models.UniqueConstraint(
                fields=["indicator", "on"],
                name="one_value_per_indicator_and_date",
                violation_error_message=_("There is a value of this date already. Change it."),
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.on, self.value)

    @property
    def needs_source(self) -> bool:
        """It names one itself."""
        return False


class Review(Record):
    """What the secretariat found when it looked into an action, beside the city's reply."""

    CITY_PATH = "action__commitment__city"
    PUBLIC_WITH = ("action", "action__commitment", "action__commitment__city")

    class Confirmed(models.TextChoices):
        YES = "yes", pgettext_lazy("review", "confirmed")
        PARTLY = "partly", pgettext_lazy("review", "partly confirmed")
        NO = "no", pgettext_lazy("review", "not confirmed")

    action = models.ForeignKey(
        Action,
        models.CASCADE,
        related_name="reviews",
        verbose_name=pgettext_lazy("what a city does", "action"),
    )
    # Translators: what a review came to: confirmed, partly, not confirmed
    confirmed = models.CharField(_("result"), max_length=10, choices=Confirmed)
    finding = models.TextField(
        # Translators: what the reviewer found, or what was noted
        _("remark"),
        help_text=_(
            "What was looked at and what was found. The public reads it, and so does the city."
        ),
    )
    # Translators: heading: when the secretariat looked at an action
    reviewed_at = models.DateTimeField(_("reviewed"), editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    reply = models.TextField(
        _("reply of the city"), blank=True, help_text=_("It is public, beside the remark.")
    )
    # Translators: heading: when the city replied to a review
    replied_at = models.DateTimeField(_("replied"), null=True, editable=False)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    Exact(first_text("reply"), Value("")),
                    replied_at__isnull=True,
                    replied_by__isnull=True,
                )
                | Q(
                    GreaterThan(first_text("reply"), Value("")),
                    replied_at__isnull=False,
                    replied_by__isnull=False,
                ),
                name="reply_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.action, self.get_confirmed_display())

    @property
    def needs_source(self) -> bool:
        """It is the secretariat's own finding."""
        return False


def _refuse_foreign_unit(unit: Unit | None, city: int | None) -> None:
    if unit is not None and city is not None and unit.city_id != city:
        raise ValidationError({"unit": _now("This unit belongs to another city.")})
