"""What an accession file says, what it lacks, and what in it changed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.dates import PartialDate, is_future, parse, surely_before
from languages.text import named, translated
from members.models import (
    Accession,
    AccessionChoice,
    AccessionOwnAction,
    AccessionStep,
    Document,
    LegalAct,
    Meeting,
    Point,
    Signatory,
    SuggestedAction,
)

Verb = AccessionStep.Verb


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
        count = 0
        for point in self.points:
            count += point.has_action
        return count

    @property
    def documents(self) -> list[Document]:
        """The legal basis, the signed act and the attachments, each once, where there is a file."""
        accession = self.accession
        documents = {}
        for act in (accession.legal_basis, accession.signed_act):
            document = act.document if act else None
            if document:
                documents[document.pk] = document
        for attachment in self.attachments:
            documents.setdefault(attachment.pk, attachment)
        return list(documents.values())


@dataclass(frozen=True)
class Remark:
    """A sentence about a file.

    `code`: what a person confirms. `blocks`: the transition is refused. `point`: the number of the
    first point that it is about, 0 for none.
    """

    code: str
    text: str
    blocks: bool = False
    point: int = 0


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
    [file] = read_files([accession])
    return file


def read_files(accessions: Sequence[Accession]) -> list[File]:
    """These files with all their parts. Five queries, however many they are."""
    points = Point.objects.public().filter(plan__in_force=True)
    points_in_force = list(points.order_by("number"))
    actions_by_file = _actions_of(accessions)
    signatories_by_act = _signatories_of(accessions)
    attachments_by_file = _attachments_of(accessions)
    files = []
    for accession in accessions:
        actions = actions_by_file[accession.pk]
        signatories = signatories_by_act[accession.signed_act_id]
        attachments = attachments_by_file[accession.pk]
        file = File(
            accession=accession,
            points=_points_of(points_in_force, actions),
            signatories=signatories,
            attachments=attachments,
        )
        files.append(file)
    return files


def _points_of(points: list[Point], actions: _ActionsByPoint) -> list[PointOfFile]:
    parts = []
    for point in points:
        chosen = actions.chosen[point.pk]
        own = actions.own[point.pk]
        part = PointOfFile(
            point,
            chosen,
            own,
        )
        parts.append(part)
    return parts


def _actions_of(accessions: Sequence[Accession]) -> dict[int, _ActionsByPoint]:
    actions: dict[int, _ActionsByPoint] = defaultdict(_ActionsByPoint)
    choices = AccessionChoice.objects.filter(accession__in=accessions)
    related = choices.select_related("suggested_action")
    for choice in related.order_by("suggested_action__order"):
        suggested = choice.suggested_action
        actions[choice.accession_id].chosen[suggested.point_id].append(suggested)
    own_actions = AccessionOwnAction.objects.filter(accession__in=accessions)
    for own in own_actions.order_by("order"):
        actions[own.accession_id].own[own.point_id].append(own)
    return actions


def _signatories_of(accessions: Sequence[Accession]) -> dict[int | None, list[Signatory]]:
    """By the key of the act that they signed."""
    acts = [accession.signed_act_id for accession in accessions]
    keys = [act for act in acts if act]
    signatories: dict[int | None, list[Signatory]] = defaultdict(list)
    if not keys:
        return signatories
    rows = Signatory.objects.filter(legal_act__in=keys)
    for row in rows:
        of_act = signatories[row.legal_act_id]
        of_act.append(row)
    return signatories


def _attachments_of(accessions: Sequence[Accession]) -> dict[int, list[Document]]:
    through = Accession.attachments.through
    rows = through.objects.filter(accession__in=accessions)
    related = rows.select_related("document")
    attachments: dict[int, list[Document]] = defaultdict(list)
    for row in related.order_by("document_id"):
        of_file = attachments[row.accession_id]
        of_file.append(row.document)
    return attachments


# --- What is missing ------------------------------------------------------------------------------


def remarks(file: File) -> list[Remark]:
    """What the file lacks: first what it cannot be submitted without, then what is unusual."""
    remarks = missing(file)
    remarks += unusual(file)
    return remarks


def missing(file: File) -> list[Remark]:
    """What no file is submitted without: an act, and a focal point (domain, section 1.2)."""
    accession = file.accession
    return _about_missing_act(accession) + _about_missing_office(accession)


def unusual(file: File) -> list[Remark]:
    """What most files have and some do not: warned about, never refused."""
    accession = file.accession
    act = accession.signed_act
    remarks = list(_about_contents(accession))
    if act:
        remarks += _about_act(act, file.signatories)
    remarks += _about_order(accession)
    remarks += _about_points(file)
    return remarks


def unusual_at_meeting(accession: Accession, meeting: Meeting) -> list[Remark]:
    """What is out of the usual order at a vote.

    Real cities break the order: Innsbruck's council decided on the day itself.
    """
    decided_on = _date_of(accession.legal_basis)
    if decided_on is None:
        return []
    last_day = meeting.ends or meeting.starts
    met_on = parse(last_day)
    if not surely_before(met_on, decided_on):
        return []
    text = _("The city’s own decision is dated after the meeting.")
    return [Remark("basis_after_meeting", text)]


def changed_by_city(file: File) -> list[Difference]:
    """What the city changed: while it has the file, since it last submitted it; from then on, for
    whoever reads the file again, since the office last returned it."""
    step = _step_before_changes(file.accession)
    before = step.file if step else None
    if before is None:
        return []
    after = snapshot(file)
    return differences(before, after)


def _step_before_changes(accession: Accession) -> AccessionStep | None:
    """The submission with which the file is compared; None where there is none."""
    submissions = accession.steps.filter(verb=Verb.SUBMIT).order_by("-pk")
    if accession.status in Accession.WITH_CITY:
        return submissions.first()
    returned = accession.steps.filter(verb=Verb.RETURN).order_by("-pk").first()
    if returned is None:
        return None
    return submissions.filter(pk__lt=returned.pk).first()


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


def _about_contents(accession: Accession) -> Iterator[Remark]:
    basis = accession.legal_basis
    if basis is None:
        text = _("The decision by which the city joins is not named.")
        yield Remark("no_basis", text)
    resources = translated(accession, "resources")
    if not resources:
        text = _("The file does not say what means are set aside.")
        yield Remark("no_resources", text)
    office = accession.focal_point
    if office and not office.email:
        text = _("The focal point has no e-mail address.")
        yield Remark("no_mailbox", text)


def _about_act(act: LegalAct, signatories: list[Signatory]) -> Iterator[Remark]:
    if not act.passed:
        text = _("The day on which the act was signed is not known.")
        yield Remark("act_without_date", text)
    if not signatories:
        text = _("Nobody is named who signed the act.")
        yield Remark("act_without_signatory", text)
    if act.document_id is None:
        text = _("The signed act is not attached.")
        yield Remark("act_without_document", text)


def _about_order(accession: Accession) -> list[Remark]:
    decided_on = _date_of(accession.legal_basis)
    signed_on = _date_of(accession.signed_act)
    if decided_on is None or signed_on is None:
        return []
    is_in_order = not surely_before(signed_on, decided_on)
    if is_in_order:
        return []
    text = _("The act was signed before the city decided to join.")
    return [Remark("signed_before_basis", text)]


def _date_of(act: LegalAct | None) -> PartialDate | None:
    """The day on which a decision was taken or an act signed, if that is known."""
    if act is None or not act.passed:
        return None
    return parse(act.passed)


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
    empty = [row.point.number for row in file.points if not row.has_action]
    return [Remark("points_without_action", text % numbers, point=empty[0])]


# --- What changed ---------------------------------------------------------------------------------


def snapshot(file: File) -> dict[str, str]:
    """What the file says, as plain text by key; the step that submits the file keeps it."""
    accession = file.accession
    language = accession.source_language
    office = accession.focal_point
    office_name = str(named(office, language)) if office else ""
    resources = translated(accession, "resources", language)
    documents = []
    for document in file.documents:
        line = f"{document.title} ({document.sha256})"
        documents.append(line)
    texts = {
        "legal_basis": _act_line(accession.legal_basis),
        "signed_act": _act_line(accession.signed_act),
        "signatories": "; ".join(map(str, file.signatories)),
        "focal_point": office_name,
        "resources": str(resources),
        "documents": "\n".join(documents),
    }
    for item in file.points:
        key = f"point-{item.point.number}"
        texts[key] = _actions_text(item, language)
    return texts


def differences(before: dict[str, str], after: dict[str, str]) -> list[Difference]:
    """Every key whose text differs, in the order of the file."""
    differences = []
    # A dict as a set that keeps its order: first what the file holds now.
    keys = dict.fromkeys([*after, *before])
    for key in keys:
        old = before.get(key, "")
        new = after.get(key, "")
        if old == new:
            continue
        gone, came = _lines_apart(old, new)
        differences.append(Difference(_label(key), gone, came))
    return differences


def _lines_apart(old: str, new: str) -> tuple[str, str]:
    """The lines of either text that the other has not; all of both where only their order
    differs."""
    old_lines = old.splitlines()
    new_lines = new.splitlines()
    gone = _without(old_lines, new_lines)
    came = _without(new_lines, old_lines)
    is_reordered = not gone and not came
    if is_reordered:
        return old, new
    return gone, came


def _without(lines: list[str], others: list[str]) -> str:
    own_lines = []
    for line in lines:
        if line not in others:
            own_lines.append(line)
    return "\n".join(own_lines)


def _actions_text(item: PointOfFile, language: str) -> str:
    """Actions under a point, one per line: suggested ones in English, own ones as written."""
    lines = []
    for suggested in item.chosen:
        line = translated(suggested, "text", "en")
        lines.append(str(line))
    for own in item.own:
        line = translated(own, "text", language)
        lines.append(str(line))
    return "\n".join(lines)


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
