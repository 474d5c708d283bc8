"""A letter a month that says what waits, and is taken back as soon as nobody needs it.

Who gets which letter: `summaries` for people of cities, `office_summaries` for the office.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from members import emails
from members.models import Letter, ReminderStop, User
from members.services import letters
from members.working_hours import next_working_moment

logger = logging.getLogger(__name__)

# Letters are written within the first days of a month; what begins to wait later waits for the
# next.
LAST_DAY = 10

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class MonthlyLetter(Generic[Thing]):
    """One kind of such letters.

    `readers`: who gets it. `things_for`: what waits for one of them, in a language. `letter`: what
    it says of these things. `zone_of`: in whose working hours it leaves.
    """

    kind: str
    readers: Callable[[], QuerySet[User]]
    things_for: Callable[[User, str], list[Thing]]
    letter: Callable[[User, list[Thing]], letters.NewLetter]
    zone_of: Callable[[list[Thing]], str]

    def write_due(self, *, now: datetime | None = None) -> Counter[str]:
        """Write what is due this month, and take back what nobody needs any more.

        Returns how many letters were written and stopped. May run as often as one likes and twice
        at once: each person gets one letter a month.
        """
        moment = now or timezone.now()
        counts: Counter[str] = Counter(stopped=self.stop_pointless())
        day = timezone.localdate(moment)
        if day.day <= LAST_DAY:
            for person in self.readers().order_by("pk"):
                counts["written"] += self._write_to(person, moment)
        return +counts

    @transaction.atomic
    def _write_to(self, person: User, now: datetime) -> bool:
        """Whether a letter was written. The person is locked: whoever ends the letters at this
        moment gets none."""
        month = timezone.localdate(now).strftime("%Y-%m")
        once = f"{self.kind}:{person.pk}:{month}"
        locked = self.readers().select_for_update(of=("self",)).filter(pk=person.pk).first()
        if locked is None or Letter.objects.filter(once=once).exists():
            return False
        things = self.things_for(locked, emails.letter_language(locked.language))
        if not things:
            return False
        starts = next_working_moment(now, self.zone_of(things))
        return _write_once(self.letter(locked, things), locked, once=once, not_before=starts)

    @transaction.atomic
    def stop_pointless(self, keys: Iterable[int] | None = None) -> int:
        """Take back waiting letters to people who get none any more, or for whom nothing waits.

        `keys`: of the people, if only their letters are looked at.
        """
        rows = Letter.objects.filter(kind=self.kind).unsent()
        if keys is not None:
            rows = rows.filter(object_id__in=list(keys))
        pointless = self._pointless(rows)
        return letters.withdraw_pointless(letters=pointless)

    def _pointless(self, rows: QuerySet[Letter]) -> Iterator[Letter]:
        people = {person.pk: person for person in self.readers()}
        for letter in rows.order_by("pk"):
            person = people.get(letter.object_id)
            is_same = person is not None and person.email == letter.to
            if person is None or not is_same or not self.things_for(person, letter.language):
                yield letter


def _write_once(
    letter: letters.NewLetter, person: User, *, once: str, not_before: datetime
) -> bool:
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


def willing(people: QuerySet[User]) -> QuerySet[User]:
    """Those of them who want summaries, and whose address takes letters."""
    stops = ReminderStop.objects.values("email")
    wanted = people.filter(gets_summaries=True).exclude(email__in=stops)
    return wanted.exclude(email__in=addresses_that_refuse())


def addresses_that_refuse() -> list[str]:
    """Addresses whose last letter was given up."""
    failures = Letter.objects.filter(state=Letter.State.FAILED)
    last_failures = _last_moments(failures, "failed_at")
    deliveries = Letter.objects.filter(state=Letter.State.SENT, to__in=last_failures)
    last_sent = _last_moments(deliveries, "sent_at")
    refusing = []
    for address, failed_at in last_failures.items():
        sent_at = last_sent.get(address)
        if sent_at is None or sent_at < failed_at:
            refusing.append(address)
    return refusing


def _last_moments(rows: QuerySet[Letter], column: str) -> dict[str, datetime]:
    """By address."""
    addressed = rows.exclude(to="").order_by("to")
    by_address = addressed.values_list("to")
    return dict(by_address.annotate(last=Max(column)))


def link_in_letter(path: str, language: str) -> str:
    """The whole address of a page, in the language of the letter."""
    return emails.link_to(lambda: path, language)
