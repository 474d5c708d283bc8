"""Names of places that stand in no field of theirs: what else the search understands."""

from collections.abc import Iterable

from babel.languages import get_official_languages
from django.db import models

from languages.names import country_name
from languages.search.places import FurtherNames
from languages.search.word_lists import Alias, further_country_names, place_aliases
from members.models import City, Country


def further_names(records: Iterable[models.Model]) -> FurtherNames:
    """Further names of those of the records that are places, by their keys."""
    names: FurtherNames = {}
    for record in records:
        if isinstance(record, City):
            names[record.pk] = [(alias.language, alias.name) for alias in aliases_of(record)]
        elif isinstance(record, Country):
            names[record.pk] = _names_of_country(record.code)
    return names


def aliases_of(city: City) -> list[Alias]:
    """Former names, parts and spellings of a city from the table of aliases."""
    return place_aliases().get(city.slug, [])


def _names_of_country(code: str) -> list[tuple[str, str]]:
    """Its name in its own languages, and what people say beside the name that CLDR has."""
    official = get_official_languages(code, de_facto=True)
    own = [(language, country_name(code, language)) for language in official]
    return own + further_country_names().get(code, [])
