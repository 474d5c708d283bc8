"""What a meeting decided. The only writer of decisions and of their annulment."""

from typing import cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from languages.dates import format_date, format_partial, is_future, local_moment, parse
from languages.text import current_language
from members.accession_file import Remark
from members.grounds import Vote
from members.models import (
    Accession,
    AccessionStep,
    Citation,
    City,
    CommitteeSeat,
    Decision,
    Meeting,
    Membership,
    Record,
    Source,
    User,
)
from members.services import entries, sources

# Whether more votes for than against carry the outcome.
HAVE_MAJORITY = {
    Decision.Outcome.ADMITTED.value: True,
    Decision.Outcome.REJECTED.value: False,
    Decision.Outcome.SUSPENDED.value: True,
    Decision.Outcome.RESTORED.value: True,
    Decision.Outcome.EXCLUDED.value: True,
}


def record_on_accession(vote: Vote, outcome: str, accession: Accession) -> Decision:
    """Write down the decision about a file that its meeting took. Raises as `refuse` does."""
    # The database promises that a file on the agenda names its meeting.
    meeting = cast("Meeting", accession.meeting)
    city = accession.city
    decision = _decision(vote, outcome, meeting, city)
    decision.accession = accession
    recused = refuse(vote, meeting, city)
    return _save(decision, recused)


def record_on_membership(
    vote: Vote, outcome: str, meeting: Meeting, membership: Membership
) -> Decision:
    """Write down the decision about a membership. Raises as `refuse` does."""
    city = membership.city
    decision = _decision(vote, outcome, meeting, city)
    decision.membership = membership
    recused = refuse(vote, meeting, city)
    return _save(decision, recused)


def refuse(vote: Vote, meeting: Meeting, city: City) -> set[City]:
    """The cities that did not vote about this city.

    A city that holds a seat in the committee on that day does not vote about itself. Raises
    ValidationError, by field, for a vote in the future, for one on a day that is none of the
    meeting's, and for more votes than people who were present.
    """
    day = vote.on or meeting.starts
    recused = set(vote.recused)
    seats = CommitteeSeat.objects.on(day)
    has_seat = seats.filter(city=city).exists()
    if has_seat:
        recused.add(city)
    if is_future(day):
        message = _("The vote lies in the future. Record it when it has been taken.")
        raise ValidationError({"on": message})
    if not meeting.includes(day):
        raise ValidationError({"on": meeting.outside(day)})
    _refuse_counts(vote, len(recused))
    return recused


def unusual(vote: Vote | Decision, outcome: str) -> list[Remark]:
    """That the counted votes say another thing than the outcome. What a committee that puts a file
    off has voted on is not known: nothing is said of that.
    """
    votes_for = vote.votes_for
    votes_against = vote.votes_against
    if outcome not in HAVE_MAJORITY or votes_for is None or votes_against is None:
        return []
    has_majority = votes_for > votes_against
    if has_majority == HAVE_MAJORITY[outcome]:
        return []
    text = _(
        "The votes contradict the outcome: “%(outcome)s”, but %(for)d voted for and %(against)d "
        "against."
    )
    words = {
        "outcome": Decision.Outcome(outcome).label,
        "for": votes_for,
        "against": votes_against,
    }
    return [Remark("votes_contradict", text % words)]


def unusual_about_file(
    vote: Vote | Decision, outcome: str, day: str, accession: Accession
) -> list[Remark]:
    """What a person confirms before this vote about a file counts. `day`: of the vote (partial
    date). A vote that was taken before the portal was used comes before the submission."""
    remarks = unusual(vote, outcome)
    submissions = accession.steps.filter(verb=AccessionStep.Verb.SUBMIT)
    submitted = submissions.order_by("-pk").first()
    if submitted is None:
        return remarks
    submitted_on = local_moment(submitted.at).date()
    if parse(day).last_day() < submitted_on:
        text = _("The vote was taken on %(day)s, before the file was submitted on %(submitted)s.")
        language = current_language()
        words = {
            "day": format_partial(day, language),
            "submitted": format_date(submitted_on, language),
        }
        remarks.append(Remark("vote_before_submission", text % words))
    return remarks


def show(decision: Decision, vote: Vote, by: User) -> None:
    """Let everybody read the decision on its meeting's page, where the person said so."""
    if not vote.public:
        return
    meeting = decision.meeting
    records: list[Record] = [meeting, decision]
    cite(decision, records)
    for record in records:
        entries.publish(record=record, by=by)


def cite(decision: Decision, records: list[Record]) -> None:
    """Name the committee's decision as the source of these entries.

    The portal itself is the witness of that source.
    """
    # In one language, so that there is one source, whatever language the person reads.
    with override(settings.LANGUAGE_CODE):
        title = f"{decision.meeting}: {decision}"
    source, _is_new = Source.objects.get_or_create(
        title=title[:500],
        url="",
        defaults={"kind": Source.Kind.NETWORK, "language": settings.LANGUAGE_CODE},
    )
    basis = Citation.Basis.STEERING_COMMITTEE
    for record in records:
        sources.cite(
            source,
            record,
            basis=basis,
        )


def annul(decision: Decision, by: User, why: str) -> None:
    """Mark a decision as entered wrongly: when, by whom and why. It is never erased."""
    decision.annulled_at = timezone.now()
    decision.annulled_by = by
    decision.annulled_why = why.strip()
    decision.save()


def _decision(vote: Vote, outcome: str, meeting: Meeting, city: City) -> Decision:
    return Decision(
        meeting=meeting,
        city=city,
        outcome=outcome,
        fictional=city.fictional,
        on=vote.on,
        unanimous=vote.unanimous,
        present=vote.present,
        votes_for=vote.votes_for,
        votes_against=vote.votes_against,
        votes_abstained=vote.votes_abstained,
        note=vote.note,
    )


def _save(decision: Decision, recused: set[City]) -> Decision:
    decision.full_clean()
    decision.save()
    decision.recused.set(recused)
    return decision


def _refuse_counts(vote: Vote, recused: int) -> None:
    """Raise ValidationError, by field, for counts that cannot be."""
    counts = [count for count in vote.counts if count is not None]
    is_partial = 0 < len(counts) < len(vote.counts)
    if is_partial:
        message = _("Give all three counts, also where one is 0, or none of them.")
        raise ValidationError({"votes_for": message})
    if vote.unanimous and vote.votes_against:
        message = _("A unanimous vote has nobody against.")
        raise ValidationError({"unanimous": message})
    present = vote.present
    if present == 0:
        message = _("Nobody decides where nobody is present. Leave it empty if it is not known.")
        raise ValidationError({"present": message})
    if counts and not sum(counts):
        message = _("Somebody has voted. Leave the counts empty if they are not known.")
        raise ValidationError({"votes_for": message})
    if not counts or present is None:
        return
    counted = sum(counts) + recused
    if counted > present:
        error = _sum_error(counted, present)
        raise ValidationError({"present": error})


def _sum_error(counted: int, present: int) -> ValidationError:
    message = _(
        "The votes and the cities that may not vote make %(counted)d, but only %(present)d were "
        "present."
    )
    return ValidationError(message, params={"counted": counted, "present": present})
