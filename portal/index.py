"""Which rows stand in the index, and keeping them right: written in the transaction of the row they
come from.

**A new kind of thing to be found** takes three steps:

1. a line in `KINDS`: a name, and a function that says for a row and a language what its entry is
   (`Entry`). The model is a `Record` with `public()` and `get_absolute_url()`; what `public()`
   leaves out has no rows here.
2. a line in `PARTS` for every further model whose texts stand in that entry, or whose rows decide
   what it says: whose rows are refreshed when one of its own is saved or deleted.
3. its words in `portal.hits.KINDS` (one and many). A test compares the two lists.

Then `manage.py rebuild_index`. The texts go in as they are; folding, stems, vocabulary and ranking
follow. Private files and drafts stay out because only texts of public rows are asked for: use
`.public()` on parts too.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import islice

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils.translation import override

from languages.dates import format_range
from languages.models import IndexRow
from languages.names import country_name
from languages.search.analysis import index_tokens
from languages.search.labels import labels_of
from languages.search.vocabulary import forget, learn
from languages.sorting import sort_key
from languages.text import Text, named, own_text, translated
from members.models import (
    Action,
    BodyTask,
    City,
    CityName,
    Commitment,
    Country,
    Ground,
    Meeting,
    Organisation,
    Plan,
    Point,
    SuggestedAction,
    SupportContact,
)
from members.models.record import content_type_of
from portal.models import Event, News
from programs.models import Edition, Programme, ProgrammeItem

TITLE_LENGTH = 500
SUMMARY_LENGTH = 600
BODY_LENGTH = 20_000
SORT_KEY_LENGTH = 1000
BATCH = 400


@dataclass(frozen=True)
class Entry:
    """What the index says about one object in one language."""

    title: Text
    summary: Text
    # Further names in exactly this language: found like the title.
    names: list[str] = field(default_factory=list)
    # Further texts in exactly this language: found, and quoted where they are.
    texts: list[str] = field(default_factory=list)
    # Where it belongs: found ("housing Paris" finds what Paris does for housing), but never quoted.
    places: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class IndexedKind:
    """How objects of one model are described, and which other objects' rows depend on theirs."""

    name: str
    entry: Callable[[models.Model, str], Entry]
    related: tuple[str, ...] = ()
    dependents: tuple[str, ...] = ()
    city: Callable[[models.Model], int | None] = lambda record: getattr(record, "city_id", None)
    country: Callable[[models.Model], str] = lambda record: ""
    # What is public and still says nothing that could be found has no rows; what depends on it may
    # have.
    stands: Callable[[models.Model], bool] | None = None
    # Numbers of the plan's points that it works on.
    points: Callable[[models.Model], Iterable[int]] = lambda record: ()
    # There will never be more than some hundred: they are all looked through, however common a word
    # is.
    few: bool = False


def city_entry(city: City, language: str) -> Entry:
    names = [
        other.name
        for other in city.other_names.all()
        if row_language(other.language, city) == language
    ]
    if row_language(city.local_language, city) == language:
        names.append(city.local_name)
    return Entry(translated(city, "name", language), summary(city, "introduction", language), names)


def row_language(language: str, record: models.Model) -> str:
    """In which language's row a name stands; a name in none of the portal's languages in the source
    language's."""
    return language if language in dict(settings.SCHEMA_LANGUAGES) else record.source_language


def point_entry(point: Point, language: str) -> Entry:
    short = own_text(point, "short_title", language)
    actions = [own_text(action, "text", language) for action in public(point.suggested_actions)]
    return Entry(
        translated(point, "title", language),
        summary(point, "objective", language),
        [short],
        actions,
    )


def ground_entry(ground: Ground, language: str) -> Entry:
    return Entry(translated(ground, "name", language), Text("", language))


def organisation_entry(organisation: Organisation, language: str) -> Entry:
    tasks = [own_text(task, "text", language) for task in public(organisation.tasks)]
    return named_entry(
        organisation, language, tasks, places(organisation.city, organisation.country, language)
    )


def contact_entry(contact: SupportContact, language: str) -> Entry:
    """What it does and where, under the name of its organisation."""
    texts = [own_text(contact, name, language) for name in ("hours", "remark")]
    where = places(contact.city, contact.country, language)
    names = original_name(contact.organisation, language)
    return Entry(
        named(contact.organisation, language),
        summary(contact, "what_it_does", language),
        names,
        texts,
        where,
    )


