"""The verbs of a membership, along the edges of `members/transitions.py`. The only writer of its
standing."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from languages.dates import is_future
from members.models import (
    City,
    Decision,
    Document,
    LegalAct,
    Meeting,
    Membership,
    MembershipStep,
    User,
)
from members.services import accession_letters, votes
from members.services.accession_letters import Consent
from members.services.sources import cite, source_at
from members.services.votes import Vote
from members.transitions import MEMBERSHIP, edge, may_take

Verb = MembershipStep.Verb
OUTCOMES = {
    Verb.SUSPEND: Decision.Outcome.SUSPENDED,
    Verb.RESTORE: Decision.Outcome.RESTORED,
    Verb.EXCLUDE: Decision.Outcome.EXCLUDED,
}


@dataclass(frozen=True)
class Grounds:
    """On what a change of standing rests: a vote at a meeting, a letter, or a source that states
    it."""

    meeting: Meeting | None = None
    vote: Vote | None = None
    letter: Document | None = None
    source_url: str = ""


def confirm(
    *,
    membership: Membership,
    by: User,
    grounds: Grounds,
    joined: str = "",
    consent: Consent | None = None,
) -> Membership:
    """An evidenced member is one today: a source says so. `joined`: partial date, if now known."""
    return _change(Verb.CONFIRM, membership, by, grounds, on="", joined=joined, consent=consent)


def suspend(
    *,
    membership: Membership,
    by: User,
    why: str,
    on: str,
    grounds: Grounds,
    consent: Consent | None = None,
) -> Membership:
    """The membership rests from a day on (partial date), by a decision."""
    return _change(Verb.SUSPEND, membership, by, grounds, why=why, on=on, consent=consent)


def restore(
    *,
    membership: Membership,
    by: User,
    why: str,
    on: str,
    grounds: Grounds,
    consent: Consent | None = None,
) -> Membership:
    """A suspended membership is active again."""
    return _change(Verb.RESTORE, membership, by, grounds, why=why, on=on, consent=consent)


def withdraw(
    *,
    membership: Membership,
    by: User,
    why: str,
    on: str,
    grounds: Grounds,
    consent: Consent | None = None,
) -> Membership:
    """The city leaves, by its letter or decision. It may join again by a new accession."""
    return _change(Verb.WITHDRAW, membership, by, grounds, why=why, on=on, consent=consent)


def exclude(
    *,
    membership: Membership,
    by: User,
    why: str,
    on: str,
    grounds: Grounds,
    consent: Consent | None = None,
) -> Membership:
    """The network excludes the city, by a decision."""
    return _change(Verb.EXCLUDE, membership, by, grounds, why=why, on=on, consent=consent)


@transaction.atomic
def annul_last(
    *, membership: Membership, by: User, why: str, consent: Consent | None = None
) -> Membership:
    """Say that the last change of standing was entered wrongly; a new step takes it back.

    Raises PermissionDenied for anybody but the secretariat, ValidationError without a reason, for
    an admission (it is annulled in its accession) or where there is nothing to take back.
    """
    row = _locked(membership, by)
    step = last_change(row)
    if step is None:
        raise ValidationError(_("There is no change of standing to annul here."), code="state")
    if not why.strip():
        raise ValidationError({"why": _("Write down the reason: it stays in the file.")})
    if step.decision:
        votes.annul(step.decision, by, why)
    return _write(
        row,
        Verb.ANNUL,
        step.from_standing,
        by,
        why=why,
        on="",
        consent=consent,
        decision=step.decision,
    )


def last_change(membership: Membership) -> MembershipStep | None:
    """The last change of standing, as far as it can be annulled here: no admission, and not
    annulled already."""
    step = membership.steps.order_by("-pk").first()
    return step if step and step.verb not in (Verb.ADMIT, Verb.ANNUL) else None


# --- For accessions -------------------------------------------------------------------------------


def grant(*, city: City, decision: Decision, by: User) -> Membership:
    """Make the city a member by this decision: an evidenced membership becomes active, else a new
    one begins."""
    row = city.memberships.open().select_for_update(of=("self",)).first()
    if row is not None and row.standing != Membership.Standing.EVIDENCED:
        raise ValidationError(_("This city is a member already."), code="member")
    if row is None:
        row = Membership(city=city, standing=Membership.Standing.ACTIVE, fictional=city.fictional)
        row.joined = decision.date
        row.legal_basis = _filed_basis(decision)
        row.recorded_at, row.recorded_by = timezone.now(), by
        row.save()
        _step(row, Verb.ADMIT, "", row.standing, by, on=decision.date, decision=decision)
        return row
    row.joined = row.joined or decision.date
    row.legal_basis = _filed_basis(decision) or row.legal_basis
    return _write(
        row, Verb.ADMIT, Membership.Standing.ACTIVE, by, on=decision.date, decision=decision
    )


def _filed_basis(decision: Decision) -> LegalAct | None:
    """The city's own decision to join, as its file names it."""
    return decision.accession.legal_basis if decision.accession_id else None


