"""The office's pages of the network: who opens them, what they say, what they send."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from languages.dates import format_date
from members.models import Commitment, Letter, Plan, Point
from tests.conftest import make_city
from tests.forms import fields_of
from tests.members.accession_cast import file_in
from tests.members.test_gaps import join

pytestmark = pytest.mark.django_db
ROLES = ("secretariat", "lead", "editor", "viewer", "committee", "neighbor")
PAGES = {
    "network": "/admin/network/",
    "csv": "/admin/network/export.csv",
    "xlsx": "/admin/network/export.xlsx",
    "gap": "/admin/network/mailbox/",
    "ask": "/admin/network/mailbox/ask/",
}
POSTS = {
    "send": ("/admin/network/mailbox/ask/", {"do": "send"}),
    "to-me": ("/admin/network/mailbox/ask/", {"do": "to-me"}),
    "take-back": ("/admin/network/mailbox/take-back/", {"stamp": "x"}),
}


@pytest.fixture
def client_of(person, alfa, beta, browse):
    def make(role: str):
        who = {"secretariat": ("secretariat", None), "neighbor": ("lead", beta)}
        return browse(person(*who.get(role, (role, alfa))))

    return make


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_for_the_office_alone(role, client_of):
    client = client_of(role)
    codes = {name: client.get(address).status_code for name, address in PAGES.items()}
    expected = 200 if role == "secretariat" else 403
    assert set(codes.values()) == {expected}, codes


@pytest.mark.parametrize("role", ROLES)
def test_buttons_work_for_the_office_alone(role, client_of, alfa, person):
    join(alfa)
    person("lead", alfa)
    client = client_of(role)
    for address, fields in POSTS.values():
        response = client.post(address, fields)
        assert response.status_code in ((200, 302) if role == "secretariat" else (403,)), fields
    assert not Letter.objects.exists()


def test_nonsense_in_an_address_is_a_404(client_of):
    office = client_of("secretariat")
    for path in ("x/", "x/ask/", "mailbox/x/", "export.pdf", "?page=0", "?page=9"):
        assert office.get(f"/admin/network/{path}").status_code == 404, path
    for stamp in ("", "%", "x:y", "ż", "\x00"):
        answer = office.post("/admin/network/mailbox/take-back/", {"stamp": stamp})
        assert answer.status_code == 404, stamp


def test_nonsense_in_a_filter_is_left_out(client_of, alfa):
    join(alfa)
    office = client_of("secretariat")
    for query in ("gap=x", "point=99", "point=²", "state=x", "sort=x", "country=%00", "q=%00%ff"):
        assert office.get(f"/admin/network/?{query}").status_code == 200, query


def test_each_filter_in_use_is_named_and_removed_alone(client_of, alfa):
    join(alfa)
    office = client_of("secretariat")
    page = office.get("/admin/network/?gap=mailbox&q=name&sort=name")
    chips = page.context["form"].chips()
    assert chips == [
        ("name", "gap=mailbox"),
        ("Cities without a public mailbox", "q=name"),
    ]
    for chip in chips:
        assert f'href="?{chip.query}"' in page.text
    assert not office.get("/admin/network/").context["form"].is_active


# --- Asking ---------------------------------------------------------------------------------------


@pytest.fixture
def asked(client_of, alfa, beta, person):
    """The page that asks two cities, and its fields as the browser would send them."""
    for city, language in ((alfa, "pl"), (beta, "de")):
        join(city)
        person("lead", city, language=language)
    office = client_of("secretariat")
    return office, fields_of(office.get("/admin/network/mailbox/ask/"))


def test_page_shows_the_letter_in_each_language_and_sends_it(asked):
    office, fields = asked
    page = office.get("/admin/network/mailbox/ask/").text
    assert "Send 2 letters" in page
    assert "Dzień dobry" in page
    assert "Guten Tag" in page
    answer = office.post("/admin/network/mailbox/ask/", {**fields, "do": "send"}, follow=True)
    assert "2 letters wait in the outbox" in answer.text
    assert "Take these letters back" in answer.text
    assert {letter.language for letter in Letter.objects.all()} == {"pl", "de"}


def test_city_that_is_not_ticked_gets_nothing(asked, alfa):
    office, fields = asked
    sent = {**fields, "city": [str(alfa.pk)], "do": "send"}
    office.post("/admin/network/mailbox/ask/", sent)
    assert Letter.objects.get().thing == alfa


def test_words_are_changed_for_this_letter_alone(asked, alfa):
    office, fields = asked
    sent = {**fields, "text_pl": "Tylko {city}: {link}", "do": "send"}
    office.post("/admin/network/mailbox/ask/", sent)
    letter = Letter.objects.get(language="pl")
    assert letter.text.startswith("Tylko Alfa: http")
    assert Letter.objects.get(language="de").text.startswith("Guten Tag")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text_pl": "Bez adresu."}, "Without {link} this letter makes no sense"),
        ({"text_pl": "{link} {nonsense}"}, "{nonsense} is not filled in"),
        ({"subject_pl": ""}, "This field is required"),
        ({"city": []}, "Choose at least one city"),
        ({"city": ["999999", "x", "9" * 30]}, "Choose at least one city"),
    ],
)
def test_letter_that_makes_no_sense_is_not_sent(changes, sentence, asked):
    office, fields = asked
    answer = office.post("/admin/network/mailbox/ask/", {**fields, **changes, "do": "send"})
    assert sentence in answer.text
    assert not Letter.objects.exists()


def test_letter_goes_to_the_person_first(asked, person):
    office, fields = asked
    answer = office.post("/admin/network/mailbox/ask/", {**fields, "do": "to-me"})
    assert "2 letters are on their way to you." in answer.text
    assert {letter.to.split("-")[0] for letter in Letter.objects.all()} == {"secretariat"}
    assert "Send 2 letters" in office.get("/admin/network/mailbox/ask/").text


@pytest.mark.parametrize("button", ["nothing", "", "SEND"])
def test_only_its_own_button_sends_the_letters(button, asked):
    office, fields = asked
    answer = office.post("/admin/network/mailbox/ask/", {**fields, "do": button})
    assert "Send 2 letters" in answer.text
    assert not Letter.objects.exists()


def test_letter_is_shown_in_the_words_that_stand_in_the_form(asked):
    """Also where they are not whole yet; nothing is sent."""
    office, fields = asked
    address = "/admin/network/mailbox/ask/"
    page = office.get(address)
    assert not any(part.is_changed for part in page.context["parts"])
    again = office.post(address, {**fields, "do": "look"})
    assert not any(part.is_changed for part in again.context["parts"])
    sent = {**fields, "subject_pl": "Pytanie: {city}", "text_pl": "Tylko {city}."}
    for do in ("look", "send", "to-me"):
        page = office.post(address, {**sent, "do": do})
        parts = {part.code: part for part in page.context["parts"]}
        assert parts["pl"].subject == "Pytanie: Alfa"
        assert [str(paragraph) for paragraph in parts["pl"].paragraphs] == ["Tylko Alfa."]
        assert (parts["pl"].is_changed, parts["de"].is_changed) == (True, False)
        assert "Guten Tag" in page.text
    assert 'formaction="/admin/network/mailbox/ask/#letter-pl"' in page.text
    assert not Letter.objects.exists()


def test_page_leads_on_where_nobody_can_be_asked(client_of, alfa, beta, person):
    """Nobody to write to, everybody asked lately, no city at all: always something to do next."""
    office = client_of("secretariat")
    address = "/admin/network/mailbox/ask/"
    assert "No city at the moment." in office.get(address).text
    join(alfa)
    alfa.website = "https://alfa.example/"
    alfa.save()
    page = office.get(address).text
    assert "Nobody gets a letter now" in page
    assert f'href="/admin/members/invitation/add/?city={alfa.pk}"' in page
    assert f'href="/admin/members/unit/add/?city={alfa.pk}"' in page
    assert 'href="https://alfa.example/"' in page
    assert 'value="send"' not in page
    for opened in ("/admin/members/invitation/add/", "/admin/members/unit/add/"):
        assert office.get(f"{opened}?city={alfa.pk}").status_code == 200
    person("lead", alfa)
    office.post(address, {**fields_of(office.get(address)), "do": "send"})
    again = timezone.localdate() + timedelta(days=30)
    page = office.get(address).text
    assert format_date(again, "en") in page
    assert 'href="/admin/network/mailbox/"' in page


def test_letters_are_taken_back_by_a_button(asked):
    office, fields = asked
    page = office.post("/admin/network/mailbox/ask/", {**fields, "do": "send"}, follow=True)
    stamp = page.context["asks"][0].stamp
    answer = office.post("/admin/network/mailbox/take-back/", {"stamp": stamp}, follow=True)
    assert "2 letters are taken back" in answer.text
    assert set(Letter.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_city_that_somebody_else_asked_meanwhile_is_named(asked):
    office, fields = asked
    office.post("/admin/network/mailbox/ask/", {**fields, "do": "send"})
    answer = office.post("/admin/network/mailbox/ask/", {**fields, "do": "send"}, follow=True)
    assert Letter.objects.count() == 2
    assert "0" in answer.text


# --- The table ------------------------------------------------------------------------------------


@pytest.fixture
def table(alfa, beta):
    """Alfa chose point 1, Beta refused it; of point 2 nothing is known."""
    now = timezone.now()
    plan = Plan.objects.create(name_en="Plan", published_at=now, in_force=True)
    points = []
    for number in (1, 2):
        title = f"=Point {number}"
        point = Point.objects.create(plan=plan, number=number, title_en=title, published_at=now)
        points.append(point)
    for city, answer in ((alfa, "yes"), (beta, "no")):
        join(city)
        Commitment.objects.create(
            city=city,
            point=points[0],
            chosen=answer,
            statement_en="We do.",
            origin="stated",
            stated_at=now,
            published_at=now,
        )
    return points


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["alfa", "beta"]),
        ("q=ALF", ["alfa"]),
        ("country=PL", ["alfa", "beta"]),
        ("state=chosen", ["alfa"]),
        ("state=refused", ["beta"]),
        ("state=refused&point=2", []),
        ("point=1", ["alfa", "beta"]),
        ("point=2", []),
        ("state=nothing&point=2", ["alfa", "beta"]),
        ("gap=promise", ["beta"]),
        ("sort=chosen", ["alfa", "beta"]),
    ],
)
def test_table_has_the_cities_that_are_asked_for(query, slugs, table, client_of):
    page = client_of("secretariat").get(f"/admin/network/?{query}")
    rows = page.context["page_obj"].object_list
    assert [row.city.slug for row in rows] == slugs


def test_cell_leads_to_the_point_of_the_city(table, client_of):
    page = client_of("secretariat").get("/admin/network/").text
    assert 'href="/admin/city/alfa/points/2/"' in page


def test_table_as_files_has_the_same_rows_and_no_formula(table, client_of):
    office = client_of("secretariat")
    text = office.get("/admin/network/export.csv?state=chosen").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert [line[1] for line in lines] == ["Web address", "alfa"]
    assert lines[1][3] == "chosen"
    # The number of a point once, before its title.
    assert lines[0][3].startswith("1. ")
    content = office.get("/admin/network/export.xlsx").content
    sheet = load_workbook(io.BytesIO(content)).active
    assert [row[1].value for row in sheet.iter_rows()] == ["Web address", "alfa", "beta"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


# --- First pages ----------------------------------------------------------------------------------


def test_committees_first_page_has_the_next_agenda_and_nothing_else(
    alfa, beta, person, browse, country
):
    office = person("secretariat")
    on_agenda = file_in("on_agenda", alfa, office)
    draft = file_in("draft", beta, office)
    member = browse(person("committee", make_city(country, "gamma")))
    page = member.get("/admin/")
    assert page.status_code == 200
    html = page.text
    assert on_agenda.get_file_url() in html
    assert draft.get_file_url() not in html
    assert str(on_agenda.meeting) in html
    assert "Everything else" not in html
    assert member.get(on_agenda.get_file_url()).status_code == 200


def test_sums_open_the_list_of_exactly_those_cities(client_of, table):
    office = client_of("secretariat")
    page = office.get("/admin/network/")
    sums = re.findall(r'href="(\?point=\d+&amp;state=something)">(\d+)</a>', page.text)
    assert [number for _query, number in sums] == ["2"]
    for query, number in sums:
        found = office.get(f"/admin/network/{unescape(query)}")
        assert found.context["count"] == int(number)
    # Of cities that are chosen by their state, the sums are numbers alone.
    assert "state=something" not in office.get("/admin/network/?state=chosen").text
