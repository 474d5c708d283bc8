"""Return: the secretariat gives the file back to the city, with its reasons."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.forms.transitions import ReturnForm
from members.models import Accession, AccessionStep, User
from members.services.accession_letters import Consent
from members.services.accession_transitions.step import AccessionStepDetails, AccessionTransition
from members.transitions import Words


@transaction.atomic
def return_to_city(
    *, accession: Accession, by: User, why: str, consent: Consent | None = None
) -> Accession:
    """Give the file back, with reasons, to be completed and submitted again."""
    row = RETURN.lock(accession, by, why)
    return RETURN.take(row, AccessionStepDetails(by, why), consent)


RETURN = AccessionTransition(
    verb=AccessionStep.Verb.RETURN,
    from_statuses=(
        Accession.Status.SUBMITTED,
        Accession.Status.UNDER_REVIEW,
        Accession.Status.DEFERRED,
    ),
    to_status=Accession.Status.RETURNED,
    needs_reason=True,
    leads_back=True,
    form_class=ReturnForm,
    words=Words(
        button=pgettext_lazy("button", "Return to the city"),
        title=_("Return the file to the city"),
        effect=_("The city can write in the file again and submit it anew. It reads your reasons."),
        message=_("The file was returned to %(city)s."),
    ),
    letter_to_city="accession_returned",
    service=return_to_city,
)
