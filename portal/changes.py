"""What changed in public about a city: from the log of changes, and only what the public could read
before and after.

An entry of the log is public if its row is public now, has been since before the change (so have
the rows that it is public with), and the field is named below. A text from before the first
publication, of a draft, or from before a row was taken off the pages and published anew is in none
of them. Addresses of mailboxes and telephone numbers are not named: what was taken down because it
was a person's must not come back here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from languages.text import language_columns
from members.editing.history import FieldChange, changes_in
from members.models import (
    Action,
    ActionUpdate,
    BodyTask,
    City,
    Commitment,
    Evidence,
    Indicator,
    IndicatorValue,
    LegalAct,
    Membership,
    Milestone,
    Organisation,
    Record,
    Review,
    SupportContact,
    Undertaking,
    Unit,
)
from programs.models import (
    Coverage,
    Edition,
    EditionEvent,
    Evaluation,
    Grant,
    Participation,
    Programme,
    ProgrammeItem,
    Spending,
)

# Kinds of entries and what the public pages show of them, beside their texts per language, all of
# which are public.
FACTS: dict[type[Record], tuple[str, ...]] = {
    City: ("local_name", "region", "population", "population_year", "website"),
    Unit: ("original_name", "url", "is_focal_point"),
    Membership: ("standing", "joined", "ended"),
    Milestone: ("kind", "on"),
    LegalAct: ("kind", "number", "session", "body", "title", "passed", "in_force", "url"),
    Commitment: ("chosen",),
    Undertaking: ("plan_title", "plan_edition", "decided_on", "decided_by"),
    Action: ("status", "starts", "due", "existed_before"),
    Evidence: (),
    ActionUpdate: ("on",),
    Indicator: (),
    IndicatorValue: ("on", "value"),
    Review: ("confirmed",),
    Organisation: ("original_name", "kind", "website", "term_from", "term_to"),
    BodyTask: (),
    SupportContact: ("url", "languages", "free", "anonymous", "last_checked_on"),
    Programme: ("original_name", "kind", "website"),
    Edition: ("label", "stage", "period_from", "period_to", "legal_basis"),
    EditionEvent: ("kind", "starts", "ends"),
    ProgrammeItem: ("kind", "done"),
    Participation: ("role",),
    Grant: ("year_from", "year_to", "amount", "currency"),
    Spending: ("year", "kind", "amount", "currency"),
    Coverage: ("kind",),
    Evaluation: (),
}


@dataclass(frozen=True)
class PublicChange:
    """One saving that the public could see. `by_office`: the network's office or the portal itself,
    else the city."""

    pk: int
    at: datetime
    by_office: bool
    kind: str
    name: str
    url: str
    changes: list[FieldChange]


def public_columns(model: type[Record]) -> list[str]:
    """Columns of this kind that may be told of."""
    return [*FACTS[model], *language_columns(model)]


def changes_of(city: City) -> models.QuerySet[LogEntry]:
    """Entries of the log that everybody may read, the latest first."""
    # One query for each kind, joined by UNION and not by "or": each finds its few entries by the
    # rows' keys.
    keys_by_kind = [_changes_of_kind(city, model) for model in FACTS]
    first, *others = keys_by_kind
    keys = first.union(*others, all=True)
    entries = LogEntry.objects.filter(pk__in=keys)
    related: models.QuerySet[LogEntry] = entries.select_related("actor", "content_type")
    return related.order_by("-timestamp", "-pk")


def _changes_of_kind(city: City, model: type[Record]) -> models.QuerySet[LogEntry]:
    path = str(model.CITY_PATH)
    rows = model.objects.public().filter(**{path: city.pk}).order_by()
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
    return while_public.order_by().values("pk")


def _public_before(moment: OuterRef, model: type[Record]) -> Q:
    """Public, with all that it is public with, since before this moment without a break."""
    condition = Q(published_at__lt=moment)
    for parent in model.PUBLIC_WITH:
        without = Q(**{f"{parent}__isnull": True})
        condition &= without | Q(**{f"{parent}__published_at__lt": moment})
    return condition


def readable(entries: Iterable[LogEntry]) -> list[PublicChange]:
    """As a reader sees them: one query per kind of entry that occurs."""
    entries = list(entries)
    rows = _public_rows(entries)
    changes = []
    for entry in entries:
        key = (entry.content_type_id, entry.object_id)
        row = rows.get(key)
        if row is None:
            continue
        changes.append(_readable(entry, row))
    return changes


def _public_rows(entries: list[LogEntry]) -> dict[tuple[int, int], Record]:
    """The public rows that these entries speak of, by type and key."""
    keys: dict[ContentType, set[int]] = defaultdict(set)
    for entry in entries:
        content_type = entry.content_type
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
        by_office=entry.actor is None or entry.actor.is_secretariat,
        kind=capfirst(str(model._meta.verbose_name)),
        name=str(row),
        url=_page_of(row),
        changes=changes_in(_public_part(entry, model), model, {}),
    )


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
