"""The services of a membership, and the list of its transitions.

The door for every caller: `memberships.suspend(membership=…, by=…)`. Each verb has a file of its
own in `members/services/membership_transitions`.
"""

from members.models import Membership, User
from members.services.membership_transitions.annul_last import ANNUL, annul_last
from members.services.membership_transitions.confirm import CONFIRM, confirm
from members.services.membership_transitions.exclude import EXCLUDE, exclude
from members.services.membership_transitions.restore import RESTORE, restore
from members.services.membership_transitions.step import MembershipTransition
from members.services.membership_transitions.suspend import SUSPEND, suspend
from members.services.membership_transitions.withdraw import WITHDRAW, withdraw

__all__ = [
    "TRANSITIONS",
    "annul_last",
    "confirm",
    "exclude",
    "restore",
    "suspend",
    "transitions_for",
    "withdraw",
]

# In the order of their buttons.
TRANSITIONS = (CONFIRM, SUSPEND, RESTORE, WITHDRAW, EXCLUDE, ANNUL)


def transitions_for(membership: Membership, user: User) -> list[MembershipTransition]:
    """What somebody may do with a membership as it stands, where there is a page for it."""
    return [
        transition
        for transition in TRANSITIONS
        if transition.has_page
        and membership.standing in transition.from_statuses
        and transition.may_be_taken_by(user, membership.city_id)
        and transition.is_offered(membership)
    ]
