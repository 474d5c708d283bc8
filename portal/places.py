"""From what a person writes to the help page of a place: a city, a country, a town of Europe."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from languages.names import country_name
from languages.search.candidates import SearchTimeout
from languages.search.places import read_places
from languages.search.results import suggest
from languages.text import current_language, translated
from members.models import City
from portal.hits import ShownHit, shown_hits
from portal.models import Town
from portal.towns import folded_name, towns_beginning, towns_named

SUGGESTIONS = 8


@dataclass(frozen=True)
class Choice:
    """A place that a text may mean, and its help page."""

    title: str
    country: str
    url: str


def suffix(situation: str) -> str:
    """What happened, as it stands at the end of an address."""
    return f"?happened={situation}" if situation else ""


def choices_for(text: str, situation: str = "") -> list[Choice]:
    """The places that the text names; a town of Europe only where no city of the network fits."""
    if not text.strip():
        return []
    reading = read_places(text)
    if reading.is_place_alone:
        if reading.cities:
            return _cities(reading.city_keys, situation)
        return [_country(code, situation) for code in reading.countries]
    name = reading.rest or text
    countries = reading.countries or ("",)
    towns = [town for country in countries for town in towns_named(name, country)]
    return [_town(town, situation) for town in towns]


def _cities(keys: list[int], situation: str) -> list[Choice]:
    cities = City.objects.public().select_related("country").in_bulk(keys)
    choices = []
    for key in keys:
        city = cities.get(key)
        if city is None:
            continue
        url = reverse("help_detail", args=[city.slug]) + suffix(situation)
        choices.append(Choice(str(translated(city, "name")), str(city.country), url))
    return choices


def _country(code: str, situation: str) -> Choice:
    url = reverse("help_detail", args=[code.lower()]) + suffix(situation)
    return Choice(country_name(code, current_language()), "", url)


def _town(town: Town, situation: str) -> Choice:
    country = country_name(town.country_code, current_language())
    url = f"{reverse('help_index')}?town={town.pk}"
    if situation:
        url += f"&happened={situation}"
    return Choice(town.name, country, url)


def suggestions_for(text: str) -> list[dict[str, str]]:
    """What the field suggests while a person types: cities and countries, then towns."""
    hits = _hits("city", text) + _hits("country", text)
    suggestions = [_suggestion(hit) for hit in hits]
    names = {(folded_name(hit.row.title), hit.row.country) for hit in hits}
    names |= {(folded_name(hit.match.title), hit.row.country) for hit in hits}
    for town in towns_beginning(text, SUGGESTIONS):
        if (folded_name(town.name), town.country_code) not in names:
            suggestions.append(_suggested_town(town))
    return suggestions[:SUGGESTIONS]


def _hits(kind: str, text: str) -> list[ShownHit]:
    """The best of one kind; none where the search takes too long."""
    try:
        found = suggest(text, kind=kind, most=SUGGESTIONS)
    except SearchTimeout:
        return []
    return shown_hits(found.hits, found.query)


def _suggestion(hit: ShownHit) -> dict[str, str]:
    row = hit.row
    is_country = row.kind == "country"
    slug = row.country.lower() if is_country else row.path.strip("/").rpartition("/")[2]
    other_name = hit.name.parts if hit.name else []
    return {
        "url": reverse("help_detail", args=[slug]),
        "title": row.title,
        "language": row.title_language,
        "name": "".join(part.text for part in other_name),
        "note": _("country") if is_country else country_name(row.country, current_language()),
    }


def _suggested_town(town: Town) -> dict[str, str]:
    choice = _town(town, "")
    return {
        "url": choice.url,
        "title": choice.title,
        "language": "",
        "name": "",
        "note": choice.country,
    }
