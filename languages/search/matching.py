"""Which rows of the index a text asks for, for the filters of lists."""

from django.db.models import Q, QuerySet

from languages.models import IndexRow
from languages.search.candidates import HasWords
from languages.search.places import CITY, PlaceReading, read_places
from languages.search.query import parse_query

# So many rows of the places in a text are looked at by the filter of a list.
MOST_NAMED = 5000


def matching_rows(text: str) -> QuerySet[IndexRow]:
    """The rows in any language that a text asks for, for filters of lists: those that have all of
    its words, and those of the places that it names.

    A word of the text may be a beginning or an inflected form. Nothing in the text is an operator.
    A text without words matches no rows.
    """
    query = parse_query(text, beginnings=True)
    if not query:
        return IndexRow.objects.none()
    named = rows_of_places(read_places(text))
    keys = list(named.values_list("pk", flat=True)[:MOST_NAMED])
    has_words = HasWords(query.terms)
    return IndexRow.objects.filter(Q(has_words) | Q(pk__in=keys))


def rows_of_places(reading: PlaceReading) -> QuerySet[IndexRow]:
    """The rows of the cities that a text names, and what belongs to them as far as it has the other
    words; without a city those of a country, if the text says nothing else."""
    rows = IndexRow.objects.all()
    rest = parse_query(reading.rest, beginnings=True)
    if reading.cities:
        own = rows.filter(city__in=reading.city_keys)
        if not rest:
            return own
        return own.filter(Q(kind=CITY) | Q(HasWords(rest.terms)))
    if reading.is_place_alone:
        return rows.filter(country__in=reading.countries)
    return rows.none()
