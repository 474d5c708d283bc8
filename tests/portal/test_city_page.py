"""A city's page: what is told, who says it, what is not known; on every city."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from languages.partial_dates import PartialDateError, parse
from languages.tables import rows_of
from members.models import Citation, City, Decision
from portal.city_records import records_of
from portal.city_sentences import sentences_of
from portal.models import Town
from portal.towns import towns_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

MOST_NOT_KNOWN = 4
BULLE_REMARK = (
    "The network reports the admission at its joint meeting of General Assembly and Steering "
    "Committee; the day of the vote is not stated."
)
# Words of the office and of the code that no visitor reads.
OFFICE_WORDS = re.compile(
    r"\bevidenced\b|\bstanding\b|\b(?:this|these|other|\d+) places?\b"
    r"|\bthis portal\b|\bchosen by the portal\b",
    re.IGNORECASE,
)


def page(slug: str, language: str = "en") -> str:
    response = Client().get(f"/{language}/cities/{slug}/")
    assert response.status_code == 200, slug
    return response.content.decode()


def words_of(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def sentences(slug: str) -> list[str]:
    return sentences_of(records_of(City.objects.get(slug=slug)))


def test_city_is_told_in_sentences_from_its_records():
    assert sentences("krakow") == [
        "4 actions are known (newest news: March 2024).",
        "3 undertakings are known (newest news: 14 September 2016).",
        "Integration programme “Open Kraków” (2024–2028): in consultation until July 2024; "
        "result not known.",
    ]
    assert sentences("sampleton")[:2] == [
        "8 of 10 points are chosen.",
        "3 points are done with evidence.",
    ]
    assert "2 actions are late." in sentences("sampleton")
    assert sentences("kalmar") == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("pl", "Znane są 4 działania (najnowsza wiadomość: marzec 2024)."),
        ("uk", "Відомі 4 заходи (найновіша звістка: березень 2024 р.)."),
        ("fr", "4 actions sont connues (dernière nouvelle : mars 2024)."),
    ],
)
def test_sentences_agree_with_their_number(code, said):
    with override(code):
        assert sentences("krakow")[0] == said.replace(" :", "\xa0:").replace(" р.", "\u202fр.")


@pytest.mark.parametrize("language", ["en", "pl", "uk"])
def test_line_of_a_point_says_what_its_column_says(language):
    """Where the newest action of a point says less than an earlier one, the line says both."""
    with override(language):
        known = records_of(City.objects.get(slug="sampleton")).promises.known
        words_by_number = {promise.point.number: promise.further_words for promise in known}
    assert [number for number, words in words_by_number.items() if words] == [1, 3, 4, 6]
    lines = re.findall(r"<summary>(.*?)</summary>", page("sampleton", language), re.DOTALL)
    for number, words in words_by_number.items():
        line = next(one for one in lines if re.search(rf"</svg>\s*{number}\s*<", one))
        assert words in line


def test_every_line_of_a_point_belongs_to_a_sentence():
    """Actions and undertakings are counted, each by its own sentence."""
    said = " ".join(sentences("krakow"))
    promises = records_of(City.objects.get(slug="krakow")).promises
    assert f"{len(promises.actions)} actions" in said
    undertakings = sum(len(promise.assigned) for promise in promises.points)
    assert f"{undertakings} undertakings" in said


def test_no_city_is_a_page_of_not_known_or_of_office_words():
    """Over all of them: at most four times "not known", and no word of the office in ours."""
    too_often, in_office_words = {}, {}
    for slug in City.objects.public().values_list("slug", flat=True):
        words = words_of(page(slug))
        count = words.count("not known")
        if count > MOST_NOT_KNOWN:
            too_often[slug] = count
        if found := OFFICE_WORDS.findall(words):
            in_office_words[slug] = found
    assert too_often == {}
    assert in_office_words == {}


@pytest.mark.parametrize("slug", ["krakow", "graz", "bulle", "sampleton"])
def test_claims_lead_to_their_sources_and_sources_back(slug):
    html = page(slug)
    marks = dict(re.findall(r'class="source-mark" id="(claim-[\d-]+)" href="#(source-\d+)"', html))
    assert marks
    for source in marks.values():
        assert f'<li id="{source}">' in html
    back = re.findall(r'class="way-back" href="#(claim-[\d-]+)"', html)
    assert set(back) == set(marks)


def test_mark_of_a_source_without_address_and_publisher_is_a_word():
    html = page("krakow")
    kept_text = re.search(r'<li id="(source-\d+)">\s*<cite[^>]*>\[Informacja', html)
    assert kept_text
    link = rf'<a class="source-mark" id="[^"]*" href="#{kept_text[1]}">.*?</a>'
    marks = {mark.split("</span>")[-2].strip() for mark in re.findall(link, html, re.S)}
    assert marks == {"document"}


def test_city_that_only_undertook_something_is_told_so():
    words = words_of(page("paris"))
    assert "3 undertakings are known; their sources have no date." in words
    assert "No action or programme has been found yet." not in words
    assert "Listed as a member, 2024" in words


def test_programme_is_not_called_by_its_kind_twice():
    words = words_of(page("heidelberg"))
    assert "Ten-point action plan: mentioned in 2014, nothing later known." in words
    # Quotation marks within quotation marks are those of the language.
    oslo = words_of(page("oslo"))
    assert "“OXLO charter of values ‘Oslo – a city for all’”" in oslo


def test_letter_about_a_city_names_its_page(settings):
    settings.CONTACT_EMAIL = "office@example.org"
    assert page("krakow").count('href="/en/contact/?city=krakow"') == 4
    html = Client().get("/en/contact/?city=krakow").text
    assert "About: Kraków." in html
    assert "?subject=Krak%C3%B3w&amp;body=" in html
    assert "%2Fen%2Fcities%2Fkrakow%2F" in html
    for nonsense in ("nowhere", "%00", "x" * 300):
        answer = Client().get(f"/en/contact/?city={nonsense}")
        assert answer.status_code == 200
        assert "?subject=" not in answer.text
    programme = Client().get("/en/contact/?programme=otwarty-krakow").text
    assert "%2Fen%2Fprogrammes%2Fotwarty-krakow%2F" in programme


def test_city_of_which_nothing_is_known_has_a_page_worth_reading():
    html = page("kalmar")
    words = words_of(html)
    assert "No action or programme has been found yet." in words
    assert "Help: Kalmar" in words
    assert html.count('class="locator-name"') > 2
    neighbours = html.split('id="neighbours"')[1].split("</section>")[0]
    assert neighbours.count("<li") == 3
    assert "Send us a source" in words


def test_every_language_names_what_is_not_found_in_one_line():
    for code, _name in settings.LANGUAGES:
        with override(code):
            unknown = records_of(City.objects.get(slug="krakow")).promises.unknown_numbers
        html = page("krakow", code)
        line = html.split('id="points-not-known">')[1].split("</p>")[0]
        assert unknown
        assert unknown in line


def test_invented_city_has_europe_without_a_place_on_it_and_says_why():
    html = page("sampleton")
    assert 'class="locator-nowhere"' in html
    assert "Sampleton is invented: it lies on no map." in html
    assert "locator-dot" not in html[html.index("city-head") : html.index("</figure>")]
    assert "locator-nowhere" not in page("krakow")


@pytest.mark.parametrize(
    ("language", "nice", "other"), [("pl", "Nicea", "Akwizgran"), ("uk", "Ніцца", "Аахен")]
)
def test_map_writes_a_place_as_its_page_does_and_others_by_their_usual_name(language, nice, other):
    degrees = {"latitude": "43.7031", "longitude": "7.2661", "population": 342_669}
    Town.objects.create(geonames_id=2990440, name="Nice", country_code="FR", **degrees)
    Town.objects.create(geonames_id=3247449, name="Aachen", country_code="DE", **degrees)
    Town.objects.create(geonames_id=1, name="Zzz", country_code="FR", **degrees)
    with override(language):
        names = {town.name for town in towns_round(43.7, 7.2)}
    assert names == {nice, other, "Zzz"}


def test_number_on_the_map_opens_the_list_of_its_cities():
    whole = Client().get("/en/cities/").content.decode()
    way = re.search(r'class="map-cluster" href="(\?map=[^"#]+)#map"', whole)
    number = re.search(r'class="map-count"[^>]*>(\d+)<', whole[way.start() :])
    answer = Client().get(f"/en/cities/{way[1]}")
    html = answer.content.decode()
    cities = answer.context["page_obj"].paginator.count
    assert int(number[1]) <= cities < answer.context["total"]
    assert f"<strong>{cities}</strong> of" in html
    assert "Those of this part of the map." in html
    # The whole list says how many are missing, and nothing of a part.
    assert "1 city without a known place is not on it." in " ".join(whole.split())
    assert "without a known place" not in html
    assert "this part of the map" not in whole


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_sentence_that_ends_with_a_date_has_one_full_stop(language):
    with override(language):
        told = " ".join([*sentences("sampleton"), *sentences("krakow")])
    assert "2026" in told
    assert ".." not in told


def test_remark_of_the_data_is_in_every_language():
    """Decisions and citations keep their remarks in one column, in English."""
    remarks = set(Decision.objects.real().exclude(note="").values_list("note", flat=True))
    for stated in Citation.objects.exclude(states="").values_list("states", flat=True):
        try:
            parse(stated)
        except PartialDateError:
            remarks.add(stated)
    rows = {row["en"]: row for row in rows_of("remarks/remarks")}
    assert [remark for remark in remarks if not all(rows.get(remark, {"": ""}).values())] == []
    assert len(remarks) > 5
    html = page("bulle", "uk")
    assert rows[BULLE_REMARK]["uk"] in html
    assert BULLE_REMARK not in html
    assert BULLE_REMARK in page("bulle")
