"""What a meeting votes on, as its page shows it: each vote, or where to record it."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q
from django.urls import reverse

from members.models import Accession, City, Decision, Meeting, Membership, User
from members.services import accessions
from members.services.accession_transitions.step import AccessionTransition

# What a vote on a file may bring.
VOTES = ("admit", "defer", "reject")


@dataclass(frozen=True)
class MeetingLine:
    """A city about which the meeting votes or voted: on its file, or on its membership.

    `url` leads to that row, `status` says how it stands; `transitions`: what may be recorded now.
    """

    city: City
    url: str
    status: str
    decisions: list[Decision]
    transitions: list[AccessionTransition] = field(default_factory=list)
    accession: Accession | None = None


def lines_of(meeting: Meeting, user: User) -> list[MeetingLine]:
    """The files that are on the agenda or were voted on, then the memberships. Three queries."""
    on_files: dict[int, list[Decision]] = defaultdict(list)
    on_memberships: dict[Membership, list[Decision]] = defaultdict(list)
    decisions = meeting.decisions.select_related("membership__city__country")
    for decision in decisions.order_by("city__slug", "pk"):
        if decision.accession_id:
            on_files[decision.accession_id].append(decision)
        elif decision.membership:
            on_memberships[decision.membership].append(decision)
    is_of_meeting = Q(meeting=meeting) | Q(pk__in=list(on_files))
    files = Accession.objects.filter(is_of_meeting).select_related("city__country")
    lines = [
        file_line(row, on_files[row.pk], votes_for(row, meeting, user))
        for row in files.order_by("city__slug", "pk")
    ]
    return lines + [membership_line(row, votes) for row, votes in on_memberships.items()]


def file_line(
    accession: Accession, decisions: list[Decision], transitions: list[AccessionTransition]
) -> MeetingLine:
    return MeetingLine(
        accession.city,
        accession.get_file_url(),
        accession.get_status_display(),
        decisions,
        transitions,
        accession,
    )


def membership_line(membership: Membership, decisions: list[Decision]) -> MeetingLine:
    url = reverse("admin:members_membership_change", args=[membership.pk])
    status = membership.get_standing_display()
    return MeetingLine(membership.city, url, status, decisions)


def votes_for(accession: Accession, meeting: Meeting, user: User) -> list[AccessionTransition]:
    """The votes that somebody may record on a file of this meeting's agenda."""
    if accession.meeting_id != meeting.pk:
        return []
    return [one for one in accessions.transitions_for(accession, user) if one.verb in VOTES]
