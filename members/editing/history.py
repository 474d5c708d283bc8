"""What the log says about one entry: who changed what, when, in which language; and how the entry
was before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.difference import Piece, difference
from languages.names import join_list, own_name
from languages.text import current_language, translated_fields
from members.models import Record

# What has happened is not undone by an old text: these are never taken from an old version.
DECISIONS = {"status", "state", "standing", "stage", "outcome", "origin", "version", "fictional"}
WHEN_AND_BY_WHOM = ("_at", "_by")
# The portal's own bookkeeping: of no interest to a person who reads what was changed.
UNTOLD = {"id", "origin", "stated_at", "version", "source_hash"}


@dataclass(frozen=True)
class Author:
    """Who saved something, and when."""

    name: str
    at: datetime


@dataclass(frozen=True)
class FieldChange:
    """One field in one entry of the log: the pieces that went, came and stayed. `code`: the
    language of the text."""

    field: str
    label: str
    code: str
    pieces: list[Piece]

    @property
    def language(self) -> str:
        return own_name(self.code) if self.code else ""


@dataclass(frozen=True)
class Revision:
    """One saving of an entry. `can_open`: there is an old version to go back to."""

    pk: int
    author: Author
    what: str
    changes: list[FieldChange]
    can_open: bool = False


def log_of(record: models.Model) -> models.QuerySet[LogEntry]:
    """Everything that the log holds about this entry, the latest first."""
    return (
        LogEntry.objects.get_for_object(record)
        .select_related("actor")
        .order_by("-timestamp", "-pk")
    )


def author_of(entry: LogEntry) -> Author:
    """The person as colleagues know them."""
    if entry.actor is None:
        return Author(_("the portal itself"), entry.timestamp)
    name = str(entry.actor)
    if entry.actor.is_secretariat:
        name = _("%(name)s (the network’s office)") % {"name": name}
    return Author(name, entry.timestamp)


def last_change(record: models.Model, name: str) -> Author | None:
    """Who changed this field last; None where the log does not know."""
    entry = log_of(record).filter(changes__has_key=name).first()
    return author_of(entry) if entry else None


@dataclass(frozen=True)
class Recent:
    """One saving of any entry of a city, for a short list."""

    author: Author
    what: str
    kind: str
    name: str
    url: str


def recent_in(
    city: models.Model, kinds: Iterable[type[models.Model]], how_many: int
) -> list[Recent]:
    """What people changed lately in a city's entries of these kinds, without what the portal itself
    did: one query."""
    wanted = Q(pk__in=[])
    for model in kinds:
        rows = model._base_manager.filter(**{model.CITY_PATH: city.pk})
        kind = ContentType.objects.get_for_model(model)
        wanted |= Q(content_type=kind, object_id__in=rows.values("pk"))
    entries = LogEntry.objects.filter(wanted, actor__isnull=False).select_related(
        "actor", "content_type"
    )
    return [_recent(entry) for entry in entries.order_by("-timestamp", "-pk")[:how_many]]


def records_of_cities() -> list[type[models.Model]]:
    """Kinds of entries that belong to a city."""
    return [model for model in apps.get_models() if issubclass(model, Record) and model.CITY_PATH]


def _recent(entry: LogEntry) -> Recent:
    kind = entry.content_type
    url = reverse(f"admin:{kind.app_label}_{kind.model}_history", args=[entry.object_id])
    return Recent(
        author_of(entry), what_happened(entry), capfirst(kind.name), entry.object_repr, url
    )


def revisions(entries: Iterable[LogEntry], model: type[models.Model]) -> list[Revision]:
    """Entries of the log about rows of one model, as a person reads them."""
    entries = list(entries)
    names = _names_of_related(entries, model)
    return [
        Revision(entry.pk, author_of(entry), what_happened(entry), changes_in(entry, model, names))
        for entry in entries
    ]


def what_happened(entry: LogEntry) -> str:
    """One saving in a few words."""
    if entry.action == LogEntry.Action.CREATE:
        return pgettext("history", "entered")
    if entry.action == LogEntry.Action.DELETE:
        return pgettext("history", "deleted")
    published = (entry.changes or {}).get("published_at")
    if isinstance(published, list):
        return (
            pgettext("history", "made public")
            if published[1]
            else pgettext("history", "taken off the public pages")
        )
    return pgettext("history", "changed")


def changes_in(
    entry: LogEntry, model: type[models.Model], names: Mapping[str, Mapping[str, str]]
) -> list[FieldChange]:
    """Its fields in the order of the model, without bookkeeping."""
    told = [
        name
        for name in _logged_fields(entry, model)
        if name not in UNTOLD and name != "published_at"
    ]
    return _changes(entry, model, told, names)


def everything_in(entry: LogEntry, model: type[models.Model]) -> list[FieldChange]:
    """All that one saving changed, bookkeeping too: for the log itself."""
    return _changes(entry, model, _logged_fields(entry, model), _names_of_related([entry], model))


def labels_in(entry: LogEntry, model: type[models.Model]) -> list[str]:
    """The fields that one saving changed, without a query."""
    labels = (_label(model, name) for name in _logged_fields(entry, model))
    return [f"{label} ({own_name(code)})" if code else label for label, code in labels]


def _changes(
    entry: LogEntry,
    model: type[models.Model],
    told: Iterable[str],
    names: Mapping[str, Mapping[str, str]],
) -> list[FieldChange]:
    changes = (_change(model, name, entry.changes[name], names.get(name, {})) for name in told)
    return [change for change in changes if change.pieces]


def _logged_fields(entry: LogEntry, model: type[models.Model]) -> list[str]:
    order = [field.name for field in [*model._meta.concrete_fields, *model._meta.many_to_many]]
    return [name for name in order if name in (entry.changes or {})]


def _label(model: type[models.Model], name: str) -> tuple[str, str]:
    """What a column is called, and its language where there is one for each."""
    base, code = split_column(model, name)
    return str(model._meta.get_field(base).verbose_name), code


def _change(
    model: type[models.Model], name: str, logged: Any, names: Mapping[str, str]
) -> FieldChange:
    label, code = _label(model, name)
    label = capfirst(label)
    if isinstance(logged, dict):
        kind = "new" if logged.get("operation") == "add" else "old"
        return FieldChange(
            name,
            label,
            code,
            [Piece(kind, join_list(logged.get("objects", []), current_language()))],
        )
    field = model._meta.get_field(name)
    old, new = (_in_words(field, value, names) for value in logged)
    return FieldChange(name, label, code, difference(old, new))


def split_column(model: type[models.Model], name: str) -> tuple[str, str]:
    """`name_pl` → (`name`, `pl`); a field that is not kept per language → (itself, empty)."""
    base, _underscore, code = name.rpartition("_")
    return (base, code) if base in translated_fields(model) else (name, "")


def _in_words(field: models.Field, value: Any, names: Mapping[str, str]) -> str:
    if value in (None, "", "None"):
        return ""
    if field.is_relation:
        return names.get(str(value), _("something that is gone"))
    if isinstance(field, models.BooleanField):
        return pgettext("answer", "yes") if value in (True, "True") else pgettext("answer", "no")
    return str(dict(field.flatchoices).get(value, value))


def _names_of_related(
    entries: Iterable[LogEntry], model: type[models.Model]
) -> dict[str, dict[str, str]]:
    """For each foreign key what its numbers stand for: one query per foreign key that occurs."""
    keys: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for name, logged in (entry.changes or {}).items():
            if isinstance(logged, list) and _is_foreign_key(model, name):
                keys[name] |= {str(value) for value in logged if value not in (None, "", "None")}
    found = {}
    for name, wanted in keys.items():
        rows = model._meta.get_field(name).related_model._base_manager
        found[name] = {
            str(row.pk): str(row) for row in rows.filter(pk__in=filter(str.isdecimal, wanted))
        }
    return found


def _is_foreign_key(model: type[models.Model], name: str) -> bool:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return bool(field.concrete and field.many_to_one)


# --- An old version -------------------------------------------------------------------------------


def may_be_restored(model: type[models.Model], name: str) -> bool:
    """Whether an old version may bring this field back: texts and facts, never decisions and their
    dates, never the city that the entry belongs to. What stands in lists (many-to-many) the log
    keeps by name only."""
    owner = (getattr(model, "CITY_PATH", None) or "").partition("__")[0]
    if name in DECISIONS or name == owner or name.endswith(WHEN_AND_BY_WHOM):
        return False
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return (
        field.editable
        and field.concrete
        and not field.many_to_many
        and not isinstance(field, models.FileField)
    )


def values_at(record: models.Model, entry: LogEntry) -> dict[str, Any]:
    """What stood in the fields that were changed since: the entry as it was after `entry` of the
    log."""
    later = log_of(record).filter(
        Q(timestamp__gt=entry.timestamp) | Q(timestamp=entry.timestamp, pk__gt=entry.pk),
        action=LogEntry.Action.UPDATE,
    )
    values = {}
    for change in later:
        for name, logged in (change.changes or {}).items():
            if isinstance(logged, list) and may_be_restored(type(record), name):
                values[name] = None if logged[0] == "None" else logged[0]
    return values
