"""How a public entry read at a moment: today's values, and the log of changes taken back from them.

The rules are those of the public changes (decision 0014): the entry is public now, and has been
without a break since before that moment, with all that it is public with. Of a time before, and of
an entry whose changes the log does not hold, no version is kept.
"""

import copy
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any

from auditlog.models import LogEntry
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

from languages.names import number
from languages.text import (
    Text,
    column,
    columns,
    current_language,
    language_columns,
    translated,
    translated_fields,
)
from members import telephone
from members.editing.history import NOTHING, value_in_words
from members.mailboxes import looks_personal
from members.models import (
    Action,
    City,
    Commitment,
    Meeting,
    Membership,
    Organisation,
    Point,
    Record,
    SupportContact,
    Undertaking,
    Unit,
)
from members.models.record import content_type_of
from members.standing import word_of
from portal.models import Event, News
from portal.public_kinds import FACTS
from programs.models import Programme

# How a moment stands in an address: in UTC, to the second.
MOMENT = "%Y%m%dT%H%M%SZ"
LENGTH = len("20261129T224210Z")
SECOND = timedelta(seconds=1)
# What the public pages show of an entry, beside its texts in each language.
SHOWN: dict[type[Record], tuple[str, ...]] = {
    City: FACTS[City],
    Programme: FACTS[Programme],
    Action: ("original_title", *FACTS[Action], "status_as_of", "carried_by"),
    Undertaking: ("original_statement", *FACTS[Undertaking], "as_of", "carried_by"),
    Membership: FACTS[Membership],
    Commitment: FACTS[Commitment],
    Point: ("number",),
    News: ("on", "quotation", "speaker"),
    Event: ("first_day", "starts", "last_day", "ends", "time_zone", "place", "url", "cancelled"),
    Meeting: ("kind", "starts", "ends", "place"),
    Organisation: FACTS[Organisation],
}
# Who is quoted, and what they said: an earlier version shows it only as the entry does today.
# Whoever takes their name back stands nowhere from the next request on.
OF_PERSONS: dict[type[Record], tuple[str, ...]] = {
    News: (
        "quotation",
        "speaker",
        *columns("office"),
        *columns("picture_text"),
        *columns("caption"),
    ),
}
# By what offices are reached, where a person's own may have been published by mistake.
REACH: dict[Any, tuple[str, ...]] = {
    SupportContact: ("email", "phone", "second_phone"),
    Unit: ("email",),
}


@dataclass(frozen=True)
class Version:
    """An entry as it read at `at`. `is_current`: it reads so today."""

    record: Any
    at: datetime
    is_current: bool

    @property
    def day(self) -> date:
        """In UTC, as the address has it."""
        return self.at.astimezone(UTC).date()

    @property
    def clock(self) -> str:
        return f"{self.at.astimezone(UTC):%H:%M:%S} UTC"

    def fields(self) -> list["ShownField"]:
        """What is not empty, in the order of the model; texts as the reader's language has them."""
        model = type(self.record)
        texts = [_text(self.record, name) for name in translated_fields(model)]
        facts = [_fact(self.record, name) for name in SHOWN[model]]
        return [field for field in [*texts, *facts] if field.text]


@dataclass(frozen=True)
class VersionPart:
    """A row that belongs to the entry, as it read then. `version`: None where it was not public
    then, or nothing of that time is kept."""

    label: str
    version: Version | None

    def fields(self) -> list["ShownField"]:
        return self.version.fields() if self.version else []

    @property
    def is_current(self) -> bool:
        return self.version is not None and self.version.is_current


@dataclass(frozen=True)
class ShownField:
    """A field with its value in words; `is_long`: a text with paragraphs."""

    label: str
    text: Text
    is_long: bool = False


def parse_moment(text: str) -> datetime | None:
    """The moment that an address names; None for what is none."""
    is_plain = len(text) == LENGTH and text.isascii()
    if not is_plain:
        return None
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def public_since(record: Record) -> datetime:
    """Since when it is public without a break, with all that it is public with."""
    moments = [record.published_at]
    for path in record.PUBLIC_WITH:
        parent = reduce(lambda row, name: row and getattr(row, name), path.split("__"), record)
        moments.append(parent.published_at if parent else None)
    return max(filter(None, moments))


def newest_moment(record: Record) -> datetime | None:
    """The moment of its version of today, rounded up to the second; None where the log does not
    hold the entry. Two queries; of a city as many again for each kind of what its version holds."""
    if not _logged_keys([record]):
        return None
    moments = [public_since(record), *_last_changes([record])]
    for rows in _parts_of(record):
        moments += map(public_since, rows)
        moments += _last_changes(rows)
    moment = max(moments)
    whole = moment.replace(microsecond=0)
    return whole if whole == moment else whole + SECOND


def _last_changes(rows: Sequence[Record]) -> list[datetime]:
    """When the last of these rows of one model changed in public; empty where none did. A change
    from before a row was public is older than that moment, so it does not count beside it."""
    last = _public_changes(rows).order_by().aggregate(last=Max("timestamp"))["last"]
    return [last] if last else []


def version_at(record: Record, at: datetime) -> Version | None:
    """As it read then; None where no version of that time is kept. Two queries."""
    (version,) = _versions_at([record], at)
    return version


