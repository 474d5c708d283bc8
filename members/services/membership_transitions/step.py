"""How every change of a standing goes: the row is locked, then the step is written.

The only writer of a membership's standing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from languages.dates import is_future
from members.accession_file import Remark
from members.forms.transitions import TransitionForm
from members.grounds import Grounds, Vote
from members.models import City, Decision, Document, Membership, MembershipStep, User
from members.services import accession_letters, asking, contacts, letters, summaries, votes
from members.services.accession_letters import Consent, PlannedLetter
from members.services.sources import cite, source_at
from members.transitions import Transition

Standing = Membership.Standing


@dataclass(frozen=True)
class Change:
    """What a person says of a change of standing.

    `on`: the day from which it holds. `joined`: since when the city is a member, if that is known
    only now. Both are partial dates.
    """

    by: User
    grounds: Grounds
    why: str = ""
    on: str = ""
    joined: str = ""


@dataclass(frozen=True)
class MembershipStepDetails:
    """What a step keeps beside its verb and its standings. `on`: a partial date."""

    by: User
    why: str = ""
    on: str = ""
    decision: Decision | None = None
    document: Document | None = None


def always(membership: Membership) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class MembershipTransition(Transition):
    """A transition of a membership.

    `service`: takes it; called with the membership, `by`, `consent` and what its form gives.
    `outcome`: what a meeting decides by it; empty where no meeting votes. `needs_day`: it is
    refused without a day. `is_offered`: whether this membership gets the button.
    """

    service: Callable[..., Membership]
    form_class: type[TransitionForm] = TransitionForm
    outcome: str = ""
    needs_day: bool = True
    letter_to_city: str = ""
    is_offered: Callable[[Membership], bool] = always

    def refuse(self, membership: Membership, arguments: dict[str, Any]) -> None:
        """Raise ValidationError, by field, for what the service would refuse of its arguments."""
        grounds = arguments.get("grounds")
        if grounds is None:
            return
        refuse_change(self, grounds, arguments["on"], arguments["why"])
        if grounds.meeting and grounds.vote:
            votes.refuse(grounds.vote, grounds.meeting, membership.city)

    def remarks_before(self, membership: Membership, arguments: dict[str, Any]) -> list[Remark]:
        """What the person must confirm before: of a meeting's vote alone."""
        grounds = arguments.get("grounds")
        if grounds is None:
            return []
        return self._remarks_on(grounds)

    def letters_before(
        self, membership: Membership, arguments: dict[str, Any]
    ) -> list[PlannedLetter]:
        """The letters as they would be written now."""
        why = arguments["why"]
        on = arguments.get("on", "")
        return self.planned_letters(membership.city, why, on)

    def perform(
        self, membership: Membership, by: User, arguments: dict[str, Any], consent: Consent | None
    ) -> Membership:
        """Call the service with what the form gives."""
        return self.service(membership=membership, by=by, consent=consent, **arguments)

    def planned_letters(self, city: City, why: str, on: str) -> list[PlannedLetter]:
        """The letters that it writes about the membership of a city."""
        return accession_letters.about_membership(
            self.letter_to_city,
            city,
            why=why,
            on=on,
        )

    def lock(self, membership: Membership, by: User) -> Membership:
        """The row, locked until the end of the database transaction.

        Raises PermissionDenied for who may not take it, ValidationError where the membership has
        another standing now.
        """
        locked = Membership.objects.select_for_update(of=("self",))
        row = locked.get(pk=membership.pk)
        if not self.may_be_taken_by(by, row.city_id):
            raise PermissionDenied
        begins_here = row.standing in self.from_statuses
        if not begins_here:
            raise _standing_error(row)
        return row

    def take(
        self, membership: Membership, change: Change, consent: Consent | None = None
    ) -> Membership:
        """Record the decision or the source, change the standing and write the letters.

        Raises as `lock` and `refuse_change` do, and ValidationError for a vote that contradicts
        the outcome and that the person has not confirmed.
        """
        row = self.lock(membership, change.by)
        grounds = change.grounds
        refuse_change(self, grounds, change.on, change.why)
        accession_letters.refuse_unconfirmed(self._remarks_on(grounds), consent)
        decision = self._decision(row, change)
        if grounds.source_url:
            cite(source_at(grounds.source_url), row)
        row.joined = change.joined or row.joined
        row.ended = change.on if self.to_status in Membership.FORMER else ""
        details = MembershipStepDetails(
            by=change.by,
            why=change.why.strip(),
            on=change.on,
            decision=decision,
            document=grounds.letter,
        )
        record_step(row, self.verb, self.to_status, details)
        self.write_letters(row, details, consent)
        return row

    def write_letters(
        self, row: Membership, details: MembershipStepDetails, consent: Consent | None
    ) -> None:
        city = row.city
        planned = self.planned_letters(city, details.why, details.on)
        accession_letters.write(planned, consent, row, details.by)

    def _remarks_on(self, grounds: Grounds) -> list[Remark]:
        vote = grounds.vote
        if vote is None:
            return []
        return votes.unusual(vote, self.outcome)

    def _decision(self, row: Membership, change: Change) -> Decision | None:
        meeting = change.grounds.meeting
        if meeting is None:
            return change.grounds.decision
        vote = change.grounds.vote or Vote(on=change.on)
        decision = votes.record_on_membership(vote, self.outcome, meeting, row)
        votes.show(decision, vote, change.by)
        return decision


