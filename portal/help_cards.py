"""The card "Where to get help" among the results of a search."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from languages.models import IndexRow
from languages.names import country_name
from languages.search.candidates import Candidate
from languages.search.hits import Results
from languages.search.places import CITY
from languages.search.ranking import EXACT_NAME
from languages.text import current_language
from portal.towns import town_in

# What a query says of a city beside its name comes before the cards, so far as this.
HITS_BEFORE_CARDS = 2
# Cards for so many of the cities that a query names.
MOST_CARDS = 2


@dataclass(frozen=True)
class HelpCard:
    """A page with contacts for help. `place`: of which city or country; empty: of all."""

    url: str
    place: str = ""
    # The language of the place's name, where it is not the reader's.
    language: str = ""
    # Of the help page of a city or country.
    slug: str = ""


def help_cards(answer: Results) -> list[HelpCard]:
    """The pages that lead to help: of the cities that a query names; if it asks for help, also of
    its countries or of a town outside the network, and the page of all.

    A country beside a reason is mostly where a person comes from, not where they are."""
    meaning = answer.meaning
    if meaning is None:
        return []
    cards = list(_cards_of_cities(answer))
    if cards or not meaning.wants_help:
        return cards
    for code in meaning.places.countries:
        url = reverse("help_detail", args=[code.lower()])
        name = country_name(code, current_language())
        cards.append(HelpCard(url, name, slug=code.lower()))
    town = None if cards else town_in(meaning.places.text)
    if town:
        cards.append(HelpCard(f"{reverse('help_index')}?town={town.pk}", str(town)))
    everywhere = HelpCard(reverse("help_index"))
    if meaning.gives_reason:
        return [everywhere, *cards]
    return [*cards, everywhere]


def hits_before_cards(answer: Results) -> int:
    """How many hits stand before the cards: none where help is asked for, unless the text is the
    whole name of something, in several words."""
    meaning = answer.meaning
    if meaning is None:
        return 0
    if meaning.wants_help:
        return int(_is_name_of_first(answer))
    return 1 if meaning.places.is_place_alone else HITS_BEFORE_CARDS


def _is_name_of_first(answer: Results) -> bool:
    hits = answer.hits
    terms = answer.query.terms
    if not hits or len(terms) < 2:
        return False
    first = hits[0].rank
    return first.level == EXACT_NAME


def _cards_of_cities(answer: Results) -> Iterator[HelpCard]:
    keys = answer.meaning.places.city_keys[:MOST_CARDS] if answer.meaning else []
    rows = _rows_of_cities(answer, keys)
    for key in keys:
        row = rows.get(key)
        if row:
            slug = row.path.strip("/").rpartition("/")[2]
            url = reverse("help_detail", args=[slug])
            yield HelpCard(url, row.title, row.title_language, slug)


def _rows_of_cities(answer: Results, keys: list[int]) -> dict[int | None, Candidate | IndexRow]:
    """The rows of cities in the reader's language: mostly they are among the hits already."""
    language = current_language()
    cities = [hit.row for hit in answer.all_hits if hit.row.kind == CITY]
    rows: dict[int | None, Candidate | IndexRow] = {}
    for row in cities:
        if row.language == language:
            rows[row.city] = row
    others = [key for key in keys if key not in rows]
    if others:
        own_rows = IndexRow.objects.filter(kind=CITY, city__in=others, language=language)
        rows |= {row.city: row for row in own_rows}
    return rows
