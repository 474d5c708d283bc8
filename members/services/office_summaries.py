"""A letter a month to the network's office: what needs an answer, the longest wait first.

Nothing needs one: no letter. A letter that still waits is taken back as soon as nobody needs it.
"""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import override

from languages.text import labelled
from members import emails
from members.models import User
from members.office_tasks import OfficeTask, office_tasks
from members.services import letters
from members.services.monthly import MonthlyLetter, link_in_letter, willing

KIND = "summary_office"
# So many things stand in one letter; the desk has all of them.
MOST = 10


def readers() -> QuerySet[User]:
    """Who works in the office and wants the letter, at an address that takes letters."""
    office = User.objects.of_secretariat()
    return willing(office)


def tasks_for_letter(_person: User, language: str) -> list[OfficeTask]:
    """What needs an answer, in a language; nothing of invented cities."""
    with override(language):
        tasks = office_tasks()
    real_tasks = []
    for task in tasks:
        if not task.is_fictional:
            real_tasks.append(task)
    return real_tasks


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


MONTHLY = MonthlyLetter(KIND, readers, tasks_for_letter, _letter, lambda _tasks: settings.TIME_ZONE)
write_due = MONTHLY.write_due
