"""How an accession and a membership move. This is the only place where it is said.

Each line is an edge: the verb, the states from which it leads, the state to which it leads, and who
may take it. "lead" is the lead coordinator of the city in question; the secretariat counts
everywhere. `reason`: the verb is refused without one. What else a verb needs (a meeting, a vote) is
asked by its action.
"""

from dataclasses import dataclass

from django.utils.translation import pgettext_lazy

from members.models import Accession, AccessionStep, Membership, MembershipStep, User
from members.permissions import holds_one_of

A = Accession.Status
M = Membership.Standing


@dataclass(frozen=True)
class Edge:
    """One verb: whence, whither, by whom."""

    verb: str
    before: tuple[str, ...]
    after: str
    roles: str
    reason: bool = False


ACCESSION = (
    Edge(AccessionStep.Verb.OPEN, (), A.DRAFT, "secretariat lead"),
    Edge(AccessionStep.Verb.SUBMIT, (A.DRAFT, A.RETURNED), A.SUBMITTED, "secretariat lead"),
    Edge(
        AccessionStep.Verb.RETURN,
        (A.SUBMITTED, A.UNDER_REVIEW, A.DEFERRED),
        A.RETURNED,
        "secretariat",
        reason=True,
    ),
    Edge(AccessionStep.Verb.REVIEW, (A.SUBMITTED,), A.UNDER_REVIEW, "secretariat"),
    Edge(AccessionStep.Verb.SCHEDULE, (A.UNDER_REVIEW, A.DEFERRED), A.ON_AGENDA, "secretariat"),
    Edge(AccessionStep.Verb.UNSCHEDULE, (A.ON_AGENDA,), A.UNDER_REVIEW, "secretariat", reason=True),
    Edge(AccessionStep.Verb.ADMIT, (A.ON_AGENDA,), A.ADMITTED, "secretariat"),
    Edge(AccessionStep.Verb.DEFER, (A.ON_AGENDA,), A.DEFERRED, "secretariat", reason=True),
    Edge(AccessionStep.Verb.REJECT, (A.ON_AGENDA,), A.REJECTED, "secretariat", reason=True),
    Edge(AccessionStep.Verb.WITHDRAW, Accession.OPEN, A.WITHDRAWN, "secretariat lead", reason=True),
    Edge(
        AccessionStep.Verb.ANNUL,
        (A.ADMITTED, A.DEFERRED, A.REJECTED),
        A.ON_AGENDA,
        "secretariat",
        reason=True,
    ),
)

MEMBERSHIP = (
    Edge(MembershipStep.Verb.CONFIRM, (M.EVIDENCED,), M.ACTIVE, "secretariat"),
    Edge(MembershipStep.Verb.SUSPEND, (M.ACTIVE,), M.SUSPENDED, "secretariat", reason=True),
    Edge(MembershipStep.Verb.RESTORE, (M.SUSPENDED,), M.ACTIVE, "secretariat", reason=True),
    Edge(
        MembershipStep.Verb.WITHDRAW,
        (M.EVIDENCED, M.ACTIVE, M.SUSPENDED),
        M.WITHDRAWN,
        "secretariat",
        reason=True,
    ),
    Edge(
        MembershipStep.Verb.EXCLUDE, (M.ACTIVE, M.SUSPENDED), M.EXCLUDED, "secretariat", reason=True
    ),
)


def edge(verb: str, table: tuple[Edge, ...]) -> Edge:
    """The line of a verb. Raises KeyError for a verb that the table does not have."""
    return {line.verb: line for line in table}[verb]


def may_take(line: Edge, user: User, city: int) -> bool:
    """Whether somebody may take this edge for a city (its key)."""
    return holds_one_of(user, set(line.roles.split()), city)


def verbs_for(table: tuple[Edge, ...], status: str, user: User, city: int) -> list[str]:
    """What somebody may do for a city (its key) from this state or standing, in the order of the
    table."""
    return [line.verb for line in table if status in line.before and may_take(line, user, city)]


# For whom a file waits in each state.
WAITS_FOR = {
    A.DRAFT: pgettext_lazy("who acts next", "the city"),
    A.RETURNED: pgettext_lazy("who acts next", "the city"),
    A.SUBMITTED: pgettext_lazy("who acts next", "the secretariat: begin the review"),
    A.UNDER_REVIEW: pgettext_lazy(
        "who acts next", "the secretariat: put it on an agenda or return it"
    ),
    A.ON_AGENDA: pgettext_lazy("who acts next", "the Steering Committee’s vote"),
    A.DEFERRED: pgettext_lazy("who acts next", "the secretariat: put it on an agenda again"),
}


def waits_for(accession: Accession) -> str:
    """Who acts next; nobody where the file is closed."""
    return str(WAITS_FOR.get(A(accession.status), ""))
