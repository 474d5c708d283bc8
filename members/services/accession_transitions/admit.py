"""Admit: the secretariat records the vote that makes the city a member."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.forms.transitions import AdmitForm
from members.grounds import Vote
from members.models import Accession, AccessionStep, Decision, Record, User
from members.services import commitments, entries, votes
from members.services.accession_letters import Consent
from members.services.accession_transitions.step import (
    AccessionStepDetails,
    AccessionTransition,
    what_is_unusual,
)
from members.services.membership_transitions.by_accession import grant
from members.transitions import Words


@transaction.atomic
def admit(
    *, accession: Accession, by: User, vote: Vote, consent: Consent | None = None
) -> Accession:
    """Record the vote that admits the city.

    The membership becomes active, city and decision public, and what the city chose in its file
    becomes its commitments.
    """
    row = ADMIT.lock(accession, by)
    decision = votes.record_on_accession(vote, Decision.Outcome.ADMITTED, row)
    row.membership = grant(city=row.city, decision=decision, by=by)
    decision.membership = row.membership
    decision.save()
    details = AccessionStepDetails(by, meeting=row.meeting, decision=decision)
    ADMIT.take(row, details, consent)
    _make_public(row, decision, by)
    commitments.open_from_accession(accession=row, by=by)
    return row


def _make_public(accession: Accession, decision: Decision, by: User) -> None:
    """Publish what the vote makes known, and the acts on which it rests."""
    decided: list[Record | None] = [
        accession.city,
        accession.membership,
        decision.meeting,
        decision,
    ]
    acts = [accession.legal_basis, accession.signed_act, accession.focal_point]
    votes.cite(decision, [record for record in decided if record])
    for record in filter(None, [*decided, *acts]):
        try:
            entries.publish(record=record, by=by)
        except ValidationError:
            # A fact without a source stays unpublished: the secretariat sees it among the
            # city's unpublished entries.
            continue


ADMIT = AccessionTransition(
    verb=AccessionStep.Verb.ADMIT,
    from_statuses=(Accession.Status.ON_AGENDA,),
    to_status=Accession.Status.ADMITTED,
    form_class=AdmitForm,
    outcome=Decision.Outcome.ADMITTED,
    remarks=what_is_unusual,
    words=Words(
        button=pgettext_lazy("button", "Record: admitted"),
        title=_("Record that the city was admitted"),
        effect=_(
            "The city is a member from the day of the vote. Its page, its membership and the "
            "decision are public at once, and what it chose becomes its commitments."
        ),
        message=_("%(city)s is a member."),
    ),
    letter_to_city="accession_admitted",
    service=admit,
)
