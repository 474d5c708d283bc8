"""Saving the page of an action: everything that stands on it, or nothing."""

from django.db import transaction

from members.forms.action_page import ActionPage
from members.models import Action, Evidence, User
from members.services import commitments, documents, entries


@transaction.atomic
def save(*, page: ActionPage, by: User) -> None:
    """Save what a person wrote on the page of an action, and publish the action if they ask for it.

    New evidence, updates and numbers are public if the action is; files too, unless they are for
    the office alone. Raises as `entries.save`, `entries.delete` and `entries.publish` do.
    """
    action = page.action
    for evidence in page.removed:
        entries.delete(record=evidence, by=by)
    for row, columns in page.rows:
        small = page.small and isinstance(row, Action)
        entries.save(record=row, by=by, changed=columns, small=small)
    if page.further_points is not None:
        # The right was asked for when the action was saved: who changes them changes a form of it.
        action.further_points.set(page.further_points)
    for part, columns in page.parts:
        commitments.add_part(part=part, action=action, changed=columns, by=by)
    for document in page.documents:
        if document._state.adding:
            documents.save(record=document, by=by)
        part = Evidence(
            action=action,
            document=document,
            office_only=page.office_only,
            source_language=action.source_language,
            fictional=action.fictional,
        )
        commitments.add_part(part=part, action=action, changed=(), by=by)
    if page.publish:
        commitments.publish_action(action=action, by=by)
