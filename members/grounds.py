"""On what a transition rests: the vote of a meeting, a letter on paper, or a public source."""

from dataclasses import dataclass

from members.models import City, Decision, Document, Meeting


@dataclass(frozen=True)
class Vote:
    """A vote as the minutes have it: counted, or unanimous, or neither known.

    `on`: a partial date, if not the meeting's first day. `recused`: cities that did not vote.
    `public`: whether everybody reads it on the meeting's page.
    """

    on: str = ""
    unanimous: bool | None = None
    present: int | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstained: int | None = None
    recused: tuple[City, ...] = ()
    note: str = ""
    public: bool = True

    @property
    def counts(self) -> tuple[int | None, int | None, int | None]:
        """Votes for, against and abstained."""
        return (
            self.votes_for,
            self.votes_against,
            self.votes_abstained,
        )


@dataclass(frozen=True)
class Grounds:
    """On what a change of standing rests. The vote belongs to the meeting.

    `decision`: a vote that is recorded already.
    """

    meeting: Meeting | None = None
    vote: Vote | None = None
    letter: Document | None = None
    source_url: str = ""
    decision: Decision | None = None

    @property
    def are_named(self) -> bool:
        return bool(self.meeting or self.letter or self.source_url or self.decision)
