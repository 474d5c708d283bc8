"""The search over everything that a person may open: by folding, within their rights."""

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from languages.search import lists
from languages.search.lists import WordRows
from members.editing.admin import all_lists
from members.editing.admin.all_lists import FIRST, MOST_LISTS, PER_LIST, searched_lists
from members.models import CityRole, Unit, User
from tests.conftest import make_city
from tests.members.accession_cast import file_in
from tests.members.test_permissions import EXPECTED, ROLES

pytestmark = pytest.mark.django_db
PAGE = "/admin/search/"
# More than any field takes, a NUL byte, half a character, digits that are none.
BAD_TEXTS = ("x" * 5000, "\x00", "\ud800", "²", "%", "_", "' OR 1=1 --", '"', "  ", "🏙", "9" * 400)


def lists_of(response) -> dict[str, int]:
    """The numbers of the lists that the page names."""
    each = [*response.context["shown"], *response.context["others"]]
    return {one.url: one.count for one in each}


def rows_of(response) -> list[object]:
    return [hit.row for one in response.context["shown"] for hit in one.hits]


@pytest.fixture
def people(person, alfa, beta):
    city = {"secretariat": None, "nobody": None, "neighbor": beta}
    role = {"neighbor": "lead"}
    return {name: person(role.get(name, name), city.get(name, alfa)) for name in ROLES}


# --- What is found --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Krakow", "Kraków", "KRAKÓW", "краків"])
def test_city_is_found_however_it_is_spelled(text, country, person, browse):
    city = make_city(country, "krakow", name_pl="Kraków", name_uk="Краків", local_name="Kraków")
    if text == "краків":
        city.name_en = "Cracow"
        city.save()
    response = browse(person("secretariat")).get(PAGE, {"q": text})
    assert rows_of(response)[0] == city
    assert "/admin/city/krakow/" in response.content.decode()


def test_rows_with_the_words_come_before_those_of_a_city_with_them(alfa, person, browse):
    other = Unit.objects.create(city=alfa, name_en="Advice")
    named = Unit.objects.create(city=alfa, name_en="Office of Alfa")
    response = browse(person("secretariat")).get(PAGE, {"q": "alfa"})
    units = [row for row in rows_of(response) if isinstance(row, Unit)]
    assert units == [named, other]


def test_number_of_a_list_is_the_number_of_its_own_search(alfa_rows, person, browse):
    client = browse(person("secretariat"))
    numbers = lists_of(client.get(PAGE, {"q": "Alfa"}))
    assert len(numbers) > MOST_LISTS
    for url, count in numbers.items():
        page = client.get(url, {"q": "Alfa"})
        assert page.context["cl"].result_count == count, url


@pytest.mark.parametrize("text", ["Alfa", "Text", "office alfa", "nothing of the kind"])
def test_many_rows_are_found_as_few_are(text, alfa_rows, person, browse, monkeypatch):
    """Keys that are read, or asked of the database; rows in order, or the first candidates."""
    client = browse(person("secretariat"))
    found = client.get(PAGE, {"q": text})
    monkeypatch.setattr(lists, "MOST_KEYS", 0)
    monkeypatch.setattr(lists, "MOST_READ", 0)
    monkeypatch.setattr(all_lists, "MOST_READ", 0)
    monkeypatch.setattr(all_lists, "MOST_RANKED", 0)
    again = client.get(PAGE, {"q": text})
    assert lists_of(again) == lists_of(found)
    assert rows_of(again) == rows_of(found)


def test_very_many_rows_are_not_counted_to_the_end(alfa, person, browse, monkeypatch):
    for number in range(5):
        Unit.objects.create(city=alfa, name_en=f"Advice {number}")
    monkeypatch.setattr(lists, "MOST_KEYS", 2)
    monkeypatch.setattr(lists, "MOST_READ", 2)
    monkeypatch.setattr(all_lists, "MOST_COUNTED", 3)
    client = browse(person("secretariat"))
    page = client.get(PAGE, {"q": "advice"})
    (units,) = page.context["shown"]
    assert (units.counted, units.has_very_many) == (3, True)
    assert len(units.hits) == 5
    words = " ".join(page.text.split())
    assert "Over 3 entries with “advice”" in words
    assert "over 3 </span>" in words
    few = " ".join(client.get(PAGE, {"q": "advice 4"}).text.split())
    assert "1 entry with “advice 4”" in few


def test_kind_with_very_many_rows_does_not_hide_the_others(alfa, alfa_rows, person, monkeypatch):
    for number in range(9):
        Unit.objects.create(city=alfa, name_en=f"Alfa {number}")
    expected = WordRows("alfa").keys_by_kind
    assert None not in expected.values()
    monkeypatch.setattr(lists, "MOST_READ", 5)
    kind = ContentType.objects.get_for_model(Unit).pk
    found = WordRows("alfa").keys_by_kind
    assert set(found) == set(expected)
    assert found[kind] is None
    for other, keys in found.items():
        if keys is not None:
            assert sorted(keys) == sorted(expected[other])


def test_every_list_of_entries_is_searched(person, rf):
    request = rf.get("/")
    request.user = person("secretariat")
    own = searched_lists(admin.site.get_app_list(request))
    labels = {one.label for one in own}
    assert set(FIRST) <= labels
    # No columns to search; records of what happened; what is written on the page of its entry.
    unsearched = {"members.lettertext", "members.citation"}
    unsearched |= {"auditlog.logentry", "members.accountevent"}
    registered = {model._meta.label_lower for model in admin.site._registry}
    assert registered - labels == unsearched


