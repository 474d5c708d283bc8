"""What an accession file says, what it lacks, and what in it changed."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.dates import is_future, parse, surely_before
from languages.text import named, translated
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
        """How many points have an action."""
        return sum(point.has_action for point in self.points)

    @property
    def documents(self) -> list[Document]:
        """The legal basis, the signed act and the attachments, each once, where there is a file."""
        documents = {}
        for act in (self.accession.legal_basis, self.accession.signed_act):
            if act and act.document:
                documents[act.document.pk] = act.document
        for document in self.attachments:
            documents.setdefault(document.pk, document)
        return list(documents.values())


@dataclass(frozen=True)
class Remark:
    """A sentence about a file.

    `code`: what a person confirms. `blocks`: the transition is refused.
    """

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
class _ActionsByPoint:
    """What the city chose and added, by the key of its point."""

    chosen: dict[int, list[SuggestedAction]] = field(default_factory=lambda: defaultdict(list))
    own: dict[int, list[AccessionOwnAction]] = field(default_factory=lambda: defaultdict(list))


def read(accession: Accession) -> File:
    """The file with all its parts."""
    actions = _actions_of(accession)
    points = Point.objects.public().filter(plan__in_force=True).order_by("number")
    act = accession.signed_act
    return File(
        accession=accession,
        points=[
            PointOfFile(point, actions.chosen[point.pk], actions.own[point.pk]) for point in points
        ],
        signatories=list(act.signatories.all()) if act else [],
        attachments=list(accession.attachments.order_by("pk")),
    )


def _actions_of(accession: Accession) -> _ActionsByPoint:
    actions = _ActionsByPoint()
    choices = accession.choices.select_related("suggested_action")
    for choice in choices.order_by("suggested_action__order"):
        suggested = choice.suggested_action
        actions.chosen[suggested.point_id].append(suggested)
    for own in accession.own_actions.order_by("order"):
        actions.own[own.point_id].append(own)
    return actions


# --- What is missing ------------------------------------------------------------------------------


def remarks(file: File) -> list[Remark]:
    """What the file lacks: first what it cannot be submitted without, then what is unusual."""
    return [*missing(file), *unusual(file)]


def missing(file: File) -> list[Remark]:
    """What no file is submitted without: an act, and a focal point (domain, section 1.2)."""
    accession = file.accession
    return _about_missing_act(accession) + _about_missing_office(accession)


def unusual(file: File) -> list[Remark]:
    """What most files have and some do not: warned about, never refused."""
    accession = file.accession
    act = accession.signed_act
    remarks = _about_contents(accession)
    if act:
        remarks += _about_act(act, file.signatories)
    remarks += _about_order(accession.legal_basis, act)
    return remarks + _about_points(file)


def unusual_at_meeting(accession: Accession, meeting: Meeting) -> list[Remark]:
    """What is out of the usual order at a vote.

    Real cities break the order: Innsbruck's council decided on the day itself.
    """
    basis = accession.legal_basis
    if basis is None or not basis.passed:
        return []
    last_day = parse(meeting.ends or meeting.starts)
    if not surely_before(last_day, parse(basis.passed)):
        return []
    text = _("The city’s own decision is dated after the meeting.")
    return [Remark("basis_after_meeting", text)]


def changed_since_submission(file: File) -> list[Difference]:
    """What differs from the file as it was last submitted."""
    steps = file.accession.steps.filter(verb="submit")
    step = steps.order_by("-pk").first()
    if step is None or step.file is None:
        return []
    return differences(step.file, snapshot(file))


def _about_missing_act(accession: Accession) -> list[Remark]:
    act = accession.signed_act
    if act is None:
        text = _("There is no signed Act of Accession and Commitment yet.")
        return [Remark("no_act", text, blocks=True)]
    if is_future(act.passed):
        return [Remark("act_in_future", _("The act is dated in the future."), blocks=True)]
    return []


def _about_missing_office(accession: Accession) -> list[Remark]:
    if accession.focal_point:
        return []
    text = _("There is no focal point yet. Every member names an office.")
    return [Remark("no_focal_point", text, blocks=True)]


def _about_contents(accession: Accession) -> list[Remark]:
    remarks = []
    if accession.legal_basis is None:
        text = _("The decision by which the city joins is not named.")
        remarks.append(Remark("no_basis", text))
    if not translated(accession, "resources"):
        text = _("The file does not say what means are set aside.")
        remarks.append(Remark("no_resources", text))
    if accession.focal_point and not accession.focal_point.email:
        text = _("The focal point has no e-mail address.")
        remarks.append(Remark("no_mailbox", text))
    return remarks


def _about_act(act: LegalAct, signatories: list[Signatory]) -> list[Remark]:
    remarks = []
    if not act.passed:
        text = _("The day on which the act was signed is not known.")
        remarks.append(Remark("act_without_date", text))
    if not signatories:
        remarks.append(Remark("act_without_signatory", _("Nobody is named who signed the act.")))
    if act.document_id is None:
        remarks.append(Remark("act_without_document", _("The signed act is not attached.")))
    return remarks


def _about_order(basis: LegalAct | None, act: LegalAct | None) -> list[Remark]:
    if not (basis and act and basis.passed and act.passed):
        return []
    if not surely_before(parse(act.passed), parse(basis.passed)):
        return []
    text = _("The act was signed before the city decided to join.")
    return [Remark("signed_before_basis", text)]


def _about_points(file: File) -> list[Remark]:
    points = len(file.points)
    if file.answered == points:
        return []
    text = ngettext(
        "%(answered)d of %(count)d point has an action.",
        "%(answered)d of %(count)d points have an action.",
        points,
    )
    numbers = {"answered": file.answered, "count": points}
    return [Remark("points_without_action", text % numbers)]


# --- What changed ---------------------------------------------------------------------------------


def snapshot(file: File) -> dict[str, str]:
    """What the file says, as plain text by key; the step that submits the file keeps it."""
    accession, language = file.accession, file.accession.source_language
    office = accession.focal_point
    documents = [f"{document.title} ({document.sha256})" for document in file.documents]
    texts = {
        "legal_basis": _act_line(accession.legal_basis),
        "signed_act": _act_line(accession.signed_act),
        "signatories": "; ".join(map(str, file.signatories)),
        "focal_point": str(named(office, language)) if office else "",
        "resources": str(translated(accession, "resources", language)),
        "documents": "\n".join(documents),
    }
    for item in file.points:
        texts[f"point-{item.point.number}"] = _actions_text(item, language)
    return texts


def differences(before: dict[str, str], after: dict[str, str]) -> list[Difference]:
    """Every key whose text differs, in the order of the file."""
    differences = []
    # A dict as a set that keeps its order: first what the file holds now.
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key, ""), after.get(key, "")
        if old != new:
            differences.append(Difference(_label(key), old, new))
    return differences


def _actions_text(item: PointOfFile, language: str) -> str:
    """Actions under a point, one per line: suggested ones in English, own ones as written."""
    chosen = [translated(action, "text", "en") for action in item.chosen]
    own = [translated(action, "text", language) for action in item.own]
    return "\n".join(map(str, chosen + own))


def _act_line(act: LegalAct | None) -> str:
    if act is None:
        return ""
    parts = [act.number, act.title, act.body, act.passed, act.url]
    return ", ".join(filter(None, parts))


def _label(key: str) -> str:
    if key.startswith("point-"):
        return _("Point %(number)s") % {"number": key.removeprefix("point-")}
    labels = {
        "legal_basis": _("Legal basis"),
        "signed_act": _("Signed act"),
        "signatories": _("Signatories"),
        "focal_point": _("Focal point"),
        "resources": _("Resources"),
        "documents": _("Documents"),
    }
    return labels.get(key, key)
