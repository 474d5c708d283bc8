"""What happened when in a city, built from its records."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.text import Text, named, translated
from members.age import DatedFact
from members.models import (
    Decision,
    LegalAct,
    Meeting,
    Membership,
    MembershipStep,
    Milestone,
    Organisation,
    Record,
)
from portal.city_records import CityRecords
from portal.models import Event, News
from programs.models import Edition, EditionEvent

SUSPENSION = (MembershipStep.Verb.SUSPEND, MembershipStep.Verb.RESTORE)


@dataclass(frozen=True)
class TimelineEntry(DatedFact):
    """An entry of the timeline. `on` and `ends` are partial dates or empty.

    `kind` chooses the mark. `name` is that of the programme or body; `title` that of news or of an
    event, and `what` says which of the two it is.
    """

    on: str
    kind: str
    what: str
    text: Text | None = None
    url: str = ""
    ends: str = ""
    record: Record | None = None
    name: Text | None = None
    title: Text | None = None

    @property
    def date(self) -> str:
        """The first date that is known, or ""."""
        return self.on or self.ends

    @property
    def has_day(self) -> bool:
        """Whether more than the year is known."""
        return bool(self.ends) or len(self.on) > len("YYYY")


def timeline(records: CityRecords) -> list[TimelineEntry]:
    """All dated records of a city, the oldest first; undated ones at the end."""
    bodies = [row for row in records.organisations if row.term_from or row.term_to]
    entries = [
        *_membership_entries(records.memberships, records.decisions),
        *map(_milestone, records.milestones),
        *_acts(records.acts, records.memberships),
        *map(_programme, records.programme_events),
        *map(_edition, records.undated_editions),
        *map(_body, bodies),
        *map(_news, records.news),
        *map(_event, records.events),
    ]
    return sorted(entries, key=_place)


def newest_first(entries: list[TimelineEntry]) -> list[TimelineEntry]:
    """The same entries from what comes to what was long ago; without a date at the end."""
    dated = [entry for entry in entries if entry.date]
    undated = [entry for entry in entries if not entry.date]
    return [*reversed(dated), *undated]


def _place(entry: TimelineEntry) -> tuple[bool, str]:
    """By the first date that is known; without any at the end."""
    return not entry.date, entry.date


# --- Membership -----------------------------------------------------------------------------------


def _membership_entries(
    memberships: list[Membership], decisions: list[Decision]
) -> Iterator[TimelineEntry]:
    admitted = {decision.membership_id for decision in decisions if decision.admits}
    for decision in decisions:
        yield _decision(decision)
    for membership in memberships:
        if membership.pk not in admitted:
            yield _joining(membership)
    for membership in memberships:
        if membership.ended:
            yield _end(membership)
    for step in suspensions_without_vote(memberships):
        yield _suspension(step)


def _decision(decision: Decision) -> TimelineEntry:
    is_committee = decision.meeting.kind == Meeting.Kind.STEERING
    words = {
        **(_votes_of_the_committee() if is_committee else _votes_of_members()),
        Decision.Outcome.SUSPENDED: _("The membership was suspended"),
        Decision.Outcome.RESTORED: _("The membership was restored"),
        Decision.Outcome.EXCLUDED: _("The city was excluded"),
    }
    outcome = Decision.Outcome(decision.outcome)
    return TimelineEntry(decision.date, "vote", words[outcome], record=decision)


def _votes_of_the_committee() -> dict[Decision.Outcome, str]:
    return {
        Decision.Outcome.ADMITTED: _("The Steering Committee admitted the city"),
        Decision.Outcome.DEFERRED: _("The Steering Committee deferred its decision"),
        Decision.Outcome.REJECTED: _("The Steering Committee did not admit the city"),
    }


def _votes_of_members() -> dict[Decision.Outcome, str]:
    """Of an assembly or a conference, which is named beside."""
    return {
        Decision.Outcome.ADMITTED: _("The city was admitted"),
        Decision.Outcome.DEFERRED: _("The decision on the city was deferred"),
        Decision.Outcome.REJECTED: _("The city was not admitted"),
    }


def _joining(membership: Membership) -> TimelineEntry:
    """Since when, in the words that the evidence allows; without a date it stands at the end."""
    evidenced = membership.standing == Membership.Standing.EVIDENCED
    if membership.joined:
        what = _("Member of the network since then")
        if evidenced:
            what = _("Listed as a member since then")
    else:
        what = _("Member of the network")
        if evidenced:
            what = _("Listed as a member")
    kind = "evidence" if evidenced else "vote"
    return TimelineEntry(membership.joined, kind, what, record=membership)


def _end(membership: Membership) -> TimelineEntry:
    words = {
        Membership.Standing.WITHDRAWN: _("The city left the network"),
        Membership.Standing.EXCLUDED: _("The city was excluded"),
    }
    standing = Membership.Standing(membership.standing)
    what = words.get(standing, _("The membership ended"))
    return TimelineEntry(
        membership.ended,
        "decision",
        what,
        record=membership,
    )


def suspensions_without_vote(memberships: Iterable[Membership]) -> list[MembershipStep]:
    """Suspensions and their ends that no meeting voted on: by a letter, or as a source says.

    One query, and none where nothing was recorded here.
    """
    without_vote = []
    for steps in _standing_steps(memberships).values():
        for step in steps:
            if step.verb in SUSPENSION and not step.decision_id:
                without_vote.append(step)
    return without_vote


def _standing_steps(memberships: Iterable[Membership]) -> dict[int, list[MembershipStep]]:
    """The steps of each membership, by its key, without those that were annulled."""
    recorded = [row for row in memberships if row.recorded_at]
    standing: dict[int, list[MembershipStep]] = defaultdict(list)
    for step in MembershipStep.objects.filter(membership__in=recorded).order_by("pk"):
        steps = standing[step.membership_id]
        if step.verb != MembershipStep.Verb.ANNUL:
            steps.append(step)
        elif steps:
            # What is annulled is always the last change.
            steps.pop()
    return standing


def _suspension(step: MembershipStep) -> TimelineEntry:
    is_suspension = step.verb == MembershipStep.Verb.SUSPEND
    what = _("The membership was restored")
    if is_suspension:
        what = _("The membership was suspended")
    return TimelineEntry(step.on, "decision", what)


# --- Milestones and legal acts --------------------------------------------------------------------


def _milestone(row: Milestone) -> TimelineEntry:
    kind = str(row.get_kind_display())
    return TimelineEntry(
        row.on,
        "milestone",
        capfirst(kind),
        translated(row, "note"),
        record=row,
    )


def _acts(acts: list[LegalAct], memberships: list[Membership]) -> Iterator[TimelineEntry]:
    bases = {row.legal_basis_id for row in memberships}
    for act in acts:
        is_basis = act.pk in bases
        yield _act(act, is_basis=is_basis)


def _act(act: LegalAct, *, is_basis: bool) -> TimelineEntry:
    """A decision or the signature; of the one on which the membership rests it says so."""
    kind = str(act.get_kind_display())
    label = f"{kind} {act.number}".strip()
    what = capfirst(label)
    if act.kind == LegalAct.Kind.SIGNED_ACT:
        what = _("The Act of Accession and Commitment was signed")
    elif is_basis:
        what = _("The city decided to join: %(act)s") % {"act": label}
    return TimelineEntry(
        act.passed,
        "decision",
        what,
        translated(act, "note"),
        url=act.url,
        record=act,
    )


# --- Programmes and organisations -----------------------------------------------------------------


def _programme(event: EditionEvent) -> TimelineEntry:
    return TimelineEntry(
        event.starts,
        "programme",
        str(event.get_kind_display()),
        translated(event, "note"),
        url=event.edition.programme.get_absolute_url(),
        ends=event.ends,
        record=event,
        name=named(event.edition.programme),
    )


def _edition(edition: Edition) -> TimelineEntry:
    """An edition of which no single step is known, with its whole period."""
    words = _("edition %(label)s") % {"label": edition.label}
    programme = edition.programme
    return TimelineEntry(
        edition.period_from,
        "programme",
        words,
        url=programme.get_absolute_url(),
        ends=edition.period_to,
        record=edition,
        name=named(programme),
    )


def _body(body: Organisation) -> TimelineEntry:
    return TimelineEntry(
        body.term_from,
        "body",
        _("term of office"),
        url=body.get_absolute_url(),
        ends=body.term_to,
        record=body,
        name=named(body),
    )


# --- News and events ------------------------------------------------------------------------------


def _news(news: News) -> TimelineEntry:
    return TimelineEntry(
        news.on,
        "news",
        pgettext("kind of search result", "News"),
        translated(news, "lead"),
        url=news.get_absolute_url(),
        record=news,
        title=translated(news, "title"),
    )


def _event(event: Event) -> TimelineEntry:
    first = event.first_day.isoformat()
    last = event.end_day.isoformat()
    words = _("Event, cancelled") if event.cancelled else _("Event")
    return TimelineEntry(
        first,
        "event",
        words,
        url=event.get_absolute_url(),
        ends=last if last != first else "",
        record=event,
        title=translated(event, "title"),
    )
