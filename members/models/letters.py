"""The outbox: what the portal writes to people, and the secretariat's own wordings."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.fields import LineField, ProseField
from members.models.people import User
from members.models.record import Owned, OwnedQuerySet

SUBJECT_LENGTH = 200


class LetterQuerySet(OwnedQuerySet["Letter"]):
    def about(self, row: models.Model) -> Self:
        """Letters about this row."""
        kind = ContentType.objects.get_for_model(type(row))
        return self.filter(content_type=kind, object_id=row.pk)

    def unsent(self) -> Self:
        """What can still be withdrawn: letters that wait or have failed.

        Not those that a process is sending at this moment.
        """
        states = (Letter.State.DRAFTED, Letter.State.FAILED)
        unsent = self.filter(state__in=states)
        return unsent.filter(is_unclaimed())

    def due(self, at: datetime) -> Self:
        """What may be sent: its next try has come, and no process is sending it."""
        waiting = self.filter(state=Letter.State.DRAFTED, next_try_at__lte=at)
        return waiting.filter(is_unclaimed())


def is_unclaimed() -> Q:
    """No process is sending it; a claim that has run out was that of a process that died."""
    has_no_claim = Q(claim__isnull=True)
    has_run_out = Q(claimed_until__lt=timezone.now())
    return has_no_claim | has_run_out


class Letter(Owned):
    """A letter of the portal, written in the transaction of what it tells about.

    `members.services.letters` alone writes here.
    """

    CITY_PATH = None

    class State(models.TextChoices):
        DRAFTED = "drafted", pgettext_lazy("state of a letter", "waiting")
        SENT = "sent", pgettext_lazy("state of a letter", "sent")
        FAILED = "failed", pgettext_lazy("state of a letter", "failed")
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a letter", "withdrawn")

    kind = LineField(_("kind of letter"), max_length=40, editable=False)
    to = models.EmailField(_("recipient"), editable=False)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.SCHEMA_LANGUAGES, editable=False
    )
    # Not a LineField: its constraint speaks of ends of lines, which that field would clean away.
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, editable=False)
    text = ProseField(_("text"), max_length=20_000, editable=False)
    message_id = models.CharField(max_length=200, unique=True, editable=False)
    # Empty, or a key that one letter has: of a reminder its rule, row, period and person.
    once = models.CharField(max_length=400, blank=True, editable=False)

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", editable=False)
    object_id = models.PositiveBigIntegerField(editable=False)
    thing = GenericForeignKey("content_type", "object_id")

    written_at = models.DateTimeField(_("written"), editable=False)
    written_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("written by"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFTED, editable=False
    )
    # Translators: heading: how often the portal has tried to send a letter
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, editable=False)
    next_try_at = models.DateTimeField(_("next try"), null=True, editable=False)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    # Translators: heading: when a letter went out
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    # Translators: heading: when the portal stopped trying to send a letter
    failed_at = models.DateTimeField(_("given up"), null=True, editable=False)
    # The mail server's own words, while the letter waits for another try too.
    failure = ProseField(_("what went wrong"), max_length=5000, blank=True, editable=False)
    # Translators: heading: when a letter or an invitation was taken back
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("withdrawn by"),
    )
    withdrawn_why = ProseField(
        _("why it was withdrawn"), max_length=1000, blank=True, editable=False
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        # Translators: a letter that the portal sends, or that a decision rests on
        # Translators: what the portal sends by e-mail
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state="drafted"), name="letters_that_wait"
            ),
            models.Index(fields=["content_type", "object_id"], name="letters_about_a_thing"),
            models.Index(fields=["state", "-written_at"], name="letters_by_state"),
        ]
        constraints = [
            Unique(
                fields=["once"],
                condition=~Q(once=""),
                name="a_reminder_is_written_once",
                words=_("This reminder has been written already."),
                field="once",
            ),
            Check(
                condition=Q(state="drafted", next_try_at__isnull=False)
                | (~Q(state="drafted") & Q(next_try_at__isnull=True)),
                name="waiting_letter_has_its_next_try",
                words=_("A letter that waits has the time of its next try, and no other has one."),
                field="next_try_at",
            ),
            Check(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="sent_letter_says_when",
                words=_("A sent letter has the time at which it was sent, and no other has one."),
                field="sent_at",
            ),
            Check(
                condition=(Q(state="failed", failed_at__isnull=False) & ~Q(failure=""))
                | (~Q(state="failed") & Q(failed_at__isnull=True)),
                name="failed_letter_says_when_and_why",
                words=_("A letter that could not be sent has the time and the reason."),
                field="failed_at",
            ),
            Check(
                condition=(Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_why=""))
                | (
                    ~Q(state="withdrawn")
                    & Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_why="")
                ),
                name="withdrawn_letter_says_when_and_why",
                words=_("A withdrawn letter has the time and the reason."),
                field="withdrawn_at",
            ),
            Check(
                condition=Q(claim__isnull=True, claimed_until__isnull=True)
                | Q(claim__isnull=False, claimed_until__isnull=False, state="drafted"),
                name="only_a_waiting_letter_is_claimed_and_for_a_time",
                words=_("Only a letter that waits is being sent, and only for a time."),
                field="claim",
            ),
            Check(
                condition=~Q(subject="") & ~Q(subject__contains="\n") & ~Q(subject__contains="\r"),
                name="letter_subject_is_one_line",
                words=_("A subject has one line and is not empty."),
                field="subject",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class LetterText(Owned):
    """The secretariat's own wording of a kind of letter in one language.

    Without a row the portal's wording counts. Values are put in the place of words in curly
    brackets; nothing in here is ever evaluated as a template.
    """

    CITY_PATH = None

    kind = LineField(_("kind of letter"), max_length=40)
    language = models.CharField(_("language"), max_length=10, choices=settings.SCHEMA_LANGUAGES)
    subject = LineField(_("subject"), max_length=SUBJECT_LENGTH)
    text = ProseField(
        _("text"),
        max_length=20_000,
        help_text=_("Plain text. An empty line begins a new paragraph."),
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording of a letter")
        verbose_name_plural = _("wordings of letters")
        constraints = [
            Unique(
                fields=["kind", "language"],
                name="one_wording_per_kind_of_letter_and_language",
                words=_(
                    "There is a wording of this letter in this language already. Change that one."
                ),
                field="language",
            )
        ]

    def __str__(self) -> str:
        return self.subject


class ReminderStop(Owned):
    """An address that gets no reminders any more. Every other letter still goes there."""

    CITY_PATH = None

    email = models.EmailField(_("e-mail address"), unique=True)
    # Translators: why somebody gets no reminders
    why = LineField(_("why"), max_length=200, validators=[MinLengthValidator(2)])

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("address without reminders")
        verbose_name_plural = _("addresses without reminders")
        constraints = [
            Check(
                condition=Q(email=Lower("email")),
                name="address_without_reminders_is_lower_case",
                words=_("Write the e-mail address in small letters."),
                field="email",
            )
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()
