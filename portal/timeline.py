"""What happened when in a city, built from its records."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from languages.text import Text, named, translated
from members.models import City, Decision, LegalAct, Membership, Milestone, Record
from programs.models import EditionEvent


@dataclass(frozen=True)
class Event:
    """An entry of the timeline. `on` is a partial date or empty; `kind` chooses the mark; `name` is the programme's."""

    on: str
    kind: str
    what: str
    text: Text | None = None
    url: str = ""
    ends: str = ""
    record: Record | None = None
    name: Text | None = None


def timeline(
    city: City,
    memberships: Iterable[Membership],
    decisions: Iterable[Decision],
    milestones: Iterable[Milestone],
    acts: Iterable[LegalAct],
    events: Iterable[EditionEvent],
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
