"""Reject: the secretariat records that the committee did not admit the city."""

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
def reject(
    *, accession: Accession, by: User, vote: Vote, why: str, consent: Consent | None = None
) -> Accession:
    """Record that the committee did not admit the city. It may open a new file later."""
    row = REJECT.lock(accession, by, why)
    decision = votes.record_on_accession(vote, Decision.Outcome.REJECTED, row)
    REJECT.take(row, AccessionStepDetails(by, why, row.meeting, decision), consent)
    votes.show(decision, vote, by)
    return row


REJECT = AccessionTransition(
    verb=AccessionStep.Verb.REJECT,
    from_statuses=(Accession.Status.ON_AGENDA,),
    to_status=Accession.Status.REJECTED,
    needs_reason=True,
    form_class=VoteWithReasonForm,
    outcome=Decision.Outcome.REJECTED,
    words=Words(
        button=pgettext_lazy("button", "Record: rejected"),
        title=_("Record that the city was not admitted"),
        effect=_("The file is closed. The city may begin a new one later."),
        message=_("The decision on %(city)s is recorded as rejected."),
        is_grave=True,
    ),
    letter_to_city="accession_rejected",
    service=reject,
)
