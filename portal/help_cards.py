"""The card "Where to get help" among the results of a search."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from languages.models import IndexRow
from languages.names import country_name
from languages.search.places import CITY
from languages.search.results import Results
from languages.text import current_language

# Cards for so many of the cities that a query names.
MOST_CARDS = 2


@dataclass(frozen=True)
class HelpCard:
    """A page with contacts for help. `place`: of which city or country; empty: of all."""

    url: str
    place: str = ""
    # The language of the place's name, where it is not the reader's.
    language: str = ""


def help_cards(answer: Results) -> list[HelpCard]:
    """The pages that lead to help: of the cities that a query names; if it asks for help, also of
    its country, or the page of all."""
    meaning = answer.meaning
    if meaning is None:
        return []
    cards = list(_cards_of_cities(meaning.places.city_keys))
    if cards or not meaning.wants_help:
        return cards
    for code in meaning.places.countries:
        url = reverse("help_detail", args=[code.lower()])
        cards.append(HelpCard(url, country_name(code, current_language())))
    return cards or [HelpCard(reverse("help_index"))]


def _cards_of_cities(keys: list[int]) -> Iterator[HelpCard]:
    language = current_language()
    rows = IndexRow.objects.filter(kind=CITY, city__in=keys[:MOST_CARDS], language=language)
    by_key = {row.city: row for row in rows}
    for key in keys[:MOST_CARDS]:
        row = by_key.get(key)
        if row:
            slug = row.path.strip("/").rpartition("/")[2]
            url = reverse("help_detail", args=[slug])
            yield HelpCard(url, row.title, row.title_language)