def take_back(*, decision: Decision, membership: Membership, by: User, why: str) -> None:
    """Undo what an admission made of the membership, by a further step. Raises ValidationError
    where it moved on."""
    row = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    step = row.steps.order_by("-pk").first()
    if step is None or step.decision_id != decision.pk:
        raise ValidationError(
            _("The membership has changed since this decision. Annul the later changes first."),
            code="later",
        )
    before = step.from_standing or Membership.Standing.ANNULLED
    if before == Membership.Standing.ANNULLED:
        row.published_at = None
    _write(row, Verb.ANNUL, before, by, why=why, decision=decision)


# --- How every verb goes --------------------------------------------------------------------------


@transaction.atomic
def _change(
    verb: str,
    membership: Membership,
    by: User,
    grounds: Grounds,
    *,
    on: str,
    why: str = "",
    joined: str = "",
    consent: Consent | None = None,
) -> Membership:
    row = _locked(membership, by, verb)
    line = edge(verb, MEMBERSHIP)
    refuse(verb, grounds, on, why)
    decision = None
    if grounds.meeting:
        vote = grounds.vote or Vote(on=on)
        decision = votes.record(
            vote, OUTCOMES[Verb(verb)], grounds.meeting, city=row.city, membership=row
        )
        votes.show(decision, vote, by)
    if grounds.source_url:
        cite(source_at(grounds.source_url), row)
    row.joined = joined or row.joined
    row.ended = (
        on if line.after in (Membership.Standing.WITHDRAWN, Membership.Standing.EXCLUDED) else ""
    )
    return _write(
        row,
        verb,
        line.after,
        by,
        why=why,
        on=on,
        decision=decision,
        document=grounds.letter,
        consent=consent,
    )


def refuse(verb: str, grounds: Grounds, on: str, why: str) -> None:
    """Raise ValidationError, by field, for what a change of standing cannot go without."""
    if edge(verb, MEMBERSHIP).reason and not why.strip():
        raise ValidationError(
            {"why": _("Write down the reason: the city reads it, and it stays in the file.")}
        )
    if verb != Verb.CONFIRM and not on:
        raise ValidationError(
            {"on": _("Give the day, the month or the year from which this holds.")}
        )
    if is_future(on):
        raise ValidationError(
            {"on": _("This day lies in the future. Record the change when it takes effect.")}
        )
    if grounds.meeting and verb not in OUTCOMES:
        raise ValidationError(
            {"meeting": _("No meeting votes on this. Name the letter or the source.")}
        )
    if not (grounds.meeting or grounds.letter or grounds.source_url):
        raise ValidationError(
            _("Name the decision, the letter or the source on which this rests."), code="grounds"
        )


def _locked(membership: Membership, by: User, verb: str | None = None) -> Membership:
    row = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    line = edge(verb, MEMBERSHIP) if verb else None
    if not (may_take(line, by, row.city_id) if line else by.has_perm("change", row)):
        raise PermissionDenied
    if line and row.standing not in line.before:
        raise ValidationError(
            _(
                "The membership of %(city)s has the standing “%(standing)s” now. Somebody "
                "may have been faster: look at"
                " it again."
            ),
            code="state",
            params={"city": row.city, "standing": row.get_standing_display()},
        )
    return row


def _write(
    row: Membership,
    verb: str,
    standing: str,
    by: User,
    *,
    why: str = "",
    on: str = "",
    decision: Decision | None = None,
    document: Document | None = None,
    consent: Consent | None = None,
) -> Membership:
    """Write the step, move the standing, put the letters into the outbox."""
    _step(
        row,
        verb,
        row.standing,
        standing,
        by,
        why=why.strip(),
        on=on,
        decision=decision,
        document=document,
    )
    row.move(standing)
    if standing in Membership.OPEN or standing == Membership.Standing.ANNULLED:
        row.ended = ""
    row.recorded_at, row.recorded_by = timezone.now(), by
    row.save()
    if verb != Verb.ANNUL or not decision or decision.accession_id is None:
        planned = accession_letters.planned_for_membership(verb, row.city, why=why.strip(), on=on)
        accession_letters.write(planned, consent or Consent(), row, by)
    return row


def _step(row: Membership, verb: str, before: str, after: str, by: User, **about: object) -> None:
    MembershipStep.objects.create(
        membership=row, verb=verb, from_standing=before, to_standing=after, recorded_by=by, **about
    )
