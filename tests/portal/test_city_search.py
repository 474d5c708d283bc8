"""The field of the directory of cities finds them as the portal's search does: by every form of
their names, by what they do, with an error corrected; a town that is no city of the portal leads to
its help."""

import pytest
from django.test import Client

from members.city_search import find_cities
from members.models import City
from portal.models import Town, TownName
from portal.towns import town_outside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]


@pytest.fixture
def radom(real_data):
    return make_town(760_778, "Radom", "radom")


def make_town(geonames_id: int, name: str, folded: str) -> Town:
    """A town of Poland that is no city of the network."""
    town = Town.objects.create(
        geonames_id=geonames_id,
        name=name,
        country_code="PL",
        latitude=51.4,
        longitude=21.1,
        population=200_000,
    )
    TownName.objects.create(town=town, folded=folded)
    return town


def slugs_for(text: str) -> set[str]:
    return set(City.objects.filter(pk__in=find_cities(text).keys).values_list("slug", flat=True))


def listed(text: str, language: str = "en") -> str:
    return Client().get(f"/{language}/cities/", {"q": text, "status": "all"}).content.decode()


def test_a_city_is_found_by_what_it_does():
    cities = slugs_for("schools")
    assert {"bologna", "czestochowa", "aachen-region"} <= cities
    assert cities == slugs_for("school")
    assert slugs_for("schools Poland") < cities


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Leipz", {"leipzig"}),
        ("Krakow schools", {"krakow"}),
        ("Deutschland, Erlangen", {"erlangen"}),
        # Polish councils ("rady, radom") have nothing to do with it.
        ("Radom", set()),
        ("Radom, Poland", set()),
        ("qqqqqqqq", set()),
        ("😀", set()),
    ],
)
def test_names_come_before_what_cities_do(text, slugs):
    assert slugs_for(text) == slugs


def test_a_typing_error_is_corrected_and_said():
    html = listed("Krakwo")
    assert "Nothing was found for “Krakwo”" in " ".join(html.split())
    assert 'href="/en/cities/krakow/"' in html


@pytest.mark.parametrize("text", ["Radom", "Radom, Poland", "radom"])
def test_a_town_outside_leads_to_its_help(radom, text):
    html = " ".join(listed(text).split())
    assert "Radom (Poland) is not among the cities of this site." in html
    assert f'href="/en/help/?town={radom.pk}"' in html


def test_a_city_listed_for_a_word_of_its_entry_says_why(radom):
    why = "The cities below are listed because their entry has this word."
    assert why not in listed("Radom")
    make_town(3_099_434, "Gdańsk", "gdansk")
    html = listed("Gdańsk")
    assert 'href="/en/cities/wroclaw/"' in html
    assert why in html


def test_the_search_of_everything_says_so_too(radom):
    html = " ".join(Client().get("/en/search/", {"q": "Radom"}).content.decode().split())
    assert "Radom (Poland) is not among the cities of this site." in html
    assert f'href="/en/help/?town={radom.pk}"' in html


@pytest.mark.parametrize("text", ["Krakow", "Radom racism", "", "Nowhereham"])
def test_no_town_is_named_where_a_city_or_more_is_asked_for(radom, text):
    assert town_outside(text) is None


def test_of_a_long_text_the_beginning_counts():
    html = listed("Krakow " * 100)
    assert 'href="/en/cities/krakow/"' in html
    assert "Ensure this value" not in html
    assert "There is a problem" not in html


@pytest.mark.parametrize(
    ("number", "city"),
    [
        ("CXXIX/3569/24", "krakow"),
        ("529/2019", "czestochowa"),
        ("529.2019", "czestochowa"),
        ("20/0372-BV", "jena"),
    ],
)
def test_an_act_found_by_number_leads_to_its_place_on_the_page_of_its_city(number, city):
    client = Client()
    suggested = client.get("/en/search/", {"q": number}).content.decode()
    anchor = suggested.partition(f'href="/en/cities/{city}/#act-')[2].partition('"')[0]
    assert anchor.isdecimal()
    page = client.get(f"/en/cities/{city}/").content.decode()
    assert f'id="act-{anchor}"' in page
