"""The file with which a city becomes a member, and every step that it took."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.fields import ProseField
from languages.text import labelled, translated
from members.models.cities import City, Unit
from members.models.meetings import Decision, Meeting
from members.models.memberships import Membership
from members.models.plan import Point, SuggestedAction
from members.models.record import (
    Owned,
    OwnedQuerySet,
    Record,
    RecordManager,
    Stepped,
    SteppedQuerySet,
)
from members.models.sources import Document, LegalAct


class AccessionQuerySet(SteppedQuerySet["Accession"]):
    def public(self) -> "AccessionQuerySet":
        """None: only the city, the secretariat and the committee read a file."""
        return self.none()

    def open(self) -> "AccessionQuerySet":
        """Not decided for good and not withdrawn."""
        return self.filter(status__in=Accession.OPEN)

    def with_network(self) -> "AccessionQuerySet":
        """Submitted and not decided: the secretariat and the committee read what it says today."""
        return self.open().exclude(status__in=Accession.WITH_CITY)

    def submitted(self) -> "AccessionQuerySet":
        """With the network, or decided: what the Steering Committee may read."""
        return self.filter(status__in=Accession.READ_BY_COMMITTEE)


class Accession(Stepped, Record):
    """A city's file: legal basis, signed act, focal point, what it chooses under each point, means.

    A draft needs nothing but the city. The status is changed by
    `members.services.accession_transitions` alone, each time with an `AccessionStep`; the database
    refuses any other change (migrations 0004 and 0012). Structure of the act: domain, section 1.2.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("accession", "draft")
        SUBMITTED = "submitted", pgettext_lazy("accession", "submitted")
        RETURNED = "returned", pgettext_lazy("accession", "returned to the city")
        UNDER_REVIEW = "under_review", pgettext_lazy("accession", "under review")
        ON_AGENDA = "on_agenda", pgettext_lazy("accession", "on the agenda")
        DEFERRED = "deferred", pgettext_lazy("accession", "deferred")
        ADMITTED = "admitted", pgettext_lazy("accession", "admitted")
        REJECTED = "rejected", pgettext_lazy("accession", "rejected")
        WITHDRAWN = "withdrawn", pgettext_lazy("accession", "withdrawn by the city")

    FIRST_STATUS = Status.DRAFT
    # With the city: it writes the file, and nobody else reads it but the secretariat.
    WITH_CITY = (Status.DRAFT, Status.RETURNED)
    OPEN = (
        Status.DRAFT,
        Status.SUBMITTED,
        Status.RETURNED,
        Status.UNDER_REVIEW,
        Status.ON_AGENDA,
        Status.DEFERRED,
    )
    READ_BY_COMMITTEE = (
        Status.SUBMITTED,
        Status.UNDER_REVIEW,
        Status.ON_AGENDA,
        Status.DEFERRED,
        Status.ADMITTED,
        Status.REJECTED,
    )

    city = models.ForeignKey(
        City, models.PROTECT, related_name="accessions", verbose_name=_("city")
    )
    status = models.CharField(
        _("state"), max_length=20, choices=Status, default=Status.DRAFT, editable=False
    )
    status_since = models.DateTimeField(
        _("in this state since"), default=timezone.now, editable=False
    )
    legal_basis = models.ForeignKey(
        LegalAct,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("legal basis"),
        help_text=_("The resolution, decision or decree by which the city decided to join."),
    )
    signed_act = models.ForeignKey(
        LegalAct,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed act"),
        help_text=_("The Act of Accession and Commitment with the mayor’s signature."),
    )
    focal_point = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("focal point"),
        help_text=_("The office that follows up and coordinates. Every member has one."),
    )
    resources = ProseField(
        _("resources"),
        max_length=3000,
        blank=True,
        help_text=_(
            "Who works on it, with how much time and money: what the city sets aside for its "
            "actions."
        ),
    )
    attachments = models.ManyToManyField(
        Document, blank=True, related_name="accessions", verbose_name=_("attachments")
    )
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="accessions",
        verbose_name=_("on the agenda of"),
    )
    membership = models.OneToOneField(
        Membership,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="accession",
        verbose_name=_("membership"),
    )

    objects: ClassVar = RecordManager.from_queryset(AccessionQuerySet)()

    class Meta(Record.Meta):
        verbose_name = _("accession")
        verbose_name_plural = _("accessions")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["city"],
                condition=Q(
                    status__in=[
                        "draft",
                        "submitted",
                        "returned",
                        "under_review",
                        "on_agenda",
                        "deferred",
                    ]
                ),
                name="one_open_accession_per_city",
                words=_("The city has an open accession already."),
                field="city",
            ),
            Check(
                condition=~Q(status="on_agenda") | Q(meeting__isnull=False),
                name="accession_on_the_agenda_names_its_meeting",
                words=_("An accession on the agenda names its meeting."),
                field="meeting",
            ),
            Check(
                condition=Q(status="admitted", membership__isnull=False)
                | (~Q(status="admitted") & Q(membership__isnull=True)),
                name="admitted_accession_has_its_membership",
                words=_("An admitted accession has its membership, and no other has one."),
                field="membership",
            ),
            Check(
                condition=Q(published_at__isnull=True),
                name="accession_is_never_public",
                words=_("An accession is never public."),
                field="",
            ),
        ]

    def __str__(self) -> str:
        return str(self.city)

    def get_file_url(self) -> str:
        """The page in the administration on which the whole file is read."""
        return reverse("admin:members_accession_file", args=[self.pk])

    @property
    def waiting_days(self) -> int:
        """Whole days in its present status."""
        return (timezone.now() - self.status_since).days

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_closed(self) -> bool:
        """The file is with the network, or decided: nobody changes what it says."""
        return self.status not in self.WITH_CITY


