"""Countries in the order of the reader's language."""

from collections.abc import Iterable

from languages.names import country_name
from languages.sorting import sort_key
from languages.text import current_language
from members.models import (
    Country,
)


def countries_by_name(countries: Iterable[Country]) -> list[Country]:
    """In the dictionary order of the reader's language."""
    language = current_language()
    return sorted(
        countries, key=lambda country: sort_key(country_name(country.code, language), language)
    )
