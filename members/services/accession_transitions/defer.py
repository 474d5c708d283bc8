"""Defer: the secretariat records that the committee put its decision off."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.forms.transitions import VoteWithReasonForm
from members.grounds import Vote
from members.models import Accession, AccessionStep, Decision, User
from members.services import votes
from members.services.accession_letters import Consent
from members.services.accession_transitions.step import AccessionStepDetails, AccessionTransition
from members.transitions import Words


@transaction.atomic
def defer(
    *, accession: Accession, by: User, vote: Vote, why: str, consent: Consent | None = None
) -> Accession:
    """Record that the committee put its decision off; the file waits for a later agenda."""
    row = DEFER.lock(accession, by, why)
    decision = votes.record_on_accession(vote, Decision.Outcome.DEFERRED, row)
    details = AccessionStepDetails(
        by,
        why,
        meeting=row.meeting,
        decision=decision,
    )
    row.meeting = None
    DEFER.take(row, details, consent)
    votes.show(decision, vote, by)
    return row


DEFER = AccessionTransition(
    verb=AccessionStep.Verb.DEFER,
    from_statuses=(Accession.Status.ON_AGENDA,),
    to_status=Accession.Status.DEFERRED,
    needs_reason=True,
    leads_back=True,
    form_class=VoteWithReasonForm,
    outcome=Decision.Outcome.DEFERRED,
    words=Words(
        button=pgettext_lazy("button", "Record: deferred"),
        title=_("Record that the decision was put off"),
        effect=_("The file waits for a later agenda, or is returned to the city."),
        message=_("The decision on %(city)s is recorded as deferred."),
    ),
    letter_to_city="accession_deferred",
    service=defer,
)