def _versions_at(rows: Sequence[Record], at: datetime) -> list[Version | None]:
    """The same of several rows of one model, in their order. Two queries for all of them."""
    if at > timezone.now() + SECOND:
        return [None for _row in rows]
    logged = _logged_keys(rows)
    later: dict[int, list[LogEntry]] = defaultdict(list)
    for entry in _public_changes(rows).filter(timestamp__gt=at):
        later[entry.object_id].append(entry)
    versions = []
    for row in rows:
        is_kept = row.pk in logged and at >= public_since(row)
        versions.append(_version_of(row, at, later[row.pk]) if is_kept else None)
    return versions


def _version_of(record: Record, at: datetime, later: Sequence[LogEntry]) -> Version | None:
    """Today's values without what came later, the latest first."""
    then = copy.copy(record)
    for entry in later:
        if not _is_taken_back(then, entry):
            return None
    _leave_out_persons(then, record)
    return Version(then, at, is_current=not later)


def parts_at(record: Record, at: datetime) -> list[VersionPart]:
    """Of a city its memberships, and its points of the plan, in their order; of others nothing.
    Three queries for each kind."""
    parts: list[VersionPart] = []
    for rows in _parts_of(record):
        versions = _versions_at(rows, at)
        for row, version in zip(rows, versions, strict=True):
            label = _label_of(row)
            part = VersionPart(label, version)
            parts.append(part)
    return parts


def _parts_of(record: Record) -> list[list[Any]]:
    """What a version of a city holds beside its own fields, by model; of others nothing."""
    if not isinstance(record, City):
        return []
    memberships = Membership.objects.public().filter(city=record)
    commitments = Commitment.objects.public().filter(city=record, point__plan__in_force=True)
    kinds: list[list[Any]] = [
        list(memberships.select_related("city").order_by("pk")),
        list(commitments.select_related("city", "point").order_by("point__number")),
    ]
    return [rows for rows in kinds if rows]


def _label_of(part: Any) -> str:
    """What a part of a city is called: the point of a commitment, else what it is."""
    if isinstance(part, Commitment):
        return f"{part.point.number}. {translated(part.point, 'short_title')}"
    return capfirst(str(part._meta.verbose_name))


def takes_a_person_off(entry: LogEntry) -> bool:
    """Whether this change ends that a news item names somebody or takes the item down, or that the
    mailbox or the telephone of one person is published."""
    model = entry.content_type.model_class()
    changes = entry.changes or {}
    if model is News:
        return any(_value_before(changes, name) for name in ("published_at", *OF_PERSONS[News]))
    values = [_value_before(changes, name) for name in REACH.get(model, ())]
    return any(looks_personal(value) or telephone.is_mobile(value, "") for value in values)


def _value_before(changes: dict[str, Any], name: str) -> str:
    """What a change took away or replaced; empty where it did not."""
    logged = changes.get(name)
    # A pair before it is saved, a list when it is read again.
    if not isinstance(logged, list | tuple) or logged[0] in NOTHING:
        return ""
    return str(logged[0])


def _leave_out_persons(then: Record, today: Record) -> None:
    for name in OF_PERSONS.get(type(today), ()):
        if getattr(then, name) != getattr(today, name):
            setattr(then, name, "")


def _log_of(rows: Sequence[Record]) -> QuerySet[LogEntry]:
    """What the log holds of these rows of one model, the latest first."""
    keys = [row.pk for row in rows]
    content_type = content_type_of(rows[0])
    entries: QuerySet[LogEntry] = LogEntry.objects.filter(
        content_type=content_type,
        object_id__in=keys,
    )
    latest_first = ("-timestamp", "-pk")
    return entries.order_by(*latest_first)


def _logged_keys(rows: Sequence[Record]) -> set[int]:
    """The keys of those that the log holds."""
    entries = _log_of(rows).order_by()
    keys = entries.values_list(
        "object_id",
        flat=True,
    )
    return set(keys.distinct())


def _public_changes(rows: Sequence[Record]) -> QuerySet[LogEntry]:
    """What changed of what the public pages show, the latest first."""
    names = _columns(type(rows[0]))
    updates = _log_of(rows).filter(action=LogEntry.Action.UPDATE, changes__has_any_keys=names)
    while_public: QuerySet[LogEntry] = updates.exclude(changes__has_key="published_at")
    return while_public


def _columns(model: type[Record]) -> list[str]:
    return [*SHOWN[model], *language_columns(model)]


def _is_taken_back(record: Record, entry: LogEntry) -> bool:
    """Give the record the values from before this entry. Not where a value is another than the
    entry left behind: then something changed that the log does not hold."""
    for name in _columns(type(record)):
        logged = (entry.changes or {}).get(name)
        if not isinstance(logged, list):
            continue
        before, after = logged
        if not _is_same(getattr(record, name), after):
            return False
        field: Any = record._meta.get_field(name)
        value = field.to_python(None if before == "None" else before)
        setattr(record, name, "" if value is None and not field.null else value)
    return True


def _is_same(value: object, logged: object) -> bool:
    if value in NOTHING or logged in NOTHING:
        return value in NOTHING and logged in NOTHING
    return str(value) == str(logged)


def _text(record: Record, name: str) -> ShownField:
    field: Any = record._meta.get_field(column(name, "en"))
    label = str(record._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    is_long = field.get_internal_type() == "TextField"
    return ShownField(capfirst(label), translated(record, name), is_long)


def _fact(record: Record, name: str) -> ShownField:
    field: Any = record._meta.get_field(name)
    value = getattr(record, name)
    if name == "standing":
        return ShownField(gettext("Membership"), Text(word_of(value), ""))
    words = number(value, current_language()) if name == "population" and value else None
    words = words or value_in_words(field, value, {})
    return ShownField(capfirst(str(field.verbose_name)), Text(words, ""))
