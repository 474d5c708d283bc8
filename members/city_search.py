"""The cities that a text asks for, read as the portal's search reads it: by their names, else by
what they do."""

from dataclasses import dataclass

from languages.models import IndexRow
from languages.search.candidates import SearchTimeout
from languages.search.hits import Hit, Results
from languages.search.matching import matching_rows
from languages.search.order import has_all_in_name
from languages.search.places import CITY
from languages.search.query import Query, parse_query
from languages.search.results import has_word_itself, search
from languages.text import current_language


@dataclass(frozen=True)
class FoundCities:
    """The keys of the cities, and how the text is spelled where it was corrected or may be meant
    otherwise."""

    keys: frozenset[int]
    corrected: str = ""
    other_spelling: str = ""


def find_cities(text: str) -> FoundCities:
    """The cities that a text names; else those of a country that it names alone; else those of
    which a name, or anything that belongs to them, has all its words."""
    try:
        answer = search(text)
    except SearchTimeout:
        rows = matching_rows(text).filter(kind=CITY)
        keys = rows.values_list("object_id", flat=True)
        return FoundCities(frozenset(keys))
    corrected = ""
    if answer.corrections:
        corrected = answer.query.spelled
    return FoundCities(
        keys=frozenset(_keys(answer)),
        corrected=corrected,
        other_spelling=answer.other_spelling,
    )


def _keys(answer: Results) -> set[int]:
    places = answer.meaning.places if answer.meaning else None
    if places and places.cities:
        return set(places.city_keys)
    countries = places.countries if places else ()
    if places and places.is_place_alone:
        rows = IndexRow.objects.filter(kind=CITY, country__in=countries)
        return set(rows.values_list("object_id", flat=True))
    if not places or not answer.has_all_words:
        return set()
    query = parse_query(places.rest)
    hits = []
    for hit in answer.all_hits:
        if _is_meant(hit, query):
            hits.append(hit)
    if countries:
        hits = [hit for hit in hits if hit.row.country in countries]
    named = [hit for hit in hits if hit.row.kind == CITY and has_all_in_name(hit)]
    return {hit.row.city for hit in named or hits if hit.row.city}


def _is_meant(hit: Hit, query: Query) -> bool:
    """Whether a hit has the words themselves or is in the reader's language: in other languages
    they may look like forms of a word that has nothing to do with them."""
    language = current_language()
    if language in hit.languages:
        return True
    return has_word_itself(hit.row, query)