def programme_entry(programme: Programme, language: str) -> Entry:
    editions = public(programme.editions)
    texts = [own_text(edition, "summary", language) for edition in editions]
    texts += [
        own_text(item, "text", language) for edition in editions for item in public(edition.items)
    ]
    return named_entry(programme, language, texts, places(programme.city, None, language))


def named_entry(
    record: Organisation | Programme, language: str, texts: list[str], where: list[str]
) -> Entry:
    names = original_name(record, language)
    return Entry(
        named(record, language), summary(record, "introduction", language), names, texts, where
    )


def original_name(record: Organisation | Programme, language: str) -> list[str]:
    return (
        [record.original_name] if row_language(record.original_language, record) == language else []
    )


def places(city: City | None, country: Country | None, language: str) -> list[str]:
    """The city in this language and in its own, and the country."""
    country = city.country if city else country
    names = [str(translated(city, "name", language)), city.local_name] if city else []
    return [*names, country_name(country.code, language)] if country else names


def public(parts: models.Manager) -> list[models.Model]:
    """The published ones, of those that were fetched with their record."""
    return [part for part in parts.all() if part.published_at]


def commitment_entry(commitment: Commitment, language: str) -> Entry:
    title = translated(commitment.point, "title", language)
    text = in_city(commitment.city, translated(commitment, "statement", language), language)
    return Entry(title, text, places=places(commitment.city, None, language))


def action_entry(action: Action, language: str) -> Entry:
    original = (
        [action.original_title]
        if row_language(action.original_language, action) == language
        else []
    )
    description = in_city(
        action.commitment.city, summary(action, "description", language), language
    )
    where = places(action.commitment.city, None, language)
    return Entry(translated(action, "title", language), description, original, places=where)


def in_city(city: City, text: Text, language: str) -> Text:
    """A text that says first in which city: what is found stands alone in a list."""
    name = translated(city, "name", language)
    if not text:
        return name
    return Text(f"{name}. {text}"[:SUMMARY_LENGTH], text.language, text.is_fallback)


def country_of(record: models.Model) -> str:
    """The country of the city that an entry is by; none for the network's own."""
    return record.city.country.code if record.city_id else ""


def news_entry(news: News, language: str) -> Entry:
    return Entry(translated(news, "title", language), summary(news, "lead", language))


def event_entry(event: Event, language: str) -> Entry:
    return Entry(translated(event, "title", language), summary(event, "text", language))


def country_entry(country: Country, language: str) -> Entry:
    return Entry(Text(country_name(country.code, language), language), Text("", language))


def meeting_entry(meeting: Meeting, language: str) -> Entry:
    """What it is, where and when: a meeting has no name of its own."""
    with override(language):
        kind = str(meeting.get_kind_display())
    days = format_range(meeting.starts, meeting.ends or meeting.starts, language)
    return Entry(
        Text(", ".join(filter(None, [kind, meeting.place, days])), language), Text("", language)
    )


def summary(record: models.Model, name: str, language: str) -> Text:
    text = translated(record, name, language)
    return Text(text.value[:SUMMARY_LENGTH], text.language, text.is_fallback)


KINDS: dict[type[models.Model], IndexedKind] = {
    City: IndexedKind(
        "city",
        city_entry,
        related=("other_names", "country"),
        dependents=(
            "programmes",
            "organisations",
            "support_contacts",
            "commitments",
            "news",
            "events",
        ),
        city=lambda city: city.pk,
        country=lambda city: city.country.code,
        few=True,
    ),
    Country: IndexedKind("country", country_entry, country=lambda country: country.code, few=True),
    Meeting: IndexedKind("meeting", meeting_entry, few=True),
    Point: IndexedKind(
        "point",
        point_entry,
        related=("suggested_actions",),
        points=lambda point: [point.number],
        few=True,
    ),
    Ground: IndexedKind("ground", ground_entry, few=True),
    Commitment: IndexedKind(
        "commitment",
        commitment_entry,
        related=("city__country", "point"),
        dependents=("actions",),
        country=lambda commitment: commitment.city.country.code,
        points=lambda commitment: [commitment.point.number],
        stands=lambda commitment: bool(translated(commitment, "statement")),
    ),
    Action: IndexedKind(
        "action",
        action_entry,
        related=("commitment__city__country", "commitment__point", "further_points"),
        city=lambda action: action.commitment.city_id,
        country=lambda action: action.commitment.city.country.code,
        points=lambda action: {
            action.commitment.point.number,
            *(p.number for p in action.further_points.all()),
        },
    ),
    Organisation: IndexedKind(
        "organisation",
        organisation_entry,
        related=("city__country", "country", "tasks"),
        dependents=("support_contacts",),
        country=lambda record: record.country.code if record.country_id else "",
    ),
    SupportContact: IndexedKind(
        "contact",
        contact_entry,
        related=("city__country", "country", "organisation"),
        country=lambda contact: (contact.city.country if contact.city_id else contact.country).code,
    ),
    Programme: IndexedKind(
        "programme",
        programme_entry,
        related=("city__country", "points", "editions__items"),
        country=lambda programme: programme.city.country.code if programme.city_id else "",
        points=lambda programme: [point.number for point in programme.points.all()],
    ),
    News: IndexedKind("news", news_entry, related=("city__country",), country=country_of),
    Event: IndexedKind("event", event_entry, related=("city__country",), country=country_of),
}

