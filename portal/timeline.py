"""What happened when in a city, built from its records."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from languages.text import Text, named, translated
from members.models import City, Decision, LegalAct, Membership, Milestone, Organisation, Record
from portal import models
from programs.models import EditionEvent


@dataclass(frozen=True)
class Event:
    """An entry of the timeline. `on` is a partial date or empty; `kind` chooses the mark; `name` is the programme's or
    the body's; `title` is that of news or of something that takes place, and `what` says which of the two it is."""

    on: str
    kind: str
    what: str
    text: Text | None = None
    url: str = ""
    ends: str = ""
    record: Record | None = None
    name: Text | None = None
    title: Text | None = None


def timeline(
    city: City,
    memberships: Iterable[Membership],
    decisions: Iterable[Decision],
    milestones: Iterable[Milestone],
    acts: Iterable[LegalAct],
    events: Iterable[EditionEvent],
    bodies: Iterable[Organisation] = (),
    news: Iterable[models.News] = (),
    happenings: Iterable[models.Event] = (),
) -> list[Event]:
    """All of a city's dated records, the oldest first; undated ones at the end."""
    decided = {decision.membership_id for decision in decisions}
    entries = [
        *(_decision(decision) for decision in decisions),
        *(_joined(row) for row in memberships if row.joined and row.pk not in decided),
        *(_ended(row) for row in memberships if row.ended),
        *(Event(row.on, "milestone", _sentence(row), translated(row, "note"), record=row) for row in milestones),
        *(_act(act) for act in acts),
        *(_programme(event) for event in events),
        *(_body(body) for body in bodies if body.term_from or body.term_to),
        *(_news(row) for row in news),
        *(_happening(row) for row in happenings),
    ]
    return sorted(entries, key=lambda entry: (not (entry.on or entry.ends), entry.on or entry.ends))


def _sentence(record: Milestone) -> str:
    label = str(record.get_kind_display())
    return label[:1].upper() + label[1:]


def _decision(decision: Decision) -> Event:
    words = {
        Decision.Outcome.ADMITTED: _("The Steering Committee admitted the city"),
        Decision.Outcome.DEFERRED: _("The Steering Committee deferred its decision"),
        Decision.Outcome.REJECTED: _("The Steering Committee did not admit the city"),
        Decision.Outcome.SUSPENDED: _("The membership was suspended"),
        Decision.Outcome.RESTORED: _("The membership was restored"),
        Decision.Outcome.EXCLUDED: _("The city was excluded"),
    }
    return Event(decision.date, "vote", words[Decision.Outcome(decision.outcome)], record=decision)


def _joined(membership: Membership) -> Event:
    if membership.standing == Membership.Standing.EVIDENCED:
        return Event(membership.joined, "evidence", _("Member since then, according to the source"), record=membership)
    return Event(membership.joined, "vote", _("Member of the network since then"), record=membership)


def _ended(membership: Membership) -> Event:
    return Event(membership.ended, "decision", _("The membership ended"), record=membership)


def _act(act: LegalAct) -> Event:
    label = str(act.get_kind_display())
    what = " ".join(filter(None, [label[:1].upper() + label[1:], act.number]))
    return Event(act.passed, "decision", what, translated(act, "note"), url=act.url, record=act)


def _programme(event: EditionEvent) -> Event:
    return Event(
        event.starts,
        "programme",
        str(event.get_kind_display()),
        translated(event, "note"),
        url=event.edition.programme.get_absolute_url(),
        ends=event.ends,
        record=event,
        name=named(event.edition.programme),
    )


def _body(body: Organisation) -> Event:
    words = _("term of office")
    url = body.get_absolute_url()
    return Event(body.term_from, "body", words, url=url, ends=body.term_to, record=body, name=named(body))


def _news(news: models.News) -> Event:
    title, lead = translated(news, "title"), translated(news, "lead")
    return Event(news.on, "news", _("News"), lead, url=news.get_absolute_url(), record=news, title=title)


def _happening(event: models.Event) -> Event:
    first, last = event.first_day.isoformat(), event.end_day.isoformat()
    words = _("Event, cancelled") if event.cancelled else _("Event")
    title, url = translated(event, "title"), event.get_absolute_url()
    return Event(first, "event", words, url=url, ends=last if last != first else "", record=event, title=title)
