"""Events: days, times and time zones, on the page and in calendars."""

import datetime

import icalendar
import pytest
from django.utils import timezone

from portal.models import Event

pytestmark = pytest.mark.django_db

ADD = "/admin/portal/event/add/"
TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)


def make_event(city=None, slug: str = "party", **fields: object) -> Event:
    values = {
        "title_en": "Party",
        "first_day": "2027-03-19",
        "time_zone": "Europe/Dublin",
        **fields,
    }
    event = Event.objects.create(slug=slug, city=city, **{"published_at": timezone.now(), **values})
    event.refresh_from_db()
    return event


def calendar_of(client, url: str) -> list[icalendar.Event]:
    response = client.get(url)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(response.content).walk("VEVENT")


def typed(city, **more: object) -> dict[str, object]:
    fields = {
        "source_language": "en",
        "city": city.pk,
        "title_en": "Party",
        "first_day": "2027-03-19",
    }
    return {**fields, "time_zone": "Europe/Warsaw", **more}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "19 March 2027"),
        ({"last_day": "2027-03-21"}, "19–21 March 2027"),
        ({"starts": "18:00"}, "19 March 2027, 18:00 (Greenwich Mean Time)"),
        ({"starts": "18:00", "ends": "20:30"}, "19 March 2027, 18:00–20:30 (Greenwich Mean Time)"),
        (
            {
                "starts": "10:00",
                "last_day": "2027-03-20",
                "ends": "09:00",
                "time_zone": "Europe/Stockholm",
            },
            "19 March 2027, 10:00 – 20 March 2027, 09:00 (Central European Standard Time)",
        ),
        (
            {"starts": "10:00", "first_day": "2027-06-19", "time_zone": "Europe/Warsaw"},
            "(Central European Summer Time)",
        ),
    ],
)
def test_page_says_when(fields, words, client):
    make_event(**fields)
    assert words in client.get("/en/events/party/").content.decode()


def test_time_zone_is_named_in_the_readers_language(client):
    make_event(starts="18:00", time_zone="Europe/Warsaw")
    assert "czas środkowoeuropejski standardowy" in client.get("/pl/events/party/").content.decode()


def test_calendar_file_keeps_the_time_zone(client):
    make_event(
        starts="18:00", ends="20:30", place="Hall, 1; first floor", text_en="**All** are welcome."
    )
    (entry,) = calendar_of(client, "/en/events/party/calendar.ics")
    assert entry.decoded("dtstart").isoformat() == "2027-03-19T18:00:00+00:00"
    assert entry["dtstart"].params["TZID"] == "Europe/Dublin"
    assert entry.decoded("dtend").hour == 20
    assert str(entry["location"]) == "Hall, 1; first floor"
    assert str(entry["description"]) == "All are welcome."
    assert b"BEGIN:VTIMEZONE" in client.get("/en/events/party/calendar.ics").content


def test_calendar_file_of_a_whole_day_ends_the_day_after(client):
    make_event(last_day="2027-03-21")
    (entry,) = calendar_of(client, "/en/events/party/calendar.ics")
    assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (
        datetime.date(2027, 3, 19),
        datetime.date(2027, 3, 22),
    )


def test_cancelled_event_says_so_everywhere(client):
    make_event(cancelled=True)
    assert str(calendar_of(client, "/en/events/calendar.ics")[0]["status"]) == "CANCELLED"
    assert "This event does not take place." in client.get("/en/events/party/").content.decode()
    assert "cancelled" in client.get("/en/events/").content.decode()


def test_list_parts_what_comes_from_what_is_over(client):
    make_event(slug="running", first_day=TODAY - DAY, last_day=TODAY + DAY)
    make_event(slug="next", first_day=TODAY + DAY)
    make_event(slug="over", first_day=TODAY - DAY)
    html = client.get("/en/events/").content.decode()
    order = [html.index(f"/en/events/{slug}/") for slug in ("running", "next", "over")]
    assert order == sorted(order)
    assert order[1] < html.index("What is over") < order[2]


@pytest.mark.parametrize("later", [None, timezone.now() + DAY], ids=["draft", "dated"])
def test_draft_and_later_events_are_nowhere(later, alfa, client):
    make_event(alfa, published_at=later)
    for url in ["/en/events/", "/en/cities/alfa/", "/sitemap.xml", "/en/search/?q=party"]:
        assert "events/party/" not in client.get(url).content.decode(), url
    for url in ["/en/events/party/", "/en/events/party/calendar.ics"]:
        assert client.get(url).status_code == 404
    assert calendar_of(client, "/en/events/calendar.ics") == []


def test_invented_events_are_in_no_list_and_no_calendar(client):
    make_event(fictional=True)
    assert "events/party/" not in client.get("/en/events/").content.decode()
    assert calendar_of(client, "/en/events/calendar.ics") == []
    assert "noindex" in client.get("/en/events/party/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"last_day": "2027-03-18"}, "last_day"),
        ({"starts": "18:00", "ends": "17:00"}, "ends"),
        ({"starts": "18:00", "ends": "18:00"}, "ends"),
        ({"ends": "18:00"}, "starts"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"first_day": "31.2.2027"}, "first_day"),
        ({"first_day": ""}, "first_day"),
        ({"url": "javascript:alert(1)"}, "url"),
    ],
)
def test_bad_event_is_answered_at_its_field_and_nothing_typed_is_lost(
    wrong, field, person, alfa, browse
):
    response = browse(person("lead", alfa)).post(ADD, typed(alfa, **wrong))
    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
    assert 'value="Party"' in response.content.decode()
    assert not Event.objects.exists()


def test_coordinator_writes_and_publishes_an_event(person, alfa, browse, client):
    fields = typed(alfa, starts="18:00", last_day="2027-03-20", ends="01:00", _publish="1")
    assert browse(person("editor", alfa)).post(ADD, fields).status_code == 302
    assert "Party" in client.get("/en/cities/alfa/").content.decode()
    assert client.get("/en/events/party/").status_code == 200


def test_preview_of_an_event(person, alfa, beta, browse):
    event = make_event(alfa, published_at=None)
    address = f"/admin/portal/event/{event.pk}/preview/"
    assert "Preview: not public yet" in browse(person("viewer", alfa)).get(address).content.decode()
    assert browse(person("lead", beta)).get(address).status_code == 404
