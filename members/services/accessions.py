"""The services of an accession, and the list of its transitions.

The door for every caller: `accessions.submit(accession=…, by=…)`. Each verb has a file of its own
in `members/services/accession_transitions`.
"""

from django.core.exceptions import PermissionDenied

from members.models import Accession, AccessionNote, User
from members.services.accession_transitions.admit import ADMIT, admit
from members.services.accession_transitions.annul_decision import ANNUL, annul_decision
from members.services.accession_transitions.begin_review import REVIEW, begin_review
from members.services.accession_transitions.defer import DEFER, defer
from members.services.accession_transitions.open_accession import (
    OPEN,
    open_accession,
    refuse_opening,
)
from members.services.accession_transitions.put_on_agenda import SCHEDULE, put_on_agenda
from members.services.accession_transitions.reject import REJECT, reject
from members.services.accession_transitions.return_to_city import RETURN, return_to_city
from members.services.accession_transitions.step import AccessionTransition
from members.services.accession_transitions.submit import SUBMIT, submit
from members.services.accession_transitions.take_off_agenda import UNSCHEDULE, take_off_agenda
from members.services.accession_transitions.withdraw import WITHDRAW, withdraw

__all__ = [
    "TRANSITIONS",
    "add_note",
    "admit",
    "annul_decision",
    "begin_review",
    "defer",
    "open_accession",
    "put_on_agenda",
    "refuse_opening",
    "reject",
    "return_to_city",
    "submit",
    "take_off_agenda",
    "transitions_for",
    "withdraw",
]

# In the order of their buttons.
TRANSITIONS = (
    OPEN,
    SUBMIT,
    RETURN,
    REVIEW,
    SCHEDULE,
    UNSCHEDULE,
    ADMIT,
    DEFER,
    REJECT,
    WITHDRAW,
    ANNUL,
)


def transitions_for(accession: Accession, user: User) -> list[AccessionTransition]:
    """What somebody may do with a file as it stands."""
    return [
        transition
        for transition in TRANSITIONS
        if accession.status in transition.from_statuses
        and transition.may_be_taken_by(user, accession.city_id)
    ]


def add_note(*, accession: Accession, by: User, text: str) -> AccessionNote:
    """Keep a remark of the secretariat.

    Raises PermissionDenied for anybody else, ValidationError for an empty text.
    """
    note = AccessionNote(accession=accession, text=text.strip(), by=by)
    if not by.has_perm("add", note):
        raise PermissionDenied
    note.clean_fields()
    note.save()
    return note
