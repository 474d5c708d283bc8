"""What is built from rows hears of their changes: the index, the translation desk, the words of
lists, and what tells cities of one name apart.

Signals stand here and nowhere else, and only for what can be built again from the rows. And for
signing in, which has several ways: the session notes when it was.
"""

from collections.abc import Callable
from typing import Any

from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.auth.signals import user_logged_in
from django.db import models
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save
from django.http import HttpRequest

from languages import desk
from languages.models import IndexRow
from members import proof
from members.models import Action, City, Country, Owned, User
from members.models.record import content_type_of
from portal import index
from portal.kept_pages import triggers
from portal.services import list_texts, namesakes, open_data
from portal.versions import takes_a_person_off
from programs.models import Programme

# Relations to points that stand in the index, with the side whose rows they stand in.
POINTS: dict[Any, Any] = {
    Programme.points.through: Programme,
    Action.further_points.through: Action,
}
M2M_CHANGES = {"post_add", "post_remove", "post_clear"}


def connect() -> None:
    """Listen to the rows' own changes, and to people who sign in, whichever way they come."""
    user_logged_in.connect(_signed_in, dispatch_uid="proof")
    for kind in desk.kinds():
        _listen("desk", kind, saved=_desk_saved, deleted=_desk_deleted)
    for model in apps.get_models():
        if issubclass(model, Owned | User):
            _listen("lists", model, saved=_row_saved, deleted=_row_deleted)
    post_migrate.connect(_tables_made, sender=apps.get_app_config("portal"))
    post_save.connect(_change_noted, sender=LogEntry, dispatch_uid="archives")
    # Before the index, which takes over how a city is called.
    _listen("namesakes", City, saved=_city_saved, deleted=_city_deleted)
    parts = set(index.PARTS)
    kinds = set(index.KINDS)
    for model in parts | kinds:
        _listen("index", model, saved=_index_saved)
    # Rows of a deleted record go with it (generic relation); a country is no record.
    for model in parts | {Country}:
        _listen("index", model, deleted=_index_deleted)
    for relation in POINTS:
        label = relation._meta.label
        name = f"index-points-{label}"
        m2m_changed.connect(_points_changed, sender=relation, dispatch_uid=name)


def _listen(
    name: str,
    model: type[models.Model],
    *,
    saved: Callable[..., None] | None = None,
    deleted: Callable[..., None] | None = None,
) -> None:
    label = model._meta.label
    if saved:
        post_save.connect(saved, sender=model, dispatch_uid=f"{name}-save-{label}")
    if deleted:
        post_delete.connect(deleted, sender=model, dispatch_uid=f"{name}-delete-{label}")


# --- The archives of the open data ----------------------------------------------------------------


def _change_noted(instance: LogEntry, created: bool, **kwargs: object) -> None:
    """Somebody took their name back: it stands in the archives that were made before."""
    if created and takes_a_person_off(instance):
        open_data.forget_archives()


# --- The translation desk -------------------------------------------------------------------------


def _desk_saved(instance: models.Model, raw: bool = False, **kwargs: object) -> None:
    if not raw:
        desk.refresh(instance)


def _desk_deleted(instance: models.Model, **kwargs: object) -> None:
    # Not by a generic relation: the page that asks before deleting would name every row.
    desk.forget(instance)


# --- Lists of the administration ------------------------------------------------------------------


# Migrations after which the words of all lists are written anew.
LIST_TEXT_STEPS = {
    ("languages", "0010_list_texts"),
    ("languages", "0011_numbers_of_lists"),
    ("portal", "0009_grounds_of_earlier_news"),
}


def _row_saved(instance: models.Model, raw: bool = False, **kwargs: object) -> None:
    if not raw:
        list_texts.keep(instance)


def _row_deleted(instance: models.Model, **kwargs: object) -> None:
    list_texts.forget(instance)


def _tables_made(plan: list[tuple[Any, bool]] | None = None, **kwargs: object) -> None:
    """Every write puts the kept pages out of date. Lists find the rows of before the upgrade that
    brought the table of their words, or changed what stands in it."""
    triggers.install()
    applied = {(step.app_label, step.name) for step, is_backwards in plan or () if not is_backwards}
    if applied & LIST_TEXT_STEPS:
        list_texts.rebuild()


# --- Cities of one name ---------------------------------------------------------------------------


def _city_saved(instance: City, raw: bool = False, **kwargs: object) -> None:
    if not raw:
        namesakes.refresh(instance)


def _city_deleted(instance: City, **kwargs: object) -> None:
    namesakes.refresh(instance)


# --- The index ------------------------------------------------------------------------------------


def _index_saved(instance: models.Model, raw: bool = False, **kwargs: object) -> None:
    if raw:
        return
    if type(instance) in index.KINDS:
        index.refresh(instance)
    for record in _entries_with(instance):
        index.refresh(record)


def _index_deleted(instance: models.Model, **kwargs: object) -> None:
    if isinstance(instance, Country):
        content_type = content_type_of(instance)
        rows = IndexRow.objects.filter(content_type=content_type, object_id=instance.pk)
        rows.delete()
    for record in _entries_with(instance):
        manager = type(record)._default_manager
        is_there = manager.filter(pk=record.pk).exists()
        # With the whole record deleted there is nothing left to refresh.
        if is_there:
            index.refresh(record)


def _entries_with(instance: models.Model) -> list[models.Model]:
    """The records in whose entries this row stands."""
    records = index.PARTS.get(type(instance))
    return list(records(instance)) if records else []


def _points_changed(
    sender: Any,
    instance: models.Model,
    action: str,
    reverse: bool,
    pk_set: set[int] | None,
    **kwargs: object,
) -> None:
    if action not in M2M_CHANGES:
        return
    records = POINTS[sender].objects.filter(pk__in=pk_set or ()) if reverse else [instance]
    for record in records:
        index.refresh(record)


def _signed_in(sender: object, request: HttpRequest, **names: object) -> None:
    proof.begin(request)
