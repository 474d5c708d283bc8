"""Finding a town of Europe by its name, and the cities of the network near it."""

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from math import cos, radians
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery

from languages.folding import fold, words
from languages.search.declension import forms_of_name
from languages.search.dictionaries import is_known
from languages.search.places import names_alike, read_places
from languages.search.typing_errors import nearest_names
from languages.search.word_lists import place_prepositions
from languages.text import current_language
from members.map.locator import MapTown
from members.map.projection import kilometres_between
from members.models import City, SupportContact
from portal.models import Town, TownName

NEAREST = 3
MOST_TOWNS = 12
# A form of a name begins with so many of its letters; so many names that begin alike are declined.
SHARED_LETTERS, MOST_DECLINED = 3, 400
SHORTEST_NAME = 4
# Inhabitants of a town whose name is read although it may be a common word.
LARGE = 100_000
# Languages that write every noun with a capital.
CAPITAL_NOUNS = ("de",)
_NAME = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
# The centres of one place in two tables lie at most so many kilometres apart.
SAME_PLACE = 25
# A small map shows so many degrees of latitude to each side; so many of its towns are looked at.
DEGREES_OF_MAP, MOST_ROUND = Decimal(3), 40
# Of a degree of longitude, as a share of one at the equator: in the far north of Europe.
NARROWEST = 0.2
# Of latitude; a degree of longitude is about half as long in the middle of Europe.
DEGREES_AROUND = Decimal("0.9")


def folded_name(text: str) -> str:
    """A name as `TownName` keeps it: "Bad Tölz" → "bad tolz"."""
    return " ".join(words(text))


def towns_named(text: str, country: str = "") -> list[Town]:
    """The towns with this name, the largest first; `country`: only there."""
    towns = Town.objects.filter(names__folded=folded_name(text))
    if country:
        towns = towns.filter(country_code=country)
    return list(towns.distinct().order_by("-population", "pk")[:MOST_TOWNS])


def towns_beginning(text: str, most: int) -> list[Town]:
    """The towns of which a name begins so, the largest first."""
    folded = folded_name(text)
    if not folded:
        return []
    towns = Town.objects.filter(names__folded__startswith=folded)
    return list(towns.distinct().order_by("-population", "pk")[:most])


def towns_near(text: str, most: int) -> list[Town]:
    """The towns that a text names with typing errors: those with the fewest, the largest first."""
    name = folded_name(text)
    alike = names_alike(TownName.objects.all(), "folded", name)
    names = nearest_names(name, alike)
    if not names:
        return []
    towns = Town.objects.filter(names__folded__in=names)
    return list(towns.distinct().order_by("-population", "pk")[:most])


def town_in(text: str) -> Town | None:
    """The town that a text names after a preposition of place in the reader's language, perhaps
    inflected, or as its last word; the largest of its name: "refused a flat in Manchester",
    "w Gdańsku", "dyskryminacja pomoc rzeszów"."""
    language = current_language()
    for name in _names_of_places(text, language):
        towns = _towns_meant(name, language)
        if towns:
            return towns[0]
    return _town_at_the_end(text, language)


def town_outside(text: str) -> Town | None:
    """The town that is all a text says, perhaps beside its country, where no city of the portal is
    called so: "Radom", "Radom, Poland", "w Radomiu". Of a common word only a large one."""
    reading = read_places(text)
    if reading.cities:
        return None
    language = current_language()
    name = reading.rest if reading.countries else text
    country = next(iter(reading.countries), "")
    towns = towns_named(name, country)
    if not towns:
        towns = _towns_after_prepositions(name, language)
    town = next(iter(towns), None)
    if town is None or cities_by_town([town]):
        return None
    folded = folded_name(name)
    is_word = is_known(folded, [language])
    if is_word and town.population < LARGE:
        return None
    return town


def _towns_after_prepositions(name: str, language: str) -> list[Town]:
    """The towns of whose names the last word is a form, if the others only say "in"."""
    said = _NAME.findall(name)
    if not said:
        return []
    *before, last = said
    folded = set(map(fold, before))
    prepositions = place_prepositions(language)
    if not folded <= prepositions:
        return []
    return _towns_declined(last, language)


def _town_at_the_end(text: str, language: str) -> Town | None:
    """The town that the last word of several names: a word that the language does not have, or the
    name of a large town with its capital."""
    said = _NAME.findall(text)
    name = said[-1] if len(said) > 1 else ""
    if len(name) < SHORTEST_NAME:
        return None
    largest = next(iter(towns_named(name)), None)
    if largest is None or not is_known(name.casefold(), [language]):
        return largest
    is_meant = name[0].isupper() and largest.population >= LARGE
    return largest if is_meant else None


def _names_of_places(text: str, language: str) -> Iterator[str]:
    prepositions = place_prepositions(language)
    for before, word in pairwise(_NAME.findall(text)):
        if len(word) >= SHORTEST_NAME and fold(before) in prepositions:
            yield word


def _towns_meant(name: str, language: str) -> list[Town]:
    """The towns of this name, the largest first. Of a common word without a capital only the large
    ones: "in reading"."""
    towns = towns_named(name)
    if not is_known(folded_name(name), [language]):
        return towns or _towns_declined(name, language)
    if name[0].isupper():
        is_noun = language in CAPITAL_NOUNS
        return towns if towns or is_noun else _towns_declined(name, language)
    return [town for town in towns if town.population >= LARGE]


