"""Saves the parts of a file beside its own fields: acts, office, papers, actions."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from languages.text import column, own_text
from members.forms.accessions import NewParts
from members.models import (
    Accession,
    AccessionChoice,
    AccessionOwnAction,
    Document,
    LegalAct,
    User,
)
from members.services import entries

BEYOND_ALL_PLACES = 1000


@transaction.atomic
def keep_new(*, accession: Accession, parts: NewParts, by: User) -> None:
    """Save new acts and the new office, and name them in the file, which the caller saves.

    Raises PermissionDenied where the person may not change the file.
    """
    if not by.has_perm("change", accession):
        raise PermissionDenied
    basis = parts.legal_basis
    if basis:
        accession.legal_basis = _save_act(accession, basis, by)
    act = parts.signed_act
    if act:
        accession.signed_act = _save_act(accession, act, by)
        for signatory in parts.signatories:
            signatory.legal_act = act
            entries.save(record=signatory, by=by)
    for recorded, document in parts.papers:
        _save_document(document, by)
        recorded.document = document
        entries.save(record=recorded, by=by)
    if parts.mailbox is not None:
        entries.save(record=parts.mailbox, by=by)
    office = parts.focal_point
    if office is not None:
        office.fictional = accession.fictional
        entries.save(record=office, by=by)
        accession.focal_point = office


@transaction.atomic
def keep_lines(*, accession: Accession, parts: NewParts, by: User) -> None:
    """Save the chosen and own actions as the form has them, and attach the new paper.

    Raises PermissionDenied where the person may not change the file.
    """
    if not by.has_perm("change", accession):
        raise PermissionDenied
    attachment = parts.attachment
    if attachment is not None:
        _save_document(attachment, by)
        accession.attachments.add(attachment)
    _save_choices(accession, parts.chosen)
    for point, lines in parts.own.items():
        _save_own(accession, point, lines, by)


def _save_act(accession: Accession, act: LegalAct, by: User) -> LegalAct:
    document = act.document
    if document is not None:
        _save_document(document, by)
        # Named again: when the act was made, its document had no key.
        act.document = document
    act.fictional = accession.fictional
    entries.save(record=act, by=by)
    return act


def _save_document(document: Document, by: User) -> None:
    document.uploaded_by = by
    entries.save(record=document, by=by)


def _save_choices(accession: Accession, chosen: set[int]) -> None:
    """`chosen`: keys of suggested actions."""
    choices = accession.choices.all()
    for choice in choices.exclude(suggested_action__in=chosen):
        choice.delete()
    recorded = choices.values_list("suggested_action", flat=True)
    new = chosen - set(recorded)
    for key in sorted(new):
        AccessionChoice.objects.create(
            accession=accession,
            suggested_action_id=key,
        )


def _save_own(accession: Accession, point: int, lines: list[str], by: User) -> None:
    """One row per line. A line that did not change keeps its row, and so its translations.

    `point`: the key of the point.
    """
    own_actions = accession.own_actions.filter(point=point)
    rows = list(own_actions.order_by("order"))
    present_lines = [_text_of(row) for row in rows]
    if present_lines == lines:
        return
    rows_by_text = _make_room(rows, lines)
    for order, line in enumerate(lines, 1):
        row = rows_by_text.get(line)
        if row is None:
            row = _new_row(accession, point, line)
        row.order = order
        row.fictional = accession.fictional
        entries.save(record=row, by=by)


def _make_room(rows: list[AccessionOwnAction], lines: list[str]) -> dict[str, AccessionOwnAction]:
    """Delete the rows whose line is gone; the others, by text, with places that are free again."""
    by_text = {}
    for row in rows:
        text = _text_of(row)
        if text not in lines:
            row.delete()
            continue
        by_text[text] = row
        # Two rows cannot have one place, not even between two savings.
        row.order += BEYOND_ALL_PLACES
        row.save(update_fields=["order"])
    return by_text


def _new_row(accession: Accession, point: int, line: str) -> AccessionOwnAction:
    language = accession.source_language
    row = AccessionOwnAction(
        accession=accession,
        point_id=point,
        source_language=language,
    )
    setattr(row, column("text", language), line)
    return row


def _text_of(row: AccessionOwnAction) -> str:
    return own_text(row, "text", row.source_language)
