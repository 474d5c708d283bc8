"""A letter a month to the network's office: what needs an answer, the longest wait first.

Nothing needs one: no letter. A letter that still waits is taken back as soon as nobody needs it.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from languages.text import labelled
from members import emails
from members.models import Letter, User
from members.office_tasks import OfficeTask, office_tasks
from members.services import letters
from members.services.summaries import LAST_DAY, link_in_letter, willing, write_once
from members.working_hours import next_working_moment

KIND = "summary_office"
# So many things stand in one letter; the desk has all of them.
MOST = 10


def readers() -> QuerySet[User]:
    """Who works in the office and wants the letter, at an address that takes letters."""
    office = User.objects.filter(is_secretariat=True, is_active=True)
    return willing(office)


def tasks_for_letter(language: str) -> list[OfficeTask]:
    """What needs an answer, in a language; nothing of invented cities."""
    with override(language):
        tasks = office_tasks()
    real_tasks = []
    for task in tasks:
        if not task.is_fictional:
            real_tasks.append(task)
    return real_tasks


def write_due(*, now: datetime | None = None) -> Counter[str]:
    """Write what is due this month, and take back what nobody needs any more.

    Returns how many letters were written and stopped. May run as often as one likes and twice at
    once: each person gets one letter a month.
    """
    moment = now or timezone.now()
    stopped = stop_pointless()
    counts: Counter[str] = Counter(stopped=stopped)
    today = timezone.localdate(moment)
    if today.day > LAST_DAY:
        return +counts
    people = readers()
    for person in people.order_by("pk"):
        is_written = _write_to(person, moment)
        counts["written"] += is_written
    return +counts


@transaction.atomic
def _write_to(person: User, now: datetime) -> bool:
    """Whether a letter was written. The person is locked: whoever ends the letters at this moment
    gets none."""
    today = timezone.localdate(now)
    month = today.strftime("%Y-%m")
    once = f"{KIND}:{person.pk}:{month}"
    rows = readers().select_for_update(of=("self",))
    locked = rows.filter(pk=person.pk).first()
    if locked is None:
        return False
    if Letter.objects.filter(once=once).exists():
        return False
    language = emails.letter_language(locked.language)
    tasks = tasks_for_letter(language)
    if not tasks:
        return False
    letter = _letter(locked, tasks)
    starts = next_working_moment(
        now,
        settings.TIME_ZONE,
    )
    return write_once(
        letter,
        locked,
        once=once,
        not_before=starts,
    )


def _letter(person: User, tasks: list[OfficeTask]) -> letters.NewLetter:
    language = emails.letter_language(person.language)
    context = {
        "things": _lines_of(tasks[:MOST], language),
        "link": link_in_letter(reverse("admin:index"), language),
        "stop": emails.stop_link(person.pk, language),
    }
    return letters.NewLetter(
        kind=KIND,
        to=person.email,
        language=language,
        context=context,
    )


def _lines_of(tasks: list[OfficeTask], language: str) -> str:
    """Numbered, each with the address of the page with its button.

    Without the reason, which may name the address of a person.
    """
    lines = []
    for number, task in enumerate(tasks, start=1):
        with override(language):
            text = labelled(task.title, task.button)
        link = link_in_letter(task.url, language)
        line = f"{number}. {text}\n{link}"
        lines.append(line)
    return "\n\n".join(lines)


@transaction.atomic
def stop_pointless() -> int:
    """Take back waiting letters to people who get none any more, or as nothing needs an answer."""
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
        if not is_same or not tasks_for_letter(letter.language):
            yield letter
