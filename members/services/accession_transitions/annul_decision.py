"""Annul: the secretariat takes back a decision that was entered wrongly."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.forms.transitions import ReasonForm
from members.models import (
    Accession,
    AccessionStep,
    Action,
    City,
    Commitment,
    Decision,
    Record,
    User,
)
from members.services import entries, votes
from members.services.accession_letters import Consent
from members.services.accession_transitions.open_accession import open_already
from members.services.accession_transitions.step import AccessionStepDetails, AccessionTransition
from members.services.membership_transitions.by_accession import take_back
from members.transitions import Words


@transaction.atomic
def annul_decision(
    *, accession: Accession, by: User, why: str, consent: Consent | None = None
) -> Accession:
    """Say that a decision was entered wrongly: it stays readable, and the file is on the agenda.

    Raises ValidationError where no decision stands, where the membership has changed since, or
    where the city has another open file.
    """
    row = ANNUL.lock(accession, by, why)
    decision = _standing_decision(row)
    _take_membership_back(row, decision, by, why)
    votes.annul(decision, by, why)
    meeting = decision.meeting
    row.meeting = meeting
    details = AccessionStepDetails(by, why, meeting, decision)
    try:
        with transaction.atomic():
            return ANNUL.take(row, details, consent)
    except IntegrityError as error:
        raise open_already() from error


def _standing_decision(row: Accession) -> Decision:
    decisions = row.decisions.filter(annulled_at=None)
    decision = decisions.order_by("-pk").first()
    if decision is None:
        message = _("No decision stands on this accession.")
        raise ValidationError(message, code="no_decision")
    return decision


def _take_membership_back(row: Accession, decision: Decision, by: User, why: str) -> None:
    """Take back what the decision made of the membership, if it made anything."""
    membership = row.membership
    if membership is None:
        return
    take_back(decision=decision, membership=membership, by=by, why=why)
    row.membership = None
    _take_promises_back(row.city, by)


def _take_promises_back(city: City, by: User) -> None:
    """Take what a city that is no member any more says itself off the public pages.

    Its promises and its actions, those under a point too that only sources speak of. A later
    admission shows again what its file says.
    """
    if city.memberships.open().exists():
        return
    is_public = Q(origin=Record.Origin.STATED, published_at__isnull=False)
    promises = Commitment.objects.filter(is_public, city=city)
    actions = Action.objects.filter(is_public, commitment__city=city)
    records: list[Record] = [*actions, *promises]
    for record in records:
        entries.withdraw(record=record, by=by)


ANNUL = AccessionTransition(
    verb=AccessionStep.Verb.ANNUL,
    from_statuses=(
        Accession.Status.ADMITTED,
        Accession.Status.DEFERRED,
        Accession.Status.REJECTED,
    ),
    to_status=Accession.Status.ON_AGENDA,
    needs_reason=True,
    form_class=ReasonForm,
    words=Words(
        button=pgettext_lazy("button", "Annul the decision"),
        title=_("Annul a decision that was entered wrongly"),
        effect=_(
            "The decision stays readable as annulled, with your reason. What it made of the "
            "membership is taken back, and the file is on the agenda of the same meeting again, so "
            "that the right decision can be recorded."
        ),
        message=_("The decision on %(city)s is annulled."),
        is_grave=True,
    ),
    letter_to_city="decision_annulled",
    service=annul_decision,
)
