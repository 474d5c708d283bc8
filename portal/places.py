"""From what a person writes to the help page of a place: a city, a country, a town of Europe."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from languages.models import IndexRow
from languages.names import country_name
from languages.search.candidates import SearchTimeout
from languages.search.places import CITY, COUNTRY, places_near, read_places
from languages.search.results import suggest
from languages.text import current_language
from members.models import City
from members.models.cities import city_name
from portal.hits import ShownHit, shown_hits
from portal.models import Town
from portal.towns import (
    cities_by_town,
    folded_name,
    is_town_of,
    larger_neighbors,
    towns_beginning,
    towns_named,
    towns_near,
)

SUGGESTIONS = 8
# Of places that a text probably means; of pieces of a text that may be a name.
MOST_PROBABLE = 4
MOST_PIECES = 6
SHORTEST_PIECE = 3
_BETWEEN_PIECES = re.compile(r"[,;()\n]+")


@dataclass(frozen=True)
class PlaceChoice:
    """A place that a text may mean, and its help page."""

    title: str
    country: str
    url: str


def suffix(situation: str) -> str:
    """What happened, as it stands at the end of an address."""
    return f"?happened={situation}" if situation else ""


def choices_for(text: str, situation: str = "") -> list[PlaceChoice]:
    """The places that the text names: cities of the network and other towns of exactly this name;
    a country; else the towns of Europe that are called so in some language."""
    if not text.strip():
        return []
    reading = read_places(text)
    if reading.is_place_alone and not reading.cities:
        return [_country(code, situation) for code in reading.countries]
    towns = towns_named(text)
    if reading.is_place_alone:
        cities_by_key = City.objects.public().select_related("country").in_bulk(reading.city_keys)
        cities = [cities_by_key[key] for key in reading.city_keys if key in cities_by_key]
        others = [town for town in towns if _is_another(town, text, cities)]
        known = [_name_in_country(str(city_name(city)), city.country.code) for city in cities]
        return _cities(cities, situation) + _towns(others, situation, known)
    if not towns:
        name = reading.rest or text
        countries = reading.countries or ("",)
        towns = [town for country in countries for town in towns_named(name, country)]
    return _towns(towns, situation)


def probable_choices(text: str, situation: str = "") -> list[PlaceChoice]:
    """The places that a text probably means where it is the name of none: a street or a post code
    stands beside the name, else the name has a typing error."""
    pieces = list(dict.fromkeys(_pieces(text)))[:MOST_PIECES]
    for read in (choices_for, _choices_near):
        for piece in pieces:
            choices = read(piece, situation)
            if choices:
                return choices[:MOST_PROBABLE]
    return []


def _pieces(text: str) -> Iterator[str]:
    """What of a text may be a name, the last first, as a town stands after its street: what stands
    between commas, without numbers; then single words."""
    names = []
    for part in _BETWEEN_PIECES.split(text):
        said = [word for word in part.split() if not _has_digit(word)]
        if said:
            names.append(" ".join(said))
    yield from reversed(names)
    for word in reversed(" ".join(names).split()):
        if len(word) >= SHORTEST_PIECE:
            yield word


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _choices_near(text: str, situation: str) -> list[PlaceChoice]:
    """The places that a text names with typing errors: cities of the portal, towns, countries."""
    places = places_near(text)
    keys = [place.key for place in places if place.kind == CITY]
    codes = {place.country for place in places if place.kind == COUNTRY}
    cities = City.objects.public().real().select_related("country").filter(pk__in=keys)
    towns = towns_near(text, MOST_PROBABLE)
    choices = _cities(list(cities.order_by("pk")), situation) + _towns(towns, situation)
    choices += [_country(code, situation) for code in sorted(codes)]
    return list(dict.fromkeys(choices))


def _is_another(town: Town, text: str, cities: list[City]) -> bool:
    """Whether a town has exactly this name and is none of these cities: Freiburg im Breisgau beside
    Fribourg."""
    if folded_name(town.name) != folded_name(text):
        return False
    return not any(is_town_of(city, town) for city in cities)


def _cities(cities: list[City], situation: str) -> list[PlaceChoice]:
    choices = []
    for city in cities:
        url = reverse("help_detail", args=[city.slug]) + suffix(situation)
        choices.append(PlaceChoice(str(city_name(city)), str(city.country), url))
    return choices


def _country(code: str, situation: str) -> PlaceChoice:
    url = reverse("help_detail", args=[code.lower()]) + suffix(situation)
    return PlaceChoice(country_name(code, current_language()), "", url)


def _name_in_country(name: str, country: str) -> tuple[str, str]:
    """By what a reader takes two places for one: the country and the name, without what is added in
    brackets to tell places apart: `Halle (Saale)`."""
    plain, _bracket, _added = name.partition(" (")
    folded = folded_name(plain)
    return folded, country


def _names_in_country(town: Town) -> set[tuple[str, str]]:
    """The same of a town: as the reader reads it, and as GeoNames writes it."""
    country = town.country_code
    read = str(town)
    original = town.name
    as_read = _name_in_country(read, country)
    as_written = _name_in_country(original, country)
    return {as_read, as_written}


def _read_alike(towns: Iterable[Town], known: Iterable[tuple[str, str]]) -> list[Town]:
    """The towns that read like another one of them, or like one of these names."""
    counts = Counter(known)
    for town in towns:
        counts.update(_names_in_country(town))
    alike = []
    for town in towns:
        names = _names_in_country(town)
        most = max(counts[name] for name in names)
        if most > 1:
            alike.append(town)
    return alike


def _towns(
    towns: list[Town], situation: str, known: Iterable[tuple[str, str]] = ()
) -> list[PlaceChoice]:
    """Those of one name and country with the name of a larger town near them. A town that is a city
    of the portal leads to that city's help. `known`: the names and countries of the other places
    that stand in the list."""
    doubles = _read_alike(towns, known)
    neighbors = larger_neighbors(doubles) if doubles else {}
    cities = cities_by_town(towns)
    choices = []
    for town in towns:
        city = cities.get(town.pk)
        if city:
            choices += _cities([city], situation)
        else:
            neighbor = neighbors.get(town.pk)
            choice = _town(town, situation, neighbor)
            choices.append(choice)
    return list(dict.fromkeys(choices))


def _town(town: Town, situation: str, near: Town | None = None) -> PlaceChoice:
    country = country_name(town.country_code, current_language())
    if near:
        # Translators: where a town lies, of which there are two in the country
        country = _("{country}, near {town}").format(country=country, town=near)
    url = address_of_town(town, situation)
    return PlaceChoice(str(town), country, url)


def address_of_town(town: Town, situation: str = "") -> str:
    """The help page of a town outside the network."""
    url = f"{reverse('help_index')}?town={town.pk}"
    if situation:
        url += f"&happened={situation}"
    return url


def suggestions_for(text: str, situation: str = "") -> list[dict[str, str]]:
    """What the field suggests while a person types: cities and countries, then towns."""
    hits = _hits("city", text) + _hits("country", text)
    suggestions = [_suggestion(hit, situation) for hit in hits]
    rows = [row for hit in hits for row in (hit.row, hit.match)]
    names = {(folded_name(name), row.country) for row in rows for name in names_in(row)}
    towns = [
        town
        for town in towns_beginning(text, SUGGESTIONS)
        if (folded_name(town.name), town.country_code) not in names
    ]
    known = {suggestion["url"] for suggestion in suggestions}
    listed = {_name_in_country(row.title, row.country) for row in rows}
    choices = [choice for choice in _towns(towns, situation, listed) if choice.url not in known]
    suggestions += [_suggested_town(choice) for choice in choices]
    return suggestions[:SUGGESTIONS]


def names_in(row: IndexRow) -> list[str]:
    """The title of a row of the index, in any language, and the further names in its own."""
    return [row.title, *row.own_names.split("\n")]


def _hits(kind: str, text: str) -> list[ShownHit]:
    """The best of one kind; none where the search takes too long."""
    try:
        answer = suggest(text, kind=kind, most=SUGGESTIONS)
    except SearchTimeout:
        return []
    return shown_hits(answer.hits, answer.query)


def _suggestion(hit: ShownHit, situation: str) -> dict[str, str]:
    row = hit.row
    is_country = row.kind == "country"
    slug = row.country.lower() if is_country else row.path.strip("/").rpartition("/")[2]
    other_name = hit.name.parts if hit.name else []
    return {
        "url": reverse("help_detail", args=[slug]) + suffix(situation),
        "title": row.title,
        "language": row.title_language,
        "name": "".join(part.text for part in other_name),
        "note": _("country") if is_country else country_name(row.country, current_language()),
    }


def _suggested_town(choice: PlaceChoice) -> dict[str, str]:
    return {
        "url": choice.url,
        "title": choice.title,
        "language": "",
        "name": "",
        "note": choice.country,
    }
