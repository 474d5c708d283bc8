"""Keeping what was typed into a file beside its own fields: acts, office, papers, chosen and own
actions."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from languages.text import column, own_text
from members.forms.accessions import NewParts
from members.models import Accession, AccessionChoice, AccessionOwnAction, Document, User
from members.services import entries


@transaction.atomic
def keep_new(*, accession: Accession, parts: NewParts, by: User) -> None:
    """Save new acts, the new office and the new paper, and hang them on the file (whose own save
    follows or was).

    Raises PermissionDenied where the person may not change the file.
    """
    if not by.has_perm("change", accession):
        raise PermissionDenied
    for name in ("legal_basis", "signed_act"):
        act = getattr(parts, name)
        if act is not None:
            act.document = _kept(act.document, by)
            act.fictional = accession.fictional
            entries.save(record=act, by=by)
            setattr(accession, name, act)
    for signatory in parts.signatories:
        signatory.legal_act = parts.signed_act
        entries.save(record=signatory, by=by)
    if parts.focal_point is not None:
        parts.focal_point.fictional = accession.fictional
        entries.save(record=parts.focal_point, by=by)
        accession.focal_point = parts.focal_point


@transaction.atomic
def keep_lines(*, accession: Accession, parts: NewParts, by: User) -> None:
    """Make the chosen and own actions those that were typed, and attach the new paper."""
    if not by.has_perm("change", accession):
        raise PermissionDenied
    paper = _kept(parts.attachment, by)
    if paper is not None:
        accession.attachments.add(paper)
    _keep_choices(accession, parts.chosen)
    for point, lines in parts.own.items():
        _keep_own(accession, point, lines, by)


def _kept(document: Document | None, by: User) -> Document | None:
    if document is not None:
        document.uploaded_by = by
        entries.save(record=document, by=by)
    return document


def _keep_choices(accession: Accession, chosen: set[int]) -> None:
    had = set(accession.choices.values_list("suggested_action", flat=True))
    for choice in accession.choices.filter(suggested_action__in=had - chosen):
        choice.delete()
    for key in sorted(chosen - had):
        AccessionChoice.objects.create(accession=accession, suggested_action_id=key)


def _keep_own(accession: Accession, point: int, lines: list[str], by: User) -> None:
    """One row per line. A line that stands as before keeps its row, and with it its
    translations."""
    rows = list(accession.own_actions.filter(point=point).order_by("order"))
    if [own_text(row, "text", row.source_language) for row in rows] == lines:
        return
    by_text = {own_text(row, "text", row.source_language): row for row in rows}
    for row in rows:
        if own_text(row, "text", row.source_language) not in lines:
            row.delete()
        else:
            # Out of the way: the places are given anew.
            row.order += 1000
            row.save(update_fields=["order"])
    for order, line in enumerate(lines, 1):
        row = by_text.get(line) or AccessionOwnAction(
            accession=accession, point_id=point, source_language=accession.source_language
        )
        if row._state.adding:
            setattr(row, column("text", row.source_language), line)
        row.order, row.fictional = order, accession.fictional
        entries.save(record=row, by=by)
