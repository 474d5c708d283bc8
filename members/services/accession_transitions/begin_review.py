"""Review: the secretariat begins to read the file."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Accession, AccessionStep, User
from members.services.accession_letters import Consent
from members.services.accession_transitions.step import AccessionStepDetails, AccessionTransition
from members.transitions import Words


@transaction.atomic
def begin_review(*, accession: Accession, by: User, consent: Consent | None = None) -> Accession:
    """The secretariat reads the file from now on."""
    row = REVIEW.lock(accession, by)
    details = AccessionStepDetails(by)
    return REVIEW.take(row, details, consent)


REVIEW = AccessionTransition(
    verb=AccessionStep.Verb.REVIEW,
    from_statuses=(Accession.Status.SUBMITTED,),
    to_status=Accession.Status.UNDER_REVIEW,
    words=Words(
        button=pgettext_lazy("button", "Begin the review"),
        title=_("Begin the review"),
        effect=_("The city is told that you are reading its file."),
        message=_("The file of %(city)s is under review."),
    ),
    letter_to_city="accession_review_started",
    service=begin_review,
)
