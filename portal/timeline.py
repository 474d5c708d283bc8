"""What happened when in a city, built from its records."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.text import Text, named, translated
from members.models import (
    City,
    Decision,
    LegalAct,
    Membership,
    MembershipStep,
    Milestone,
    Organisation,
    Record,
)
from portal import models
from programs.models import Edition, EditionEvent


@dataclass(frozen=True)
class TimelineEntry:
    """An entry of the timeline. `on` is a partial date or empty; `kind` chooses the mark; `name` is
    the programme's or the body's; `title` is that of news or of something that takes place, and
    `what` says which of the two it is."""

    on: str
    kind: str
    what: str
    text: Text | None = None
    url: str = ""
    ends: str = ""
    record: Record | None = None
    name: Text | None = None
    # Says how things stand; it is no event whose date nobody knows.
    is_undated: bool = False
    title: Text | None = None


def timeline(
    city: City,
    memberships: Collection[Membership],
    decisions: Collection[Decision],
    milestones: Iterable[Milestone],
    acts: Iterable[LegalAct],
    events: Iterable[EditionEvent],
    bodies: Iterable[Organisation] = (),
    news: Iterable[models.News] = (),
    happenings: Iterable[models.Event] = (),
    editions: Iterable[Edition] = (),
) -> list[TimelineEntry]:
    """All of a city's dated records, the oldest first; undated ones at the end."""
    decided = {decision.membership_id for decision in decisions if decision.admits}
    bases = {row.legal_basis_id for row in memberships}
    entries = [
        *(_decision(decision) for decision in decisions),
        *(_joined(row) for row in memberships if row.pk not in decided),
        *(_ended(row) for row in memberships if row.ended),
        *(_rested(step) for step in rests_without_vote(memberships)),
        *(
            TimelineEntry(row.on, "milestone", _sentence(row), translated(row, "note"), record=row)
            for row in milestones
        ),
        *(_act(act, bases) for act in acts),
        *(_programme(event) for event in events),
        *(_edition(edition) for edition in editions),
        *(_body(body) for body in bodies if body.term_from or body.term_to),
        *(_news(row) for row in news),
        *(_happening(row) for row in happenings),
    ]
    if not memberships and entries:
        entries.append(TimelineEntry("", "open", _("Membership is not evidenced"), is_undated=True))
    return sorted(entries, key=lambda entry: (not (entry.on or entry.ends), entry.on or entry.ends))


def _sentence(record: Milestone) -> str:
    return capfirst(str(record.get_kind_display()))


def _decision(decision: Decision) -> TimelineEntry:
    words = {
        Decision.Outcome.ADMITTED: _("The Steering Committee admitted the city"),
        Decision.Outcome.DEFERRED: _("The Steering Committee deferred its decision"),
        Decision.Outcome.REJECTED: _("The Steering Committee did not admit the city"),
        Decision.Outcome.SUSPENDED: _("The membership was suspended"),
        Decision.Outcome.RESTORED: _("The membership was restored"),
        Decision.Outcome.EXCLUDED: _("The city was excluded"),
    }
    return TimelineEntry(
        decision.date, "vote", words[Decision.Outcome(decision.outcome)], record=decision
    )


def _joined(membership: Membership) -> TimelineEntry:
    """Since when, in the words that the evidence allows; without a date it stands at the end."""
    evidenced = membership.standing == Membership.Standing.EVIDENCED
    if membership.joined:
        what = (
            _("Member since then, according to the source")
            if evidenced
            else _("Member of the network since then")
        )
    elif evidenced:
        what = _("Named as a member by a source; since when is not known")
    else:
        what = _("Member of the network; since when is not known")
    return TimelineEntry(
        membership.joined, "evidence" if evidenced else "vote", what, record=membership
    )


def _ended(membership: Membership) -> TimelineEntry:
    words = {
        Membership.Standing.WITHDRAWN: _("The city left the network"),
        Membership.Standing.EXCLUDED: _("The city was excluded"),
    }
    what = words.get(Membership.Standing(membership.standing), _("The membership ended"))
    return TimelineEntry(membership.ended, "decision", what, record=membership)


def rests_without_vote(memberships: Collection[Membership]) -> list[MembershipStep]:
    """Suspensions and their ends that no meeting voted on: by a letter, or as a source says. One
    query, and none where nothing was recorded here. A step that was annulled did not happen."""
    recorded = [row for row in memberships if row.recorded_at]
    standing: dict[int, list[MembershipStep]] = defaultdict(list)
    for step in MembershipStep.objects.filter(membership__in=recorded).order_by("pk"):
        steps = standing[step.membership_id]
        if step.verb != MembershipStep.Verb.ANNUL:
            steps.append(step)
        elif steps:
            # What is annulled is always the last change.
            steps.pop()
    verbs = (MembershipStep.Verb.SUSPEND, MembershipStep.Verb.RESTORE)
    return [
        step
        for steps in standing.values()
        for step in steps
        if step.verb in verbs and not step.decision_id
    ]


def _rested(step: MembershipStep) -> TimelineEntry:
    suspended = step.verb == MembershipStep.Verb.SUSPEND
    return TimelineEntry(
        step.on,
        "decision",
        _("The membership was suspended") if suspended else _("The membership was restored"),
    )


def _act(act: LegalAct, bases: set[int | None]) -> TimelineEntry:
    """A decision or the signature; of the one on which the membership rests it says so."""
    label = " ".join(filter(None, [str(act.get_kind_display()), act.number]))
    what = capfirst(label)
    if act.kind == LegalAct.Kind.SIGNED_ACT:
        what = _("The Act of Accession and Commitment was signed")
    elif act.pk in bases:
        what = _("The city decided to join: %(act)s") % {"act": label}
    return TimelineEntry(
        act.passed, "decision", what, translated(act, "note"), url=act.url, record=act
    )


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
    url, name = edition.programme.get_absolute_url(), named(edition.programme)
    return TimelineEntry(
        edition.period_from,
        "programme",
        words,
        url=url,
        ends=edition.period_to,
        record=edition,
        name=name,
    )


def _body(body: Organisation) -> TimelineEntry:
    words = _("term of office")
    url = body.get_absolute_url()
    return TimelineEntry(
        body.term_from, "body", words, url=url, ends=body.term_to, record=body, name=named(body)
    )


def _news(news: models.News) -> TimelineEntry:
    title, lead = translated(news, "title"), translated(news, "lead")
    return TimelineEntry(
        news.on,
        "news",
        pgettext("kind of search result", "News"),
        lead,
        url=news.get_absolute_url(),
        record=news,
        title=title,
    )


def _happening(event: models.Event) -> TimelineEntry:
    first, last = event.first_day.isoformat(), event.end_day.isoformat()
    words = _("Event, cancelled") if event.cancelled else _("Event")
    title, url = translated(event, "title"), event.get_absolute_url()
    return TimelineEntry(
        first,
        "event",
        words,
        url=url,
        ends=last if last != first else "",
        record=event,
        title=title,
    )
