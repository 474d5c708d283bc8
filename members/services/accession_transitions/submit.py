"""Submit: the city hands its file to the network."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members import accession_file
from members.accession_file import Remark
from members.models import Accession, AccessionStep, Meeting, User
from members.services.accession_letters import Consent
from members.services.accession_transitions.step import AccessionStepDetails, AccessionTransition
from members.transitions import OFFICE_AND_LEAD, Words


@transaction.atomic
def submit(*, accession: Accession, by: User, consent: Consent | None = None) -> Accession:
    """Hand the file to the network.

    Raises ValidationError for what no file is submitted without, and for every warning that
    `consent` does not name.
    """
    row = SUBMIT.lock(accession, by)
    file = accession_file.read(row)
    snapshot = accession_file.snapshot(file)
    details = AccessionStepDetails(by, file=snapshot)
    return SUBMIT.take(row, details, consent)


def what_is_missing(accession: Accession, meeting: Meeting | None) -> list[Remark]:
    """What no file is submitted without, and what is unusual."""
    file = accession_file.read(accession)
    return accession_file.remarks(file)


SUBMIT = AccessionTransition(
    verb=AccessionStep.Verb.SUBMIT,
    from_statuses=(Accession.Status.DRAFT, Accession.Status.RETURNED),
    to_status=Accession.Status.SUBMITTED,
    roles=OFFICE_AND_LEAD,
    remarks=what_is_missing,
    words=Words(
        button=pgettext_lazy("button", "Submit the file"),
        title=_("Submit the file to the network"),
        effect=_(
            "The secretariat is told. Nobody can change the file until it is returned or decided."
        ),
        message=_("The file of %(city)s was submitted."),
    ),
    letter_to_city="accession_submitted",
    letter_to_secretariat="accession_arrived",
    service=submit,
)