def test_every_hit_leads_to_a_page(alfa_rows, person, browse):
    client = browse(person("secretariat"))
    response = client.get(PAGE, {"q": "Text"})
    hits = [hit for one in response.context["shown"] for hit in one.hits]
    assert hits
    codes = {hit.url: client.get(hit.url, follow=True).status_code for hit in hits}
    assert {url: code for url, code in codes.items() if code != 200} == {}


# --- Whose entries --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_each_role_finds_what_the_table_lets_it_view(role, people, alfa_rows, browse):
    """Alfa's rows: each list that the role may view and no other, the neighbor's none."""
    client = browse(people[role])
    response = client.get(PAGE, {"q": "Alfa"})
    if role == "nobody":
        assert response.status_code == 302
        return
    assert response.status_code == 200
    found = {url.strip("/").replace("admin/", "").replace("/", ".") for url in lists_of(response)}
    may_view = {label for label, line in EXPECTED.items() if "v" in line[role]}
    assert found <= may_view
    everywhere = {"members.city", "members.unit", "members.commitment", "members.action"}
    assert everywhere & may_view <= found


@pytest.mark.parametrize("text", ["ZEBRA", "Beta", "someone-beta", "beta"])
def test_another_citys_entries_are_not_found(text, people, alfa_rows, beta_rows, browse):
    response = browse(people["lead"]).get(PAGE, {"q": text})
    assert lists_of(response) == {}
    assert "Beta ZEBRA" not in response.content.decode()
    assert lists_of(browse(people["neighbor"]).get(PAGE, {"q": text}))


def test_a_role_that_ended_finds_nothing(person, alfa_rows, alfa, beta, browse):
    user = person("lead", beta)
    CityRole.objects.create(user=user, city=alfa, role="lead", since="2020-01-01")
    CityRole.objects.filter(user=user, city=alfa).update(until="2020-06-01")
    assert lists_of(browse(user).get(PAGE, {"q": "Alfa"})) == {}


def test_people_are_found_by_the_office_alone(people, person, alfa, browse):
    somebody = person("viewer", alfa, name="Żaneta Łoś")
    rows = rows_of(browse(people["secretariat"]).get(PAGE, {"q": "zaneta los"}))
    assert [row for row in rows if isinstance(row, User)] == [somebody]
    own_rows = rows_of(browse(people["lead"]).get(PAGE, {"q": "zaneta los"}))
    assert [row for row in own_rows if isinstance(row, User)] == []
    assert rows_of(browse(people["neighbor"]).get(PAGE, {"q": "zaneta los"})) == []


# --- The page -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["secretariat", "lead", "viewer"])
def test_every_page_begins_with_the_field(role, people, alfa, browse):
    client = browse(people[role])
    for address in (f"/admin/city/{alfa.slug}/", "/admin/members/unit/", "/admin/profile/"):
        assert 'action="/admin/search/"' in client.get(address).content.decode(), address


def test_committee_finds_the_files_that_it_reads_and_no_other(people, country, browse):
    """Of every city once they are submitted: by any spelling, from the field on each page."""
    office = people["secretariat"]
    krakow = make_city(country, "krakow", name_pl="Kraków", name_uk="Краків", local_name="Kraków")
    tarnow = make_city(country, "tarnow", name_pl="Tarnów", local_name="Tarnów")
    file = file_in("submitted", krakow, office)
    file_in("draft", tarnow, office)
    client = browse(people["committee"])
    assert 'action="/admin/search/"' in client.get("/admin/").text
    for text in ("Kraków", "KRAKOW", "краків"):
        page = client.get(PAGE, {"q": text})
        assert rows_of(page) == [file]
        assert f'href="{file.get_file_url()}"' in page.text
        assert client.get(file.get_file_url()).status_code == 200
    assert rows_of(client.get(PAGE, {"q": "Tarnów"})) == []
    for role in ("lead", "viewer", "neighbor"):
        assert rows_of(browse(people[role]).get(PAGE, {"q": "Kraków"})) == []


@pytest.mark.parametrize("text", BAD_TEXTS)
def test_bad_input_is_answered(text, people, alfa_rows, browse):
    response = browse(people["lead"]).get(PAGE, {"q": text.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200


def test_what_was_typed_is_text_and_nothing_else(people, browse):
    response = browse(people["lead"]).get(PAGE, {"q": "<b>x</b>"})
    assert "<b>x" not in response.content.decode()


def test_page_without_a_text_says_what_to_type(people, browse):
    response = browse(people["lead"]).get(PAGE)
    assert "Type a name" in response.content.decode()


def test_number_of_queries_does_not_grow_with_the_rows(
    alfa, alfa_rows, person, browse, django_assert_num_queries
):
    """Every list shown has a row: one query for its rows; one for the word, one for the index, one
    for the numbers."""
    client = browse(person("secretariat"))
    client.get(PAGE, {"q": "Alfa"})
    with django_assert_num_queries(22):
        client.get(PAGE, {"q": "Alfa"})
    for number in range(PER_LIST):
        Unit.objects.create(city=alfa, name_en=f"Alfa {number}")
    with django_assert_num_queries(22):
        client.get(PAGE, {"q": "Alfa"})


def test_address_is_that_of_the_site(client):
    assert reverse("admin:entry_search") == PAGE
    assert client.get(PAGE, {"q": "Alfa"}).status_code == 302
