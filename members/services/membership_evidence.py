"""Memberships that a source once evidenced: confirmed, corrected or closed, singly or as a table.

The standing itself is changed by `members.services.memberships`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from languages.dates import is_future
from members.forms.membership_evidence import before_joining, is_before_joining
from members.grounds import Grounds
from members.models import City, Decision, Meeting, Membership, User
from members.services import memberships
from members.services.accession_letters import PlannedLetter
from members.services.membership_transitions.withdraw import WITHDRAW
from members.services.sources import cite, source_at


@dataclass(frozen=True)
class MembershipEvidence:
    """A public source by its address; a title where it is not known here yet."""

    url: str
    title: str = ""


@dataclass(frozen=True)
class MembershipClosing:
    """One line of a table: what to do with the membership of a city.

    `city`: its slug; `name`: as pages call it. `verb`: confirm, correct, close, or "" where the
    line names none: then only the city is looked for. `joined`, `ended`: partial dates.
    """

    line: int
    city: str
    verb: str
    evidence: MembershipEvidence
    joined: str = ""
    ended: str = ""
    why: str = ""
    name: str = ""


@dataclass(frozen=True)
class Refusal:
    """Why a line was refused, and at which column."""

    line: int
    column: str
    reason: str


class _TrialEnded(Exception):
    """Makes the database take a trial run back."""


@transaction.atomic
def confirm(
    *, membership: Membership, evidence: MembershipEvidence, joined: str, by: User
) -> Membership:
    """The city is a member today: a source says so. `joined`: partial date, as far as known.

    Raises PermissionDenied and ValidationError as `memberships.confirm` does.
    """
    _refuse_future("joined", joined)
    source = source_at(evidence.url, evidence.title)
    grounds = Grounds(source_url=source.url)
    return memberships.confirm(
        membership=membership,
        by=by,
        grounds=grounds,
        joined=joined,
    )


def recorded_votes() -> QuerySet[Decision]:
    """Votes of the Steering Committee that admitted a city whose standing does not say so yet."""
    valid = Decision.objects.filter(annulled_at__isnull=True, fictional=False)
    admitting = valid.filter(
        outcome=Decision.Outcome.ADMITTED,
        meeting__kind=Meeting.Kind.STEERING,
        membership__standing=Membership.Standing.EVIDENCED,
    )
    rows = admitting.select_related("city", "meeting__held_in", "membership", "membership__city")
    return rows.order_by("membership__city__slug", "pk")


@transaction.atomic
def confirm_by_recorded_votes(*, by: User) -> list[Membership]:
    """Give each evidenced member the standing that its recorded vote gives, with a step.

    Raises PermissionDenied for all but the secretariat.
    """
    confirmed = []
    for decision in recorded_votes():
        membership = cast("Membership", decision.membership)
        joined = membership.joined or decision.date
        row = memberships.confirm(
            membership=membership,
            by=by,
            grounds=Grounds(decision=decision),
            joined=joined,
        )
        confirmed.append(row)
    return confirmed


@transaction.atomic
def correct(
    *, membership: Membership, evidence: MembershipEvidence, joined: str, by: User
) -> Membership:
    """Change the date of joining, with its source; the standing stays.

    Raises PermissionDenied for all but the secretariat, ValidationError for a date in the future
    and for the date that is recorded already.
    """
    locked = Membership.objects.select_for_update(of=("self",))
    row = locked.get(pk=membership.pk)
    if not by.has_perm("change", row):
        raise PermissionDenied
    _refuse_future("joined", joined)
    is_recorded = row.joined == joined
    if is_recorded:
        message = _("This is the date that is recorded already.")
        error = ValidationError(message, code="same")
        raise ValidationError({"joined": error})
    row.joined = joined
    row.save()
    source = source_at(evidence.url, evidence.title)
    cite(
        source,
        row,
        field="joined",
    )
    return row


@transaction.atomic
def close(
    *, membership: Membership, evidence: MembershipEvidence, ended: str, why: str, by: User
) -> Membership:
    """The city left on a day, in a month or in a year.

    Raises as `memberships.withdraw` does, at the fields of this form.
    """
    joined = membership.joined
    if is_before_joining(ended, joined):
        error = ValidationError(before_joining(joined), code="order")
        raise ValidationError({"ended": error})
    source = source_at(evidence.url, evidence.title)
    grounds = Grounds(source_url=source.url)
    try:
        return memberships.withdraw(
            membership=membership,
            by=by,
            why=why,
            on=ended,
            grounds=grounds,
        )
    except ValidationError as error:
        raise _renamed(error, {"on": "ended"}) from error


def apply(*, changes: Iterable[MembershipClosing], by: User) -> list[Refusal]:
    """Do all of it, or nothing where a line is refused; the refusals, line by line."""
    refusals: list[Refusal] = []
    try:
        with transaction.atomic():
            refusals = _each(changes, by)
            if refusals:
                raise _TrialEnded
    except _TrialEnded:
        pass
    return refusals


def try_out(*, changes: Iterable[MembershipClosing], by: User) -> list[Refusal]:
    """What `apply` would refuse. Everything is done and taken back; no letter is sent."""
    refusals: list[Refusal] = []
    try:
        with transaction.atomic():
            refusals = _each(changes, by)
            raise _TrialEnded
    except _TrialEnded:
        return refusals


def planned_letters(changes: Iterable[MembershipClosing]) -> list[PlannedLetter]:
    """The letters that these changes write: to the coordinators of each city that left."""
    closings = [change for change in changes if change.verb == "close"]
    slugs = [change.city for change in closings]
    cities = City.objects.in_bulk(slugs, field_name="slug")
    letters: list[PlannedLetter] = []
    for change in closings:
        city = cities.get(change.city)
        if city is not None:
            letters += WITHDRAW.planned_letters(city, change.why, change.ended)
    return letters


def _each(changes: Iterable[MembershipClosing], by: User) -> list[Refusal]:
    """Do one change after the other; what was refused, line by line."""
    refusals: list[Refusal] = []
    lines: dict[str, int] = {}
    for change in changes:
        line = change.line
        first_line = lines.setdefault(change.city, line)
        try:
            if first_line != line:
                message = _("This city stands in line %(line)d already.")
                sentence = message % {"line": first_line}
                raise ValidationError({"city": sentence})
            with transaction.atomic():
                _one(change, by)
        except ValidationError as error:
            refusals += refusals_of(line, error)
    return refusals


def _one(change: MembershipClosing, by: User) -> None:
    memberships_of_city = Membership.objects.open().filter(city__slug=change.city)
    membership = memberships_of_city.first()
    if membership is None:
        message = _("No city with this address has an open membership.")
        raise ValidationError({"city": message})
    if not change.verb:
        return
    if change.verb == "close":
        close(
            membership=membership,
            evidence=change.evidence,
            ended=change.ended,
            why=change.why,
            by=by,
        )
        return
    service = confirm if change.verb == "confirm" else correct
    service(
        membership=membership,
        evidence=change.evidence,
        joined=change.joined,
        by=by,
    )


def refusals_of(line: int, error: ValidationError) -> list[Refusal]:
    """An error as refusals, one for each column that it names."""
    if not hasattr(error, "error_dict"):
        return [Refusal(line, "", " ".join(error.messages))]
    refusals = []
    for name, messages in error.message_dict.items():
        column = "" if name == NON_FIELD_ERRORS else name
        reason = " ".join(messages)
        refusals.append(Refusal(line, column, reason))
    return refusals


def _renamed(error: ValidationError, names: dict[str, str]) -> ValidationError:
    """The same errors, at the fields as the form here calls them."""
    if not hasattr(error, "error_dict"):
        return error
    by_field = error.error_dict
    return ValidationError({names.get(name, name): by_field[name] for name in by_field})


def _refuse_future(field: str, on: str) -> None:
    if is_future(on):
        raise ValidationError(
            {field: ValidationError(_("This day lies in the future."), code="future")}
        )
