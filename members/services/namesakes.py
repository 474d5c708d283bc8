"""Cities of one name: what tells each from the others, kept with it.

Built from names, regions, countries and addresses; `portal/signals.py` calls it when a city
changes.
"""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from languages.folding import fold
from members.models import City
from members.namesakes import having_a_name_of, names_by_language

Distinction = City.Distinction
# More changed cities than that, and all are read: a query has only so many parameters.
MOST_ASKED = 50


def tell_apart(keys: Collection[int]) -> list[City]:
    """Bring the distinctions up to date after these cities changed, were added or deleted.

    Gives the cities whose distinction is another one now. Two queries, and one for each of these.
    """
    cities = _affected(keys)
    namesakes = _namesakes(cities)
    changed = []
    for city in cities:
        kind, words = _distinction(city, namesakes[city.pk])
        if (kind, words) == (city.distinguished_by, city.distinction):
            continue
        city.distinguished_by = kind
        city.distinction = words
        # Not a change by anybody: neither the version nor the log of changes counts it.
        row = City._base_manager.filter(pk=city.pk)
        row.update(distinguished_by=kind, distinction=words)
        changed.append(city)
    return changed


def _affected(keys: Collection[int]) -> list[City]:
    """The changed cities, those of their names, and all that are told apart now: a namesake may
    have gone. The entry that stays of two merged ones is not told from the other."""
    rows = City._base_manager.select_related("country")
    if len(keys) > MOST_ASKED:
        return list(rows.order_by("pk"))
    told_apart = City._base_manager.exclude(distinguished_by="")
    survivors = told_apart.exclude(successor=None).values("successor")
    condition = Q(pk__in=keys) | ~Q(distinguished_by="") | Q(pk__in=survivors)
    cities = {city.pk: city for city in rows.filter(condition)}
    changed = [cities[key] for key in keys if key in cities]
    names = {name for city in changed for _language, name in names_by_language(city)}
    for city in having_a_name_of(names).select_related("country"):
        cities.setdefault(city.pk, city)
    return [cities[key] for key in sorted(cities)]


def _namesakes(cities: list[City]) -> dict[int, list[City]]:
    """By the key of each city those that read the same in some language."""
    by_name: dict[tuple[str, str], list[City]] = defaultdict(list)
    for city in cities:
        for name in names_by_language(city):
            by_name[name].append(city)
    namesakes: dict[int, dict[int, City]] = defaultdict(dict)
    for group in by_name.values():
        # An entry that was merged is the same city: only it needs to be told from the other.
        living = {city.pk: city for city in group if not _was_merged(city)}
        for city in group:
            others = (other for other in living.values() if _is_told_from(city, other))
            namesakes[city.pk].update({other.pk: other for other in others})
    return {city.pk: list(namesakes[city.pk].values()) for city in cities}


def _is_told_from(city: City, other: City) -> bool:
    """Whether the name of a city must say that it is not the other one. A public city is not told
    from a draft: nobody reads that one, and its name would tell that there is one."""
    if city.pk == other.pk:
        return False
    return other.published_at is not None or city.published_at is None


def _was_merged(city: City) -> bool:
    return city.successor_id is not None and city.published_at is None


def _distinction(city: City, namesakes: list[City]) -> tuple[str, str]:
    """The region, else the country, else the kind, else the address; nothing where nobody has its
    name, or where all that do have something that this one lacks."""
    if not namesakes:
        return "", ""
    region = fold(city.region)
    regions = {fold(other.region) for other in namesakes}
    if region and region not in regions:
        return Distinction.REGION, city.region
    if city.country_id not in {other.country_id for other in namesakes}:
        return Distinction.COUNTRY, city.country.code
    if city.kind not in {other.kind for other in namesakes}:
        return Distinction.KIND, city.kind
    if not region and "" not in regions:
        return "", ""
    return Distinction.ADDRESS, city.slug
