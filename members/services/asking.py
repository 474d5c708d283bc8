"""Letters to all cities with a gap: planned, written, and taken back while they wait."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import override

from members import emails
from members.emails.writing import filled, own_wording
from members.gaps import GAPS, GAPS_BY_KEY, WRITERS, Gap, by_name
from members.models import City, CityRole, Letter, ReminderStop, Unit, User
from members.models.cities import city_name
from members.permissions import ASK
from members.services import letters
from members.services.accession_letters import Mailbox
from members.wording.placeholders import fill
from members.working_hours import next_working_moment

KIND = "ask_cities"
# A city is not asked the same again within so many days.
DAYS_BETWEEN = 30
# So long at least an ask can be taken back.
PAUSE = timedelta(hours=1)
# What the list of earlier asks shows.
REMEMBERED = timedelta(days=90)
# The moment of an ask, in the key of its letters: `ask:<gap>:<stamp>:<city>:<address>`.
STAMP = "%Y%m%dT%H%M%S%f"
Boxes = dict[int, list[Mailbox]]


# --- Who is asked ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reader:
    """A city that gets the letter, and to whom it goes."""

    city: City
    boxes: list[Mailbox]

    @property
    def languages(self) -> list[str]:
        return sorted({box.language for box in self.boxes})


@dataclass(frozen=True)
class AskPlan:
    """What an ask would do now: who gets the letter, who was asked lately, who has no address."""

    gap: Gap
    readers: list[Reader]
    lately: list[tuple[City, datetime]]
    unreachable: list[City]

    @cached_property
    def count(self) -> int:
        """The number of letters."""
        return sum(len(reader.boxes) for reader in self.readers)

    @property
    def next_day(self) -> date | None:
        """From which day on the first of those who were asked lately may be asked again."""
        if not self.lately:
            return None
        first = min(moment for _city, moment in self.lately)
        return timezone.localdate(first + timedelta(days=DAYS_BETWEEN))

    @cached_property
    def readers_by_language(self) -> dict[str, list[Reader]]:
        by_language: dict[str, list[Reader]] = defaultdict(list)
        for reader in self.readers:
            for language in reader.languages:
                by_language[language].append(reader)
        return dict(by_language)


def plan_of(gap: Gap) -> AskPlan:
    """Four queries, however many cities there are."""
    return _plan(gap, by_name(gap.cities()))


def _plan(gap: Gap, cities: Iterable[City]) -> AskPlan:
    plan = AskPlan(
        gap=gap,
        readers=[],
        lately=[],
        unreachable=[],
    )
    boxes = mailboxes_of()
    last_asks = asked_lately(gap)
    for city in cities:
        own_boxes = boxes.get(city.pk, [])
        if city.pk in last_asks:
            plan.lately.append((city, last_asks[city.pk]))
        elif own_boxes:
            plan.readers.append(Reader(city, own_boxes))
        else:
            plan.unreachable.append(city)
    return plan


def mailboxes_of() -> Boxes:
    """For each city its lead coordinators and editors; without any, the mailbox of a public unit,
    that of the focal point before others. Without addresses that want no such letters."""
    stops = set(ReminderStop.objects.values_list("email", flat=True))
    boxes = _people()
    for city, box in _units().items():
        boxes.setdefault(city, [box])
    wanted: Boxes = {}
    for city, own_boxes in boxes.items():
        rest = [box for box in own_boxes if box.to.lower() not in stops]
        if rest:
            wanted[city] = rest
    return wanted


def _people() -> Boxes:
    roles = CityRole.objects.current().filter(
        role__in=WRITERS,
        user__is_active=True,
    )
    rows = roles.order_by("city", "user__email").values_list(
        "city",
        "user__email",
        "user__language",
    )
    boxes: Boxes = defaultdict(list)
    for city, to, language in rows.distinct():
        box = Mailbox(to, emails.letter_language(language))
        boxes[city].append(box)
    return dict(boxes)


def _units() -> dict[int, Mailbox]:
    units = Unit.objects.public().exclude(email="")
    rows = units.order_by("is_focal_point", "-pk").values_list(
        "city", "email", "city__local_language"
    )
    boxes = {}
    for city, to, language in rows:
        boxes[city] = Mailbox(to, emails.letter_language(language))
    return boxes


def asked_lately(gap: Gap) -> dict[int, datetime]:
    """When each city was last asked this, by its key; without what was taken back."""
    start = timezone.now() - timedelta(days=DAYS_BETWEEN)
    rows = _asks(gap.key).filter(written_at__gt=start)
    standing_letters = rows.exclude(state=Letter.State.WITHDRAWN)
    moments = standing_letters.order_by("written_at").values_list("object_id", "written_at")
    return dict(moments)


def _asks(prefix: str) -> Any:
    return Letter.objects.filter(kind=KIND, once__startswith=f"ask:{prefix}:")


# --- What they read -------------------------------------------------------------------------------


def wording_of(gap: Gap, language: str) -> emails.Composed:
    """The letter in this language; {city} and {link} are filled in for each city."""
    wording = own_wording(KIND, language) or emails.portal_wording(KIND, language)
    with override(language):
        parts = {
            "subject": str(gap.subject),
            "question": str(gap.question),
        }
    return emails.Composed(
        subject=fill(wording.subject, parts),
        text=fill(wording.text, parts),
    )


def letter_to(
    city: City, gap: Gap, language: str, words: tuple[str, str] | None = None
) -> emails.Composed:
    """The letter as this city reads it, in other words if there are some."""
    wording = emails.Composed(*words) if words else wording_of(gap, language)
    context = _values(city, gap, language)
    return filled(wording, language, context)


def _values(city: City, gap: Gap, language: str) -> dict[str, str]:
    def find_path() -> str:
        if gap.to_public:
            return city.get_absolute_url()
        return reverse("admin:city_work", args=[city.slug])

    return {
        "city": str(city_name(city, language)),
        "link": emails.link_to(find_path, language),
        "subject": "",
        "question": "",
    }


# --- Writing and taking back ----------------------------------------------------------------------

# Subject and text of an ask in other words, by language.
Wordings = Mapping[str, tuple[str, str]]


@transaction.atomic
def send(*, gap: Gap, cities: Collection[int], wordings: Wordings, by: User) -> AskPlan:
    """Write the letters to those of these cities (their keys) that have the gap now.

    The cities are locked: whom somebody else asks at this moment is not asked twice. Returns what
    was done. Raises PermissionDenied without the right.
    """
    _refuse_others(by)
    chosen = gap.cities().filter(pk__in=cities)
    locked = chosen.select_for_update(of=("self",)).order_by("pk")
    plan = _plan(gap, list(locked.select_related("country")))
    now = timezone.now()
    stamp = now.strftime(STAMP)
    for reader in plan.readers:
        starts = next_working_moment(now + PAUSE, _zone_of(reader.city))
        for box in reader.boxes:
            letter = _letter(reader.city, gap, box, wordings)
            key = f"ask:{gap.key}:{stamp}:{reader.city.pk}:{box.to}"
            letters.write(
                letter=letter,
                about=reader.city,
                by=by,
                once=key,
                not_before=starts,
            )
    return plan


def _refuse_others(user: User) -> None:
    if not user.has_perm(ASK, City()):
        raise PermissionDenied


def _zone_of(city: City) -> str:
    return city.country.time_zone or settings.TIME_ZONE


def _letter(city: City, gap: Gap, box: Mailbox, wordings: Wordings) -> letters.NewLetter:
    words = letter_to(city, gap, box.language, wordings.get(box.language))
    return letters.NewLetter(
        kind=KIND,
        to=box.to,
        language=box.language,
        context=_values(city, gap, box.language),
        subject=words.subject,
        text=words.text,
    )


@transaction.atomic
def send_samples(*, plan: AskPlan, wordings: Wordings, by: User) -> int:
    """The letter in each of its languages to the person who asks; how many."""
    _refuse_others(by)
    for language, readers in plan.readers_by_language.items():
        city = readers[0].city
        box = Mailbox(by.email, language)
        letters.write(
            letter=_letter(city, plan.gap, box, wordings),
            about=city,
            by=by,
        )
    return len(plan.readers_by_language)


@dataclass(frozen=True)
class Ask:
    """An ask of the last months: when, of how many cities, and how many letters still wait."""

    gap: Gap
    stamp: str
    asked_at: datetime
    cities: int
    waiting: int


def earlier_asks(gap: Gap | None = None) -> list[Ask]:
    """The last asks, the newest first; one query."""
    start = timezone.now() - REMEMBERED
    rows = Letter.objects.filter(kind=KIND, once__startswith="ask:", written_at__gt=start)
    if gap:
        rows = rows.filter(once__startswith=f"ask:{gap.key}:")
    unsent = Letter.State.DRAFTED
    by_ask: dict[tuple[str, str], list[Any]] = defaultdict(list)
    columns = rows.exclude(state=Letter.State.WITHDRAWN).order_by("-written_at", "-pk")
    for once, state, city, moment in columns.values_list(
        "once", "state", "object_id", "written_at"
    ):
        _ask, key, stamp, _rest = once.split(":", 3)
        by_ask[key, stamp].append((state == unsent, city, moment))
    asks = []
    for (key, stamp), own in by_ask.items():
        if key in GAPS_BY_KEY:
            asks.append(_ask_of(GAPS_BY_KEY[key], stamp, own))
    return asks


def _ask_of(gap: Gap, stamp: str, rows: list[tuple[bool, int, datetime]]) -> Ask:
    waiting = sum(is_waiting for is_waiting, _city, _moment in rows)
    cities = {city for _is_waiting, city, _moment in rows}
    _first, _city, moment = rows[-1]
    return Ask(
        gap=gap,
        stamp=stamp,
        asked_at=moment,
        cities=len(cities),
        waiting=waiting,
    )


@transaction.atomic
def take_back(*, gap: Gap, stamp: str, by: User) -> int:
    """Withdraw the letters of an ask that wait; how many. Those that are sent stay sent."""
    _refuse_others(by)
    rows = _asks(f"{gap.key}:{stamp}")
    return letters.withdraw_these(
        rows=rows,
        why=_("The question was taken back."),
        by=by,
    )


@transaction.atomic
def stop_pointless() -> int:
    """Withdraw waiting letters to cities that have done it, or left the network, and to people who
    do not speak for their city any more; how many."""
    count = _stop_strangers()
    waiting = Letter.objects.filter(kind=KIND, state=Letter.State.DRAFTED)
    keys = {once.split(":")[1] for once in waiting.exclude(once="").values_list("once", flat=True)}
    for gap in GAPS:
        if gap.key not in keys:
            continue
        rows = _asks(gap.key).filter(state=Letter.State.DRAFTED)
        pointless = rows.exclude(object_id__in=gap.cities().values("pk"))
        count += letters.withdraw_pointless(
            letters=pointless,
            why=_("It is done."),
        )
    return count


def _stop_strangers() -> int:
    """Withdraw waiting letters to whoever would not be asked now; how many."""
    waiting = Letter.objects.filter(
        kind=KIND,
        once__startswith="ask:",
        state=Letter.State.DRAFTED,
    )
    rows = list(waiting.order_by("pk"))
    if not rows:
        return 0
    readers = _addresses()
    strangers = []
    for letter in rows:
        if letter.to.lower() not in readers[letter.object_id]:
            strangers.append(letter)
    return letters.withdraw_pointless(letters=strangers)


def _addresses() -> dict[int, set[str]]:
    """Every address that may read an ask, by city; a unit's also where somebody has an account."""
    stops = set(ReminderStop.objects.values_list("email", flat=True))
    addresses: dict[int, set[str]] = defaultdict(set)
    for city, boxes in _people().items():
        addresses[city].update(box.to.lower() for box in boxes)
    units = Unit.objects.public().exclude(email="")
    for city, to in units.values_list("city", "email"):
        addresses[city].add(to.lower())
    for own_addresses in addresses.values():
        own_addresses.difference_update(stops)
    return addresses
