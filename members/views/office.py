"""The first pages of the secretariat and of the Steering Committee."""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.names import join_list
from languages.text import current_language
from members import gaps, office_tasks
from members.accession_file import File, read_files, remarks
from members.accession_queue import files_for_committee
from members.editing.history import recent_of_cities, records_of_cities
from members.models import Accession, SupportContact

Context = dict[str, Any]
RECENT = 5
# The remark that counts points.
WITHOUT_ACTION = "points_without_action"


def office_desk(request: HttpRequest, site: Context) -> HttpResponse:
    """What needs an answer, the network in numbers, what is next; everything else folded."""
    total, numbers = gaps.counts()
    contacts = SupportContact.objects.due_by_reason(timezone.localdate())
    context = {
        **site,
        "title": _("Your desk"),
        "today": timezone.localdate(),
        "tasks": office_tasks.office_tasks(),
        "files_with_cities": office_tasks.files_with_cities(),
        "total": total,
        "number_groups": _groups(numbers),
        "zeros": [gap for gap in gaps.GAPS if not numbers[gap.key]],
        "meetings": office_tasks.next_meetings()[:2],
        "outbox": office_tasks.outbox(),
        "contacts_due": {reason: rows.count() for reason, rows in contacts.items()},
        "recent": recent_of_cities(records_of_cities(), RECENT),
    }
    return TemplateResponse(request, "admin/office_desk.html", context)


# A gap, how many cities have it, and what they do, in words.
GapNumber = tuple[gaps.Gap, int, str]


def _groups(numbers: dict[str, int]) -> list[tuple[Any, list[GapNumber]]]:
    """The numbers that are not zero, under the question that they answer."""
    lines = []
    for gap in gaps.GAPS:
        number = numbers[gap.key]
        if number:
            lines.append((gap.group, (gap, number, gap.sentence(number))))
    groups = []
    for group, own in groupby(lines, key=itemgetter(0)):
        groups.append((group, [line for _group, line in own]))
    return groups


@dataclass(frozen=True)
class CommitteeFile:
    """A file as the committee finds it: what there is to read, and what it lacks, in sentences."""

    file: File
    lacks: list[str]

    @property
    def accession(self) -> Accession:
        return self.file.accession


def committee_files() -> list[CommitteeFile]:
    """Submitted files that are not decided. Six queries, however many they are."""
    rows = list(files_for_committee())
    files = []
    for file in read_files(rows):
        lacks = _lacks(file)
        files.append(CommitteeFile(file, lacks))
    return files


def _lacks(file: File) -> list[str]:
    """What the file lacks; of the points which, not how many."""
    sentences = [one.text for one in remarks(file) if one.code != WITHOUT_ACTION]
    numbers = [str(one.point.number) for one in file.points if not one.has_action]
    if numbers:
        words = ngettext(
            "No action under point %(numbers)s.",
            "No action under the points %(numbers)s.",
            len(numbers),
        )
        sentences.append(words % {"numbers": join_list(numbers, current_language())})
    return sentences


def committee_desk(request: HttpRequest, site: Context) -> HttpResponse:
    """The files on the next agenda, then those that are not on one yet. Nothing else is theirs."""
    by_meeting: dict[Any, list[CommitteeFile]] = {}
    for file in committee_files():
        meeting = file.accession.meeting
        of_meeting = by_meeting.setdefault(meeting, [])
        of_meeting.append(file)
    without = by_meeting.pop(None, [])
    context = {
        **site,
        "title": _("Files for the Steering Committee"),
        "agendas": list(by_meeting.items()),
        "without": without,
    }
    return TemplateResponse(request, "admin/committee_desk.html", context)
