"""Open accession files: the order in which they are read, and for whom each waits."""

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext_lazy

from members.models import Accession, City, Membership

Status = Accession.Status
# A city with one of these is no candidate, whatever file is open.
MEMBERS = (Membership.Standing.ACTIVE, Membership.Standing.SUSPENDED)
# For whom a file waits in each status; nobody where the file is closed.
WAITS_FOR = {
    Status.DRAFT: pgettext_lazy("who acts next", "the city"),
    Status.RETURNED: pgettext_lazy("who acts next", "the city"),
    Status.SUBMITTED: pgettext_lazy("who acts next", "the secretariat: begin the review"),
    Status.UNDER_REVIEW: pgettext_lazy(
        "who acts next", "the secretariat: put it on an agenda or return it"
    ),
    Status.ON_AGENDA: pgettext_lazy("who acts next", "the Steering Committee’s vote"),
    Status.DEFERRED: pgettext_lazy("who acts next", "the secretariat: put it on an agenda again"),
}


def accession_queue() -> QuerySet[Accession]:
    """Open files of all cities, the longest waiting first."""
    open_files = Accession.objects.open()
    rows = open_files.select_related("city", "meeting__held_in")
    return rows.order_by("status_since", "pk")


def files_for_committee() -> QuerySet[Accession]:
    """Submitted files that are not decided, by meeting: what the Steering Committee reads."""
    open_files = Accession.objects.submitted().open()
    rows = open_files.select_related(
        "city__country",
        "meeting__held_in",
        "legal_basis__document",
        "signed_act__document",
        "focal_point",
    )
    return rows.order_by("meeting__starts", "city__slug")


def file_of_candidate(city: City) -> Accession | None:
    """The open file of a city that is no member yet."""
    if city.memberships.filter(standing__in=MEMBERS).exists():
        return None
    return city.accessions.open().first()


def is_candidate(city: City) -> bool:
    """Whether there is such a file. One query."""
    is_member = Q(city__memberships__standing__in=MEMBERS)
    open_files = Accession.objects.open()
    own = open_files.filter(city=city)
    candidates = own.exclude(is_member)
    return candidates.exists()


def waits_for(accession: Accession) -> str:
    """Who acts next, in words; empty where the file is closed."""
    status = Status(accession.status)
    words = WAITS_FOR.get(status, "")
    return str(words)
