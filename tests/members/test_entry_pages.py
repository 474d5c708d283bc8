"""The way to a page of the administration: through its city, never through another person's."""

import re

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from members.entry_pages import entry_page, way_to
from members.models import CityRole, Unit

pytestmark = pytest.mark.django_db
PAGES = ("change", "delete", "history")


def way_on(client, address: str) -> list[str]:
    """The words of the way on a page, the page itself last."""
    html = client.get(address, follow=True).content.decode()
    block = re.search(r'<div class="breadcrumbs">(.*?)</div>', html, re.DOTALL)
    if not block:
        return []
    words = strip_tags(block[1]).replace("›", "&rsaquo;").split("&rsaquo;")
    return [" ".join(word.split()) for word in words]


@pytest.fixture(autouse=True)
def plan(alfa_rows):
    """The plan in force is public, so that each of its points has a page."""
    plan = alfa_rows["members.plan"]
    plan.published_at = timezone.now()
    plan.save()
    return plan


def test_promise_under_an_earlier_plan_has_the_stock_form(plan, alfa_rows):
    promise = alfa_rows["members.commitment"]
    assert entry_page(promise) == "/admin/city/alfa/points/1/"
    plan.in_force = False
    plan.save()
    promise.refresh_from_db()
    assert entry_page(promise) == f"/admin/members/commitment/{promise.pk}/change/"


def test_evidence_lies_below_its_action_and_its_point(alfa_rows, person):
    evidence = alfa_rows["members.evidence"]
    action = alfa_rows["members.action"]
    steps = way_to(person("secretariat"), evidence)
    assert [step.title for step in steps] == ["Desk", "", "Point 1", str(action)]
    assert steps[1].city == alfa_rows["members.city"]
    assert steps[3].url == entry_page(action) == f"/admin/city/alfa/actions/{action.pk}/"


@pytest.mark.parametrize("page", PAGES)
def test_stock_pages_lead_through_the_city(page, alfa_rows, person, alfa, browse):
    unit = alfa_rows["members.unit"]
    address = f"/admin/members/unit/{unit.pk}/{page}/"
    office, editor = browse(person("secretariat")), browse(person("editor", alfa))
    last = [] if page == "change" else [{"delete": "Delete", "history": "History"}[page]]
    assert way_on(office, address)[:4] == ["Desk", "Alfa", "Units", str(unit)]
    assert way_on(editor, address)[:3] == ["Alfa", "Units", str(unit)]
    assert len(way_on(editor, address)) == 3 + len(last)


def test_lists_have_the_name_of_what_they_hold(person, alfa, browse):
    client = browse(person("lead", alfa))
    response = client.get("/admin/members/unit/")
    assert response.context["cl"].title == "Units"
    assert way_on(client, "/admin/members/unit/") == ["Alfa", "Units"]
    assert way_on(browse(person("secretariat")), "/admin/members/unit/") == ["Desk", "Units"]


def test_work_pages_and_stock_pages_begin_alike(alfa_rows, person, alfa, browse):
    action = alfa_rows["members.action"]
    client = browse(person("lead", alfa))
    work = way_on(client, f"/admin/city/alfa/actions/{action.pk}/")
    stock = way_on(client, f"/admin/members/action/{action.pk}/change/")
    assert work[:2] == stock[:2] == ["Alfa", "Point 1"]
    assert way_on(client, "/admin/city/alfa/") == []
    assert way_on(browse(person("secretariat")), "/admin/city/alfa/") == ["Desk", "Alfa"]


def test_committee_is_not_led_to_a_city_that_is_not_theirs(alfa_rows, person, beta):
    member = person("committee", beta)
    steps = way_to(member, alfa_rows["members.accession"])
    assert [step.title for step in steps] == ["Desk"]


def test_who_works_for_two_cities_begins_at_the_desk(alfa, beta, person):
    user = person("lead", alfa)
    CityRole.objects.create(user=user, city=beta, role="editor")
    steps = way_to(user, Unit(city=beta, name_en="Office"))
    assert [(step.title, step.city) for step in steps] == [("Desk", None), ("", beta)]


def test_entry_without_a_city_has_the_desk_alone(person, alfa):
    unit = Unit(name_en="Office")
    assert [step.title for step in way_to(person("secretariat"), unit)] == ["Desk"]
