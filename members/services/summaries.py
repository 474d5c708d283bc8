"""A letter a month to the people who write for a city: what waits, three things at most.

Nothing waits: no letter. A letter that still waits is taken back as soon as nobody needs it.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from languages.text import labelled
from members import emails
from members.gaps import WRITERS
from members.models import Accession, City, CityRole, Letter, Membership, ReminderStop, User
from members.models.cities import city_name
from members.services import letters
from members.waiting import SORTS, Waiting, waiting_for
from members.wording import KINDS
from members.working_hours import next_working_moment

logger = logging.getLogger(__name__)

KIND = "summary_city"
# So many things stand in one letter.
MOST = 3
# Letters are written within the first days of a month; what begins to wait later waits for the
# next.
LAST_DAY = 10


class Thing(NamedTuple):
    """One thing that waits for a city."""

    city: City
    waiting: Waiting


# --- Who gets one ---------------------------------------------------------------------------------


def readers() -> QuerySet[User]:
    """Who writes for a city today and wants the letter, at an address that takes letters.

    The office has its own letter.
    """
    roles = CityRole.objects.current().filter(role__in=WRITERS, user=OuterRef("pk"))
    people = User.objects.filter(Exists(roles), is_active=True, is_secretariat=False)
    return willing(people)


def willing(people: QuerySet[User]) -> QuerySet[User]:
    """Those of them who want summaries, and whose address takes letters."""
    stops = ReminderStop.objects.values("email")
    wanted = people.filter(gets_summaries=True).exclude(email__in=stops)
    return wanted.exclude(email__in=addresses_that_refuse())


def addresses_that_refuse() -> list[str]:
    """Addresses whose last letter was given up."""
    failed = _last_moments(Letter.State.FAILED, "failed_at")
    sent = _last_moments(Letter.State.SENT, "sent_at", to__in=failed)
    return [to for to, moment in failed.items() if to not in sent or sent[to] < moment]


def _last_moments(state: Letter.State, column: str, **only: Any) -> dict[str, datetime]:
    rows = Letter.objects.filter(state=state, **only).exclude(to="")
    return dict(rows.order_by("to").values_list("to").annotate(last=Max(column)))


def cities_of(person: User) -> QuerySet[City]:
    """For which the person writes, without those that left the network."""
    keys = person.city_ids(*WRITERS)
    own = {"city": OuterRef("pk")}
    standings = Membership.Standing
    left = Membership.objects.filter(
        standing__in=(standings.WITHDRAWN, standings.EXCLUDED),
        **own,
    )
    has_left = Exists(left)
    is_member = Exists(Membership.objects.open().filter(**own))
    applies = Exists(Accession.objects.open().filter(**own))
    cities = City.objects.filter(pk__in=keys).select_related("country")
    return cities.exclude(has_left & ~is_member & ~applies)


# --- What it says ---------------------------------------------------------------------------------


def things_for(person: User, language: str) -> list[Thing]:
    """The first things of the desks of the person's cities, in the order of these desks."""
    with override(language):
        things = [
            Thing(city, waiting)
            for city in cities_of(person).order_by("slug")
            for waiting in waiting_for(city)
        ]
    things.sort(key=_worth)
    return things[:MOST]


def _worth(thing: Thing) -> tuple[int, Any]:
    return SORTS.index(thing.waiting.sort), thing.waiting.since


def lines_of(things: list[Thing], language: str) -> str:
    """Numbered, each with the address of the page with its button; with its city where there are
    several."""
    has_several = len({thing.city.pk for thing in things}) > 1
    lines = []
    for number, thing in enumerate(things, start=1):
        with override(language):
            text = labelled(thing.waiting.what, thing.waiting.about)
            if has_several:
                text = labelled(city_name(thing.city, language), text)
        link = link_in_letter(thing.waiting.url, language)
        lines.append(f"{number}. {text}\n{link}")
    return "\n\n".join(lines)


def link_in_letter(path: str, language: str) -> str:
    """The whole address of a page, in the language of the letter."""
    return emails.link_to(lambda: path, language)


def _letter(person: User, things: list[Thing]) -> letters.NewLetter:
    language = emails.letter_language(person.language)
    cities = {thing.city.pk: str(city_name(thing.city, language)) for thing in things}
    desk = reverse("admin:city_work", args=[things[0].city.slug])
    if len(cities) > 1:
        desk = reverse("admin:index")
    context = {
        "city": ", ".join(cities.values()),
        "things": lines_of(things, language),
        "link": link_in_letter(desk, language),
        "stop": emails.stop_link(person.pk, language),
    }
    return letters.NewLetter(
        kind=KIND,
        to=person.email,
        language=language,
        context=context,
    )


# --- Writing, and taking back ---------------------------------------------------------------------


def write_due(*, now: datetime | None = None) -> Counter[str]:
    """Write what is due this month, and take back what nobody needs any more.

    Returns how many letters were written and stopped. May run as often as one likes and twice at
    once: each person gets one letter a month.
    """
    moment = now or timezone.now()
    counts: Counter[str] = Counter(stopped=stop_pointless())
    day = timezone.localdate(moment)
    if day.day <= LAST_DAY:
        for person in readers().order_by("pk"):
            counts["written"] += _write_to(person, moment)
    return +counts


@transaction.atomic
def _write_to(person: User, now: datetime) -> bool:
    """Whether a letter was written. The person is locked: whoever ends the letters at this moment
    gets none."""
    month = timezone.localdate(now).strftime("%Y-%m")
    once = f"{KIND}:{person.pk}:{month}"
    locked = readers().select_for_update(of=("self",)).filter(pk=person.pk).first()
    if locked is None or Letter.objects.filter(once=once).exists():
        return False
    things = things_for(locked, emails.letter_language(locked.language))
    if not things:
        return False
    zone = things[0].city.country.time_zone or settings.TIME_ZONE
    starts = next_working_moment(now, zone)
    return write_once(_letter(locked, things), locked, once=once, not_before=starts)


def write_once(letter: letters.NewLetter, person: User, *, once: str, not_before: datetime) -> bool:
    """Whether the letter was written: not where another process wrote it, or the address is no
    address."""
    try:
        with transaction.atomic():
            letters.write(
                letter=letter,
                about=person,
                by=None,
                once=once,
                not_before=not_before,
            )
    except IntegrityError:
        return False
    except ValidationError as error:
        logger.warning("No summary to person %s: %s", person.pk, error)
        return False
    return True


@transaction.atomic
def stop_pointless() -> int:
    """Take back waiting letters to people who get none any more, or for whom nothing waits."""
    rows = Letter.objects.filter(kind=KIND).unsent()
    return letters.withdraw_pointless(
        letters=_pointless(rows),
        why=_("It is done, or the person does not get these letters any more."),
    )


def _pointless(rows: QuerySet[Letter]) -> Iterator[Letter]:
    people = {person.pk: person for person in readers()}
    for letter in rows.order_by("pk"):
        person = people.get(letter.object_id)
        is_same = person is not None and person.email == letter.to
        if person is None or not is_same or not things_for(person, letter.language):
            yield letter


@transaction.atomic
def stop(*, person: User) -> None:
    """The person wants no summaries: those that wait are taken back, and none is written."""
    row = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    row.gets_summaries = False
    row.save(update_fields=["gets_summaries"])
    letters.withdraw_unsent(
        about=row,
        kinds=[name for name, kind in KINDS.items() if kind.stops],
        why=_("The person wants no such letters."),
    )
