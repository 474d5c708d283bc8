"""What changed in public about a city: from the log of changes, and only what the public could read
before and after.

An entry of the log is public if its row is public now, has been since before the change (so have
the rows that it is public with), and `portal.public_kinds` names the field. A text from before the
first publication, of a draft, or from before a row was taken off the pages and published anew is in
none of them, nor is one of evidence from a time when it was for the network's office only.
Addresses of mailboxes and telephone numbers are not named: what was taken down because it was a
person's must not come back here.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from languages.difference import difference
from languages.prepared_queries import KEY, PreparedQuery, prepare
from languages.text import language_columns
from members.editing.history import FieldChange, changes_in
from members.models import City, Country, Evidence, Point, Record
from members.models.record import condition_on_publication
from members.standing import word_of
from portal.public_kinds import FACTS, point_path

Entries = models.QuerySet[LogEntry]
# Of a kind: the condition of its rows; None leaves the kind out.
Question = Callable[[type[Record]], Q | None]


@dataclass(frozen=True)
class PublicChange:
    """One saving that the public could see. `by_office`: the network's office or the portal itself,
    else the city. `city`: whose row it is, if anybody's."""

    pk: int
    at: datetime
    by_office: bool
    kind: str
    name: str
    url: str
    changes: list[FieldChange]
    city: City | None


def public_columns(model: type[Record]) -> list[str]:
    """Columns of this kind that may be told of."""
    return [*FACTS[model], *language_columns(model)]


class PublicEntries:
    """Entries of the log that everybody may read, the latest first: a list that a paginator cuts.

    `question`: which of them, with the key of what they are about; `is_signed`: only those that a
    person wrote, or only those that nobody signed, which a loader wrote."""

    def __init__(
        self, question: Question, key: int = KEY, *, is_signed: bool | None = None
    ) -> None:
        self._question = question
        self._query = _prepared(question, is_signed)
        self._key = key

    @property
    def by_people(self) -> "PublicEntries":
        return PublicEntries(self._question, self._key, is_signed=True)

    @property
    def by_loaders(self) -> "PublicEntries":
        return PublicEntries(self._question, self._key, is_signed=False)

    def count(self) -> int:
        return self._query.count(self._key)

    def __getitem__(self, part: slice) -> list[LogEntry]:
        first = part.start or 0
        return self._query.rows(LogEntry, self._key, first, part.stop - first)


def changes_of(city: City) -> PublicEntries:
    """Entries of the log about a city."""
    return PublicEntries(_of_city, city.pk)


def changes_in_country(country: Country) -> PublicEntries:
    """The same of all real cities of a country."""
    return PublicEntries(_in_country, country.pk)


def changes_under(point: Point) -> PublicEntries:
    """The same of what all real cities do under a point of the plan."""
    return PublicEntries(_under_point, point.pk)


def changes_of_everything() -> PublicEntries:
    """The same of all that is not invented."""
    return PublicEntries(_of_everything)


def _of_city(model: type[Record]) -> Q:
    return Q(**{str(model.CITY_PATH): KEY})


def _in_country(model: type[Record]) -> Q:
    in_country = Q(**{f"{_city_path(model)}country": KEY})
    return in_country & Q(**{f"{_city_path(model)}fictional": False})


def _under_point(model: type[Record]) -> Q | None:
    path = point_path(model)
    if path is None:
        return None
    to_city = _city_path(model)
    is_real = Q(**{f"{to_city}fictional": False})
    is_under = Q(**{path: KEY})
    return is_under & is_real


def _of_everything(model: type[Record]) -> Q:
    is_real = Q(fictional=False)
    if model is City:
        return is_real
    has_no_city = Q(**{f"{model.CITY_PATH}__isnull": True})
    return is_real & (has_no_city | Q(**{f"{model.CITY_PATH}__fictional": False}))


def _city_path(model: type[Record]) -> str:
    """What stands before a field of the city in a lookup."""
    return "" if model is City else f"{model.CITY_PATH}__"


@cache
def _prepared(question: Question, is_signed: bool | None) -> PreparedQuery:
    """The entries, the latest first, each with `by_office`. Building this takes nine tenths of the
    time of a page of changes: it is built once for each question."""
    # One query for each kind, joined by UNION and not by "or": each finds its few entries by the
    # rows' keys.
    conditions = {model: question(model) for model in FACTS}
    keys_by_kind = [
        _changes_of_kind(condition, model)
        for model, condition in conditions.items()
        if condition is not None
    ]
    first, *others = keys_by_kind
    keys = first.union(*others, all=True)
    by_office = Q(actor__isnull=True) | Q(actor__is_secretariat=True)
    entries = LogEntry.objects.filter(pk__in=keys).annotate(by_office=by_office)
    if is_signed is not None:
        entries = entries.filter(actor__isnull=not is_signed)
    return prepare(entries.order_by("-timestamp", "-pk"))


def _changes_of_kind(condition: Q, model: type[Record]) -> Entries:
    rows = model.objects.public().filter(condition).order_by()
    public_before = _public_before(OuterRef("timestamp"), model)
    same_row = rows.filter(public_before, pk=OuterRef("object_id"))
    entries: models.QuerySet[LogEntry] = LogEntry.objects.filter(
        Exists(same_row),
        object_id__in=rows.values("pk"),
        content_type=ContentType.objects.get_for_model(model),
        action=LogEntry.Action.UPDATE,
        changes__has_any_keys=public_columns(model),
    )
    # What was written in the same moment as it was published replaced a text that nobody could
    # read.
    while_public = entries.exclude(changes__has_key="published_at")
    if model is Evidence:
        while_public = while_public.exclude(_ticked_later())
    return while_public.order_by().values("pk")


