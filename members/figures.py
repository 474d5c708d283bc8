"""Figures about the network, counted from rows."""

from dataclasses import dataclass
from statistics import median

from django.db.models import Count, Q

from languages.dates import parse
from members.models import (
    City,
    Decision,
    LegalAct,
    Membership,
)


def member_counts() -> dict[str, int]:
    """Counted from rows: places evidenced as members, their countries, and how many a recorded vote
    admitted."""
    rows = Membership.objects.public().real().open()
    admissions = Decision.objects.public().filter(
        outcome=Decision.Outcome.ADMITTED, annulled_at=None
    )
    voted = Q(standing=Membership.Standing.ACTIVE) | Q(pk__in=admissions.values("membership"))
    return rows.aggregate(
        evidenced=Count("pk", distinct=True),
        countries=Count("city__country", distinct=True),
        voted=Count("pk", distinct=True, filter=voted),
    )


@dataclass(frozen=True)
class AccessionTime:
    """How long a city waited: from its own decision to join until the committee's vote, in days."""

    city: City
    basis: LegalAct
    decision: Decision
    days: int


def accession_times() -> list[AccessionTime]:
    """Real cities of which both days are known exactly, the quickest first. A month or a year
    counts no days; a vote before the city's own decision is no waiting."""
    votes = (
        Decision.objects.public()
        .real()
        .filter(outcome=Decision.Outcome.ADMITTED, annulled_at=None, city__fictional=False)
        .select_related("meeting", "city", "membership", "accession")
    )
    bases = LegalAct.objects.public().in_bulk(filter(None, map(_basis_id, votes)))
    times = [
        _accession_time(vote, bases[_basis_id(vote)]) for vote in votes if _basis_id(vote) in bases
    ]
    return sorted((time for time in times if time), key=lambda time: (time.days, time.city.slug))


def _basis_id(decision: Decision) -> int | None:
    """The city's own decision: that of its file, else the one on which the membership is known to
    rest."""
    filed = decision.accession.legal_basis_id if decision.accession_id else None
    return filed or (decision.membership.legal_basis_id if decision.membership_id else None)


def _accession_time(decision: Decision, basis: LegalAct) -> AccessionTime | None:
    if len(basis.passed) < len("YYYY-MM-DD") or len(decision.date) < len("YYYY-MM-DD"):
        return None
    days = (parse(decision.date).first_day() - parse(basis.passed).first_day()).days
    return AccessionTime(decision.city, basis, decision, days) if days >= 0 else None


def median_days(times: list[AccessionTime]) -> int:
    """The one in the middle, or half-way between the two there, in whole days."""
    return round(median(time.days for time in times))
