"""The card of help for a town outside the network, where a search tells of harm there."""

import pytest
from django.utils.translation import override

from languages.search.results import search
from portal.help_cards import help_cards
from portal.hits import KINDS
from portal.models import Town, TownName

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns():
    names = [("Manchester", "GB"), ("Gdańsk", "PL"), ("Харків", "UA"), ("Örebro", "SE")]
    folded = ["manchester", "gdansk", "харків", "orebro"]
    found = {}
    for key, ((name, country), form) in enumerate(zip(names, folded, strict=True), 1):
        town = Town.objects.create(
            geonames_id=key,
            name=name,
            country_code=country,
            latitude=50,
            longitude=20,
            population=100_000 + key,
        )
        TownName.objects.create(town=town, folded=form)
        found[form] = town
    return found


def cards_for(language, text):
    with override(language):
        return [card.url for card in help_cards(search(text, kinds=tuple(KINDS)))]


@pytest.mark.parametrize(
    ("language", "text", "town"),
    [
        ("en", "refused a flat in Manchester", "manchester"),
        ("en", "insulted in manchester", "manchester"),
        ("pl", "pobito mnie w Gdańsku", "gdansk"),
        ("uk", "дискримінація у Харкові кому скаржитися", "харків"),
        ("sv", "anmäla rasism i Örebro", "orebro"),
        ("en", "discrimination help Manchester", "manchester"),
        ("uk", "дискримінація допомога Харків", "харків"),
    ],
)
def test_a_town_outside_the_network_has_the_first_card(towns, language, text, town):
    first, everywhere = cards_for(language, text)
    assert first == f"/{language}/help/?town={towns[town].pk}"
    assert everywhere == f"/{language}/help/"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # No preposition and not the last word, an unknown town, nothing that asks for help.
        ("en", "Manchester insulted me"),
        ("en", "insulted in Nowhereham"),
        ("en", "plans in Manchester"),
        # A word of the language, without a capital.
        ("en", "discrimination help manchester"),
    ],
)
def test_no_town_is_guessed(towns, language, text):
    assert not any("town=" in url for url in cards_for(language, text))
