"""What a city does to keep a commitment: actions, their evidence, news and reviews."""

from datetime import date, datetime
from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Left, Length
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from languages.constraints import Check, Unique
from languages.dates import Bounds, PartialDateField, format_partial, parse, surely_before
from languages.fields import LineField, ProseField
from languages.text import column, current_language, labelled, translated
from members.models.cities import Unit
from members.models.commitments import Answer, Commitment, first_text, refuse_foreign_unit
from members.models.plan import Point, SuggestedAction
from members.models.record import Record, RecordManager, RecordQuerySet
from members.models.sources import Document, Source


class ActionQuerySet(RecordQuerySet["Action"]):
    def late(self, today: date) -> Self:
        """Those of which `is_late` holds on this day.

        Partial dates compare as texts. A month or a year is over once the next one has begun.
        """
        day = today.isoformat()
        current = [day[:4], day[:7]]
        begun = self.filter(status__in=Action.OPEN, due__gt="", due__lt=day)
        return begun.exclude(due__in=current)

    def claims(self) -> Self:
        """Those of which `is_claim` holds."""
        return self.filter(
            origin=Record.Origin.CITED,
            denied_at=None,
        )


class Action(Record):
    """Something that a city does under a point: stated by itself, or cited from a public source."""

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
    title = LineField(_("title"), max_length=250, help_text=_("What is done, in a few words."))
    original_title = LineField(
        _("title in its own language"),
        max_length=250,
        blank=True,
        help_text=_("If that is none of the portal’s."),
    )
    original_language = LineField(
        _("language of that title"),
        max_length=20,
        blank=True,
        help_text=_("Language code, for example nl or fi."),
    )
    description = ProseField(
        _("description"),
        max_length=5000,
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
    carried_by = LineField(
        _("carried out by"),
        max_length=250,
        blank=True,
        help_text=_("Somebody else than a unit of the city, or the name that the source uses."),
    )
    # Translators: field: the day on which an action begins
    starts = PartialDateField(_("start"), help_text=_("A day, a month or a year."))
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
        bounds=Bounds.HAPPENED,
        help_text=_("The date of which the status is true. Empty: the day on which you save."),
    )
    stopped_why = ProseField(
        _("why it was stopped"),
        max_length=1000,
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

    objects: ClassVar = RecordManager.from_queryset(ActionQuerySet)()

    class Meta(Record.Meta):
        verbose_name = pgettext_lazy("what a city does", "action")
        verbose_name_plural = pgettext_lazy("what a city does", "actions")
        constraints = [
            *Record.Meta.constraints,
            Check(
                condition=~Q(status="stopped")
                | Q(GreaterThan(first_text("stopped_why"), Value(""))),
                name="stopped_action_says_why",
                words=_("Say why it was stopped."),
                field="stopped_why",
            ),
            # Partial dates are compared as far as both are known: due 2025 is no earlier than a
            # start in March 2025.
            Check(
                condition=Q(starts="")
                | Q(due="")
                | Q(GreaterThanOrEqual(F("due"), Left(F("starts"), Length(F("due"))))),
                name="action_is_due_after_it_starts",
                words=_("This date lies before the start."),
                field="due",
            ),
            Check(
                condition=Q(denied_at__isnull=True, denied_by__isnull=True)
                | Q(denied_at__isnull=False, denied_by__isnull=False),
                name="action_denied_when_and_by_whom",
                words=_("The date and the person belong together: give both or neither."),
                field="denied_at",
            ),
            # What a city calls wrong is shown to nobody and is not the city's own word.
            Check(
                condition=Q(denied_at__isnull=True) | Q(published_at__isnull=True, origin="cited"),
                name="denied_action_is_not_public",
                words=_("An action that the city denies is not public."),
                field="",
            ),
        ]

    def __str__(self) -> str:
        title = translated(self, "title")
        return str(title) or self.original_title

    def clean(self) -> None:
        """Dates in order, a reason for stopping, a unit of the same city."""
        errors = {}
        if self._is_due_before_it_starts():
            sentence = gettext("This date lies before the start.")
            errors["due"] = ValidationError(sentence, code="order")
        is_stopped = self.status == self.Status.STOPPED
        if is_stopped and not translated(self, "stopped_why"):
            name = column("stopped_why", self.source_language)
            sentence = gettext("Say why it was stopped.")
            errors[name] = ValidationError(sentence, code="required")
        if errors:
            raise ValidationError(errors)
        city = self.commitment.city_id if self.commitment_id else None
        refuse_foreign_unit(self.unit, city)

    def _is_due_before_it_starts(self) -> bool:
        if not (self.starts and self.due):
            return False
        due = parse(self.due)
        start = parse(self.starts)
        return surely_before(due, start)

    def get_absolute_url(self) -> str:
        city = self.commitment.city
        page = reverse("city_detail", args=[city.slug])
        return f"{page}#action-{self.pk}"

    @property
    def is_stated(self) -> bool:
        """Whether the city itself states it; else only public sources name it."""
        return self.origin == self.Origin.STATED

    @property
    def is_claim(self) -> bool:
        """Whether only sources name it, and the city has not confirmed, corrected or denied it."""
        return not self.is_stated and self.denied_at is None

    @property
    def is_kept(self) -> bool:
        """Whether only the office may delete it, because sources name it: see `permissions.may`."""
        return not self.is_stated

    @property
    def as_of(self) -> str:
        """The date of which the status is true, as far as it is known (partial date)."""
        return known_as_of(str(self.status_as_of), self.stated_at)

    @property
    def is_assigned(self) -> bool:
        """Whether the portal put it under its point, and the city has not stated it since."""
        return self.point_assigned and not self.is_stated

    @property
    def is_late(self) -> bool:
        return is_late(self.status, self.due)


def known_as_of(status_as_of: str, stated_at: datetime | None) -> str:
    """The partial date of a status: as recorded, else of the day on which the city stated it."""
    if status_as_of or stated_at is None:
        return status_as_of
    return str(timezone.localdate(stated_at))


def is_late(status: str, due: str, today: date | None = None) -> bool:
    """Whether the last possible day of an open action is over.

    Due 2025 is late from 1 January 2026.
    """
    if status not in Action.OPEN or not due:
        return False
    last_day = parse(due).last_day()
    return last_day < (today or timezone.localdate())


class EvidenceQuerySet(RecordQuerySet["Evidence"]):
    def public(self) -> Self:
        """What the public can look at: a document counts once it is public.

        What is for the office alone is not there for anybody else, a link as little as a file.
        """
        rows = super().public().filter(office_only=False)
        has_no_document = Q(document__isnull=True)
        has_public_document = Q(document__public_since__isnull=False)
        return rows.filter(has_no_document | has_public_document)


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
        help_text=_("A file of your city."),
    )
    office_only = models.BooleanField(
        _("only for the network’s office"),
        default=False,
        help_text=_(
            "The link or the file, and what it shows. Otherwise the public reads it together with "
            "the action."
        ),
    )
    note = ProseField(
        _("what it shows"),
        max_length=1000,
        blank=True,
        help_text=_("One sentence, for example: photographs."),
    )

    objects: ClassVar = RecordManager.from_queryset(EvidenceQuerySet)()

    class Meta(Record.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = pgettext_lazy("several pieces", "evidence")
        constraints = [
            *Record.Meta.constraints,
            Check(
                condition=Q(source__isnull=False, document__isnull=True)
                | Q(source__isnull=True, document__isnull=False),
                name="evidence_is_a_source_or_a_document",
                words=_("Give a web address or a document, one of the two."),
                field="document",
            ),
            Unique(
                fields=["action", "source"],
                name="a_source_is_evidence_once_per_action",
                words=_("This action has this evidence already."),
                field="source",
            ),
            Unique(
                fields=["action", "document"],
                name="a_document_is_evidence_once_per_action",
                words=_("This action has this evidence already."),
                field="document",
            ),
        ]

    def __str__(self) -> str:
        return str(self.source or self.document)

    def clean(self) -> None:
        """Evidence that is public opens its file: a file of another city stays that city's."""
        document = self.document
        owner = document.city_id if document else None
        if owner is None or not self.action_id:
            return
        if owner != self.action.commitment.city_id:
            sentence = gettext("This file belongs to another city.")
            raise ValidationError({"document": sentence})

    @property
    def needs_source(self) -> bool:
        """False: it is one."""
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
        _("date"),
        bounds=Bounds.HAPPENED,
        blank=False,
        help_text=_("When it happened: a day, a month or a year."),
    )
    text = ProseField(_("what happened"), max_length=2000, help_text=_("One or two sentences."))

    class Meta(Record.Meta):
        verbose_name = pgettext_lazy("report on an action", "update")
        verbose_name_plural = pgettext_lazy("report on an action", "updates")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["action", "on"],
                name="one_update_per_action_and_date",
                words=_("There is an update of this date already. Add to it."),
                field="on",
            ),
        ]

    def __str__(self) -> str:
        day = format_partial(self.on, current_language())
        return labelled(day, translated(self, "text"))


class Review(Record):
    """What the secretariat found when it reviewed an action, with the city's reply."""

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
    finding = ProseField(
        # Translators: what the reviewer found, or what was noted
        _("remark"),
        max_length=3000,
        help_text=_(
            "What was looked at and what was found. The public reads it, and so does the city."
        ),
    )
    # Translators: heading: when the secretariat looked at an action
    reviewed_at = models.DateTimeField(_("reviewed"), editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    reply = ProseField(
        _("reply of the city"),
        max_length=3000,
        blank=True,
        help_text=_("It is public, beside the remark."),
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
            Check(
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
                words=_("A reply needs its date and the person who gave it."),
                field="reply",
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.action, self.get_confirmed_display())

    @property
    def needs_source(self) -> bool:
        """False: it is the secretariat's own finding."""
        return False
