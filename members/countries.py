"""Countries to choose from, in the order of the reader's language."""

from collections.abc import Iterable

from languages.names import country_name
from languages.sorting import sort_key
from languages.text import current_language


def country_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes of countries with their names, in the dictionary order of the reader's language."""
    language = current_language()
    choices = []
    for code in codes:
        name = country_name(code, language)
        choices.append((code, name))
    return sorted(choices, key=lambda choice: sort_key(choice[1], language))