# Whose entry a row of another model stands in.
PARTS: dict[type[models.Model], Callable[[models.Model], Iterable[models.Model]]] = {
    CityName: lambda name: [name.city],
    Plan: lambda plan: plan.points.all(),
    SuggestedAction: lambda action: [action.point],
    BodyTask: lambda task: [task.organisation],
    Edition: lambda edition: [edition.programme],
    ProgrammeItem: lambda item: [item.edition.programme],
}


def rows_of(record: models.Model) -> list[IndexRow]:
    """The rows that should stand for a public object, one per language."""
    kind = KINDS[type(record)]
    with override(settings.LANGUAGE_CODE):
        path = record.get_absolute_url().removeprefix(f"/{settings.LANGUAGE_CODE}/")
    return [_row(record, kind, path, code) for code, _name in settings.SCHEMA_LANGUAGES]


def _row(record: models.Model, kind: IndexedKind, path: str, language: str) -> IndexRow:
    entry = kind.entry(record, language)
    row = IndexRow(
        content_type=content_type_of(record),
        object_id=record.pk,
        language=language,
        kind=kind.name,
        path=path,
        title=entry.title.value[:TITLE_LENGTH],
        title_language=entry.title.language,
        other_names="\n".join(filter(None, entry.names)),
        summary=entry.summary.value,
        summary_language=entry.summary.language if entry.summary else "",
        body="\n".join(filter(None, entry.texts))[:BODY_LENGTH],
        city=kind.city(record),
        country=kind.country(record),
        points="".join(f" {number} " for number in sorted(kind.points(record))),
        fictional=getattr(record, "fictional", False),
        sort_key=sort_key(entry.title.value, language)[:SORT_KEY_LENGTH],
    )
    names = index_tokens(row.own_names, language)
    # The places also where there is no text in the language: "Цюрих" finds an office that is
    # described in German only.
    row.text_tokens = " ".join(index_tokens("\n".join([row.own_text, *entry.places]), language))
    row.title_tokens = " ".join(
        [*names, *(labels_of(row, small_kind=kind.few) if names or row.text_tokens else [])]
    )
    return row


def write(records: Iterable[models.Model]) -> int:
    """Bring the rows of public objects up to date; the number of rows written."""
    rows = [row for record in records for row in rows_of(record)]
    unique = ["content_type", "object_id", "language"]
    names = [f.name for f in IndexRow._meta.concrete_fields if f.name not in {"id", *unique}]
    IndexRow.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=unique, update_fields=names
    )
    learn(rows)
    return len(rows)


# What `gathered()` puts off: models and keys.
_waiting: ContextVar[dict[type[models.Model], set[int]] | None] = ContextVar(
    "waiting", default=None
)


@contextmanager
def gathered() -> Iterator[None]:
    """Bring the index up to date once at the end, not after every row: for loaders, within their
    transaction."""
    waiting: dict[type[models.Model], set[int]] = defaultdict(set)
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    _refresh(waiting)


def refresh(record: models.Model) -> None:
    """Make the index agree with one object, and with those that are public only together with
    it."""
    waiting = _waiting.get()
    if waiting is None:
        _refresh({type(record): {record.pk}})
    else:
        waiting[type(record)].add(record.pk)


def _refresh(keys: dict[type[models.Model], set[int]]) -> None:
    """Round after round: these objects, then what depends on those that changed."""
    while keys:
        dependents: dict[type[models.Model], set[int]] = defaultdict(set)
        for model, pks in keys.items():
            for batch in batched(iter(sorted(pks))):
                for dependent in _refresh_batch(model, batch):
                    dependents[type(dependent)].add(dependent.pk)
        keys = dependents


