"""Meetings of the network, what they decide, and who sits in the Steering Committee."""

from contextlib import suppress
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.dates import (
    Bounds,
    PartialDateError,
    PartialDateField,
    format_partial,
    format_range,
    is_past,
    local_moment,
    parse,
    surely_before,
)
from languages.fields import LineField, ProseField
from languages.text import current_language, labelled
from members.models.cities import City, city_name
from members.models.memberships import Membership
from members.models.record import Owned, OwnedQuerySet, Record, RecordManager, RecordQuerySet
from members.models.sources import Document


class Meeting(Record):
    """A sitting of the Steering Committee or of all members."""

    CITY_PATH = None

    class Kind(models.TextChoices):
        STEERING = "steering_committee", pgettext_lazy("meeting", "Steering Committee")
        ASSEMBLY = "general_assembly", pgettext_lazy("meeting", "General Assembly")
        CONFERENCE = "general_conference", pgettext_lazy("meeting", "General Conference")

    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    # Translators: field: the day on which a meeting, event or stage begins
    starts = PartialDateField(_("first day"), blank=False)
    ends = PartialDateField(_("last day"))
    # Translators: field: where a meeting or an event is held
    place = LineField(_("place"), max_length=150, blank=True)
    held_in = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        # Translators: field of a meeting
        verbose_name=_("city where it was held"),
        help_text=_("Readers see its name in their language, instead of the place."),
    )
    host = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_meetings",
        verbose_name=_("host city"),
    )
    minutes = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        # Translators: field: the record of a meeting, not a length of time
        verbose_name=_("minutes"),
    )

    class Meta(Record.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["kind", "starts", "place"],
                name="a_meeting_is_recorded_once",
                words=_("This meeting is recorded already."),
                field="starts",
            ),
            Check(
                condition=Q(ends="") | Q(ends__gte=F("starts")),
                name="meeting_ends_after_it_begins",
                words=_("The end lies before the beginning."),
                field="ends",
            ),
        ]

    def __str__(self) -> str:
        kind = str(self.get_kind_display())
        day = format_partial(self.starts, current_language())
        words = (kind, self.where, day)
        return ", ".join(filter(None, words))

    def get_absolute_url(self) -> str:
        return reverse("meeting_detail", args=[self.pk])

    @property
    def where(self) -> str:
        """Its city by the name that the reader's language has for it, else the place as it was
        written; empty where neither is known."""
        if self.held_in is None:
            return self.place
        return str(city_name(self.held_in))

    @property
    def last_day(self) -> date:
        return parse(self.ends or self.starts).last_day()

    @property
    def is_over(self) -> bool:
        return is_past(self.ends or self.starts)

    @property
    def is_announcement(self) -> bool:
        """The network's office calls its meetings itself. What took place needs a source."""
        return bool(self.starts) and not self.is_over

    @property
    def was_announced(self) -> bool:
        """Whether it was public before it was over."""
        if self.published_at is None:
            return False
        with suppress(PartialDateError):
            return local_moment(self.published_at).date() <= self.last_day
        return False

    def clean(self) -> None:
        """Votes that are recorded with a day of their own keep the meeting's days around it."""
        if not self.pk or not self.starts:
            return
        days = self.decisions.exclude(on="").values_list("on", flat=True)
        for day in days:
            if not self.includes(day):
                raise ValidationError({"starts": self.outside(day)})

    def includes(self, day: str) -> bool:
        """Whether a date may be one of the meeting's days (partial dates)."""
        moment = parse(day)
        begins = parse(self.starts)
        ends = parse(self.ends or self.starts)
        return not surely_before(moment, begins) and not surely_before(ends, moment)

    def outside(self, day: str) -> ValidationError:
        """What is said of a vote that this meeting cannot have taken."""
        message = _(
            "This meeting was held on: %(days)s. It cannot have voted on %(day)s. Record the "
            "meeting that voted then, and choose it."
        )
        language = current_language()
        words = {
            "days": format_range(self.starts, self.ends or self.starts, language),
            "day": format_partial(day, language),
        }
        return ValidationError(message, code="outside_the_meeting", params=words)


