"""What a meeting decided, as it was voted. The only writer of decisions and of their annulment."""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from languages.dates import is_future
from members.models import (
    Accession,
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


@dataclass(frozen=True)
class Vote:
    """A vote as the minutes have it: counted, or unanimous, or neither known. `on`: partial date if
    not the meeting's first day; `recused`: cities that did not vote; `public`: whether everybody
    reads it on the meeting's page."""

    on: str = ""
    unanimous: bool | None = None
    present: int | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstained: int | None = None
    recused: tuple[City, ...] = field(default=())
    note: str = ""
    public: bool = True

    @property
    def counted(self) -> int | None:
        """All votes and those who did not vote, or None where nothing was counted."""
        votes = (self.votes_for, self.votes_against, self.votes_abstained)
        return None if None in votes else sum(votes) + len(self.recused)


def record(
    vote: Vote,
    outcome: str,
    meeting: Meeting,
    *,
    city: City,
    accession: Accession | None = None,
    membership: Membership | None = None,
) -> Decision:
    """Write the decision down. Raises ValidationError for votes that do not add up or a vote in the
    future.

    A city that holds a seat in the committee on that day does not vote about itself.
    """
    recused = refuse(vote, meeting, city)
    decision = Decision(
        meeting=meeting,
        city=city,
        accession=accession,
        membership=membership,
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
    decision.full_clean()
    decision.save()
    decision.recused.set(recused)
    return decision


def refuse(vote: Vote, meeting: Meeting, city: City) -> set[City]:
    """Raise ValidationError, by field, for a vote about this city that cannot be; else the cities
    that did not vote, with the city itself where it holds a seat on that day."""
    day = vote.on or meeting.starts
    own_seat = CommitteeSeat.objects.on(day).filter(city=city).exists()
    recused = {*vote.recused, *([city] if own_seat else [])}
    refuse_vote(vote, day, recused)
    return recused


def refuse_vote(vote: Vote, day: str, recused: set[City]) -> None:
    """Raise ValidationError, by field, for what cannot be."""
    if is_future(day):
        raise ValidationError(
            {"on": _("The vote lies in the future. Record it when it has been taken.")}
        )
    votes = (vote.votes_for, vote.votes_against, vote.votes_abstained)
    if None in votes and any(count is not None for count in votes):
        raise ValidationError(
            {"votes_for": _("Give all three counts, also where one is 0, or none of them.")}
        )
    if vote.unanimous and vote.votes_against:
        raise ValidationError({"unanimous": _("A unanimous vote has nobody against.")})
    if vote.present is None or None in votes:
        return
    counted = sum(votes) + len(recused)
    if counted != vote.present:
        raise ValidationError(
            {
                "present": ValidationError(
                    _(
                        "The votes and those who did not vote make %(counted)d, but "
                        "%(present)d were present."
                    ),
                    params={"counted": counted, "present": vote.present},
                )
            }
        )


def show(decision: Decision, vote: Vote, by: User) -> None:
    """Let everybody read the decision on its meeting's page, where the person said so."""
    if vote.public:
        cite(decision, [decision.meeting, decision])
        entries.publish(record=decision.meeting, by=by)
        entries.publish(record=decision, by=by)


def cite(decision: Decision, records: list[Record]) -> None:
    """The committee's decision stands behind these entries: as the source that the portal itself is
    witness of."""
    # One source, whoever records it in whatever language.
    with override(settings.LANGUAGE_CODE):
        title = f"{decision.meeting}: {decision}"
    source, _new = Source.objects.get_or_create(
        title=title[:500], url="", defaults={"kind": Source.Kind.NETWORK}
    )
    for entry in records:
        sources.cite(source, entry, basis=Citation.Basis.STEERING_COMMITTEE)


def annul(decision: Decision, by: User, why: str) -> None:
    """Mark a decision as entered wrongly: when, by whom and why. It is never erased."""
    decision.annulled_at, decision.annulled_by, decision.annulled_why = (
        timezone.now(),
        by,
        why.strip(),
    )
    decision.save()
