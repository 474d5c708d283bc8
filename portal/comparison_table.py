"""A comparison as a table: a row for each undertaking and each action of each city under each
point, and one for a point under which a city has none."""

from collections import defaultdict
from collections.abc import Iterator

from django.conf import settings

from languages.names import country_name
from languages.text import Text, current_language, translated
from members.age import age_of, status_words
from members.citations import citations_of
from members.models import Action, Record, Undertaking
from members.models.cities import city_name
from members.models.record import content_type_of
from members.point_states import AGE_LABELS
from portal.comparison import ComparedCity, Comparison
from portal.open_data.formats.csv_table import SEPARATOR, cell_of
from portal.open_data.kinds.plan import evidence_address
from portal.open_data.point_codes import COLUMNS as POINT_COLUMNS
from portal.open_data.point_codes import point_codes
from portal.promises import ActionWithParts, Promise

Row = dict[str, object]
# By the kind of a row and its key: the addresses of its sources.
Sources = dict[tuple[int, int], list[str]]

COLUMNS = (
    *("point", "point_title", "point_title_language"),
    *("city", "city_name", "city_name_language", "city_wikidata_id", "fictional"),
    *("country", "country_label", "population", "population_year"),
    *("standing", "standing_label", "member_since"),
    *POINT_COLUMNS,
    # How many undertakings of the city stand under the point, whatever the row is of.
    "undertakings",
    *("undertaking", "undertaking_statement", "undertaking_language"),
    *("original_statement", "original_language", "is_heading", "point_assigned"),
    *("plan_title", "plan_edition", "decided_on", "undertaking_as_of"),
    *("action", "action_title", "action_language"),
    *("status", "status_label", "status_as_of", "status_age", "status_age_label"),
    *("origin", "origin_label", "has_evidence", "evidence", "sources", "address"),
)


def rows_of(comparison: Comparison) -> Iterator[list[str]]:
    """The heading, then the rows: keys and codes in English, labels in the reader's language."""
    sources = _sources_of(comparison)
    yield list(COLUMNS)
    for compared, promise in comparison.cells():
        point = {**_city(compared), **_point(promise)}
        page = settings.SITE_URL + compared.city.get_absolute_url()
        for entry in _entries(promise, sources, page):
            row = {**point, **entry}
            yield [cell_of(row.get(name)) for name in COLUMNS]


def _entries(promise: Promise, sources: Sources, page: str) -> list[Row]:
    """What stands under a point, as on the page: undertakings, then actions; or one empty row."""
    address = f"{page}#point-{promise.point.number}"
    entries = []
    for undertaking in promise.undertakings:
        whence = _whence(undertaking, sources, address)
        entries.append({**_undertaking(undertaking), **whence})
    for item in promise.actions:
        whence = _whence(item.action, sources, f"{page}#action-{item.action.pk}")
        entries.append({**_action(item), **whence})
    return entries or [{}]


def _city(compared: ComparedCity) -> Row:
    city, standing = compared.city, compared.standing
    name = city_name(city)
    return {
        "city": city.slug,
        "city_name": name.value,
        "city_name_language": name.language,
        "city_wikidata_id": city.wikidata_id,
        "fictional": city.fictional,
        "country": city.country.code,
        "country_label": country_name(city.country.code, current_language()),
        "population": city.population,
        "population_year": city.population_year,
        "standing": str(standing.kind) if standing else "",
        "standing_label": str(standing or ""),
        "member_since": compared.since,
    }


def _point(promise: Promise) -> Row:
    title = translated(promise.point, "title")
    return {
        "point": promise.point.number,
        "point_title": title.value,
        "point_title_language": title.language,
        **point_codes(promise.column),
        "undertakings": len(promise.undertakings),
    }


def _undertaking(undertaking: Undertaking) -> Row:
    statement = translated(undertaking, "statement")
    return {
        "undertaking": undertaking.pk,
        "undertaking_statement": statement.value,
        "undertaking_language": statement.language,
        "original_statement": undertaking.original_statement,
        "original_language": undertaking.original_language,
        "is_heading": undertaking.is_heading,
        "point_assigned": undertaking.point_assigned,
        "plan_title": undertaking.plan_title,
        "plan_edition": undertaking.plan_edition,
        "decided_on": undertaking.decided_on,
        "undertaking_as_of": undertaking.as_of,
    }


def _action(item: ActionWithParts) -> Row:
    action = item.action
    title = _title(action)
    age = age_of(action.as_of)
    evidence = [evidence_address(row) for row in item.evidence]
    return {
        "point_assigned": action.point_assigned,
        "action": action.pk,
        "action_title": title.value,
        "action_language": title.language,
        "status": action.status,
        "status_label": status_words(action),
        "status_as_of": action.as_of,
        "status_age": age.value,
        "status_age_label": str(AGE_LABELS[age]),
        "has_evidence": bool(evidence),
        "evidence": SEPARATOR.join(evidence),
    }


def _title(action: Action) -> Text:
    title = translated(action, "title")
    return title or Text(action.original_title, action.original_language, is_fallback=True)


def _whence(record: Record, sources: Sources, address: str) -> Row:
    """Whose word it is, its sources, and where it is read."""
    kind = content_type_of(record)
    addresses = sources.get((kind.pk, record.pk), [])
    origin = Record.Origin(record.origin)
    return {
        "origin": record.origin,
        "origin_label": origin.label,
        "sources": SEPARATOR.join(addresses),
        "address": address,
    }


def _sources_of(comparison: Comparison) -> Sources:
    """Of all that stands in it. One query."""
    sources: Sources = defaultdict(list)
    for citation in citations_of(comparison.records):
        source = citation.source
        key = (citation.content_type_id, citation.object_id)
        sources[key].append(source.url or str(source))
    return sources
