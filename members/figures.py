"""Figures about the network, counted from rows."""

from dataclasses import dataclass
from statistics import median

from django.db.models import Count, Q

from languages.dates import parse
from languages.shared_values import shared_by_pages
from members.models import City, Decision, LegalAct, Membership
from members.models.record import RecordQuerySet

WHOLE_DATE = len("YYYY-MM-DD")


@shared_by_pages
def member_counts() -> dict[str, int]:
    """How many places are evidenced as members, in how many countries, and how many of them are
    members by a recorded vote: `evidenced`, `countries`, `voted`.

    A recorded vote makes a membership active: the standing that the cities' pages show and that the
    directory filters by is what is counted here.
    """
    memberships = Membership.objects.public().real().open()
    is_active = Q(standing=Membership.Standing.ACTIVE)
    return memberships.aggregate(
        evidenced=Count("pk", distinct=True),
        countries=Count("city__country", distinct=True),
        voted=Count(
            "pk",
            distinct=True,
            filter=is_active,
        ),
    )


def _admissions() -> RecordQuerySet[Decision]:
    """Public votes that admitted a city and were not annulled."""
    decisions = Decision.objects.public()
    return decisions.filter(
        outcome=Decision.Outcome.ADMITTED,
        annulled_at=None,
    )


@dataclass(frozen=True)
class AccessionTime:
    """How long a city waited: from its own decision to join until the committee's vote, in days."""

    city: City
    basis: LegalAct
    decision: Decision
    days: int


def accession_times() -> list[AccessionTime]:
    """Real cities of which both days are known exactly, the quickest first.

    A month or a year counts no days; a vote before the city's own decision is no waiting.
    """
    votes = _admissions().real().filter(city__fictional=False)
    decisions = list(votes.select_related("meeting", "city", "membership", "accession"))
    keys = [_basis_id(decision) for decision in decisions]
    known_keys = [key for key in keys if key]
    bases = LegalAct.objects.public().in_bulk(known_keys)
    times = []
    for decision, key in zip(decisions, keys, strict=True):
        basis = bases.get(key or 0)
        if basis is None:
            continue
        time = _accession_time(decision, basis)
        if time:
            times.append(time)
    return sorted(times, key=lambda time: (time.days, time.city.slug))


def _basis_id(decision: Decision) -> int | None:
    """Key of the city's own decision: that of its file, else that of its membership."""
    file = decision.accession
    if file and file.legal_basis_id:
        return file.legal_basis_id
    membership = decision.membership
    return membership.legal_basis_id if membership else None


def _accession_time(decision: Decision, basis: LegalAct) -> AccessionTime | None:
    """The time between both; None where a day is not known, or the vote came first."""
    if len(basis.passed) < WHOLE_DATE or len(decision.date) < WHOLE_DATE:
        return None
    start = parse(basis.passed).first_day()
    end = parse(decision.date).first_day()
    days = (end - start).days
    if days < 0:
        return None
    return AccessionTime(
        city=decision.city,
        basis=basis,
        decision=decision,
        days=days,
    )


def median_days(times: list[AccessionTime]) -> int:
    """The one in the middle, or half-way between the two there, in whole days."""
    days = [time.days for time in times]
    return round(median(days))
