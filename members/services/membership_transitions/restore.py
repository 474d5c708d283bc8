"""Restore: a decision ends a suspension."""

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
def restore(
    *,
    membership: Membership,
    by: User,
    why: str,
    on: str,
    grounds: Grounds,
    consent: Consent | None = None,
) -> Membership:
    """A suspended membership is active again from a day on (partial date)."""
    return RESTORE.take(membership, Change(by, grounds, why, on), consent)


RESTORE = MembershipTransition(
    verb=MembershipStep.Verb.RESTORE,
    from_statuses=(Membership.Standing.SUSPENDED,),
    to_status=Membership.Standing.ACTIVE,
    needs_reason=True,
    form_class=StandingForm,
    outcome=Decision.Outcome.RESTORED,
    words=Words(
        button=pgettext_lazy("button", "Restore"),
        title=_("Restore the membership"),
        effect=_("The membership is active again."),
        message=_("The membership of %(city)s is active again."),
    ),
    letter_to_city="membership_restored",
    service=restore,
)
