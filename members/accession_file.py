"""What an accession file says, what it lacks, and what in it changed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.dates import is_future, parse, surely_before
from languages.text import Text, named, translated
from members.models import (
    Accession,
    AccessionOwnAction,
    Document,
    LegalAct,
    Meeting,
    Point,
    Signatory,
    SuggestedAction,
)


@dataclass(frozen=True)
class PointOfFile:
    """A point of the plan with what the city chose and added under it."""

    point: Point
    chosen: list[SuggestedAction]
    own: list[AccessionOwnAction]

    @property
    def has_action(self) -> bool:
        return bool(self.chosen or self.own)


@dataclass(frozen=True)
class File:
    """Everything in a file, read once."""

    accession: Accession
    points: list[PointOfFile]
    signatories: list[Signatory]
    attachments: list[Document]

    @property
    def answered(self) -> int:
        """Points with at least one action."""
        return sum(point.has_action for point in self.points)

    @property
    def documents(self) -> list[Document]:
        """The legal basis, the signed act, the attachments: each once, as far as there are
        files."""
        acts = [self.accession.legal_basis, self.accession.signed_act]
        found = [act.document for act in acts if act and act.document] + self.attachments
        return list({document.pk: document for document in found}.values())


@dataclass(frozen=True)
class Remark:
    """A sentence about a file. `code` is what a person confirms; `blocks` says that the verb is
    refused."""

    code: str
    text: str
    blocks: bool = False


@dataclass(frozen=True)
class Difference:
    """One thing that a file said before and says now."""

    label: str
    before: str
    after: str


@dataclass
class _Lines:
    chosen: dict[int, list[SuggestedAction]] = field(default_factory=lambda: defaultdict(list))
    own: dict[int, list[AccessionOwnAction]] = field(default_factory=lambda: defaultdict(list))


def read(accession: Accession) -> File:
    """The file with all its parts."""
    lines = _Lines()
    for choice in accession.choices.select_related("suggested_action").order_by(
        "suggested_action__order"
    ):
        lines.chosen[choice.suggested_action.point_id].append(choice.suggested_action)
    for action in accession.own_actions.order_by("order"):
        lines.own[action.point_id].append(action)
    points = Point.objects.public().filter(plan__in_force=True).order_by("number")
    return File(
        accession=accession,
        points=[
            PointOfFile(point, lines.chosen[point.pk], lines.own[point.pk]) for point in points
        ],
        signatories=list(accession.signed_act.signatories.all()) if accession.signed_act else [],
        attachments=list(accession.attachments.order_by("pk")),
    )


# --- What is missing ------------------------------------------------------------------------------


def remarks(file: File) -> list[Remark]:
    """What the file lacks, in plain words: first what it cannot be submitted without, then what is
    unusual."""
    return [*missing(file), *unusual(file)]


def missing(file: File) -> list[Remark]:
    """What no file is submitted without (domain, section 1.2: an act, and a focal point for every
    member)."""
    accession = file.accession
    found = []
    if accession.signed_act is None:
        found.append(
            Remark(
                "no_act", _("There is no signed Act of Accession and Commitment yet."), blocks=True
            )
        )
    elif is_future(accession.signed_act.passed):
        found.append(Remark("act_in_future", _("The act is dated in the future."), blocks=True))
    if accession.focal_point is None:
        found.append(
            Remark(
                "no_focal_point",
                _("There is no focal point yet. Every member names an office."),
                blocks=True,
            )
        )
    return found


def unusual(file: File) -> list[Remark]:
    """What most files have and some do not: warned about, never refused."""
    accession = file.accession
    found = [
        (
            accession.legal_basis is None,
            "no_basis",
            _("The decision by which the city joins is not named."),
        ),
        (
            not translated(accession, "resources"),
            "no_resources",
            _("The file does not say what means are set aside."),
        ),
        (
            accession.focal_point is not None and not accession.focal_point.email,
            "no_mailbox",
            _("The focal point has no e-mail address."),
        ),
        *_about_act(accession.signed_act, file.signatories),
        *_about_order(accession.legal_basis, accession.signed_act),
    ]
    return [*(Remark(code, text) for applies, code, text in found if applies), *_about_points(file)]


def unusual_at_meeting(accession: Accession, meeting: Meeting) -> list[Remark]:
    """What is out of the usual order at a vote. Real cities break it: Innsbruck's council decided
    on the day itself."""
    basis = accession.legal_basis
    if (
        basis
        and basis.passed
        and surely_before(parse(meeting.ends or meeting.starts), parse(basis.passed))
    ):
        return [
            Remark("basis_after_meeting", _("The city’s own decision is dated after the meeting."))
        ]
    return []


def changed_since_submission(file: File) -> list[Difference]:
    """What differs from the file as it was last submitted."""
    step = file.accession.steps.filter(verb="submit").order_by("-pk").first()
    if step is None or step.file is None:
        return []
    return differences(step.file, snapshot(file))


def _about_act(
    act: LegalAct | None, signatories: Iterable[Signatory]
) -> list[tuple[bool, str, str]]:
    if act is None:
        return []
    return [
        (
            not act.passed,
            "act_without_date",
            _("The day on which the act was signed is not known."),
        ),
        (not signatories, "act_without_signatory", _("Nobody is named who signed the act.")),
        (act.document_id is None, "act_without_document", _("The signed act is not attached.")),
    ]


def _about_order(basis: LegalAct | None, act: LegalAct | None) -> list[tuple[bool, str, str]]:
    if not (basis and act and basis.passed and act.passed):
        return []
    early = surely_before(parse(act.passed), parse(basis.passed))
    return [
        (early, "signed_before_basis", _("The act was signed before the city decided to join."))
    ]


def _about_points(file: File) -> list[Remark]:
    if file.answered == len(file.points):
        return []
    text = ngettext(
        "%(answered)d of %(count)d point has an action.",
        "%(answered)d of %(count)d points have an action.",
        len(file.points),
    ) % {"answered": file.answered, "count": len(file.points)}
    return [Remark("points_without_action", text)]


# --- What changed ---------------------------------------------------------------------------------


def snapshot(file: File) -> dict[str, str]:
    """What the file says, as flat text by key, to be kept with the step that submits it."""
    accession = file.accession
    texts = {
        "legal_basis": _act_line(accession.legal_basis),
        "signed_act": _act_line(accession.signed_act),
        "signatories": "; ".join(map(str, file.signatories)),
        "focal_point": str(named(accession.focal_point, accession.source_language))
        if accession.focal_point
        else "",
        "resources": str(translated(accession, "resources", accession.source_language)),
        "documents": "\n".join(
            f"{document.title} ({document.sha256})" for document in file.documents
        ),
    }
    for item in file.points:
        lines: list[Text | str] = [translated(action, "text", "en") for action in item.chosen]
        lines += [translated(action, "text", accession.source_language) for action in item.own]
        texts[f"point-{item.point.number}"] = "\n".join(map(str, lines))
    return texts


def differences(before: dict[str, str], after: dict[str, str]) -> list[Difference]:
    """Every key whose text differs, in the order of the file."""
    keys = [*after, *(key for key in before if key not in after)]
    changed = [key for key in keys if before.get(key, "") != after.get(key, "")]
    return [Difference(_label(key), before.get(key, ""), after.get(key, "")) for key in changed]


def _act_line(act: LegalAct | None) -> str:
    return (
        ", ".join(filter(None, [act.number, act.title, act.body, act.passed, act.url]))
        if act
        else ""
    )


def _label(key: str) -> str:
    if key.startswith("point-"):
        return _("Point %(number)s") % {"number": key.removeprefix("point-")}
    return {
        "legal_basis": _("Legal basis"),
        "signed_act": _("Signed act"),
        "signatories": _("Signatories"),
        "focal_point": _("Focal point"),
        "resources": _("Resources"),
        "documents": _("Documents"),
    }.get(key, key)
