"""What every transition has: its verb, the statuses that it joins, its roles and its words.

Each verb has a file of its own in `services/accession_transitions` or
`services/membership_transitions`.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from members.models import CityRole, User
from members.permissions import SECRETARIAT, holds_one_of


class Role(StrEnum):
    """Who may take a transition."""

    # Counts for every city.
    SECRETARIAT = SECRETARIAT
    # The lead coordinator of the city in question.
    LEAD = CityRole.Role.LEAD.value


OFFICE = frozenset({Role.SECRETARIAT})
OFFICE_AND_LEAD = frozenset({Role.SECRETARIAT, Role.LEAD})


@dataclass(frozen=True)
class Words:
    """What is said of a transition: on its button, on its page, and after it.

    `message` names the city as `%(city)s`. `is_grave`: the button warns by its colour.
    """

    button: str | Promise
    title: str | Promise
    effect: str | Promise
    message: str | Promise
    is_grave: bool = False


NO_WORDS = Words("", "", "", "")


@dataclass(frozen=True, kw_only=True)
class Transition:
    """An edge between two statuses, with what belongs to its verb.

    `from_statuses`: empty where the row begins with it. `leads_back`: the city has to wait longer
    or to work again, so the button stands out less. `has_page`: there is a confirmation page of
    its own; else another page takes it.
    """

    verb: str
    from_statuses: tuple[str, ...]
    to_status: str
    roles: frozenset[Role] = OFFICE
    needs_reason: bool = False
    leads_back: bool = False
    has_page: bool = True
    words: Words = NO_WORDS

    def may_be_taken_by(self, user: User, city: int) -> bool:
        """Whether somebody may take it for a city (its key)."""
        roles: set[str] = set(self.roles)
        return holds_one_of(user, roles, city)

    def is_missing(self, reason: str) -> bool:
        """Whether a reason is needed and not given."""
        return self.needs_reason and not reason.strip()
