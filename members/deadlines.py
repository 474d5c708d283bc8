"""The days by which a person of a city or of the office should have done something."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from languages.dates import parse
from members.entry_pages import entry_page
from members.models import Accession, Action, City, Commitment, Meeting, SupportContact, User
from members.models.commitments import CONFIRMED_FOR, Answer
from members.permissions import sits_in_committee

WRITERS = ("lead", "editor")
# What has been late for longer is no date in a calendar any more.
LONGEST_LATE = timedelta(days=365)


@dataclass(frozen=True)
class Deadline:
    """A day, what is due, and the page with its button. `key` tells it from every other."""

    key: str
    day: date
    words: str
    url: str
    last_day: date | None = None


def has_calendar(person: User) -> bool:
    """Whether the person has a role today that brings deadlines."""
    if not person.is_active:
        return False
    if person.is_secretariat:
        return True
    if person.city_ids(*WRITERS):
        return True
    return sits_in_committee(person)


def deadlines_of(person: User) -> list[Deadline]:
    """In the order of their days, in the language of the moment. At most four queries."""
    keys = person.city_ids(*WRITERS)
    cities = City.objects.filter(pk__in=keys)
    rows = [
        *_actions(cities),
        *_promises(cities),
        *_contacts(person, cities),
    ]
    if person.is_secretariat or sits_in_committee(person):
        rows += _meetings(person)
    today = timezone.localdate()
    first_day = today - LONGEST_LATE
    recent = [row for row in rows if row.day >= first_day]
    return sorted(
        recent,
        key=lambda row: (row.day, row.key),
    )


def _actions(cities: QuerySet[City]) -> Iterator[Deadline]:
    open_actions = Action.objects.filter(status__in=Action.OPEN, commitment__city__in=cities)
    related = open_actions.select_related("commitment__city__country", "commitment__point__plan")
    for row in related.exclude(due=""):
        words = _("%(city)s: “%(action)s” is due")
        names = {
            "city": row.commitment.city,
            "action": row,
        }
        yield Deadline(
            key=f"action-{row.pk}",
            day=parse(row.due).last_day(),
            words=words % names,
            url=entry_page(row),
        )


def _promises(cities: QuerySet[City]) -> Iterator[Deadline]:
    """A year after the city last confirmed a promise that the public reads."""
    promises = Commitment.objects.public().filter(city__in=cities, chosen=Answer.YES)
    for row in promises.select_related("city", "point__plan"):
        if row.confirmed_on is None:
            continue
        words = _("%(city)s, point %(number)s: confirm that it is still true")
        names = {
            "city": row.city,
            "number": row.point.number,
        }
        yield Deadline(
            key=f"promise-{row.pk}",
            day=row.confirmed_on + CONFIRMED_FOR,
            words=words % names,
            url=entry_page(row),
        )


def _contacts(person: User, cities: QuerySet[City]) -> Iterator[Deadline]:
    """Contacts of the person's cities; for the office those of whole countries."""
    is_own = Q(city__in=cities)
    if person.is_secretariat:
        is_own = Q(city=None)
    rows = SupportContact.objects.filter(
        is_own,
        published_at__isnull=False,
    )
    between = timedelta(days=SupportContact.DAYS_BETWEEN_CHECKS)
    for row in rows.select_related("organisation"):
        checked_on = row.last_checked_on
        if checked_on is None:
            continue
        yield Deadline(
            key=f"contact-{row.pk}",
            day=checked_on + between,
            words=_("Check the help contact: %(contact)s") % {"contact": row},
            url=reverse("admin:members_supportcontact_change", args=[row.pk]),
        )


def _meetings(person: User) -> Iterable[Deadline]:
    """Meetings whose days are known; the office opens them, the committee reads the papers of those
    that have submitted files on the agenda."""
    rows = Meeting.objects.select_related("held_in")
    if not person.is_secretariat:
        files = Accession.objects.submitted().open()
        rows = rows.filter(pk__in=files.values("meeting"))
    this_year = f"{timezone.localdate().year}"
    for row in rows.filter(starts__gte=this_year):
        first, last = parse(row.starts), parse(row.ends or row.starts)
        if first.first_day() != first.last_day():
            continue
        page = "admin:members_meeting_pack"
        if person.is_secretariat:
            page = "admin:members_meeting_change"
        yield Deadline(
            key=f"meeting-{row.pk}",
            day=first.first_day(),
            words=str(row),
            url=reverse(page, args=[row.pk]),
            last_day=last.last_day(),
        )
