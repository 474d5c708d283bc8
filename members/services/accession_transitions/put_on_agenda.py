"""Schedule: the secretariat puts the file on the agenda of a meeting."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.forms.transitions import AgendaForm
from members.models import Accession, AccessionStep, Meeting, User
from members.services.accession_letters import Consent
from members.services.accession_transitions.step import (
    AccessionStepDetails,
    AccessionTransition,
    what_is_unusual,
)
from members.transitions import Words


@transaction.atomic
def put_on_agenda(
    *, accession: Accession, by: User, meeting: Meeting, consent: Consent | None = None
) -> Accession:
    """The Steering Committee votes on it at this meeting.

    Raises ValidationError for a meeting of another body.
    """
    row = SCHEDULE.lock(accession, by)
    if meeting.kind != Meeting.Kind.STEERING:
        raise ValidationError({"meeting": WRONG_BODY})
    row.meeting = meeting
    details = AccessionStepDetails(by, meeting=meeting)
    return SCHEDULE.take(row, details, consent)


WRONG_BODY = _("Accessions are voted on by the Steering Committee: choose one of its meetings.")

SCHEDULE = AccessionTransition(
    verb=AccessionStep.Verb.SCHEDULE,
    from_statuses=(Accession.Status.UNDER_REVIEW, Accession.Status.DEFERRED),
    to_status=Accession.Status.ON_AGENDA,
    form_class=AgendaForm,
    remarks=what_is_unusual,
    words=Words(
        button=pgettext_lazy("button", "Put on an agenda"),
        title=_("Put the file on the agenda of a meeting"),
        effect=_("The committee reads the file, and the city is told of the meeting."),
        message=_("The file of %(city)s is on the agenda."),
    ),
    letter_to_city="accession_on_agenda",
    service=put_on_agenda,
)
