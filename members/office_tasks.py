"""What waits for the network's office: everything that needs an answer, the longest wait first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.dates import format_date
from languages.text import current_language
from members import gaps
from members.accession_queue import accession_queue, waits_for
from members.models import (
    Accession,
    ExpressionOfInterest,
    Letter,
    Meeting,
    SupportContact,
)

Status = Accession.Status
FOR_THE_OFFICE = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.DEFERRED)
FOR_THE_CITY = (Status.DRAFT, Status.RETURNED)
# Of failed letters, so many are named; the others stand in the list of letters.
NAMED_LETTERS = 3
LONGEST_FAILURE = 120
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class OfficeTask:
    """One thing that needs an answer: what, why, and the page with its button."""

    title: str
    reason: str
    url: str
    button: str
    since: date
    is_fictional: bool = False


def office_tasks() -> list[OfficeTask]:
    """Five queries, one more for many failed letters."""
    tasks = [
        *_interests(),
        *_files(),
        *_left_cities(),
        *_letters(),
        *_wrong_contacts(),
    ]
    return sorted(tasks, key=lambda task: task.since)


def _interests() -> list[OfficeTask]:
    rows = ExpressionOfInterest.objects.waiting().filter(confirmed_at__isnull=False)
    return [_interest(row) for row in rows.order_by("confirmed_at")]


def _interest(row: Any) -> OfficeTask:
    day = timezone.localdate(row.confirmed_at)
    words = _("Written on %(day)s; %(wait)s.")
    return OfficeTask(
        title=_("%(city)s wants to join") % {"city": row.city_name},
        reason=words % {"day": _date(day), "wait": _wait(day)},
        url=reverse(
            "admin:members_expressionofinterest_change",
            args=[row.pk],
        ),
        button=_("Answer"),
        since=day,
    )


def _files() -> list[OfficeTask]:
    """Files that the office reads, and votes of past meetings that nobody recorded."""
    tasks = []
    for row in accession_queue():
        if row.status in FOR_THE_OFFICE:
            tasks.append(_file(row))
        elif row.meeting and row.meeting.is_over:
            tasks.append(_vote(row, row.meeting))
    return tasks


def _file(row: Accession) -> OfficeTask:
    day = timezone.localdate(row.status_since)
    words = _("It waits for %(who)s; %(wait)s.")
    names = {"who": waits_for(row)}
    return OfficeTask(
        title=_("%(city)s: accession file") % {"city": row.city},
        reason=words % {**names, "wait": _wait(day)},
        url=row.get_file_url(),
        button=_("Read the file"),
        since=day,
        is_fictional=row.city.fictional,
    )


def _vote(row: Accession, meeting: Meeting) -> OfficeTask:
    words = _("The meeting is over (%(meeting)s), and no vote is recorded.")
    return OfficeTask(
        title=_("%(city)s: the vote") % {"city": row.city},
        reason=words % {"meeting": meeting},
        url=row.get_file_url(),
        button=_("Record the vote"),
        since=meeting.last_day,
        is_fictional=row.city.fictional,
    )


def _left_cities() -> list[OfficeTask]:
    """Cities for which nobody writes or leads any more, from the day on which the last role
    ends."""
    rows: Any = gaps.left_lately().select_related("country")
    return [_without_lead(row) if row.has_writers else _left_city(row) for row in rows]


def _left_city(row: Any) -> OfficeTask:
    words = _("%(city)s: nobody writes for the city any more")
    reason = _("The account of the last person who wrote for the city is switched off.")
    if row.left_on:
        reason = _("The last role ended on %(day)s, and nobody is invited.")
    return _invite(row, words, reason, row.left_on)


def _without_lead(row: Any) -> OfficeTask:
    words = _("%(city)s: nobody leads for the city any more")
    reason = _("The account of the last lead coordinator is switched off.")
    if row.lead_left_on:
        reason = _("The last lead ended on %(day)s. Nobody there can invite colleagues.")
    return _invite(row, words, reason, row.lead_left_on)


def _invite(row: Any, words: str, reason: str, left_on: date | None) -> OfficeTask:
    """The words with the city, the reason with the last day."""
    address = reverse("admin:members_invitation_add")
    day = left_on or timezone.localdate()
    return OfficeTask(
        title=words % {"city": row},
        reason=reason % {"day": _date(day - ONE_DAY)},
        url=f"{address}?city={row.pk}",
        button=_("Invite somebody"),
        since=day,
        is_fictional=row.fictional,
    )


def _letters() -> list[OfficeTask]:
    failed = Letter.objects.filter(state=Letter.State.FAILED).defer("text")
    rows = list(failed.order_by("failed_at")[: NAMED_LETTERS + 1])
    tasks = [_letter(row) for row in rows[:NAMED_LETTERS]]
    if len(rows) > NAMED_LETTERS:
        tasks.append(_more_letters(failed.count() - NAMED_LETTERS))
    return tasks


def _letter(row: Letter) -> OfficeTask:
    failure = Truncator(" ".join(row.failure.split()))
    words = _("“%(subject)s” to %(address)s: %(failure)s")
    names = {"subject": row.subject, "address": row.to}
    moment = row.failed_at or row.written_at
    return OfficeTask(
        title=_("A letter could not be sent"),
        reason=words % {**names, "failure": failure.chars(LONGEST_FAILURE)},
        url=reverse("admin:members_letter_change", args=[row.pk]),
        button=_("Look at the letter"),
        since=timezone.localdate(moment),
    )


def _more_letters(count: int) -> OfficeTask:
    words = ngettext(
        "%(count)d more letter could not be sent",
        "%(count)d more letters could not be sent",
        count,
    )
    letters = reverse("admin:members_letter_changelist")
    return OfficeTask(
        title=words % {"count": count},
        reason=_("The newest ones stand in the outbox."),
        url=f"{letters}?state__exact=failed",
        button=_("Look at the letters"),
        since=timezone.localdate(),
    )


def _wrong_contacts() -> list[OfficeTask]:
    """Contacts of whole countries: nobody but the office looks after them."""
    own = SupportContact.objects.filter(
        city=None,
        published_at__isnull=False,
    )
    wrong = own.exclude(found_wrong_at=None).select_related("organisation", "country")
    tasks = []
    for row in wrong.order_by("found_wrong_at"):
        task = OfficeTask(
            title=_("%(contact)s, %(country)s: a visitor says that something is wrong")
            % {"contact": row, "country": row.country},
            reason=_("Contacts of a whole country are checked by the office."),
            url=reverse("admin:members_supportcontact_change", args=[row.pk]),
            button=_("Check it"),
            since=timezone.localdate(row.found_wrong_at),
        )
        tasks.append(task)
    return tasks


# --- What is next ---------------------------------------------------------------------------------


def files_with_cities() -> int:
    """How many open files wait for their city."""
    return Accession.objects.filter(status__in=FOR_THE_CITY).count()


def next_meetings() -> list[Meeting]:
    """Meetings that are not over, the next first, each with its files on the agenda (`files`)."""
    today = timezone.localdate()
    is_on_agenda = Q(accessions__status=Status.ON_AGENDA)
    this_year = Meeting.objects.filter(
        Q(starts__gte=f"{today.year}") | Q(ends__gte=today.isoformat())
    )
    rows = this_year.annotate(files=Count("accessions", filter=is_on_agenda))
    meetings = rows.order_by("starts", "pk")
    return [row for row in meetings if not row.is_over]


@dataclass(frozen=True)
class Outbox:
    """Letters by what became of them. `sent`: within the last seven days."""

    sent: int
    waiting: int
    failed: int


def outbox() -> Outbox:
    """One query."""
    week_ago = timezone.now() - timedelta(days=7)
    states = Letter.State
    numbers = Letter.objects.aggregate(
        sent=Count("pk", filter=Q(state=states.SENT, sent_at__gt=week_ago)),
        waiting=Count("pk", filter=Q(state=states.DRAFTED)),
        failed=Count("pk", filter=Q(state=states.FAILED)),
    )
    return Outbox(**numbers)


# --- Words ----------------------------------------------------------------------------------------


def _date(day: date | datetime) -> str:
    return format_date(day, current_language())


def _wait(since: date) -> str:
    days = (timezone.localdate() - since).days
    if not days:
        return _("since today")
    words = ngettext("it has waited for %(days)d day", "it has waited for %(days)d days", days)
    return words % {"days": days}
