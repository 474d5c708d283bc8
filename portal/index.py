"""Which rows stand in the index, and keeping them right: written in the transaction of the row they come from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from django.utils.translation import override

from languages.analysis import index_tokens
from languages.models import IndexRow
from languages.names import country_name
from languages.sorting import sort_key
from languages.text import Text, named, own_text, translated
from members.models import City, CityName, Country, Ground, Organisation, Plan, Point
from members.models.record import content_type_of
from portal.models import Event, News
from programs.models import Programme

TITLE_LENGTH = 500
SUMMARY_LENGTH = 600
SORT_KEY_LENGTH = 1000


@dataclass(frozen=True)
class Entry:
    """What the index says about one object in one language."""

    title: Text
    summary: Text
    # Further names and texts in exactly this language, found but not shown.
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Kind:
    """How objects of one model are described, and which other objects' rows depend on theirs."""

    name: str
    entry: Callable[[models.Model, str], Entry]
    related: tuple[str, ...] = ()
    dependents: tuple[str, ...] = ()
    city: Callable[[models.Model], int | None] = lambda record: getattr(record, "city_id", None)
    country: Callable[[models.Model], str] = lambda record: ""


def city_entry(city: City, language: str) -> Entry:
    names = [other.name for other in city.other_names.all() if row_language(other.language, city) == language]
    if row_language(city.local_language, city) == language:
        names.append(city.local_name)
    return Entry(translated(city, "name", language), summary(city, "introduction", language), names)


def row_language(language: str, record: models.Model) -> str:
    """In which language's row a name stands; a name in none of the portal's languages in the source language's."""
    return language if language in dict(settings.SCHEMA_LANGUAGES) else record.source_language


def point_entry(point: Point, language: str) -> Entry:
    short = own_text(point, "short_title", language)
    return Entry(translated(point, "title", language), summary(point, "objective", language), [short])


def ground_entry(ground: Ground, language: str) -> Entry:
    return Entry(translated(ground, "name", language), Text("", language))


def named_entry(record: Organisation | Programme, language: str) -> Entry:
    original = [record.original_name] if row_language(record.original_language, record) == language else []
    return Entry(named(record, language), summary(record, "introduction", language), original)


def country_of(record: models.Model) -> str:
    """The country of the city that an entry is by; none for the network's own."""
    return record.city.country.code if record.city_id else ""


def news_entry(news: News, language: str) -> Entry:
    return Entry(translated(news, "title", language), summary(news, "lead", language))


def event_entry(event: Event, language: str) -> Entry:
    return Entry(translated(event, "title", language), summary(event, "text", language))


def country_entry(country: Country, language: str) -> Entry:
    return Entry(Text(country_name(country.code, language), language), Text("", language))


def summary(record: models.Model, name: str, language: str) -> Text:
    text = translated(record, name, language)
    return Text(text.value[:SUMMARY_LENGTH], text.language, text.is_fallback)


KINDS: dict[type[models.Model], Kind] = {
    City: Kind(
        "city",
        city_entry,
        related=("other_names", "country"),
        dependents=("programmes", "organisations", "news", "events"),
        city=lambda city: city.pk,
        country=lambda city: city.country.code,
    ),
    Country: Kind("country", country_entry, country=lambda country: country.code),
    Point: Kind("point", point_entry),
    Ground: Kind("ground", ground_entry),
    Organisation: Kind(
        "organisation",
        named_entry,
        related=("country",),
        country=lambda record: record.country.code if record.country_id else "",
    ),
    Programme: Kind(
        "programme",
        named_entry,
        related=("city__country",),
        country=lambda programme: programme.city.country.code if programme.city_id else "",
    ),
    News: Kind("news", news_entry, related=("city__country",), country=country_of),
    Event: Kind("event", event_entry, related=("city__country",), country=country_of),
}


def rows_of(record: models.Model) -> list[IndexRow]:
    """The rows that should stand for a public object, one per language."""
    kind = KINDS[type(record)]
    with override(settings.LANGUAGE_CODE):
        path = record.get_absolute_url().removeprefix(f"/{settings.LANGUAGE_CODE}/")
    return [_row(record, kind, path, code) for code, _name in settings.SCHEMA_LANGUAGES]


