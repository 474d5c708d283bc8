"""The words of navigation: for each person the pages that they may open, and where they are."""

import re

import pytest

from members.models import CityRole, Plan, Point
from members.tabs import tabs_of
from tests.members.accession_cast import file_in
from tests.members.test_gaps import join

pytestmark = pytest.mark.django_db

OFFICE = ["Desk", "Network", "Accessions", "Letters", "More"]
WORDS = {
    "secretariat": OFFICE,
    "lead": ["Alfa", "Points", "Programmes", "Team", "More"],
    "editor": ["Alfa", "Points", "Programmes", "More"],
    "viewer": ["Alfa", "Points", "Programmes", "More"],
    "committee": ["Desk"],
}
NAV = re.compile(r'<nav class="tabs".*?</nav>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)"(?: aria-current="(\w+)")?>\s*([^<]+?)\s*</a>')


def person_as(role, person, city):
    return person(role, None if role == "secretariat" else city)


def words_on(client, address: str) -> dict[str, tuple[str, str]]:
    """Each word with its address and its value of `aria-current`."""
    page = client.get(address, follow=True)
    assert page.status_code == 200, address
    links = LINK.findall(NAV.search(page.text)[0])
    return {word: (url, current) for url, current, word in links}


@pytest.mark.parametrize("role", WORDS)
def test_every_word_leads_to_a_page_that_its_reader_may_open(role, person, alfa, browse):
    join(alfa)
    client = browse(person_as(role, person, alfa))
    words = words_on(client, "/admin/")
    assert list(words) == WORDS[role]
    for word, (url, _current) in words.items():
        page = url.partition("#")[0]
        assert client.get(page).status_code == 200, word


@pytest.mark.parametrize(
    ("address", "word", "current"),
    [
        ("/admin/", "Desk", "page"),
        ("/admin/network/", "Network", "page"),
        ("/admin/network/mailbox/", "Network", "true"),
        ("/admin/members/letter/", "Letters", "page"),
        ("/admin/members/lettertext/", "", ""),
        ("/admin/members/unit/", "", ""),
    ],
)
def test_word_of_the_page_is_marked_for_the_office(address, word, current, person, browse):
    marks = {
        name: mark for name, (_, mark) in words_on(browse(person("secretariat")), address).items()
    }
    expected = dict.fromkeys(OFFICE, "")
    if word:
        expected[word] = current
    assert marks == expected


@pytest.mark.parametrize(
    ("address", "word", "current"),
    [
        ("/admin/city/alfa/", "Alfa", "page"),
        ("/admin/city/alfa/points/1/", "Points", "true"),
        ("/admin/city/alfa/actions/{action}/", "Points", "true"),
        ("/admin/city/alfa/team/", "Team", "page"),
        ("/admin/programs/programme/", "Programmes", "page"),
        ("/admin/programs/programme/add/", "Programmes", "true"),
    ],
)
def test_word_of_the_page_is_marked_for_a_city(
    address, word, current, person, alfa, alfa_rows, browse
):
    for model in (Plan, Point):
        model.objects.update(published_at=alfa.published_at)
    path = address.format(action=alfa_rows["members.action"].pk)
    words = words_on(browse(person("lead", alfa)), path)
    assert {name: mark for name, (_, mark) in words.items() if mark} == {word: current}


def test_candidate_begins_with_its_file(person, alfa, browse):
    office = person("secretariat")
    file = file_in("draft", alfa, office)
    lead = person("lead", alfa)
    client = browse(lead)
    words = words_on(client, "/admin/")
    assert list(words) == ["Your file", "Points", "Team", "More"]
    assert words["Your file"][1] == "true"
    assert client.get("/admin/").url == file.get_file_url()
    assert words_on(client, "/admin/city/alfa/")["Points"][1] == "page"


def test_who_works_for_two_cities_begins_at_their_desk(person, alfa, beta, browse):
    editor = person("editor", alfa)
    CityRole.objects.create(user=editor, city=beta, role="editor")
    assert [tab.title for tab in tabs_of(editor)] == ["Desk", "Programmes"]
    assert list(words_on(browse(editor), "/admin/")) == ["Desk", "Programmes"]


def test_more_opens_the_other_tables(person, alfa, browse):
    join(alfa)
    for user in (person("secretariat"), person("lead", alfa)):
        client = browse(user)
        more, _current = words_on(client, "/admin/")["More"]
        address = more.partition("#")[0]
        assert re.search(r'<details[^>]* id="everything" open>', client.get(address).text)
        folded = client.get(address.partition("?")[0]).text
        assert re.search(r'<details[^>]* id="everything">', folded)


def test_words_cost_one_query_for_a_city_and_none_for_the_office(
    person, alfa, django_assert_num_queries
):
    join(alfa)
    office, lead = person("secretariat"), person("lead", alfa)
    with django_assert_num_queries(0):
        tabs_of(office)
    assert lead.city_ids()
    with django_assert_num_queries(1):
        tabs_of(lead)