class DecisionQuerySet(RecordQuerySet["Decision"]):
    def public(self) -> Self:
        """Published ones of published rows. One that is annulled stays, though its membership was
        taken off the public pages with it."""
        rows = self.filter(
            published_at__isnull=False,
            meeting__published_at__isnull=False,
            city__published_at__isnull=False,
        )
        is_annulled = Q(annulled_at__isnull=False)
        is_about_a_file = Q(membership__isnull=True)
        has_public_membership = Q(membership__published_at__isnull=False)
        return rows.filter(is_annulled | is_about_a_file | has_public_membership)


class Decision(Record):
    """One vote of a meeting on an accession or a membership.

    A wrong entry is annulled with a reason, never erased. Votes are counted all or not at all.
    Those present who neither voted nor abstained are the difference to `present`.
    """

    PUBLIC_WITH = ("meeting", "membership", "city")

    class Outcome(models.TextChoices):
        ADMITTED = "admitted", pgettext_lazy("decision", "admitted")
        DEFERRED = "deferred", pgettext_lazy("decision", "deferred")
        REJECTED = "rejected", pgettext_lazy("decision", "rejected")
        SUSPENDED = "suspended", pgettext_lazy("decision", "suspended")
        RESTORED = "restored", pgettext_lazy("decision", "restored")
        EXCLUDED = "excluded", pgettext_lazy("decision", "excluded")

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="decisions", verbose_name=_("meeting")
    )
    city = models.ForeignKey(City, models.PROTECT, related_name="decisions", verbose_name=_("city"))
    accession = models.ForeignKey(
        "members.Accession",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("accession"),
    )
    membership = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("membership"),
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    on = PartialDateField(
        _("date"),
        bounds=Bounds.HAPPENED,
        help_text=_("If it differs from the meeting’s first day."),
    )
    # Translators: field: whether all voted alike: yes, no, not known
    unanimous = models.BooleanField(_("unanimous"), null=True, blank=True)
    present = models.PositiveSmallIntegerField(
        _("members present"), null=True, blank=True, help_text=_("With those that did not vote.")
    )
    votes_for = models.PositiveSmallIntegerField(_("votes for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("votes against"), null=True, blank=True)
    votes_abstained = models.PositiveSmallIntegerField(_("abstentions"), null=True, blank=True)
    recused = models.ManyToManyField(
        City, blank=True, related_name="+", verbose_name=_("cities that did not vote")
    )
    note = ProseField(_("note"), max_length=3000, blank=True)
    # Translators: heading: when a decision that was entered wrongly was annulled
    annulled_at = models.DateTimeField(_("annulled"), null=True, editable=False)
    annulled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    annulled_why = ProseField(
        _("reason of the annulment"), max_length=5000, blank=True, editable=False
    )

    objects: ClassVar = RecordManager.from_queryset(DecisionQuerySet)()

    class Meta(Record.Meta):
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["meeting", "membership"],
                condition=Q(annulled_at__isnull=True),
                name="one_valid_decision_per_meeting_and_membership",
                words=_("This meeting has decided about this already. Annul that decision first."),
                field="meeting",
            ),
            Unique(
                fields=["meeting", "accession"],
                condition=Q(annulled_at__isnull=True),
                name="one_valid_decision_per_meeting_and_accession",
                words=_("This meeting has decided about this already. Annul that decision first."),
                field="meeting",
            ),
            Check(
                condition=Q(accession__isnull=False) | Q(membership__isnull=False),
                name="decision_is_about_an_accession_or_a_membership",
                words=_("Say which accession or membership the decision is about."),
                field="accession",
            ),
            Check(
                condition=Q(
                    votes_for__isnull=True, votes_against__isnull=True, votes_abstained__isnull=True
                )
                | Q(
                    votes_for__isnull=False,
                    votes_against__isnull=False,
                    votes_abstained__isnull=False,
                ),
                name="votes_are_counted_all_or_not_at_all",
                words=_("Give all three numbers of votes or none."),
                field="votes_for",
            ),
            Check(
                condition=Q(unanimous__isnull=True)
                | Q(unanimous=False)
                | Q(votes_against__isnull=True)
                | Q(votes_against=0),
                name="a_unanimous_vote_has_nobody_against",
                words=_("A unanimous vote has nobody against."),
                field="votes_against",
            ),
            Check(
                condition=Q(annulled_at__isnull=True, annulled_by__isnull=True, annulled_why="")
                | (Q(annulled_at__isnull=False, annulled_by__isnull=False) & ~Q(annulled_why="")),
                name="decision_annulled_when_by_whom_and_why",
                words=_("The date, the person and the reason belong together: give all or none."),
                field="annulled_why",
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.city, self.get_outcome_display())

    def clean(self) -> None:
        for row in (self.accession, self.membership):
            if row is not None and row.city_id != self.city_id:
                raise ValidationError({"city": _("The decision is about another city.")})
        if self.on and not self.meeting.includes(self.on) and self._has_new_day():
            raise ValidationError({"on": self.meeting.outside(self.on)})
        self._refuse_more_votes_than_people()

    def _refuse_more_votes_than_people(self) -> None:
        """Those who did not vote are the difference, so there may be fewer votes, never more."""
        counts = (self.votes_for, self.votes_against, self.votes_abstained)
        if self.present is None or None in counts:
            return
        counted = sum(count for count in counts if count is not None)
        if counted > self.present:
            message = _("There are more votes (%(counted)d) than people present (%(present)d).")
            names = {"counted": counted, "present": self.present}
            raise ValidationError({"present": message % names})

    def _has_new_day(self) -> bool:
        """Whether the day is not recorded yet. One of before the rule stays valid."""
        rows = Decision._base_manager.filter(pk=self.pk, on=self.on, meeting=self.meeting)
        return not rows.exists()

    @property
    def admits(self) -> bool:
        """Whether a city became a member by it."""
        if self.annulled_at is not None:
            return False
        return self.outcome == self.Outcome.ADMITTED

    @property
    def date(self) -> str:
        """When it was taken (partial date)."""
        day = self.on or self.meeting.starts
        return str(day)


class CommitteeSeatQuerySet(OwnedQuerySet["CommitteeSeat"]):
    def on(self, day: str) -> "CommitteeSeatQuerySet":
        """Seats held on a day (partial date).

        A seat counts where no known beginning or end speaks against the day.
        """
        year = day[:4]
        has_begun = Q(since="") | Q(since__lte=day)
        is_open = Q(until="") | Q(until__gte=year)
        return self.filter(is_open, has_begun)


class CommitteeSeat(Owned):
    """A city's seat in the Steering Committee: its members vote, and not about their own city."""

    city = models.ForeignKey(
        City, models.PROTECT, related_name="committee_seats", verbose_name=_("city")
    )
    # Translators: heading: the first day of a seat or a role
    since = PartialDateField(_("since"))
    # Translators: heading: the last day of a seat or a role
    until = PartialDateField(_("until"), help_text=_("Leave empty while the seat is held."))

    objects = CommitteeSeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat in the Steering Committee")
        verbose_name_plural = _("seats in the Steering Committee")
        constraints = [
            Unique(
                fields=["city"],
                condition=Q(until=""),
                name="one_open_seat_per_city",
                words=_("The city holds a seat already."),
                field="city",
            ),
            Check(
                condition=Q(until="") | Q(since="") | Q(until__gte=F("since")),
                name="seat_ends_after_it_begins",
                words=_("The end lies before the beginning."),
                field="until",
            ),
        ]

    def __str__(self) -> str:
        return str(self.city)
