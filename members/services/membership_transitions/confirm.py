"""Confirm: a source says that an evidenced member is a member today."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.grounds import Grounds
from members.models import Membership, MembershipStep, User
from members.services.accession_letters import Consent
from members.services.membership_transitions.step import Change, MembershipTransition
from members.transitions import Words


@transaction.atomic
def confirm(
    *,
    membership: Membership,
    by: User,
    grounds: Grounds,
    joined: str = "",
    consent: Consent | None = None,
) -> Membership:
    """An evidenced member is one today. `joined`: since when, if now known (partial date)."""
    return CONFIRM.take(membership, Change(by, grounds, joined=joined), consent)


# Taken on the worklist of evidenced members (`services.membership_evidence`).
CONFIRM = MembershipTransition(
    verb=MembershipStep.Verb.CONFIRM,
    from_statuses=(Membership.Standing.EVIDENCED,),
    to_status=Membership.Standing.ACTIVE,
    has_page=False,
    needs_day=False,
    words=Words(
        button=pgettext_lazy("button", "Confirm the membership"),
        title=_("Confirm that the city is a member"),
        effect=_("The membership counts as active from now on."),
        message=_("The membership of %(city)s is confirmed."),
    ),
    service=confirm,
)