def _row(record: models.Model, kind: Kind, path: str, language: str) -> IndexRow:
    entry = kind.entry(record, language)
    own_title = [] if entry.title.is_fallback else [entry.title.value]
    own_summary = "" if entry.summary.is_fallback else entry.summary.value
    return IndexRow(
        content_type=content_type_of(record),
        object_id=record.pk,
        language=language,
        kind=kind.name,
        path=path,
        title=entry.title.value[:TITLE_LENGTH],
        title_language=entry.title.language,
        summary=entry.summary.value,
        summary_language=entry.summary.language if entry.summary else "",
        city=kind.city(record),
        country=kind.country(record),
        fictional=getattr(record, "fictional", False),
        sort_key=sort_key(entry.title.value, language)[:SORT_KEY_LENGTH],
        title_tokens=" ".join(index_tokens(" ".join([*own_title, *filter(None, entry.words)]), language)),
        text_tokens=" ".join(index_tokens(own_summary, language)),
    )


def write(records: Iterable[models.Model]) -> int:
    """Bring the rows of public objects up to date; the number of rows written."""
    rows = [row for record in records for row in rows_of(record)]
    unique = ["content_type", "object_id", "language"]
    names = [f.name for f in IndexRow._meta.concrete_fields if f.name not in {"id", *unique}]
    IndexRow.objects.bulk_create(rows, batch_size=400, update_conflicts=True, unique_fields=unique, update_fields=names)
    return len(rows)


def refresh(record: models.Model) -> None:
    """Make the index agree with one object, and with those that are public only together with it."""
    kind = KINDS[type(record)]
    rows = IndexRow.objects.filter(content_type=content_type_of(record), object_id=record.pk)
    before = rows.values_list("country", "fictional").first()
    public = type(record).objects.public().filter(pk=record.pk).prefetch_related(*kind.related).first()
    if public is None:
        rows.delete()
    else:
        write([public])
    if before != rows.values_list("country", "fictional").first():
        for name in kind.dependents:
            for dependent in getattr(record, name).all():
                refresh(dependent)


def rebuild(model: type[models.Model]) -> int:
    """Drop and write again every row of one model, in one transaction; the number of rows."""
    kind = KINDS[model]
    with transaction.atomic():
        IndexRow.objects.filter(content_type=content_type_of(model())).delete()
        return write(model.objects.public().prefetch_related(*kind.related))


# Published ahead of time: public from a moment on at which nobody saves them.
DATED = (News, Event)


def write_due(model: type[models.Model]) -> int:
    """Index what has become public by itself since it was saved; the number of rows."""
    written = IndexRow.objects.filter(content_type=content_type_of(model())).values("object_id")
    return write(model.objects.public().exclude(pk__in=written).prefetch_related(*KINDS[model].related))


def _saved(sender: type[models.Model], instance: models.Model, raw: bool = False, **kwargs: object) -> None:
    if raw:
        return
    if sender in KINDS:
        refresh(instance)
    elif sender is CityName:
        refresh(instance.city)
    elif sender is Plan:
        for point in instance.points.all():
            refresh(point)


def _deleted(sender: type[models.Model], instance: models.Model, **kwargs: object) -> None:
    if sender is Country:
        IndexRow.objects.filter(content_type=content_type_of(instance), object_id=instance.pk).delete()
    elif sender is CityName and City.objects.filter(pk=instance.city_id).exists():
        refresh(instance.city)


def connect() -> None:
    """Listen to the rows' own changes. Rows of a deleted record go with it (generic relation)."""
    for sender in [*KINDS, CityName, Plan]:
        post_save.connect(_saved, sender=sender, dispatch_uid=f"index-save-{sender._meta.label}")
    for sender in [Country, CityName]:
        post_delete.connect(_deleted, sender=sender, dispatch_uid=f"index-delete-{sender._meta.label}")
