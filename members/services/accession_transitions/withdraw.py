"""Withdraw: the city takes its application back."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.forms.transitions import ApplicationWithdrawalForm
from members.models import Accession, AccessionStep, User
from members.services.accession_letters import Consent
from members.services.accession_transitions.step import AccessionStepDetails, AccessionTransition
from members.transitions import OFFICE_AND_LEAD, Words


@transaction.atomic
def withdraw(
    *, accession: Accession, by: User, why: str, consent: Consent | None = None
) -> Accession:
    """Close the file as the city wishes; the secretariat does it for a city that wrote a letter."""
    row = WITHDRAW.lock(accession, by, why)
    details = AccessionStepDetails(by, why, meeting=row.meeting)
    row.meeting = None
    return WITHDRAW.take(row, details, consent)


WITHDRAW = AccessionTransition(
    verb=AccessionStep.Verb.WITHDRAW,
    from_statuses=Accession.OPEN,
    to_status=Accession.Status.WITHDRAWN,
    roles=OFFICE_AND_LEAD,
    needs_reason=True,
    form_class=ApplicationWithdrawalForm,
    words=Words(
        button=pgettext_lazy("button", "Withdraw the application"),
        title=_("Withdraw the application"),
        effect=_("The file is closed and kept. The city may begin a new one later."),
        message=_("The application of %(city)s was withdrawn."),
        is_grave=True,
    ),
    letter_to_secretariat="accession_withdrawn",
    service=withdraw,
)
