"""Annul: the secretariat takes back a change of standing that was entered wrongly."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.forms.transitions import ReasonForm
from members.models import Membership, MembershipStep, User
from members.services import votes
from members.services.accession_letters import Consent
from members.services.membership_transitions.step import (
    MembershipStepDetails,
    MembershipTransition,
    record_step,
)
from members.transitions import Words

NOT_ANNULLED_HERE = (MembershipStep.Verb.ADMIT, MembershipStep.Verb.ANNUL)


@transaction.atomic
def annul_last(
    *, membership: Membership, by: User, why: str, consent: Consent | None = None
) -> Membership:
    """Say that the last change of standing was entered wrongly; a further step takes it back.

    Raises PermissionDenied for all but the secretariat, ValidationError without a reason, for an
    admission (it is annulled in its accession) and where there is nothing to take back.
    """
    row = ANNUL.lock(membership, by)
    step = last_change(row)
    if step is None:
        message = _("There is no change of standing to annul here.")
        raise ValidationError(message, code="standing")
    if ANNUL.is_missing(why):
        message = _("Write down the reason: it stays in the file.")
        raise ValidationError({"why": message})
    decision = step.decision
    if decision:
        votes.annul(decision, by, why)
    details = MembershipStepDetails(
        by,
        why.strip(),
        decision=decision,
    )
    record_step(row, ANNUL.verb, step.from_standing, details)
    ANNUL.write_letters(row, details, consent)
    return row


def last_change(membership: Membership) -> MembershipStep | None:
    """The last change of standing that can be annulled here.

    None where it is an admission or an annulment.
    """
    steps = membership.steps.order_by("-pk")
    step = steps.first()
    if step is None:
        return None
    can_be_annulled = step.verb not in NOT_ANNULLED_HERE
    return step if can_be_annulled else None


def has_last_change(membership: Membership) -> bool:
    return last_change(membership) is not None


# It leads back to the standing before the last change, whichever that is.
ANNUL = MembershipTransition(
    verb=MembershipStep.Verb.ANNUL,
    from_statuses=tuple(Membership.Standing),
    to_status="",
    needs_reason=True,
    form_class=ReasonForm,
    is_offered=has_last_change,
    words=Words(
        button=pgettext_lazy("button", "Annul the last change"),
        title=_("Annul a change that was entered wrongly"),
        effect=_(
            "The change stays readable, with your reason, and the earlier standing holds again."
        ),
        message=_("The last change of %(city)s is annulled."),
        is_grave=True,
    ),
    letter_to_city="decision_annulled",
    service=annul_last,
)
