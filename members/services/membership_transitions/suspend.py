"""Suspend: a decision lets the membership rest."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.forms.transitions import StandingForm
from members.grounds import Grounds
from members.models import Decision, Membership, MembershipStep, User
from members.services.accession_letters import Consent
from members.services.membership_transitions.step import Change, MembershipTransition
from members.transitions import Words


@transaction.atomic
def suspend(
    *,
    membership: Membership,
    by: User,
    why: str,
    on: str,
    grounds: Grounds,
    consent: Consent | None = None,
) -> Membership:
    """The membership rests from a day on (partial date), by a decision."""
    return SUSPEND.take(membership, Change(by, grounds, why, on), consent)


SUSPEND = MembershipTransition(
    verb=MembershipStep.Verb.SUSPEND,
    from_statuses=(Membership.Standing.ACTIVE,),
    to_status=Membership.Standing.SUSPENDED,
    needs_reason=True,
    form_class=StandingForm,
    outcome=Decision.Outcome.SUSPENDED,
    words=Words(
        button=pgettext_lazy("button", "Suspend"),
        title=_("Suspend the membership"),
        effect=_("The city stays in the directory, marked as suspended."),
        message=_("The membership of %(city)s is suspended."),
        is_grave=True,
    ),
    letter_to_city="membership_suspended",
    service=suspend,
)
