"""From a stock form back to the page of work that led there: after saving, deleting, errors."""

import pytest
from django.utils import timezone

from members.models import Action, Unit
from tests.forms import fields_of

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
POINT = "/admin/city/alfa/points/1/"
# What a public source says is deleted by the office alone.
STATED = {"origin": "stated", "stated_at": timezone.now()}


@pytest.fixture
def client(person, alfa, browse):
    return browse(person("lead", alfa))


@pytest.fixture
def change(alfa_rows) -> str:
    return f"/admin/members/unit/{alfa_rows['members.unit'].pk}/change/"


def open_from(client, page: str, address: str):
    return client.get(address, headers={"referer": f"{SITE}{page}"})


def send(client, page, address: str, **changes: str):
    fields = fields_of(page, "unit_form")
    return client.post(address, {**fields, **changes})


def test_saving_leads_back_to_the_point_and_the_page_says_so(client, change):
    page = open_from(client, POINT, change)
    assert "Back to point 1 without saving" in page.text
    assert f'href="{POINT}"' in page.text
    assert send(client, page, change, _save="1")["Location"] == POINT


@pytest.mark.parametrize(
    "origin",
    ["/admin/", "/admin/city/alfa/", "/admin/city/alfa/team/", "/admin/search/?q=Office+of+Alfa"],
)
def test_saving_leads_back_to_the_page_that_led_there(origin, client, change):
    page = open_from(client, origin, change)
    assert "Back without saving" in page.text
    assert send(client, page, change, _save="1")["Location"] == origin


def test_way_back_outlives_going_on_and_mistakes(client, change):
    page = open_from(client, POINT, change)
    goes_on = send(client, page, change, _continue="1")["Location"]
    assert "_back=" in goes_on
    page = client.get(goes_on)
    wrong = send(client, page, goes_on, email="no address", _save="1")
    assert wrong.status_code == 200
    assert send(client, wrong, goes_on, email="", _save="1")["Location"] == POINT


def test_new_entry_and_the_next_one_lead_back(client, alfa):
    address = "/admin/members/unit/add/"
    page = open_from(client, POINT, address)
    text = {"city": str(alfa.pk), "name_en": "New office"}
    another = send(client, page, address, **text, _addanother="1")["Location"]
    page = client.get(another)
    assert send(client, page, another, **text | {"name_en": "2"}, _save="1")["Location"] == POINT
    assert Unit.objects.filter(name_en__in=("New office", "2")).count() == 2


def test_history_and_deletion_keep_the_way(client, change):
    page = open_from(client, POINT, change)
    for name in ("history", "delete"):
        address = change.replace("change", name)
        assert f'href="{address}?_back=' in page.text
        link = page.text.partition(f'href="{address}?')[2].partition('"')[0]
        inner = client.get(f"{address}?{link}").text
        assert "_back=" in inner or 'name="_back"' in inner
    answer = client.post(change.replace("change", "delete"), {"post": "yes", "_back": POINT})
    assert answer["Location"] == POINT
    assert not Unit.objects.exists()


def test_deleted_from_its_own_page_leads_to_what_it_belonged_to(client, alfa_rows):
    promise = alfa_rows["members.commitment"]
    action = Action.objects.create(commitment=promise, title_en="New", status="planned", **STATED)
    own = f"/admin/city/alfa/actions/{action.pk}/"
    address = f"/admin/members/action/{action.pk}/delete/"
    page = open_from(client, own, address)
    assert f'<a href="{own}"' in page.text
    answer = client.post(address, {"post": "yes", "_back": own})
    assert not Action.objects.filter(pk=action.pk).exists()
    assert answer["Location"] != own
    assert client.get(answer["Location"]).status_code == 200


def test_entry_that_cannot_be_deleted_has_the_way_back_too(client, alfa_rows):
    Action.objects.update(**STATED)
    address = f"/admin/members/action/{alfa_rows['members.action'].pk}/delete/"
    page = open_from(client, POINT, address).text
    assert "Cannot delete" in page
    assert f'<a href="{POINT}"' in page


def test_list_keeps_its_filters(client, change):
    filters = "_changelist_filters=q%3Doffice"
    page = client.get(f"{change}?{filters}", headers={"referer": f"{SITE}/admin/members/unit/?q=x"})
    assert "Back to the list without saving" in page.text
    answer = send(client, page, f"{change}?{filters}", _save="1")
    assert answer["Location"] == "/admin/members/unit/?q=office"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/admin/city/alfa/",
        "//evil.example/admin/city/alfa/",
        "/\\evil.example",
        "/admin/logout/",
        "/admin/members/unit/1/delete/",
        "/en/",
        "/admin/city/alfa/\x00",
        "/admin/search/?q=" + "x" * 900,
        "javascript:alert(1)",
        "admin/city/alfa/",
    ],
)
def test_nobody_is_led_elsewhere(address, client, change):
    page = client.get(change)
    answer = send(client, page, change, _back=address, _save="1")
    assert answer["Location"] == "/admin/members/unit/"
    assert 'name="_back"' not in client.get(change, {"_back": address}).text


def test_page_of_another_site_leads_nowhere(client, change):
    page = client.get(change, headers={"referer": f"https://evil.example{POINT}"})
    assert 'name="_back"' not in page.text
