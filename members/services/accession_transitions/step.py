"""How every transition of an accession goes: the file is locked, then the step is taken.

The only writer of a file's status.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from members import accession_file
from members.accession_file import Remark
from members.forms.transitions import TransitionForm
from members.models import Accession, AccessionStep, Decision, Meeting, User
from members.services import accession_letters, votes
from members.services.accession_letters import AccessionNews, Consent, PlannedLetter
from members.transitions import Transition

Remarks = Callable[[Accession, Meeting | None], list[Remark]]


@dataclass(frozen=True)
class AccessionStepDetails:
    """What a step keeps beside its verb and its statuses."""

    by: User
    why: str = ""
    meeting: Meeting | None = None
    decision: Decision | None = None
    # What the file says; see `accession_file.snapshot`.
    file: dict[str, str] | None = None


def no_remarks(accession: Accession, meeting: Meeting | None) -> list[Remark]:
    return []


def what_is_unusual(accession: Accession, meeting: Meeting | None) -> list[Remark]:
    """What the office must have read before a meeting votes on the file."""
    file = accession_file.read(accession)
    remarks = accession_file.unusual(file)
    if meeting is not None:
        remarks += accession_file.unusual_at_meeting(accession, meeting)
    return remarks


@dataclass(frozen=True, kw_only=True)
class AccessionTransition(Transition):
    """A transition of an accession.

    `service`: takes it; called with the accession, `by`, `consent` and what its form gives.
    `remarks`: what blocks it, and what the person must confirm. `outcome`: what a meeting decides
    by it; empty where no meeting votes. `letter_to_city`, `letter_to_secretariat`: kinds of letters
    (see `members.wording`).
    """

    service: Callable[..., Accession]
    form_class: type[TransitionForm] = TransitionForm
    remarks: Remarks = no_remarks
    outcome: str = ""
    letter_to_city: str = ""
    letter_to_secretariat: str = ""

    def refuse(self, accession: Accession, arguments: dict[str, Any]) -> None:
        """Raise ValidationError, by field, for what the service would refuse of its arguments."""
        vote = arguments.get("vote")
        meeting = accession.meeting
        if vote and meeting:
            votes.refuse(vote, meeting, accession.city)

    def remarks_before(self, accession: Accession, arguments: dict[str, Any]) -> list[Remark]:
        """What the person must read before: what blocks it, and what they confirm."""
        new_meeting = arguments.get("meeting")
        meeting = new_meeting or accession.meeting
        remarks = self.remarks(accession, meeting)
        vote = arguments.get("vote")
        if vote and meeting:
            day = vote.on or meeting.starts
            remarks += votes.unusual_about_file(vote, self.outcome, day, accession)
        return remarks

    def letters_before(
        self, accession: Accession, arguments: dict[str, Any]
    ) -> list[PlannedLetter]:
        """The letters as they would be written now."""
        why = arguments.get("why", "")
        meeting = arguments.get("meeting") or accession.meeting
        vote = arguments.get("vote")
        on = (vote and vote.on) or (meeting.starts if meeting else "")
        return self.planned_letters(AccessionNews(accession, why, meeting, on))

    def perform(
        self, accession: Accession, by: User, arguments: dict[str, Any], consent: Consent | None
    ) -> Accession:
        """Call the service with what the form gives."""
        return self.service(accession=accession, by=by, consent=consent, **arguments)

    def planned_letters(self, news: AccessionNews) -> list[PlannedLetter]:
        """The letters that it writes."""
        to_city = accession_letters.to_city(self.letter_to_city, news)
        to_office = accession_letters.to_secretariat(self.letter_to_secretariat, news)
        return to_city + to_office

    def lock(self, accession: Accession, by: User, why: str = "") -> Accession:
        """The row, locked until the end of the database transaction.

        Raises PermissionDenied for who may not take it, ValidationError where the file has another
        status now or the reason is missing.
        """
        locked = Accession.objects.select_for_update(of=("self",))
        row = locked.get(pk=accession.pk)
        if not self.may_be_taken_by(by, row.city_id):
            raise PermissionDenied
        begins_here = row.status in self.from_statuses
        if not begins_here:
            raise _status_error(row)
        if self.is_missing(why):
            message = _("Write down the reason: it stays in the file.")
            raise ValidationError({"why": message})
        return row

    def take(
        self, row: Accession, details: AccessionStepDetails, consent: Consent | None
    ) -> Accession:
        """Write the step, change the status and put the letters into the outbox.

        Raises ValidationError for remarks that block or that the person has not confirmed.
        """
        accession_letters.refuse_unconfirmed(self._remarks_on(row, details), consent)
        why = details.why.strip()
        AccessionStep.objects.create(
            accession=row,
            verb=self.verb,
            from_status=row.status,
            to_status=self.to_status,
            by=details.by,
            why=why,
            meeting=details.meeting,
            decision=details.decision,
            file=details.file,
        )
        row.move(self.to_status)
        row.status_since = timezone.now()
        row.save()
        on = details.decision.date if details.decision else ""
        planned = self.planned_letters(AccessionNews(row, why, details.meeting, on))
        accession_letters.write(planned, consent, row, details.by)
        return row

    def _remarks_on(self, row: Accession, details: AccessionStepDetails) -> list[Remark]:
        """What the person must have read before this step."""
        remarks = self.remarks(row, details.meeting)
        decision = details.decision
        if decision is None or not self.outcome:
            return remarks
        day = decision.date
        remarks += votes.unusual_about_file(decision, self.outcome, day, row)
        return remarks


def _status_error(row: Accession) -> ValidationError:
    message = _(
        "The accession of %(city)s is in the state “%(state)s” now. Somebody may have been faster: "
        "look at the file again."
    )
    names = {"city": row.city, "state": row.get_status_display()}
    return ValidationError(message, code="status", params=names)