def _towns_declined(name: str, language: str) -> list[Town]:
    """The towns of whose names this is a form, the largest first."""
    folded = folded_name(name)
    if len(folded) < SHORTEST_NAME:
        return []
    alike = Town.objects.filter(names__folded__startswith=folded[:SHARED_LETTERS])
    pairs = alike.order_by("-population", "pk").values_list("pk", "names__folded")
    keys: dict[int, None] = {}
    for key, other in pairs[:MOST_DECLINED]:
        forms = forms_of_name(other, language)
        if folded in map(fold, forms):
            keys[key] = None
    towns = Town.objects.in_bulk(keys)
    return [towns[key] for key in keys]


def is_town_of(city: City, town: Town) -> bool:
    """Whether a town of the gazetteer is this city of the network."""
    if city.latitude is None or city.longitude is None:
        return city.country.code == town.country_code
    here = (float(city.latitude), float(city.longitude))
    there = (float(town.latitude), float(town.longitude))
    distance = kilometres_between(here, there)
    return distance <= SAME_PLACE


def cities_by_town(towns: Iterable[Town]) -> dict[int, City]:
    """The public cities of the portal that the gazetteer has too, by the key of the town."""
    keys = [town.pk for town in towns]
    cities = City.objects.public().real().filter(geonames_id__in=keys)
    cities_by_town = {}
    for city in cities.select_related("country"):
        if city.geonames_id:
            cities_by_town[city.geonames_id] = city
    return cities_by_town


def larger_neighbors(towns: Iterable[Town]) -> dict[int, Town]:
    """By the key of each town the largest of its country within about 100 km, where that is larger:
    it says where a town lies whose name another one has too. One query."""
    towns = list(towns)
    condition = Q(pk__in=[])
    for town in towns:
        condition |= Q(
            country_code=town.country_code,
            latitude__range=_range(town.latitude, DEGREES_AROUND),
            longitude__range=_range(town.longitude, 2 * DEGREES_AROUND),
            population__gt=town.population,
        )
    around = list(Town.objects.filter(condition).order_by("-population", "pk"))
    neighbors = {}
    for town in towns:
        near = (other for other in around if _is_larger_neighbor(other, town))
        if largest := next(near, None):
            neighbors[town.pk] = largest
    return neighbors


def _range(degrees: Decimal, around: Decimal) -> tuple[Decimal, Decimal]:
    least = degrees - around
    most = degrees + around
    return least, most


def _is_larger_neighbor(other: Town, town: Town) -> bool:
    if other.country_code != town.country_code:
        return False
    if other.population <= town.population:
        return False
    north = abs(other.latitude - town.latitude)
    east = abs(other.longitude - town.longitude)
    return north <= DEGREES_AROUND and east <= 2 * DEGREES_AROUND


def _degrees_along(latitude: Decimal) -> Decimal:
    """As many degrees of longitude as are `DEGREES_OF_MAP` of latitude."""
    from_equator = abs(float(latitude))
    narrowing = cos(radians(from_equator))
    share = max(narrowing, NARROWEST)
    return DEGREES_OF_MAP / Decimal(share)


def towns_round(latitude: object, longitude: object, but: Collection[str] = ()) -> list[MapTown]:
    """The largest towns on the small map round a place, the largest first, for orientation; without
    those of the names in `but`. A city of the portal is called as on its own page. One query; none
    where it is not known where the place lies."""
    if latitude is None or longitude is None:
        return []
    north = Decimal(str(latitude))
    east = Decimal(str(longitude))
    towns = Town.objects.filter(
        latitude__range=_range(north, DEGREES_OF_MAP),
        longitude__range=_range(east, _degrees_along(north)),
    )
    largest = towns.annotate(title=_title_of_city()).order_by("-population", "pk")
    named = []
    for town in largest[:MOST_ROUND]:
        name = town.title or str(town)
        named.append(MapTown(name, "", float(town.latitude), float(town.longitude)))
    return [town for town in named if town.name not in but]


def _title_of_city() -> Subquery:
    """Of a town that is a city of the portal: the name of its page in the reader's language."""
    language = current_language()
    cities = City.objects.public().real().filter(geonames_id=OuterRef("pk"))
    in_language = cities.filter(index_rows__language=language)
    return Subquery(in_language.values("index_rows__title")[:1])


def nearest_cities(place: Town | City) -> list[dict[str, Any]]:
    """The nearest cities of the network with contacts of their own, each with its kilometres.

    None where it is not known where the place lies.
    """
    if place.latitude is None or place.longitude is None:
        return []
    contacts = SupportContact.objects.public().reachable().filter(city__isnull=False)
    cities = City.objects.public().real().filter(support_contacts__in=contacts)
    listed = cities.exclude(latitude=None).exclude(longitude=None).listed(current_language())
    names = ("slug", "title", "title_language", "country__code", "latitude", "longitude")
    rows = list(listed.values(*names).annotate(contacts=Count("support_contacts")))
    here = (float(place.latitude), float(place.longitude))
    for row in rows:
        there = (float(row["latitude"]), float(row["longitude"]))
        row["kilometres"] = round(kilometres_between(here, there))
    return sorted(rows, key=lambda row: row["kilometres"])[:NEAREST]