def refuse_change(transition: MembershipTransition, grounds: Grounds, on: str, why: str) -> None:
    """Raise ValidationError, by field, for what a change of standing cannot go without."""
    if transition.is_missing(why):
        message = _("Write down the reason: it stays in the file.")
        raise ValidationError({"why": message})
    if transition.needs_day and not on:
        message = _("Give the day, the month or the year from which this holds.")
        raise ValidationError({"on": message})
    if is_future(on):
        message = _("This day lies in the future. Record the change when it takes effect.")
        raise ValidationError({"on": message})
    if grounds.meeting and not transition.outcome:
        message = _("No meeting votes on this. Name the letter or the source.")
        raise ValidationError({"meeting": message})
    if not grounds.are_named:
        message = _("Name the decision, the letter or the source on which this rests.")
        raise ValidationError(
            message,
            code="grounds",
        )


def record_step(row: Membership, verb: str, standing: str, details: MembershipStepDetails) -> None:
    """Write the step, then change the standing and save the row."""
    write_step(row, verb, (row.standing, standing), details)
    row.move(standing)
    if standing not in Membership.FORMER:
        row.ended = ""
    row.recorded_at = timezone.now()
    row.recorded_by = details.by
    row.save()
    if standing not in Membership.OPEN:
        _take_back_letters(row.city, details.by)


def _take_back_letters(city: City, by: User) -> None:
    """Letters that wait and ask a city to do something which is no member any more."""
    why = _("The city is no member any more.")
    letters.withdraw_unsent(
        about=city,
        kinds=[asking.KIND],
        why=why,
        by=by,
    )
    letters.withdraw_these(
        rows=contacts.reminders_of(city),
        why=why,
        by=by,
    )
    people = city.roles.values_list("user", flat=True)
    summaries.MONTHLY.stop_pointless(people)


def write_step(
    row: Membership, verb: str, standings: tuple[str, str], details: MembershipStepDetails
) -> None:
    """Write a step. `standings`: before, empty where the membership begins with it, and after."""
    from_standing, to_standing = standings
    MembershipStep.objects.create(
        membership=row,
        verb=verb,
        from_standing=from_standing,
        to_standing=to_standing,
        recorded_by=details.by,
        why=details.why,
        on=details.on,
        decision=details.decision,
        document=details.document,
    )


def _standing_error(row: Membership) -> ValidationError:
    message = _(
        "The membership of %(city)s has the standing “%(standing)s” now. Somebody may have been "
        "faster: look at it again."
    )
    names = {"city": row.city, "standing": row.get_standing_display()}
    return ValidationError(message, code="standing", params=names)
