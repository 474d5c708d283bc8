"""Unschedule: the secretariat takes the file off the agenda of its meeting."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.forms.transitions import ReasonForm
from members.models import Accession, AccessionStep, User
from members.services.accession_letters import Consent
from members.services.accession_transitions.step import AccessionStepDetails, AccessionTransition
from members.transitions import Words


@transaction.atomic
def take_off_agenda(
    *, accession: Accession, by: User, why: str, consent: Consent | None = None
) -> Accession:
    """The meeting does not vote on it after all."""
    row = UNSCHEDULE.lock(accession, by, why)
    details = AccessionStepDetails(by, why, meeting=row.meeting)
    row.meeting = None
    return UNSCHEDULE.take(row, details, consent)


UNSCHEDULE = AccessionTransition(
    verb=AccessionStep.Verb.UNSCHEDULE,
    from_statuses=(Accession.Status.ON_AGENDA,),
    to_status=Accession.Status.UNDER_REVIEW,
    needs_reason=True,
    leads_back=True,
    form_class=ReasonForm,
    words=Words(
        button=pgettext_lazy("button", "Take off the agenda"),
        title=_("Take the file off the agenda"),
        effect=_("The file is under review again and can be put on another agenda."),
        message=_("The file of %(city)s is off the agenda."),
    ),
    letter_to_city="accession_off_agenda",
    service=take_off_agenda,
)
