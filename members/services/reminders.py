"""To remind people of what waits for them: the rules as data, and each reminder written once.

Reminders are on by default. They stop by themselves as soon as the thing is done, and an address
can be excepted (`ReminderStop`).
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from languages.dates import format_date
from members import emails
from members.models import Accession, Invitation, Letter, ReminderStop, SupportContact
from members.models.cities import city_name
from members.services import accession_letters, asking, contacts, letters

logger = logging.getLogger(__name__)

RowT = TypeVar("RowT", bound=models.Model)


@dataclass(frozen=True)
class Notice:
    """One reminder: to whom, in which language, with which values for the words of its kind."""

    to: str
    language: str
    context: dict[str, str]


@dataclass(frozen=True)
class Rule(Generic[RowT]):
    """When something waits for too long, and who gets a reminder.

    The first reminder comes `after` so many days, further ones `every` so many, `times` in all.
    `waiting`: the rows that wait at this moment; for a row that leaves it there are no further
    reminders. `since`: the moment from which the days are counted. `kind`: the kind of the letter.
    """

    name: str
    kind: str
    after: int
    every: int
    times: int
    waiting: Callable[[], models.QuerySet[RowT]]
    since: Callable[[RowT], datetime]
    notices: Callable[[RowT], list[Notice]]

    def period(self, row: RowT, now: datetime) -> int | None:
        """Which reminder is due, from 0; None before the first and after the last.

        A reminder that was not written in its time is never written.
        """
        age = now - self.since(row)
        days_after_first = age.days - self.after
        if days_after_first < 0:
            return None
        number = days_after_first // self.every
        if number >= self.times:
            return None
        return number


def in_status(*statuses: str) -> Callable[[], models.QuerySet[Accession]]:
    """Accessions that stand there."""
    return lambda: Accession.objects.filter(status__in=statuses)


def open_invitations() -> models.QuerySet[Invitation]:
    """Invitations that can still be accepted."""
    return Invitation.objects.filter(
        accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )


def to_the_city(accession: Accession) -> list[Notice]:
    mailboxes = accession_letters.mailboxes(accession.city)
    return _notices_of_file(accession, mailboxes)


def to_the_office(accession: Accession) -> list[Notice]:
    return _notices_of_file(accession, accession_letters.secretariat())


def _notices_of_file(accession: Accession, mailboxes: list[tuple[str, str]]) -> list[Notice]:
    return [_notice_of_file(accession, to, language) for to, language in mailboxes]


def to_the_inviter(invitation: Invitation) -> list[Notice]:
    """To the person who invited, for as long as they may read of it.

    The link itself is in the invited person's letter alone, and cannot be sent again.
    """
    inviter = invitation.invited_by
    if not inviter.is_active or not inviter.has_perm("view", invitation):
        return []
    language = inviter.language
    context = {
        "email": invitation.email,
        "date": _day(invitation.invited_at, language),
        "link": emails.site_link("admin:members_invitation_change", [invitation.pk], language),
    }
    return [Notice(inviter.email, language, context)]


def _notice_of_file(accession: Accession, to: str, language: str) -> Notice:
    name = city_name(accession.city, language)
    context = {
        "city": str(name),
        "date": _day(accession.status_since, language),
        "link": emails.link_to(accession.get_file_url, language),
    }
    return Notice(to, language, context)


def _day(moment: datetime, language: str) -> str:
    return format_date(timezone.localdate(moment), language)


def to_the_checker(contact: SupportContact) -> list[Notice]:
    """To the city, or to the office where the contact is for a whole country.

    One letter for all contacts of the city, or for those of all countries: the list behind the link
    shows them.
    """
    city = contact.city
    if city:
        owner = f"city__id__exact={city.pk}"
        mailboxes = accession_letters.mailboxes(city)
    else:
        owner = "city__isnull=True"
        mailboxes = accession_letters.secretariat()
    page = reverse("admin:members_supportcontact_changelist")
    path = f"{page}?check=due&{owner}"
    notices = []
    for to, language in mailboxes:
        link = emails.link_to(lambda: path, language)
        context = {"link": link}
        notice = Notice(to, language, context)
        notices.append(notice)
    return notices


def contacts_since(contact: SupportContact) -> datetime:
    """The moment from which the days of the contact's reminder are counted.

    Later, if a reminder about a contact of the same city was written later.
    """
    letters_of_city = contacts.reminders_of(contact.city)
    reminders = letters_of_city.exclude(state=Letter.State.WITHDRAWN)
    last_reminder = reminders.order_by("-written_at").first()
    counted_from = contacts.counted_from(contact)
    if last_reminder is None:
        return counted_from
    return max(counted_from, last_reminder.written_at)


Status = Accession.Status
status_since = attrgetter("status_since")
# Days. A city has two weeks for what we asked of it; the office a month to read; a deferred file
# waits for a meeting.
RULES: tuple[Rule[Any], ...] = (
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
        contacts.REMINDER,
        contacts.DAYS_BETWEEN_REMINDERS,
        60,
        100,
        contacts.first_due,
        contacts_since,
        to_the_checker,
    ),
)


def remind(*, now: datetime | None = None) -> Counter[str]:
    """Write the reminders that are due, and withdraw those that nobody needs any more.

    Returns how many were written and stopped. May run as often as one likes and twice at once: each
    reminder of one period to one person is written once.
    """
    moment = now or timezone.now()
    counts: Counter[str] = Counter(stopped=asking.stop_pointless())
    for rule in RULES:
        counts["stopped"] += stop_pointless(rule)
        rows = rule.waiting()
        for row in rows.order_by("pk"):
            is_due = rule.period(row, moment) is not None
            if is_due:
                counts["written"] += _remind(rule, row.pk, moment)
    # Without the counts that are 0.
    return +counts


@transaction.atomic
def _remind(rule: Rule[Any], key: int, now: datetime) -> int:
    """Write the reminders about one row; how many were written.

    The row is locked: if it stops waiting at this moment, there is no reminder.
    """
    locked = rule.waiting().select_for_update(of=("self",))
    row = locked.filter(pk=key).first()
    if row is None:
        return 0
    number = rule.period(row, now)
    if number is None:
        return 0
    since = rule.since(row).isoformat()
    period = f"{rule.name}:{key}:{since}:{number}"
    stops = _stops()
    count = 0
    for notice in rule.notices(row):
        address = notice.to
        if address.lower() in stops:
            continue
        once = f"{period}:{address}"
        count += _write(rule, row, notice, once)
    return count


def _write(rule: Rule[Any], row: models.Model, notice: Notice, once: str) -> bool:
    """Whether the reminder was written: not where one with the same `once` exists."""
    if Letter.objects.filter(once=once).exists():
        return False
    letter = letters.NewLetter(
        kind=rule.kind,
        to=notice.to,
        language=notice.language,
        context=notice.context,
    )
    try:
        with transaction.atomic():
            letters.write(letter=letter, about=row, by=None, once=once)
    except IntegrityError:
        # Another process was faster.
        return False
    except ValidationError as error:
        logger.warning("No reminder %s about %s %s: %s", rule.name, row._meta.label, row.pk, error)
        return False
    return True


@transaction.atomic
def stop_pointless(rule: Rule[Any]) -> int:
    """Withdraw unsent reminders about what waits no more, and to people who get none any more; how
    many."""
    stops = _stops()
    unwanted = []
    pointless = []
    unsent = Letter.objects.unsent()
    for letter in unsent.filter(kind=rule.kind):
        address = letter.to.lower()
        if address in stops:
            unwanted.append(letter)
        elif not _is_still_meant(letter):
            pointless.append(letter)
    count = letters.withdraw_pointless(
        letters=unwanted,
        why=_("This address gets no reminders any more."),
    )
    count += letters.withdraw_pointless(letters=pointless)
    return count


def _stops() -> set[str]:
    """Addresses that get no reminders."""
    return set(ReminderStop.objects.values_list("email", flat=True))


def _is_still_meant(letter: Letter) -> bool:
    """Whether a rule of this kind would still send a reminder of this row to this address."""
    for rule in RULES:
        if rule.kind != letter.kind:
            continue
        row = rule.waiting().filter(pk=letter.object_id).first()
        if row is None:
            continue
        readers = {notice.to for notice in rule.notices(row)}
        if letter.to in readers:
            return True
    return False
