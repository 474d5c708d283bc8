"""Reminding people of what waits for them: the rules as data, and writing each reminder once.

Reminders are on by default. They stop by themselves as soon as the thing is done, and a person can
be taken off.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from languages.dates import format_date
from languages.text import translated
from members.models import Accession, Invitation, Letter, ReminderStop, SupportContact
from members.services import accession_letters, contacts, letters

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """One reminder: to whom, in which language, with which words."""

    to: str
    language: str
    context: dict[str, str]


@dataclass(frozen=True)
class Rule:
    """When something waits for too long, and who hears of it.

    The first reminder comes `after` so many days, further ones `every` so many, `times` in all.
    `waiting`: what waits at this moment; a row that leaves it is reminded of no more. `since`: the
    moment from which it is counted.
    """

    name: str
    kind: str
    after: int
    every: int
    times: int
    waiting: Callable[[], models.QuerySet]
    since: Callable[[models.Model], datetime]
    notices: Callable[[models.Model], list[Notice]]

    def period(self, row: models.Model, now: datetime) -> int | None:
        """Which reminder is due, from 0; None before the first and after the last. Missed ones are
        not made up for."""
        waited = (now - self.since(row)).days
        number = (waited - self.after) // self.every
        return number if waited >= self.after and number < self.times else None


def in_status(*statuses: str) -> Callable[[], models.QuerySet]:
    """Accessions that stand there."""
    return lambda: Accession.objects.filter(status__in=statuses)


def open_invitations() -> models.QuerySet:
    """Invitations that can still be accepted."""
    return Invitation.objects.filter(
        accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )


def to_the_city(accession: Accession) -> list[Notice]:
    return [
        _of_file(accession, *mailbox) for mailbox in accession_letters.mailboxes(accession.city)
    ]


def to_the_office(accession: Accession) -> list[Notice]:
    return [_of_file(accession, *mailbox) for mailbox in accession_letters.secretariat()]


def to_the_inviter(invitation: Invitation) -> list[Notice]:
    """To whoever invited: the link itself is in the invited person's letter alone, and cannot be
    sent again."""
    inviter = invitation.invited_by
    if not inviter.is_active:
        return []
    context = {
        "email": invitation.email,
        "date": _day(invitation.invited_at, inviter.language),
        "link": settings.SITE_URL
        + reverse("admin:members_invitation_change", args=[invitation.pk]),
    }
    return [Notice(inviter.email, inviter.language, context)]


def _of_file(accession: Accession, to: str, language: str) -> Notice:
    context = {
        "city": str(translated(accession.city, "name", language)),
        "date": _day(accession.status_since, language),
        "link": f"{settings.SITE_URL}{accession.get_file_url()}",
    }
    return Notice(to, language, context)


def _day(moment: datetime, language: str) -> str:
    return format_date(timezone.localdate(moment), language)


def to_whoever_looks_after(contact: SupportContact) -> list[Notice]:
    """One letter for all contacts of the city, or for those of whole countries: the list behind the
    link shows them."""
    owner = f"city__id__exact={contact.city_id}" if contact.city_id else "city__isnull=True"
    page = reverse("admin:members_supportcontact_changelist")
    context = {"link": f"{settings.SITE_URL}{page}?check=due&{owner}"}
    boxes = (
        accession_letters.mailboxes(contact.city)
        if contact.city_id
        else accession_letters.secretariat()
    )
    return [Notice(to, language, context) for to, language in boxes]


def contacts_since(contact: SupportContact) -> datetime:
    """From when the contact's reminder is counted or, if later, when somebody was last reminded of
    one of its city."""
    about = Letter.objects.filter(
        kind="reminder_contacts",
        content_type=ContentType.objects.get_for_model(SupportContact),
        object_id__in=SupportContact.objects.filter(city=contact.city_id).values("pk"),
    )
    written = (
        about.exclude(state=Letter.State.WITHDRAWN)
        .order_by("-written_at")
        .values_list("written_at", flat=True)
    )
    return max(filter(None, [contacts.counted_from(contact), written.first()]))


Status = Accession.Status
status_since = attrgetter("status_since")
# Days. A city has two weeks for what we asked of it; the office a month to read; a deferred file
# waits for a meeting.
RULES = (
    Rule(
        "returned",
        "reminder_returned",
        14,
        14,
        6,
        in_status(Status.RETURNED),
        status_since,
        to_the_city,
    ),
    Rule(
        "stalled",
        "reminder_stalled",
        30,
        14,
        12,
        in_status(Status.SUBMITTED, Status.UNDER_REVIEW),
        status_since,
        to_the_office,
    ),
    Rule(
        "deferred",
        "reminder_stalled",
        90,
        30,
        12,
        in_status(Status.DEFERRED),
        status_since,
        to_the_office,
    ),
    Rule(
        "invitation",
        "reminder_invitation",
        7,
        7,
        1,
        open_invitations,
        attrgetter("invited_at"),
        to_the_inviter,
    ),
    # On the day on which a check is a year old, and every second month for as long as something is
    # due.
    Rule(
        "contacts",
        "reminder_contacts",
        contacts.DAYS_BETWEEN_REMINDERS,
        60,
        100,
        contacts.first_due,
        contacts_since,
        to_whoever_looks_after,
    ),
)


def remind(*, now: datetime | None = None) -> Counter:
    """Write the reminders that are due, and take back those that nobody needs any more; how many of
    each.

    May be run as often as one likes and twice at once: each reminder of one period to one person is
    written once.
    """
    counted = Counter()
    for rule in RULES:
        counted["stopped"] += _stop(rule)
        for row in rule.waiting().order_by("pk"):
            if rule.period(row, now or timezone.now()) is not None:
                counted["written"] += _remind(rule, row.pk, now or timezone.now())
    return +counted


@transaction.atomic
def _remind(rule: Rule, key: int, now: datetime) -> int:
    """The reminders about one row. It is locked: what is done at this moment is reminded of no
    more."""
    row = rule.waiting().select_for_update(of=("self",)).filter(pk=key).first()
    number = rule.period(row, now) if row else None
    if number is None:
        return 0
    begun = rule.since(row).isoformat()
    stopped = set(ReminderStop.objects.values_list("email", flat=True))
    notices = [notice for notice in rule.notices(row) if notice.to.lower() not in stopped]
    return sum(
        _write(rule, row, notice, f"{rule.name}:{key}:{begun}:{number}:{notice.to}")
        for notice in notices
    )


def _write(rule: Rule, row: models.Model, notice: Notice, once: str) -> bool:
    if Letter.objects.filter(once=once).exists():
        return False
    try:
        with transaction.atomic():
            letters.draft(
                kind=rule.kind,
                to=notice.to,
                language=notice.language,
                context=notice.context,
                about=row,
                by=None,
                once=once,
            )
    except IntegrityError:
        # Another process was faster.
        return False
    except ValidationError as error:
        logger.warning("No reminder %s about %s %s: %s", rule.name, row._meta.label, row.pk, error)
        return False
    return True


def _stop(rule: Rule) -> int:
    """Take back unsent reminders about what waits no more, and to whoever wants none."""
    unsent = list(Letter.objects.unsent().filter(kind=rule.kind))
    stopped = set(ReminderStop.objects.values_list("email", flat=True))
    unwanted = [letter for letter in unsent if letter.to.lower() in stopped]
    done = [letter for letter in unsent if letter not in unwanted and not _still_waits(letter)]
    return letters.withdraw_pointless(
        letters=unwanted, why=_("This address gets no reminders any more.")
    ) + letters.withdraw_pointless(letters=done, why=_("It is done."))


def _still_waits(letter: Letter) -> bool:
    """Whether any rule of this kind of reminder still speaks of the thing."""
    rules = [rule for rule in RULES if rule.kind == letter.kind]
    return any(rule.waiting().filter(pk=letter.object_id).exists() for rule in rules)