def _refresh_batch(model: type[models.Model], pks: list[int]) -> list[models.Model]:
    """Write or delete the rows of these objects; what is public only together with one that
    changed."""
    kind = KINDS[model]
    rows = IndexRow.objects.filter(content_type=content_type_of(model()), object_id__in=pks)
    before = _shown(rows)
    public = model.objects.public().filter(pk__in=pks).prefetch_related(*kind.related)
    standing = [record for record in public if not kind.stands or kind.stands(record)]
    gone = set(before) - {record.pk for record in standing}
    if gone:
        rows.filter(object_id__in=gone).delete()
    write(standing)
    if not kind.dependents:
        return []
    after = _shown(rows)
    changed = [pk for pk in pks if kind.stands or before[pk] != after[pk]]
    return [
        dependent
        for record in model._base_manager.filter(pk__in=changed)
        for name in kind.dependents
        for dependent in getattr(record, name).all()
    ]


def _shown(rows: models.QuerySet[IndexRow]) -> dict[int, list[tuple]]:
    """What others' rows take over from an object's own."""
    found: dict[int, list[tuple]] = defaultdict(list)
    columns = ("object_id", "language", "title", "other_names", "country", "fictional")
    for key, *values in rows.order_by("language").values_list(*columns):
        found[key].append(tuple(values))
    return found


def rebuild(
    progress: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> dict[str, int]:
    """Drop and write again every row and the vocabulary, in one transaction; the number of rows by
    kind."""
    with transaction.atomic():
        forget()
        return {KINDS[model].name: _rebuild(model, progress) for model in KINDS}


def _rebuild(model: type[models.Model], progress: Callable[[str, int, int], None]) -> int:
    kind = KINDS[model]
    IndexRow.objects.filter(content_type=content_type_of(model())).delete()
    public_rows = model.objects.public().prefetch_related(*kind.related)
    total, count = public_rows.count(), 0
    progress(kind.name, 0, total)
    for done, batch in enumerate(batched(public_rows.order_by("pk").iterator(chunk_size=BATCH)), 1):
        count += write(record for record in batch if not kind.stands or kind.stands(record))
        progress(kind.name, min(done * BATCH, total), total)
    return count


def batched(records: Iterator[models.Model]) -> Iterator[list[models.Model]]:
    """In lists of `BATCH`: an index of any size is written with the memory of one of them."""
    while batch := list(islice(records, BATCH)):
        yield batch


# Published ahead of time: public from a moment on at which nobody saves them.
DATED = (News, Event)


def write_due(model: type[models.Model]) -> int:
    """Index what has become public by itself since it was saved; the number of rows."""
    written = IndexRow.objects.filter(content_type=content_type_of(model())).values("object_id")
    return write(
        model.objects.public().exclude(pk__in=written).prefetch_related(*KINDS[model].related)
    )


def _saved(
    sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: object
) -> None:
    if raw:
        return
    if sender in KINDS:
        refresh(instance)
    for record in PARTS[sender](instance) if sender in PARTS else ():
        refresh(record)


def _deleted(sender: type[models.Model], instance: models.Model, **kwargs: object) -> None:
    if sender is Country:
        IndexRow.objects.filter(
            content_type=content_type_of(instance), object_id=instance.pk
        ).delete()
    for record in PARTS[sender](instance) if sender in PARTS else ():
        # With the whole record deleted there is nothing left to refresh.
        if type(record).objects.filter(pk=record.pk).exists():
            refresh(record)


def _points_changed(
    sender: type[models.Model],
    instance: models.Model,
    action: str,
    reverse: bool,
    pk_set: set | None,
    **kwargs: object,
) -> None:
    if action in {"post_add", "post_remove", "post_clear"}:
        model = Programme if sender is Programme.points.through else Action
        for record in model.objects.filter(pk__in=pk_set or ()) if reverse else [instance]:
            refresh(record)


def connect() -> None:
    """Listen to the rows' own changes. Rows of a deleted record go with it (generic relation)."""
    for sender in [*KINDS, *PARTS]:
        post_save.connect(_saved, sender=sender, dispatch_uid=f"index-save-{sender._meta.label}")
    for sender in [Country, *PARTS]:
        post_delete.connect(
            _deleted, sender=sender, dispatch_uid=f"index-delete-{sender._meta.label}"
        )
    for through in (Programme.points.through, Action.further_points.through):
        m2m_changed.connect(
            _points_changed, sender=through, dispatch_uid=f"index-points-{through._meta.label}"
        )
