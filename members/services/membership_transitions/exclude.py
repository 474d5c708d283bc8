"""Exclude: the network excludes the city."""

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
def exclude(
    *,
    membership: Membership,
    by: User,
    why: str,
    on: str,
    grounds: Grounds,
    consent: Consent | None = None,
) -> Membership:
    """The network excludes the city from a day on (partial date), by a decision."""
    return EXCLUDE.take(membership, Change(by, grounds, why, on), consent)


EXCLUDE = MembershipTransition(
    verb=MembershipStep.Verb.EXCLUDE,
    from_statuses=(
        Membership.Standing.ACTIVE,
        Membership.Standing.SUSPENDED,
    ),
    to_status=Membership.Standing.EXCLUDED,
    needs_reason=True,
    form_class=StandingForm,
    outcome=Decision.Outcome.EXCLUDED,
    words=Words(
        button=pgettext_lazy("button", "Record: excluded"),
        title=_("Record that the network excluded the city"),
        effect=_(
            "The city stays in the directory as a former member. It may join again by a new "
            "accession."
        ),
        message=_("The exclusion of %(city)s is recorded."),
        is_grave=True,
    ),
    letter_to_city="membership_excluded",
    service=exclude,
)