def _ticked_later() -> Exists:
    """Whether the tick "only for the network's office" changed with this entry or after it."""
    ticks = LogEntry.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        timestamp__gte=OuterRef("timestamp"),
        action=LogEntry.Action.UPDATE,
        changes__has_key="office_only",
    )
    return Exists(ticks)


def _public_before(moment: OuterRef, model: type[Record]) -> Q:
    """Public, with all that it is public with, since before this moment without a break."""
    return condition_on_publication(model, "lt", moment)


def readable(entries: Iterable[LogEntry]) -> list[PublicChange]:
    """As a reader sees them: one query per kind of entry that occurs, and one for later changes.

    A row has the name that it had after each entry: a new name, whoever gave it, does not change
    what was told before.
    """
    wanted = {entry.pk: entry for entry in entries}
    rows = _public_rows(wanted.values())
    then = {key: copy(row) for key, row in rows.items()}
    changes = []
    for logged in _since_the_first(wanted.values()):
        key = (logged.content_type_id, logged.object_id)
        if key not in rows:
            continue
        if logged.pk in wanted:
            change = _readable(wanted[logged.pk], rows[key])
            changes.append(replace(change, name=str(then[key])))
        _take_back(logged, then[key])
    return changes


def _since_the_first(entries: Collection[LogEntry]) -> Entries:
    """These entries, and all others about the same rows since the first of them, the latest
    first."""
    keys: dict[int, set[int]] = defaultdict(set)
    for entry in entries:
        keys[entry.content_type_id].add(entry.object_id)
    of_rows = Q(pk=None)
    for content_type, own in keys.items():
        of_rows |= Q(content_type=content_type, object_id__in=own)
    first = min((entry.timestamp for entry in entries), default=None)
    updates = LogEntry.objects.filter(of_rows, action=LogEntry.Action.UPDATE)
    since = updates.filter(timestamp__gte=first) if first else updates.none()
    needed = since.only("content_type_id", "object_id", "changes", "action")
    latest_first: Entries = needed.order_by("-timestamp", "-pk")
    return latest_first


def _take_back(entry: LogEntry, row: Record) -> None:
    """Give a copy of the row the public texts that it had before this entry."""
    model = type(row)
    for name, (old, _new) in (_public_part(entry, model).changes or {}).items():
        field = model._meta.get_field(name)
        is_text = isinstance(field, models.CharField | models.TextField)
        if is_text:
            text = "" if old in (None, "None") else old
            setattr(row, name, text)


def _public_rows(entries: Iterable[LogEntry]) -> dict[tuple[int, int], Record]:
    """The public rows that these entries speak of, by type and key."""
    keys: dict[ContentType, set[int]] = defaultdict(set)
    for entry in entries:
        content_type = ContentType.objects.get_for_id(entry.content_type_id)
        keys[content_type].add(entry.object_id)
    rows: dict[tuple[int, int], Record] = {}
    for content_type, own in keys.items():
        model: Any = content_type.model_class()
        public = model.objects.public()
        own_rows = public.filter(pk__in=own)
        for row in own_rows.select_related(*model.PUBLIC_WITH):
            key = (content_type.pk, row.pk)
            rows[key] = row
    return rows


def _readable(entry: LogEntry, row: Record) -> PublicChange:
    model = type(row)
    return PublicChange(
        pk=entry.pk,
        at=entry.timestamp,
        by_office=bool(entry.by_office),
        kind=capfirst(str(model._meta.verbose_name)),
        name=str(row),
        url=_page_of(row),
        changes=_changes_of(_public_part(entry, model), model),
        city=_city_of(row),
    )


def _changes_of(part: LogEntry, model: type[Record]) -> list[FieldChange]:
    """In the words of visitors, who read of a membership and not of its standing."""
    changes = changes_in(part, model, {})
    return [
        _membership_change(change, part) if change.field == "standing" else change
        for change in changes
    ]


def _membership_change(change: FieldChange, part: LogEntry) -> FieldChange:
    before, after = (part.changes or {})["standing"]
    return replace(
        change,
        label=_("Membership"),
        pieces=difference(word_of(before), word_of(after)),
    )


def _city_of(row: Any) -> City | None:
    if isinstance(row, City):
        return row
    for name in str(row.CITY_PATH).split("__"):
        row = getattr(row, name) if row else None
    return row if isinstance(row, City) else None


def _public_part(entry: LogEntry, model: type[Record]) -> LogEntry:
    """The entry with the columns alone that everybody may read."""
    changes = entry.changes or {}
    public = {}
    for name in public_columns(model):
        if name in changes:
            public[name] = changes[name]
    return LogEntry(changes=public, action=entry.action)


def _page_of(row: Record) -> str:
    """Where the row is read: its own page, else none (it stands on the city's)."""
    return row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""


def by_whom(change: PublicChange) -> str:
    """Never a person: the city, or the network's office."""
    return _("the network’s office") if change.by_office else _("the city")


def new_text(change: FieldChange) -> str:
    """What stands there now, for a feed."""
    pieces = [piece.text for piece in change.pieces if piece.kind != "old"]
    return "".join(pieces)
