"""What `make data` proves of the loaded data: each check gives the entries that fail it.

Failures make the check fail; what is only unknown or not translated yet is counted and listed.
"""

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import models

from languages.dates import is_future, parse, surely_before
from languages.desk import kinds
from languages.folding import fold
from languages.text import network_languages, own_text, translated_fields
from members import telephone
from members.map.projection import kilometres_between
from members.models import (
    Action,
    Citation,
    City,
    Decision,
    Membership,
    Milestone,
    Record,
    Source,
    SupportContact,
    Undertaking,
)
from members.models.record import content_type_of
from members.services import membership_evidence
from portal.loading.oversights import unread_sources
from portal.loading.tables import DATA_DIR

GEONAMES = DATA_DIR / "network" / "cities" / "geonames.csv"
# A city's dot may lie so far from the place that GeoNames has under its id.
MOST_KILOMETRES = 3
TOWNS = DATA_DIR / "towns" / "towns.csv"
MOST_TO_A_TOWN = 30
DATED: dict[type[models.Model], tuple[str, ...]] = {
    Membership: ("joined", "ended"),
    Milestone: ("on",),
    Decision: ("on",),
    Action: ("status_as_of",),
    Undertaking: ("decided_on", "as_of"),
    Source: ("published",),
}
MISSING_FIELDS = ("model", "entry", "column", "text")


@dataclass(frozen=True)
class DataCheck:
    """A name, what it finds, and whether that is a fault or only a gap."""

    name: str
    find: Callable[[], Iterator[str]]
    is_gap: bool = False


def _geonames() -> dict[int, dict[str, str]]:
    return {int(row["id"]): row for row in csv_rows(GEONAMES)}


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wrong_places() -> Iterator[str]:
    """Cities whose GeoNames id belongs to another country, another name or another place."""
    places = _geonames()
    cities = City.objects.real().filter(geonames_id__isnull=False).select_related("country")
    for city in cities:
        place = places.get(int(city.geonames_id or 0))
        if place is None:
            yield f"{city.slug}: GeoNames id {city.geonames_id} does not stand in geonames.csv"
            continue
        known = {fold(name) for name in place["names"].split("|")}
        own = {fold(name) for name in city.own_names}
        if place["country"] != city.country.code:
            yield f"{city.slug}: the id lies in {place['country']}"
        elif not known & own:
            yield f"{city.slug}: the id is that of {place['name']}"
        elif _kilometres(city, place) > MOST_KILOMETRES:
            yield f"{city.slug}: {_kilometres(city, place):.0f} km from {place['name']}"


def _kilometres(city: City, place: dict[str, str]) -> float:
    """Between the city's coordinates and the place; 0 where the city has none."""
    if city.latitude is None or city.longitude is None:
        return 0
    there = (float(place["latitude"]), float(place["longitude"]))
    here = (float(city.latitude), float(city.longitude))
    return kilometres_between(here, there)


def places_far_from_their_country() -> Iterator[str]:
    """Cities that GeoNames does not know as such, farther than `MOST_TO_A_TOWN` from every larger
    town of their country."""
    towns = defaultdict(list)
    for town in csv_rows(TOWNS):
        towns[town["country"]].append(town)
    placed = City.objects.real().filter(geonames_id=None, latitude__isnull=False)
    for city in placed.select_related("country"):
        distances = (_kilometres(city, town) for town in towns[city.country.code])
        nearest = min(distances, default=math.inf)
        if nearest > MOST_TO_A_TOWN:
            yield f"{city.slug}: {nearest:.0f} km from the nearest town of {city.country.code}"


def wrong_telephones() -> Iterator[str]:
    """Telephone numbers of contacts in no series that is in use."""
    contacts = SupportContact.objects.filter(fictional=False).select_related("city", "country")
    for contact in contacts:
        country = contact.city.country if contact.city else contact.country
        if country is None:
            continue
        for number in filter(None, (contact.phone, contact.second_phone)):
            if not telephone.is_in_use(number, country.code):
                yield f"{contact}: {number}"


def impossible_dates() -> Iterator[str]:
    """Dates of facts that lie in the future, and memberships that end before they begin."""
    for model, names in DATED.items():
        for row in model._base_manager.all():
            for name in names:
                day = getattr(row, name)
                if day and is_future(day):
                    yield f"{model._meta.model_name} {row}: {name} {day} lies in the future"
    for membership in Membership.objects.exclude(joined="").exclude(ended=""):
        if surely_before(parse(membership.ended), parse(membership.joined)):
            yield f"{membership}: ended {membership.ended}, joined {membership.joined}"


