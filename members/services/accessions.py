"""The verbs of an accession: one function each, along the edges of `members/transitions.py`.

Each locks the file, asks the rights and the state together, writes the step, moves the state and
puts the letters into the outbox, all in one transaction: either everything happened or nothing. The
only writer of a file's state.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import accession_file
from members.accession_file import Remark
from members.models import (
    Accession,
    AccessionNote,
    AccessionStep,
    City,
    Commitment,
    Decision,
    Meeting,
    Membership,
    Record,
    User,
)
from members.services import accession_letters, commitments, entries, votes
from members.services.accession_letters import Consent
from members.services.memberships import grant, take_back
from members.services.votes import Vote
from members.transitions import ACCESSION, edge, may_take

Verb = AccessionStep.Verb


@transaction.atomic
def open_accession(*, city: City, by: User) -> Accession:
    """Begin a city's file as a draft. Raises PermissionDenied for whoever does not lead the city,
    ValidationError where the city has an open file or is a member."""
    if not may_take(edge(Verb.OPEN, ACCESSION), by, city.pk):
        raise PermissionDenied
    refuse_opening(city)
    language = city.source_language
    accession = Accession(city=city, source_language=language, fictional=city.fictional)
    try:
        with transaction.atomic():
            accession.save()
    except IntegrityError as error:
        raise ValidationError(_("This city has an open accession already."), code="open") from error
    AccessionStep.objects.create(
        accession=accession, verb=Verb.OPEN, to_status=accession.status, by=by
    )
    accession_letters.write(
        accession_letters.planned_for_accession(Verb.OPEN, accession), Consent(), accession, by
    )
    return accession


@transaction.atomic
def submit(*, accession: Accession, by: User, consent: Consent | None = None) -> Accession:
    """Hand the file to the network. Raises ValidationError for what no file goes without, and for
    every warning that `consent` does not name."""
    row = _locked(Verb.SUBMIT, accession, by)
    file = accession_file.read(row)
    return _take(Verb.SUBMIT, row, by, consent=consent, file=accession_file.snapshot(file))


@transaction.atomic
def return_to_city(
    *, accession: Accession, by: User, why: str, consent: Consent | None = None
) -> Accession:
    """Give the file back, with reasons, to be completed and submitted again."""
    return _take(
        Verb.RETURN, _locked(Verb.RETURN, accession, by, why), by, why=why, consent=consent
    )


@transaction.atomic
def begin_review(*, accession: Accession, by: User, consent: Consent | None = None) -> Accession:
    """The secretariat reads the file from now on."""
    return _take(Verb.REVIEW, _locked(Verb.REVIEW, accession, by), by, consent=consent)


@transaction.atomic
def put_on_agenda(
    *, accession: Accession, by: User, meeting: Meeting, consent: Consent | None = None
) -> Accession:
    """The Steering Committee votes on it at this meeting."""
    row = _locked(Verb.SCHEDULE, accession, by)
    if meeting.kind != Meeting.Kind.STEERING:
        raise ValidationError(
            {
                "meeting": _(
                    "Accessions are voted on by the Steering Committee: choose one of its meetings."
                )
            }
        )
    row.meeting = meeting
    return _take(Verb.SCHEDULE, row, by, consent=consent, meeting=meeting)


@transaction.atomic
def take_off_agenda(
    *, accession: Accession, by: User, why: str, consent: Consent | None = None
) -> Accession:
    """The meeting will not vote on it after all."""
    row = _locked(Verb.UNSCHEDULE, accession, by, why)
    meeting, row.meeting = row.meeting, None
    return _take(Verb.UNSCHEDULE, row, by, why=why, consent=consent, meeting=meeting)


@transaction.atomic
def admit(
    *, accession: Accession, by: User, vote: Vote, consent: Consent | None = None
) -> Accession:
    """Record the vote that admits the city: the membership becomes active, city and decision
    public, and what the city chose in its file becomes its commitments."""
    row = _locked(Verb.ADMIT, accession, by)
    decision = votes.record(
        vote, Decision.Outcome.ADMITTED, row.meeting, city=row.city, accession=row
    )
    row.membership = grant(city=row.city, decision=decision, by=by)
    decision.membership = row.membership
    decision.save()
    done = _take(Verb.ADMIT, row, by, consent=consent, meeting=row.meeting, decision=decision)
    _make_public(done, decision, by)
    commitments.open_from_accession(accession=done, by=by)
    return done


@transaction.atomic
def defer(
    *, accession: Accession, by: User, vote: Vote, why: str, consent: Consent | None = None
) -> Accession:
    """Record that the committee put its decision off; the file comes back to an agenda later."""
    row = _locked(Verb.DEFER, accession, by, why)
    decision = votes.record(
        vote, Decision.Outcome.DEFERRED, row.meeting, city=row.city, accession=row
    )
    meeting, row.meeting = row.meeting, None
    done = _take(Verb.DEFER, row, by, why=why, consent=consent, meeting=meeting, decision=decision)
    votes.show(decision, vote, by)
    return done


@transaction.atomic
def reject(
    *, accession: Accession, by: User, vote: Vote, why: str, consent: Consent | None = None
) -> Accession:
    """Record that the committee did not admit the city. A new accession may be opened later."""
    row = _locked(Verb.REJECT, accession, by, why)
    decision = votes.record(
        vote, Decision.Outcome.REJECTED, row.meeting, city=row.city, accession=row
    )
    done = _take(
        Verb.REJECT, row, by, why=why, consent=consent, meeting=row.meeting, decision=decision
    )
    votes.show(decision, vote, by)
    return done


@transaction.atomic
def withdraw(
    *, accession: Accession, by: User, why: str, consent: Consent | None = None
) -> Accession:
    """The city takes its application back; the secretariat does it for a city that wrote a
    letter."""
    row = _locked(Verb.WITHDRAW, accession, by, why)
    meeting, row.meeting = row.meeting, None
    return _take(Verb.WITHDRAW, row, by, why=why, consent=consent, meeting=meeting)


@transaction.atomic
def annul_decision(
    *, accession: Accession, by: User, why: str, consent: Consent | None = None
) -> Accession:
    """Say that a decision was entered wrongly: it stays readable as annulled, and the file is on
    the agenda again.

    Raises ValidationError where the membership has moved on since, or another file of the city was
    opened.
    """
    row = _locked(Verb.ANNUL, accession, by, why)
    decision = row.decisions.filter(annulled_at=None).order_by("-pk").first()
    if decision is None:
        raise ValidationError(_("No decision stands on this accession."), code="no_decision")
    row.meeting = decision.meeting
    if row.membership is not None:
        take_back(decision=decision, membership=row.membership, by=by, why=why)
        row.membership = None
        _take_promises_back(row.city, by)
    votes.annul(decision, by, why)
    try:
        with transaction.atomic():
            return _take(
                Verb.ANNUL,
                row,
                by,
                why=why,
                consent=consent,
                meeting=decision.meeting,
                decision=decision,
            )
    except IntegrityError as error:
        raise ValidationError(_("This city has an open accession already."), code="open") from error


def refuse_opening(city: City) -> None:
    """Raise ValidationError for a member, and for a city that has an open file."""
    standings = (Membership.Standing.ACTIVE, Membership.Standing.SUSPENDED)
    if city.memberships.filter(standing__in=standings).exists():
        raise ValidationError(_("This city is a member already."), code="member")
    if city.accessions.open().exists():
        raise ValidationError(_("This city has an open accession already."), code="open")


def add_note(*, accession: Accession, by: User, text: str) -> AccessionNote:
    """Keep a remark of the secretariat. Raises PermissionDenied for anybody else, ValidationError
    for none."""
    note = AccessionNote(accession=accession, text=text.strip(), by=by)
    if not by.has_perm("add", note):
        raise PermissionDenied
    note.clean_fields()
    note.save()
    return note


def remarks_before(verb: str, accession: Accession, meeting: Meeting | None = None) -> list[Remark]:
    """What the person must read before this verb: what blocks it, and what they confirm."""
    if verb == Verb.SUBMIT:
        return accession_file.remarks(accession_file.read(accession))
    if verb not in (Verb.SCHEDULE, Verb.ADMIT):
        return []
    unusual = accession_file.unusual(accession_file.read(accession))
    return unusual + (accession_file.unusual_at_meeting(accession, meeting) if meeting else [])


# --- How every verb goes --------------------------------------------------------------------------


def _locked(verb: str, accession: Accession, by: User, why: str | None = None) -> Accession:
    """The row, locked, where the person may take this edge from the state that it has now."""
    row = Accession.objects.select_for_update(of=("self",)).get(pk=accession.pk)
    line = edge(verb, ACCESSION)
    if not may_take(line, by, row.city_id):
        raise PermissionDenied
    if row.status not in line.before:
        raise ValidationError(
            _(
                "The accession of %(city)s is in the state “%(state)s” now. Somebody may "
                "have been faster: look at the"
                " file again."
            ),
            code="state",
            params={"city": row.city, "state": row.get_status_display()},
        )
    if line.reason and why is not None and not why.strip():
        raise ValidationError(
            {"why": _("Write down the reason: the city reads it, and it stays in the file.")}
        )
    return row


def _take(
    verb: str,
    row: Accession,
    by: User,
    *,
    why: str = "",
    consent: Consent | None = None,
    meeting: Meeting | None = None,
    decision: Decision | None = None,
    file: dict[str, str] | None = None,
) -> Accession:
    """Write the step, move the state, put the letters into the outbox."""
    _refuse_unconfirmed(verb, row, meeting, consent)
    line = edge(verb, ACCESSION)
    AccessionStep.objects.create(
        accession=row,
        verb=verb,
        from_status=row.status,
        to_status=line.after,
        by=by,
        why=why.strip(),
        meeting=meeting,
        decision=decision,
        file=file,
    )
    row.move(line.after)
    row.status_since = timezone.now()
    row.save()
    planned = accession_letters.planned_for_accession(verb, row, why=why.strip(), meeting=meeting)
    accession_letters.write(planned, consent or Consent(), row, by)
    return row


def _refuse_unconfirmed(
    verb: str, row: Accession, meeting: Meeting | None, consent: Consent | None
) -> None:
    seen = consent.warnings if consent else frozenset()
    open_remarks = [r for r in remarks_before(verb, row, meeting) if r.blocks or r.code not in seen]
    if open_remarks:
        raise ValidationError(
            [ValidationError(remark.text, code=remark.code) for remark in open_remarks]
        )


def _take_promises_back(city: City, by: User) -> None:
    """A city that is no member any more promises nothing in public; a later admission shows it
    again."""
    if city.memberships.open().exists():
        return
    promised = Commitment.objects.filter(
        city=city, origin=Record.Origin.STATED, published_at__isnull=False
    )
    for commitment in promised:
        entries.withdraw(record=commitment, by=by)


def _make_public(accession: Accession, decision: Decision, by: User) -> None:
    """What the vote makes known: the city, its membership, the decision, and the acts on which it
    rests."""
    votes.cite(decision, [accession.city, accession.membership, decision.meeting, decision])
    acts: list[Record | None] = [accession.legal_basis, accession.signed_act, accession.focal_point]
    for record in [
        accession.city,
        accession.membership,
        decision.meeting,
        decision,
        *filter(None, acts),
    ]:
        try:
            entries.publish(record=record, by=by)
        except ValidationError:
            # A fact without a source stays a draft: the secretariat sees it among the city's
            # unpublished entries.
            continue
