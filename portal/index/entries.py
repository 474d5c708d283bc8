"""What stands in the index for one object in one language, model by model."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.conf import settings
from django.utils.translation import override

from languages.dates import format_range
from languages.names import country_name
from languages.search.word_lists import abbreviations_of
from languages.text import Text, named, own_text, translated
from members.models import (
    Action,
    City,
    Commitment,
    Country,
    Ground,
    LegalAct,
    Meeting,
    Organisation,
    Point,
    Record,
    SupportContact,
)
from members.models.cities import city_name
from portal.models import Event, News
from programs.models import Programme

# In characters.
SUMMARY_LENGTH = 600

R = TypeVar("R", bound=Record)


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
    # The title is the portal's translation of a name: names in their own language come before it.
    is_gloss: bool = False


# --- Cities and countries -------------------------------------------------------------------------


def city_entry(city: City, language: str) -> Entry:
    names = []
    for row in city.other_names.all():
        if row_language(row.language, city) == language:
            names.append(row.name)
    if row_language(city.local_language, city) == language:
        names.append(city.local_name)
    title = city_name(city, language)
    if city.distinguished_by:
        # Nobody must know what tells it apart to find it.
        names.append(own_text(city, "name", language))
    introduction = summary(city, "introduction", language)
    return Entry(title, introduction, names)


def country_entry(country: Country, language: str) -> Entry:
    title = Text(country_name(country.code, language), language)
    return Entry(title, Text("", language))


def meeting_entry(meeting: Meeting, language: str) -> Entry:
    """Its kind, place and days: a meeting has no name of its own."""
    with override(language):
        kind = str(meeting.get_kind_display())
        where = meeting.where
    last_day = meeting.ends or meeting.starts
    days = format_range(meeting.starts, last_day, language)
    parts = [kind, where, days]
    words = ", ".join(filter(None, parts))
    title = Text(words, language)
    no_summary = Text("", language)
    as_written = [meeting.place] if meeting.place else []
    return Entry(title, no_summary, as_written)


# --- The plan, and what cities promise ------------------------------------------------------------


def point_entry(point: Point, language: str) -> Entry:
    suggested = public(point.suggested_actions.all())
    short_title = own_text(point, "short_title", language)
    texts = [own_text(action, "text", language) for action in suggested]
    return Entry(
        translated(point, "title", language),
        summary(point, "objective", language),
        names=[short_title],
        texts=texts,
    )


def ground_entry(ground: Ground, language: str) -> Entry:
    title = translated(ground, "name", language)
    no_summary = Text("", language)
    return Entry(title, no_summary)


def commitment_entry(commitment: Commitment, language: str) -> Entry:
    city = commitment.city
    statement = translated(commitment, "statement", language)
    return Entry(
        translated(commitment.point, "title", language),
        in_city(city, statement, language),
        places=places_of_city(city, language),
    )


def action_entry(action: Action, language: str) -> Entry:
    city = action.commitment.city
    names = []
    if row_language(action.original_language, action) == language:
        names.append(action.original_title)
    description = summary(action, "description", language)
    return Entry(
        translated(action, "title", language),
        in_city(city, description, language),
        names,
        places=places_of_city(city, language),
    )


def act_entry(act: LegalAct, language: str) -> Entry:
    """Kind and number; its own title where it has one in this language."""
    with override(language):
        kind = str(act.get_kind_display())
    words = " ".join(filter(None, [kind, act.number]))
    title = Text(words[:1].upper() + words[1:], language)
    note = translated(act, "note", language)
    is_in_language = row_language(act.language, act) == language
    texts = [act.body, act.session] if is_in_language else []
    document = act.document
    if is_in_language and document and document.public_since:
        texts.append(document.title)
    return Entry(
        title,
        in_city(act.city, note, language),
        names=[act.title] if is_in_language else [],
        texts=texts,
        places=[*places_of_city(act.city, language), act.passed],
    )


# --- Organisations, contacts, programmes ----------------------------------------------------------


def organisation_entry(organisation: Organisation, language: str) -> Entry:
    tasks = public(organisation.tasks.all())
    entry = named_entry(
        organisation,
        language,
        names=names_of_organisation(organisation, language),
        texts=[own_text(task, "text", language) for task in tasks],
        places=places_of(organisation, language),
    )
    return replace(entry, is_gloss=has_gloss(organisation, language))


def contact_entry(contact: SupportContact, language: str) -> Entry:
    """What it does and where, under the name of its organisation."""
    organisation = contact.organisation
    return Entry(
        named(organisation, language),
        summary(contact, "what_it_does", language),
        names=names_of_organisation(organisation, language),
        texts=[own_text(contact, name, language) for name in ("hours", "remark")],
        places=places_of(contact, language),
        is_gloss=has_gloss(organisation, language),
    )


def programme_entry(programme: Programme, language: str) -> Entry:
    editions = public(programme.editions.all())
    texts = [own_text(edition, "summary", language) for edition in editions]
    for edition in editions:
        items = public(edition.items.all())
        texts += [own_text(item, "text", language) for item in items]
    places = []
    if programme.city:
        places = places_of_city(programme.city, language)
    names = original_name(programme, language)
    return named_entry(programme, language, names=names, texts=texts, places=places)


def named_entry(
    record: Organisation | Programme,
    language: str,
    *,
    names: list[str],
    texts: list[str],
    places: list[str],
) -> Entry:
    """The entry of something that has a name in its own language beside the translations."""
    return Entry(
        named(record, language),
        summary(record, "introduction", language),
        names,
        texts,
        places,
    )


def names_of_organisation(organisation: Organisation, language: str) -> list[str]:
    """Its name in its own language in the row of that language, and in each row its
    abbreviations."""
    abbreviations = abbreviations_of(organisation.slug, organisation.original_name)
    return [*original_name(organisation, language), *abbreviations]


def has_gloss(organisation: Organisation, language: str) -> bool:
    """Whether its name in a language is a translation of the name that it uses."""
    own_language = row_language(organisation.original_language, organisation)
    has_own_name = bool(organisation.original_name) and own_language == language
    return bool(own_text(organisation, "name", language)) and not has_own_name


def original_name(record: Organisation | Programme, language: str) -> list[str]:
    """The name in its own language, for the row in that language."""
    if row_language(record.original_language, record) == language:
        return [record.original_name]
    return []


# --- News and events ------------------------------------------------------------------------------


def news_entry(news: News, language: str) -> Entry:
    title = translated(news, "title", language)
    lead = summary(news, "lead", language)
    return Entry(title, lead)


def event_entry(event: Event, language: str) -> Entry:
    title = translated(event, "title", language)
    text = summary(event, "text", language)
    return Entry(title, text)


# --- Texts, names and places ----------------------------------------------------------------------


def summary(record: Record, name: str, language: str) -> Text:
    """The beginning of a translated field."""
    text = translated(record, name, language)
    beginning = text.value[:SUMMARY_LENGTH]
    return Text(beginning, text.language, text.is_fallback)


def in_city(city: City, text: Text, language: str) -> Text:
    """A text that says first in which city: a hit stands alone in a list."""
    name = city_name(city, language)
    if not text:
        return name
    sentence = f"{name}. {text}"
    beginning = sentence[:SUMMARY_LENGTH]
    return Text(beginning, text.language, text.is_fallback)


def row_language(language: str, record: Record) -> str:
    """The language in whose row a name stands: its own, or the record's source language if the
    portal does not have its own."""
    own_languages = dict(settings.SCHEMA_LANGUAGES)
    if language in own_languages:
        return language
    return record.source_language


def places_of(record: Organisation | SupportContact, language: str) -> list[str]:
    """The place of what belongs to a city or to a whole country."""
    if record.city:
        return places_of_city(record.city, language)
    if record.country is None:
        return []
    name = country_name(record.country.code, language)
    return [name]


def places_of_city(city: City, language: str) -> list[str]:
    """The city in this language and in its own, and its country."""
    name = translated(city, "name", language)
    country = city.country.code
    return [
        str(name),
        city.local_name,
        country_name(country, language),
    ]


def public(parts: Iterable[R]) -> list[R]:
    """The published ones, of those that were fetched with their record."""
    return [part for part in parts if part.published_at]