class AccessionStep(Owned):
    """A step of a file. Triggers of the database refuse to edit or delete it.

    `file`: what the file said when it was submitted (see `members.accession_file.snapshot`); the
    page shows what changed since.
    """

    CITY_PATH = "accession__city"

    class Verb(models.TextChoices):
        OPEN = "open", pgettext_lazy("step of an accession", "opened")
        SUBMIT = "submit", pgettext_lazy("step of an accession", "submitted")
        RETURN = "return", pgettext_lazy("step of an accession", "returned to the city")
        REVIEW = "review", pgettext_lazy("step of an accession", "review begun")
        SCHEDULE = "schedule", pgettext_lazy("step of an accession", "put on the agenda")
        UNSCHEDULE = "unschedule", pgettext_lazy("step of an accession", "taken off the agenda")
        ADMIT = "admit", pgettext_lazy("step of an accession", "admitted")
        DEFER = "defer", pgettext_lazy("step of an accession", "deferred")
        REJECT = "reject", pgettext_lazy("step of an accession", "rejected")
        WITHDRAW = "withdraw", pgettext_lazy("step of an accession", "withdrawn by the city")
        ANNUL = "annul", pgettext_lazy("step of an accession", "decision annulled")

    accession = models.ForeignKey(
        Accession, models.PROTECT, related_name="steps", verbose_name=_("accession")
    )
    # Translators: heading: what was done with an accession: submitted, returned, …
    verb = models.CharField(_("step"), max_length=20, choices=Verb)
    from_status = models.CharField(
        _("state before"), max_length=20, choices=Accession.Status, blank=True
    )
    to_status = models.CharField(_("state after"), max_length=20, choices=Accession.Status)
    # Translators: heading: when a step was taken
    at = models.DateTimeField(_("time"), default=timezone.now)
    # Translators: heading of a column: who took this step
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    why = ProseField(_("reason"), max_length=5000, blank=True)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, related_name="+", verbose_name=_("meeting")
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, related_name="+", verbose_name=_("decision")
    )
    file = models.JSONField(_("the file at that time"), null=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of an accession")
        verbose_name_plural = _("steps of accessions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return labelled(self.accession, self.get_verb_display())


class AccessionPart(Owned):
    """A row that belongs to a file and cannot be changed once the file is closed."""

    CITY_PATH: ClassVar[str | None] = "accession__city"
    # Each subclass has the foreign key.
    accession: Any

    class Meta:
        abstract = True

    @property
    def is_closed(self) -> bool:
        return bool(self.accession.is_closed)


class AccessionChoice(AccessionPart):
    """A suggested action that the city chooses."""

    accession = models.ForeignKey(
        Accession, models.CASCADE, related_name="choices", verbose_name=_("accession")
    )
    suggested_action = models.ForeignKey(
        SuggestedAction, models.PROTECT, related_name="+", verbose_name=_("suggested action")
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("chosen action")
        verbose_name_plural = _("chosen actions")
        constraints = [
            Unique(
                fields=["accession", "suggested_action"],
                name="an_action_is_chosen_once_per_accession",
                words=_("This action is chosen already."),
                field="suggested_action",
            )
        ]

    def __str__(self) -> str:
        return str(self.suggested_action)


class AccessionOwnAction(AccessionPart, Record):
    """An action that the city proposes itself under a point.

    Never public: those of an admitted city become commitments.
    """

    PUBLIC_WITH = ("accession",)

    accession = models.ForeignKey(
        Accession, models.CASCADE, related_name="own_actions", verbose_name=_("accession")
    )
    # Translators: one of the plan’s ten points
    point = models.ForeignKey(Point, models.PROTECT, related_name="+", verbose_name=_("point"))
    # Translators: place in a list: 1, 2, 3; nothing is commanded
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    # Translators: a piece of writing; nothing is sent to a telephone
    text = ProseField(_("text"), max_length=1000)

    class Meta(Record.Meta):
        verbose_name = _("own action")
        verbose_name_plural = _("own actions")
        ordering = ["point__number", "order"]
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["accession", "point", "order"],
                name="one_own_action_per_place",
                words=_("This number in the order is taken. Choose another."),
                field="order",
            ),
        ]

    def __str__(self) -> str:
        return str(translated(self, "text"))


class AccessionNote(Owned):
    """A remark of the secretariat on a file, for the secretariat alone. Added to, not rewritten."""

    CITY_PATH = None

    accession = models.ForeignKey(
        Accession, models.CASCADE, related_name="notes", verbose_name=_("accession")
    )
    # Translators: field: a remark for those who read the entry
    text = ProseField(_("note"), max_length=5000)
    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("by"),
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]
