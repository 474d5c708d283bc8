"""The private calendar of deadlines: what stands in it, whose it is, and how it ends."""

import logging
from datetime import timedelta

import icalendar
import pytest
from django.test import Client
from django.utils import timezone

from members.deadline_calendar import ADDRESSES
from members.models import Action, CityRole, Meeting, SupportContact
from portal.middleware import WithoutTokens
from tests.members.accession_cast import file_in
from tests.members.test_permissions import ROLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(alfa_rows) -> Action:
    action = alfa_rows["members.action"]
    Action.objects.filter(pk=action.pk).update(due="2030-05", title_en="Report")
    return action


def address_of(client) -> str:
    """Press the button of one's own page, and read the address there."""
    client.post("/admin/profile/", {"do": "calendar"})
    whole = client.get("/admin/profile/").context["calendar_address"]
    return "/accounts/" + whole.partition("/accounts/")[2]


def events_of(address: str, client=None) -> dict[str, icalendar.Event]:
    response = (client or Client()).get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    calendar = icalendar.Calendar.from_ical(response.content)
    return {str(one["uid"]).partition("@")[0]: one for one in calendar.walk("VEVENT")}


def test_coordinator_reads_what_is_due_without_signing_in(due, alfa, person, browse):
    lead = person("lead", alfa, language="pl")
    event = events_of(address_of(browse(lead)))[f"action-{due.pk}"]
    assert str(event["dtstart"].dt) == "2030-05-31"
    assert "Alfa" in event["summary"]
    assert event["url"].endswith(f"/admin/city/alfa/actions/{due.pk}/")
    assert "termin" in event["summary"].lower()


def test_contact_is_due_a_year_after_its_check(alfa_rows, alfa, person, browse):
    contact = alfa_rows["members.supportcontact"]
    today = timezone.localdate()
    SupportContact.objects.filter(pk=contact.pk).update(last_checked_on=today)
    event = events_of(address_of(browse(person("editor", alfa))))[f"contact-{contact.pk}"]
    assert event["dtstart"].dt == today + timedelta(days=SupportContact.DAYS_BETWEEN_CHECKS)


def test_office_and_committee_read_meetings_and_no_citys_work(due, alfa, beta, person, browse):
    office = person("secretariat")
    row = file_in("on_agenda", beta, office)
    meeting = row.meeting
    Meeting.objects.filter(pk=meeting.pk).update(starts="2031-03-18", ends="")
    secret = Meeting.objects.create(kind="steering_committee", starts="2031-04-18")
    Meeting.objects.create(kind="steering_committee", starts="2031")
    for role in ("secretariat", "committee"):
        client = browse(person(role, None if role == "secretariat" else alfa))
        events = events_of(address_of(client))
        assert f"meeting-{meeting.pk}" in events
        assert not [key for key in events if key.startswith("action")]
        assert (f"meeting-{secret.pk}" in events) is (role == "secretariat")
        assert len(events) == (2 if role == "secretariat" else 1)
        assert client.get(str(events[f"meeting-{meeting.pk}"]["url"])).status_code == 200


def test_nothing_of_another_city_stands_in_it(alfa_rows, beta_rows, due, alfa, person, browse):
    Action.objects.filter(pk=beta_rows["members.action"].pk).update(due="2030-06")
    address = address_of(browse(person("lead", alfa)))
    assert f"action-{due.pk}" in events_of(address)
    assert "ZEBRA" not in Client().get(address).content.decode()


@pytest.mark.parametrize("role", [*ROLES[:-1]])
def test_who_has_a_role_with_deadlines_has_an_address(role, alfa, beta, person, browse):
    cities = {"secretariat": None, "neighbor": beta}
    user = person("lead" if role == "neighbor" else role, cities.get(role, alfa))
    client = browse(user)
    client.post("/admin/profile/", {"do": "calendar"})
    page = client.get("/admin/profile/")
    has_address = bool(page.context["calendar_address"])
    assert has_address is (role != "viewer")


def test_it_ends_with_the_role(due, alfa, person, browse):
    lead = person("lead", alfa)
    address = address_of(browse(lead))
    CityRole.objects.filter(user=lead).update(until=timezone.localdate())
    assert Client().get(address).status_code == 404


def test_it_ends_with_the_account(due, alfa, person, browse):
    lead = person("lead", alfa)
    address = address_of(browse(lead))
    lead.is_active = False
    lead.save()
    assert Client().get(address).status_code == 404


def test_another_address_ends_the_first(due, alfa, person, browse):
    client = browse(person("lead", alfa))
    first = address_of(client)
    second = address_of(client)
    assert first != second
    assert Client().get(first).status_code == 404
    assert events_of(second)


@pytest.mark.parametrize("number", [0, 1, 2, 10**30])
def test_address_of_nobody_is_not_found(number, alfa, person):
    user = person("lead", alfa)
    for token in (f"{user.pk}-{number}", ADDRESSES.sign(f"{user.pk}-{number}"), "x", "²-²"):
        assert Client().get(f"/accounts/calendar/{token}.ics").status_code == 404


def test_address_names_no_person_and_stands_in_no_log(alfa, person, browse):
    lead = person("lead", alfa)
    address = address_of(browse(lead))
    assert lead.email not in address
    assert "@" not in address
    token = address.rpartition("/")[2]
    record = logging.LogRecord("x", logging.INFO, "", 0, "GET %s 200", (address,), None)
    WithoutTokens().filter(record)
    assert token not in record.getMessage()


def test_nobody_makes_an_address_for_somebody_else(alfa, person, browse):
    lead, other = person("lead", alfa), person("editor", alfa)
    browse(other).post("/admin/profile/", {"do": "calendar", "person": lead.pk})
    lead.refresh_from_db()
    assert lead.calendar_number == 0


def test_a_request_that_changes_nothing_makes_no_address(alfa, person, browse):
    lead = person("lead", alfa)
    browse(lead).get("/admin/profile/", {"do": "calendar"})
    lead.refresh_from_db()
    assert lead.calendar_number == 0


def test_calendar_costs_the_same_with_more_rows(
    due, alfa_rows, alfa, person, browse, django_assert_num_queries
):
    address = address_of(browse(person("lead", alfa)))
    client = Client()
    with django_assert_num_queries(5):
        client.get(address)
    for number in range(3):
        Action.objects.create(
            commitment=due.commitment, title_en=f"More {number}", due="2030", status="planned"
        )
    with django_assert_num_queries(5):
        client.get(address)