def doubled_addresses() -> Iterator[str]:
    """Sources whose addresses differ only in scheme, www or the last stroke; malformed ones."""
    rows: dict[str, list[str]] = defaultdict(list)
    for url in Source.objects.exclude(url="").values_list("url", flat=True):
        parts = urlsplit(url)
        if not parts.hostname or "." not in parts.hostname:
            yield f"{url}: no host"
            continue
        host = parts.hostname.removeprefix("www.")
        path = parts.path.rstrip("/")
        rows[f"{host}{path}?{parts.query}#{parts.fragment}"].append(url)
    for urls in rows.values():
        if len(urls) > 1:
            yield " = ".join(sorted(urls))


def unsourced_rows() -> Iterator[str]:
    """Public entries about real cities that need a source and have none."""
    cited = set(Citation.objects.values_list("content_type", "object_id"))
    for model in kinds():
        if not issubclass(model, Record) or not model.CITY_PATH:
            continue
        for row in model._base_manager.filter(fictional=False, origin=Record.Origin.CITED):
            key = (content_type_of(row).pk, row.pk)
            if row.published_at and row.needs_source and key not in cited:
                yield f"{model._meta.model_name} {row}"


def sources_without(name: str) -> Callable[[], Iterator[str]]:
    """Finds the sources with this field empty."""

    def find() -> Iterator[str]:
        for source in Source.objects.filter(**{name: ""}).exclude(url=""):
            yield source.url

    return find


def populations_without_a_year() -> Iterator[str]:
    rows = City.objects.real().filter(population__isnull=False, population_year=None)
    yield from rows.values_list("slug", flat=True)


def places_without_coordinates() -> Iterator[str]:
    yield from City.objects.real().filter(latitude=None).values_list("slug", flat=True)


def pending_votes() -> Iterator[str]:
    for decision in membership_evidence.recorded_votes():
        yield decision.city.slug


CHECKS = (
    DataCheck("places: country, name and distance of their GeoNames id", wrong_places),
    DataCheck(
        "places without such an id: near a town of the country", places_far_from_their_country
    ),
    DataCheck("telephone numbers that exist", wrong_telephones),
    DataCheck("dates that cannot be", impossible_dates),
    DataCheck("addresses of sources: well-formed, none twice", doubled_addresses),
    DataCheck("entries about real cities without a source", unsourced_rows),
    DataCheck(
        "places called no member although a source may say otherwise",
        lambda: iter(unread_sources()),
    ),
    DataCheck("evidenced members that a recorded vote admitted", pending_votes),
    DataCheck("sources without a publisher", sources_without("publisher"), is_gap=True),
    DataCheck("sources without a title", sources_without("title"), is_gap=True),
    DataCheck("sources without a date", sources_without("published"), is_gap=True),
    DataCheck("populations without a year", populations_without_a_year, is_gap=True),
    DataCheck("places without coordinates", places_without_coordinates, is_gap=True),
)


def missing_texts() -> Iterator[tuple[str, str, str, str, str]]:
    """Each text that a language lacks while another has it: language, kind of the entry, entry,
    column, and the text in the first language that has it."""
    for model in kinds():
        rows: Any = model._base_manager.all()
        if issubclass(model, Record):
            rows = rows.filter(fictional=False)
        fields = translated_fields(model)
        for row in rows:
            for field in fields:
                yield from _missing(row, field)


def _missing(row: Any, field: str) -> Iterator[tuple[str, str, str, str, str]]:
    languages = network_languages()
    texts = {code: own_text(row, field, code) for code in languages}
    _add_original_name(row, field, texts)
    first = next(filter(None, texts.values()), "")
    if not first:
        return
    label = str(row._meta.label_lower)
    for code, text in texts.items():
        if not text:
            yield code, label, str(row), f"{field}_{code}", first


def _add_original_name(row: Any, field: str, texts: dict[str, str]) -> None:
    """A name in its own language stands once, in `original_name`."""
    language = getattr(row, "original_language", "")
    if field == "name" and language in texts:
        texts[language] = texts[language] or getattr(row, "original_name", "")


def missing_counts() -> dict[str, Counter[str]]:
    """The number of missing texts of each kind of entry, by language."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for code, label, *_rest in missing_texts():
        counts[label][code] += 1
    return counts
