"""A city however it is written: with its country, with words for "city of", long, foreign,
inflected and former names, without accents. Search, suggestions and directory read it alike."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from languages.folding import fold
from languages.models import IndexRow, PlaceForm
from languages.search.places import read_places
from languages.search.word_lists import split_names
from languages.tables import rows_of
from members.map.projection import kilometres_between
from members.models import City, CityName
from portal import index
from tests.conftest import make_city

pytestmark = pytest.mark.django_db

# What people write, and the pages of the cities that they mean.
FORMS = [
    # with the country, in any language, before or after, as a code
    ("en", "Erlangen, Germany", "erlangen"),
    ("de", "Deutschland, Erlangen", "erlangen"),
    ("pl", "Erlangen, Niemcy", "erlangen"),
    ("pl", "Erlangen w Niemczech", "erlangen"),
    ("uk", "Ерланген, Німеччина", "erlangen"),
    ("en", "Krakow, Poland", "krakow"),
    ("en", "Kraków (PL)", "krakow"),
    ("en", "London UK", "london"),
    ("en", "Edinburgh, Scotland", "edinburgh"),
    # with words for city, municipality, canton, county
    ("en", "city of Vienna", "wien"),
    ("en", "Municipality of Uppsala", "uppsala"),
    ("de", "Landeshauptstadt München", "munchen"),
    ("de", "Stadt Frankfurt a. M.", "frankfurt-am-main"),
    ("fr", "ville de Genève", "geneve"),
    ("fr", "commune d'Ixelles", "ixelles"),
    ("it", "Comune di Bologna", "bologna"),
    ("es", "Ayuntamiento de Barcelona", "barcelona"),
    ("pl", "miasto Kraków", "krakow"),
    ("sv", "Malmö kommun", "malmo"),
    ("uk", "місто Одеса", "odesa"),
    ("en", "Canton of Fribourg", "fribourg-canton"),
    ("de", "Kreis Düren", "duren-county"),
    ("de", "Düren", "duren-county"),
    ("fr", "Fribourg", "fribourg fribourg-canton"),
    ("en", "Fribourg canton", "fribourg-canton fribourg"),
    ("it", "città metropolitana di Genova", "genova-metropolitan-city"),
    # saints, hyphens, letters that keyboards lack
    ("en", "St. Denis", "saint-denis"),
    ("fr", "ville de St-Denis", "saint-denis"),
    ("de", "Sankt Petersburg", "saint-petersburg"),
    ("de", "Muenchen", "munchen"),
    ("sv", "Goeteborg", "goteborg"),
    ("fr", "Clermont Ferrand", "clermont-ferrand"),
    ("fr", "Esch/Alzette", "esch-sur-alzette"),
    # inflected
    ("pl", "w Krakowie", "krakow"),
    ("pl", "do Wiednia", "wien"),
    ("pl", "w Genewie", "geneve"),
    ("pl", "krakowski", "krakow"),
    ("sv", "Malmös", "malmo"),
    ("de", "Wiens", "wien"),
    ("de", "Wiener", "wien"),
    ("uk", "у Відні", "wien"),
    ("uk", "у Кракові", "krakow"),
    ("uk", "в Одесі", "odesa"),
    ("en", "Vienna's", "wien"),
    # foreign, former, parts
    ("en", "كراكوف", "krakow"),
    ("pl", "Akwizgran", "aachen-region"),
    ("en", "Nowa Huta", "krakow"),
    ("pl", "w Nowej Hucie", "krakow"),
    ("de", "Kreuzberg", "berlin"),
    ("en", "Auschwitz", "oswiecim"),
    ("en", "Constantinople", "kadikoy sisli"),
    ("en", "Leningrad", "saint-petersburg"),
    ("pl", "na Podgórzu", "krakow"),
    ("sv", "Rosengård", "malmo"),
    ("fr", "Montmartre", "paris"),
    ("uk", "Пересип", "odesa"),
    ("uk", "Кройцберг", "berlin"),
    # a name that is a word too
    ("en", "Nice", "nice"),
    ("en", "Nice, France", "nice"),
    ("en", "Roma", "roma"),
    # none of ours
    ("fr", "aide à la Croix-Rousse", "lyon"),
    ("it", "Mirafiori", "torino"),
    ("en", "racist attack in Leith", "edinburgh"),
    ("uk", "на Молдаванці", "odesa"),
    ("de", "höchst interessant", ""),
    ("en", "Halle, Belgium", ""),
    ("en", "nice people", ""),
    ("sv", "de hörde mitt namn", ""),
    ("en", "lower rents", ""),
    ("en", "roma discrimination", ""),
    ("de", "Frankfurt, Polen", ""),
    ("en", "racism", ""),
    ("en", '"Otwarty Kraków"', ""),
]


def slugs_of(text: str, language: str) -> list[str]:
    with override(language):
        keys = read_places(text).city_keys
    slugs = dict(City.objects.values_list("pk", "slug"))
    return [slugs[key] for key in keys]


@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(("language", "text", "slugs"), FORMS)
def test_a_city_is_read_however_it_is_written(language, text, slugs):
    assert slugs_of(text, language) == slugs.split()


@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(
    ("text", "countries", "rest"),
    [
        ("free legal help discrimination Geneva", (), "free legal help discrimination"),
        ("city of Vienna, Austria: housing", ("AT",), "of housing"),
        ("anti-racism in Köln", (), "anti-racism in"),
        ("w Polsce", ("PL",), ""),
        ("the plan of cities", (), "the plan of cities"),
        ('"ten points" Kraków', (), '"ten points"'),
    ],
)
def test_the_rest_is_what_the_text_says_beside_the_place(text, countries, rest):
    reading = read_places(text, "en")
    assert (reading.countries, reading.rest) == (countries, rest)


@pytest.mark.usefixtures("real_data")
def test_reading_takes_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        read_places("free legal help in the city of Vienna, Austria", "en")


# The same forms at every door.
DOORS = [
    ("en", "Erlangen, Germany", "erlangen"),
    ("de", "Stadt Erlangen", "erlangen"),
    ("uk", "Ерланген, Німеччина", "erlangen"),
    ("en", "city of Vienna", "wien"),
    ("uk", "у Відні", "wien"),
    ("en", "Krakow, Poland", "krakow"),
    ("pl", "w Krakowie", "krakow"),
    ("sv", "Malmös", "malmo"),
]


@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(("language", "text", "slug"), DOORS)
def test_five_doors_find_the_city(language, text, slug, person, browse):
    client = Client()
    page = f"/{language}/cities/{slug}/"
    asked = {"q": text}
    suggested = client.get(f"/{language}/search/suggest/", asked).json()["suggestions"]
    assert suggested[0]["url"] == page
    found = client.get(f"/{language}/search/", asked).content.decode()
    assert re.findall(r'<h[23]>\s*<a href="([^"]+)"', found)[0] == page
    listed = client.get(f"/{language}/cities/", {**asked, "status": "all"}).content.decode()
    assert f'href="{page}"' in listed
    other = "oslo"
    assert f'href="/{language}/cities/{other}/"' not in listed
    helped = client.get(f"/{language}/help/", asked)
    assert helped["Location"] == f"/{language}/help/{slug}/"
    office = browse(person("secretariat"))
    rows = office.get("/admin/members/city/", asked).context["cl"].queryset
    assert [city.slug for city in rows] == [slug]


@pytest.mark.usefixtures("real_data")
def test_suggestions_leave_out_the_word_city_while_a_name_is_typed():
    suggested = Client().get("/en/search/suggest/", {"q": "city of Vien"}).json()["suggestions"]
    assert suggested[0]["url"] == "/en/cities/wien/"


@pytest.mark.usefixtures("real_data")
def test_the_directory_lists_the_cities_of_a_country():
    html = Client().get("/en/cities/", {"q": "Polska", "status": "all"}).content.decode()
    assert "/en/cities/krakow/" in html
    assert "/en/cities/wien/" not in html


def test_forms_follow_the_names_of_a_city(alfa):
    def forms():
        rows = PlaceForm.objects.filter(kind="city", object_id=alfa.pk)
        return set(rows.values_list("form", flat=True))

    CityName.objects.create(city=alfa, name="Zakrzówek", language="pl")
    index.refresh(alfa)
    assert {"zakrzowek", "zakrzowku"} <= forms()
    alfa.published_at = None
    alfa.save()
    assert not IndexRow.objects.filter(kind="city", object_id=alfa.pk).exists()
    assert forms() == set()


def test_places_of_one_name_are_both_read(country):
    first = make_city(country, "neuenkirchen", published_at=timezone.now())
    second = make_city(country, "neuenkirchen-2", published_at=timezone.now())
    for city in (first, second):
        city.local_name = city.name_en = "Neuenkirchen"
        city.save()
    assert set(read_places("Gemeinde Neuenkirchen", "de").city_keys) == {first.pk, second.pk}


def test_every_part_of_a_city_has_a_source():
    rows = rows_of("search/place_parts")
    assert rows
    for row in rows:
        assert row["source"].startswith("https://"), row
        assert row["kind"] in {"part", "former", "around"}, row
        assert list(split_names(row["names"])), row


def test_no_part_of_a_city_is_called_like_a_town_elsewhere():
    """Who searches *Bornheim* means the town of 48,000 and not a quarter of Frankfurt."""
    tables = ("network/membership/cities", "network/local/cities")
    cities = {row["slug"]: row for table in tables for row in rows_of(table)}
    towns = {}
    for row in rows_of("towns/towns"):
        towns.setdefault(fold(row["name"]), []).append(row)
    assert fold("Bornheim") in towns
    parts = [row for row in rows_of("search/place_parts") if row["kind"] == "part"]
    elsewhere = [
        (part["city"], part["names"])
        for part in parts
        for town in towns.get(fold(part["names"]), [])
        if kilometres_between(_position(cities[part["city"]]), _position(town)) > 25
    ]
    assert elsewhere == []


def _position(row):
    return float(row["latitude"]), float(row["longitude"])
