"""The way of a file in steps: what each still lacks, where the file stands, whose turn it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.accession_file import Remark
from members.models import Accession, AccessionStep

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise
else:
    from django.utils.functional import Promise as StrPromise

Status = Accession.Status

# What the city writes, with its first field in the form, and the codes of the remarks that belong
# to each part.
PARTS: list[tuple[StrPromise, str, set[str]]] = [
    (
        _("The decision to join"),
        "legal_basis",
        {"no_basis"},
    ),
    (
        _("The signed act"),
        "signed_act",
        {
            "no_act",
            "act_in_future",
            "act_without_date",
            "act_without_signatory",
            "act_without_document",
            "signed_before_basis",
        },
    ),
    (
        _("Focal point and resources"),
        "focal_point",
        {"no_focal_point", "no_mailbox", "no_resources"},
    ),
    (
        _("The ten points"),
        "own_1",
        {"points_without_action"},
    ),
]

# What follows, with the states in which the file waits for it.
WAY: list[tuple[StrPromise, set[str]]] = [
    (
        _("Hand in the file"),
        {Status.DRAFT, Status.RETURNED},
    ),
    (
        _("The network’s office reads the file"),
        {Status.SUBMITTED, Status.UNDER_REVIEW, Status.DEFERRED},
    ),
    (
        _("The Steering Committee votes"),
        {Status.ON_AGENDA},
    ),
    (
        pgettext_lazy("one word for a city in a list", "Member"),
        {Status.ADMITTED},
    ),
]

# Said to the people of the city.
TURNS = {
    Status.DRAFT: _("It is your turn: write in the file, and submit it when it is ready."),
    Status.RETURNED: _(
        "It is your turn: put right what the network’s office asks for, then submit the file again."
    ),
    Status.SUBMITTED: _(
        "It is the office’s turn: it reads your file. You need not do anything; a letter tells "
        "you how it goes on."
    ),
    Status.UNDER_REVIEW: _(
        "It is the office’s turn: it reads your file. You need not do anything; a letter tells "
        "you how it goes on."
    ),
    Status.ON_AGENDA: _(
        "It is the Steering Committee’s turn: it votes on your file. You need not do anything; a "
        "letter tells you the result."
    ),
    Status.DEFERRED: _(
        "It is the office’s turn: it puts your file on an agenda again. You need not do anything."
    ),
}


@dataclass(frozen=True)
class FileStep:
    """A step of the way. `state`: complete, lacking, now or later. `field`: of the form, where the
    city writes it."""

    title: StrPromise
    state: str
    remarks: Sequence[Remark] = ()
    field: str = ""


def steps_of(accession: Accession, remarks: list[Remark]) -> list[FileStep]:
    """All steps of an open file, in their order; none of a closed one."""
    if not accession.is_open:
        return []
    steps = []
    for title, first, codes in PARTS:
        lacking = [remark for remark in remarks if remark.code in codes]
        state = "lacking" if lacking else "complete"
        points = [remark.point for remark in lacking if remark.point]
        field = f"own_{points[0]}" if points else first
        step = FileStep(title, state, lacking, field)
        steps.append(step)
    return steps + _way_of(accession)


def _way_of(accession: Accession) -> list[FileStep]:
    """Done before the step at which the file stands, later behind it."""
    steps = []
    state = "complete"
    for title, statuses in WAY:
        is_now = accession.status in statuses
        if is_now:
            state = "later"
        steps.append(FileStep(title, "now" if is_now else state))
    return steps


def turn_of(accession: Accession) -> str:
    """Whose turn it is, said to the city; empty where the file is closed."""
    status = Status(accession.status)
    words = TURNS.get(status, "")
    return str(words)


def last_return(accession: Accession) -> AccessionStep | None:
    """The step with the reasons for which the office gave the file back; None unless it is back."""
    if accession.status != Status.RETURNED:
        return None
    steps = accession.steps.filter(to_status=Status.RETURNED)
    return steps.order_by("-pk").first()


def first_verb(accession: Accession, remarks: list[Remark], *, may_edit: bool) -> str:
    """The verb of the one filled button of the city: `write` while something blocks, else `submit`;
    "" for readers."""
    if not may_edit:
        return ""
    is_blocked = any(remark.blocks for remark in remarks)
    return "write" if is_blocked else AccessionStep.Verb.SUBMIT.value
