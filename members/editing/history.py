"""The history of an entry, from the log: who changed what, when, in which language.

And old versions: the values that the entry had after one of its revisions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.dates import PartialDateError, PartialDateField, format_partial
from languages.difference import Piece, difference
from languages.names import join_list, own_name
from languages.templatetags.text import moment
from languages.text import current_language, language_columns
from members.models import Record

# Never taken from an old version: an old text does not undo a decision.
DECISIONS = {"status", "state", "standing", "stage", "outcome", "origin", "version", "fictional"}
BY_WHOM = "_by"
WHEN_AND_BY_WHOM = ("_at", BY_WHOM)
# The portal's own columns, which a reader of the history does not need.
BOOKKEEPING = {"id", "origin", "stated_at", "version", "source_hash"}
# How the log writes that a field is empty.
NOTHING = (None, "", "None")


@dataclass(frozen=True)
class Author:
    """Who saved something, and when."""

    name: str
    at: datetime


@dataclass(frozen=True)
class FieldChange:
    """One field in one entry of the log: its old, new and unchanged pieces.

    `code`: of the language of the text.
    """

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
    entries: models.QuerySet[LogEntry] = LogEntry.objects.get_for_object(record)
    entries = entries.select_related("actor")
    return entries.order_by("-timestamp", "-pk")


def author_of(entry: LogEntry) -> Author:
    """The person as colleagues know them."""
    person = entry.actor
    at = entry.timestamp
    if person is None:
        return Author(_("the portal itself"), at)
    name = str(person)
    if person.is_secretariat:
        words = _("%(name)s (the network’s office)")
        name = words % {"name": name}
    return Author(name, at)


def last_change(record: models.Model, name: str) -> Author | None:
    """Who changed this field last; None where the log does not know."""
    entry = log_of(record).filter(changes__has_key=name).first()
    if entry is None:
        return None
    return author_of(entry)


@dataclass(frozen=True)
class Recent:
    """One saving of any entry of a city, for a short list."""

    author: Author
    what: str
    kind: str
    name: str
    url: str


def recent_in(city: models.Model, kinds: Iterable[Any], how_many: int) -> list[Recent]:
    """What people changed lately in a city's entries of these kinds.

    Without what the portal itself did. One query more for each kind: the names.
    """
    condition = Q(pk__in=[])
    for model in kinds:
        in_city = {model.CITY_PATH: city.pk}
        keys = model._base_manager.filter(**in_city).values("pk")
        kind = ContentType.objects.get_for_model(model)
        condition |= Q(content_type=kind, object_id__in=keys)
    entries = LogEntry.objects.filter(condition, actor__isnull=False)
    entries = entries.select_related("actor", "content_type")
    latest = list(entries.order_by("-timestamp", "-pk")[:how_many])
    names = names_today(latest)
    return [_recent(entry, names[entry.pk]) for entry in latest]


def names_today(entries: Iterable[LogEntry]) -> dict[int, str]:
    """What the rows of these entries of the log are called now, in the reader's language, by the
    key of the entry; as the log has it where a row is gone. One query for each kind.
    """
    by_kind: dict[int, list[LogEntry]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.content_type_id].append(entry)
    names = {}
    for same_kind in by_kind.values():
        rows = _rows_of(same_kind)
        for entry in same_kind:
            row = rows.get(entry.object_id)
            names[entry.pk] = entry.object_repr if row is None else str(row)
    return names


def _rows_of(entries: list[LogEntry]) -> dict[Any, models.Model]:
    """The rows of one kind that these entries are about, by key."""
    model = entries[0].content_type.model_class()
    if model is None:
        return {}
    keys = {entry.object_id for entry in entries if entry.object_id is not None}
    rows = model._base_manager.select_related()
    return dict(rows.in_bulk(keys))


def recent_of_cities(kinds: Iterable[Any], how_many: int) -> list[Recent]:
    """What people of cities changed lately in any entry of these kinds. One query, and one
    for the names of each kind."""
    types = ContentType.objects.get_for_models(*kinds).values()
    entries = LogEntry.objects.filter(content_type__in=types, actor__isnull=False)
    of_cities = entries.exclude(actor__is_secretariat=True).select_related("actor", "content_type")
    latest = list(of_cities.order_by("-timestamp", "-pk")[:how_many])
    names = names_today(latest)
    return [_recent(entry, names[entry.pk]) for entry in latest]


def records_of_cities() -> list[type[models.Model]]:
    """Kinds of entries that belong to a city."""
    kinds: list[type[models.Model]] = []
    for model in apps.get_models():
        if issubclass(model, Record) and model.CITY_PATH:
            kinds.append(model)
    return kinds


def _recent(entry: LogEntry, name: str) -> Recent:
    kind = entry.content_type
    return Recent(
        author=author_of(entry),
        what=what_happened(entry),
        kind=capfirst(kind.name),
        name=name,
        url=reverse(f"admin:{kind.app_label}_{kind.model}_history", args=[entry.object_id]),
    )


def revisions(entries: Iterable[LogEntry], model: type[models.Model]) -> list[Revision]:
    """Entries of the log about rows of one model, as a person reads them."""
    entries = list(entries)
    names = _names_of_related(entries, model)
    return [
        Revision(
            entry.pk,
            author_of(entry),
            what_happened(entry),
            changes_in(entry, model, names),
        )
        for entry in entries
    ]


def what_happened(entry: LogEntry) -> str:
    """One saving in a few words."""
    action = entry.action
    if action == LogEntry.Action.CREATE:
        return pgettext("history", "entered")
    if action == LogEntry.Action.DELETE:
        return pgettext("history", "deleted")
    if action == LogEntry.Action.ACCESS:
        return pgettext("history", "a copy of all data was taken")
    changes = _logged(entry)
    change = changes.get("published_at")
    if not isinstance(change, list):
        return pgettext("history", "changed")
    _before, after = change
    if after:
        return pgettext("history", "made public")
    return pgettext("history", "taken off the public pages")


def _logged(entry: LogEntry) -> dict[str, Any]:
    """What the log holds of one saving: by field, the value before and after."""
    return entry.changes or {}


def changes_in(
    entry: LogEntry, model: type[models.Model], names: Mapping[str, Mapping[str, str]]
) -> list[FieldChange]:
    """What one saving changed, in the order of the model, without bookkeeping.

    By whom something was confirmed or annulled is not named: the revision itself says who.
    """
    left_out = {*BOOKKEEPING, "published_at"}
    columns = _logged_fields(entry, model)
    fields = [name for name in columns if name not in left_out and not name.endswith(BY_WHOM)]
    return _changes(entry, model, fields, names)


def everything_in(entry: LogEntry, model: type[models.Model]) -> list[FieldChange]:
    """All that one saving changed, bookkeeping too: for the log itself."""
    fields = _logged_fields(entry, model)
    names = _names_of_related([entry], model)
    return _changes(entry, model, fields, names)


def labels_in(entry: LogEntry, model: type[models.Model]) -> list[str]:
    """The fields that one saving changed, without a query."""
    labels = []
    names = _logged_fields(entry, model)
    for name in names:
        label, code = _label(model, name)
        if code:
            label = f"{label} ({own_name(code)})"
        labels.append(label)
    return labels


def _changes(
    entry: LogEntry,
    model: type[models.Model],
    fields: Iterable[str],
    names: Mapping[str, Mapping[str, str]],
) -> list[FieldChange]:
    logged = _logged(entry)
    changes = [_change(model, name, logged[name], names.get(name, {})) for name in fields]
    return [change for change in changes if change.pieces]


def _logged_fields(entry: LogEntry, model: type[models.Model]) -> list[str]:
    logged = _logged(entry)
    opts = model._meta
    fields = [*opts.concrete_fields, *opts.many_to_many]
    names = [field.name for field in fields]
    return [name for name in names if name in logged]


def _label(model: type[models.Model], name: str) -> tuple[str, str]:
    """What a column is called, and its language where there is one for each."""
    base, code = split_column(model, name)
    field: Any = model._meta.get_field(base)
    label = str(field.verbose_name)
    return label, code


def _change(
    model: type[models.Model], name: str, logged: Any, names: Mapping[str, str]
) -> FieldChange:
    label, code = _label(model, name)
    if isinstance(logged, dict):
        pieces = [_rows_piece(logged)]
    else:
        field: Any = model._meta.get_field(name)
        before, after = logged
        old = value_in_words(field, before, names)
        new = value_in_words(field, after, names)
        pieces = difference(old, new)
    return FieldChange(
        field=name,
        label=capfirst(label),
        code=code,
        pieces=pieces,
    )


def _rows_piece(logged: dict[str, Any]) -> Piece:
    """The rows that were added to a list, or taken away from it."""
    is_addition = logged.get("operation") == "add"
    kind = "new" if is_addition else "old"
    names = logged.get("objects", [])
    return Piece(kind, join_list(names, current_language()))


def split_column(model: type[models.Model], name: str) -> tuple[str, str]:
    """`name_pl` → (`name`, `pl`); a field without languages → (itself, empty)."""
    if name not in language_columns(model):
        return name, ""
    base, _underscore, code = name.rpartition("_")
    return base, code


def value_in_words(field: "models.Field[Any, Any]", value: Any, names: Mapping[str, str]) -> str:
    """A value as the log writes it, for a reader. `names`: of related rows by key."""
    if value in NOTHING:
        return ""
    if field.is_relation:
        return names.get(str(value), _("something that is gone"))
    if isinstance(field, models.BooleanField):
        if value in (True, "True"):
            return pgettext("answer", "yes")
        return pgettext("answer", "no")
    labels = dict(field.flatchoices)
    if value in labels:
        return str(labels[value])
    return _time_in_words(field, str(value))


def _time_in_words(field: "models.Field[Any, Any]", value: str) -> str:
    """A moment or a date as people write it; the log has moments in UTC. Other values as they
    are."""
    if isinstance(field, models.DateTimeField):
        at = parse_datetime(value)
        if at is None:
            return value
        return moment(at if is_aware(at) else at.replace(tzinfo=UTC))
    if isinstance(field, models.DateField | PartialDateField):
        try:
            return format_partial(value, current_language())
        except PartialDateError:
            return value
    return value


def _names_of_related(
    entries: Iterable[LogEntry], model: type[models.Model]
) -> dict[str, dict[str, str]]:
    """Names of rows by foreign key and key; one query for each foreign key that occurs."""
    names = {}
    for name, keys in _keys_of_related(entries, model).items():
        related: Any = model._meta.get_field(name).related_model
        numbers = filter(str.isdecimal, keys)
        rows = related._base_manager.filter(pk__in=numbers)
        names[name] = {str(row.pk): str(row) for row in rows}
    return names


def _keys_of_related(entries: Iterable[LogEntry], model: type[models.Model]) -> dict[str, set[str]]:
    """The keys that the log holds, by foreign key."""
    keys: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for name, logged in _logged(entry).items():
            if not isinstance(logged, list):
                continue
            if _is_foreign_key(model, name):
                values = [value for value in logged if value not in NOTHING]
                keys[name].update(map(str, values))
    return keys


def _is_foreign_key(model: type[models.Model], name: str) -> bool:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return bool(field.concrete and field.many_to_one)


# --- An old version -------------------------------------------------------------------------------


def may_be_restored(model: type[models.Model], name: str) -> bool:
    """Whether an old version may bring this field back: texts and facts.

    Never decisions and their dates, and never the city that the entry belongs to. Of lists
    (many-to-many) the log has the names of the rows only.
    """
    path = getattr(model, "CITY_PATH", None) or ""
    owner = path.partition("__")[0]
    if name in DECISIONS or name == owner or name.endswith(WHEN_AND_BY_WHOM):
        return False
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    is_value = field.concrete and not field.many_to_many
    is_file = isinstance(field, models.FileField)
    return is_value and field.editable and not is_file


def values_at(record: models.Model, entry: LogEntry) -> dict[str, Any]:
    """The values that the entry had after `entry` of the log, of the fields changed since."""
    model = type(record)
    at = entry.timestamp
    after = Q(timestamp__gt=at) | Q(timestamp=at, pk__gt=entry.pk)
    updates = log_of(record).filter(after, action=LogEntry.Action.UPDATE)
    values = {}
    for later in updates:
        changes = _logged(later)
        for name, logged in changes.items():
            if isinstance(logged, list) and may_be_restored(model, name):
                before, _now = logged
                values[name] = None if before == "None" else before
    return values
