"""What the admission of a city makes of its membership, and how it is taken back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import City, Decision, LegalAct, Membership, MembershipStep, User
from members.services.membership_transitions.step import (
    MembershipStepDetails,
    record_step,
    write_step,
)

Standing = Membership.Standing
Verb = MembershipStep.Verb


@transaction.atomic
def grant(*, city: City, decision: Decision, by: User) -> Membership:
    """Make the city a member by this decision.

    An evidenced membership becomes active, else a new one begins. Raises ValidationError for a
    member.
    """
    memberships = city.memberships.open()
    row = memberships.select_for_update(of=("self",)).first()
    if row is None:
        return _begin(city, decision, by)
    if row.standing != Standing.EVIDENCED:
        message = _("This city is a member already.")
        raise ValidationError(message, code="member")
    basis = _basis_in_file(decision)
    row.joined = row.joined or decision.date
    row.legal_basis = basis or row.legal_basis
    details = MembershipStepDetails(by, on=decision.date, decision=decision)
    record_step(row, Verb.ADMIT, Standing.ACTIVE, details)
    return row


@transaction.atomic
def take_back(*, decision: Decision, membership: Membership, by: User, why: str) -> None:
    """Undo by a further step what an admission made of the membership.

    Raises ValidationError where the membership has changed since.
    """
    row = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    step = row.steps.order_by("-pk").first()
    if step is None or step.decision_id != decision.pk:
        message = _(
            "The membership has changed since this decision. Annul the later changes first."
        )
        raise ValidationError(message, code="later")
    standing = step.from_standing or Standing.ANNULLED
    if standing == Standing.ANNULLED:
        row.published_at = None
    record_step(
        row, Verb.ANNUL, standing, MembershipStepDetails(by, why.strip(), decision=decision)
    )


def _begin(city: City, decision: Decision, by: User) -> Membership:
    row = Membership(
        city=city,
        standing=Standing.ACTIVE,
        fictional=city.fictional,
        joined=decision.date,
        legal_basis=_basis_in_file(decision),
        recorded_at=timezone.now(),
        recorded_by=by,
    )
    row.save()
    details = MembershipStepDetails(by, on=decision.date, decision=decision)
    write_step(row, Verb.ADMIT, ("", Standing.ACTIVE), details)
    return row


def _basis_in_file(decision: Decision) -> LegalAct | None:
    """The city's own decision to join, as its file names it."""
    return decision.accession.legal_basis if decision.accession else None
