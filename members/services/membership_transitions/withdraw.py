"""Withdraw: the city leaves the network."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.forms.transitions import LeaveForm
from members.grounds import Grounds
from members.models import Membership, MembershipStep, User
from members.services.accession_letters import Consent
from members.services.membership_transitions.step import Change, MembershipTransition
from members.transitions import Words


@transaction.atomic
def withdraw(
    *,
    membership: Membership,
    by: User,
    why: str,
    on: str,
    grounds: Grounds,
    consent: Consent | None = None,
) -> Membership:
    """The city leaves by its letter or decision. It may join again by a new accession."""
    return WITHDRAW.take(membership, Change(by, grounds, why, on), consent)


WITHDRAW = MembershipTransition(
    verb=MembershipStep.Verb.WITHDRAW,
    from_statuses=(
        Membership.Standing.EVIDENCED,
        Membership.Standing.ACTIVE,
        Membership.Standing.SUSPENDED,
    ),
    to_status=Membership.Standing.WITHDRAWN,
    needs_reason=True,
    form_class=LeaveForm,
    words=Words(
        button=pgettext_lazy("button", "Record: the city left"),
        title=_("Record that the city left the network"),
        effect=_(
            "The city stays in the directory as a former member. It may join again by a new "
            "accession."
        ),
        message=_("%(city)s is a former member."),
        is_grave=True,
    ),
    letter_to_city="membership_withdrawn",
    service=withdraw,
)
