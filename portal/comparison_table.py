"""A comparison as a table: a row for each action of each city under each point, and one for a point
under which a city has none."""

from collections.abc import Iterator

from django.conf import settings

from languages.text import Text, translated
from members.age import status_words
from members.models import Action
from members.models.cities import city_name
from portal.comparison import ComparedCity, Comparison
from portal.open_data.formats.csv_table import SEPARATOR, cell_of
from portal.promises import ActionWithParts, Promise

Row = dict[str, object]
# By the key of an action: the addresses of its sources.
Sources = dict[int, list[str]]

COLUMNS = (
    *("point", "point_title", "city", "city_name", "fictional"),
    *("country", "population", "population_year", "standing", "standing_label", "member_since"),
    *("chosen", "state_label", "state_as_of", "undertakings"),
    *("action", "action_title", "action_language", "status", "status_label", "status_as_of"),
    *("origin", "has_evidence", "sources", "address"),
)


def rows_of(comparison: Comparison, sources: Sources) -> Iterator[list[str]]:
    """The heading, then the rows: keys and codes in English, labels in the reader's language."""
    yield list(COLUMNS)
    for compared, promise in comparison.cells():
        point = {**_city(compared), **_point(promise)}
        page = settings.SITE_URL + compared.city.get_absolute_url()
        rows = [{**point, **_action(item, sources, page)} for item in promise.actions]
        for row in rows or [point]:
            yield [cell_of(row.get(name)) for name in COLUMNS]


def _city(compared: ComparedCity) -> Row:
    city, standing = compared.city, compared.standing
    return {
        "city": city.slug,
        "city_name": city_name(city).value,
        "fictional": city.fictional,
        "country": city.country.code,
        "population": city.population,
        "population_year": city.population_year,
        "standing": str(standing.kind) if standing else "",
        "standing_label": str(standing or ""),
        "member_since": compared.since,
    }


def _point(promise: Promise) -> Row:
    commitment = promise.commitment
    return {
        "point": promise.point.number,
        "point_title": translated(promise.point, "title").value,
        "chosen": commitment.chosen if commitment else "",
        "state_label": promise.column.words,
        "state_as_of": promise.column.as_of,
        "undertakings": len(promise.undertakings),
    }


def _action(item: ActionWithParts, sources: Sources, page: str) -> Row:
    action = item.action
    title = _title(action)
    return {
        "action": action.pk,
        "action_title": title.value,
        "action_language": title.language,
        "status": action.status,
        "status_label": status_words(action),
        "status_as_of": action.as_of,
        "origin": action.origin,
        "has_evidence": bool(item.evidence),
        "sources": SEPARATOR.join(sources.get(action.pk, [])),
        "address": f"{page}#action-{action.pk}",
    }


def _title(action: Action) -> Text:
    title = translated(action, "title")
    return title or Text(action.original_title, action.original_language, is_fallback=True)
