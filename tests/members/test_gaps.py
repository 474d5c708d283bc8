"""What cities lack: each number is the number of the rows behind it."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from languages.models import DeskRow, DeskState
from members import gaps
from members.models import (
    Action,
    City,
    CityRole,
    Commitment,
    Evidence,
    Membership,
    Organisation,
    Plan,
    Point,
    Source,
    SupportContact,
    Unit,
    User,
)
from members.models.actions import is_late
from members.models.record import content_type_of
from members.network_table import Selection, table_rows
from members.strip import strips_for
from members.waiting import waiting_for
from tests.conftest import make_city

pytestmark = pytest.mark.django_db
KEYS = [gap.key for gap in gaps.GAPS]
LONG_AGO = timezone.now() - timedelta(days=400)


def join(city: City, **fields: object) -> City:
    values = {"city": city, "standing": "active", "joined": "2020", **fields}
    Membership.objects.create(published_at=timezone.now(), **values)
    return city


@pytest.fixture
def complete(alfa, person) -> City:
    """A city that lacks nothing, and has a row for each thing that could be lacking."""
    now = timezone.now()
    join(alfa)
    person("lead", alfa, last_login=now)
    Unit.objects.create(city=alfa, name_en="Office", email="office@alfa.example", published_at=now)
    plan = Plan.objects.create(name_en="Plan", published_at=now, in_force=True)
    point = Point.objects.create(plan=plan, number=1, title_en="One", published_at=now)
    promise = Commitment.objects.create(
        city=alfa,
        point=point,
        chosen="yes",
        statement_en="We do.",
        origin="stated",
        stated_at=now,
        published_at=now,
    )
    action = Action.objects.create(
        commitment=promise,
        title_en="Advice",
        status="done",
        origin="stated",
        stated_at=now,
        published_at=now,
    )
    source = alfa_source()
    Evidence.objects.create(action=action, source=source, note_en="A page", published_at=now)
    contact_of(alfa)
    DeskState.objects.all().delete()
    return alfa


def alfa_source() -> Source:
    return Source.objects.create(url="https://alfa.example/page", title="Page")


def contact_of(city: City) -> SupportContact:
    organisation = Organisation.objects.create(
        slug=f"advice-{city.slug}", name_en="Advice", published_at=timezone.now()
    )
    return SupportContact.objects.create(
        city=city,
        organisation=organisation,
        last_checked_on=timezone.localdate(),
        published_at=timezone.now(),
    )


def untranslated(city: City) -> None:
    City.objects.filter(pk=city.pk).update(local_language="pl")
    row = DeskRow.objects.get(object_id=city.pk, content_type=content_type_of(city))
    DeskState.objects.create(row=row, language="pl", state="missing")


def action_of(city: City):
    return Action.objects.filter(commitment__city=city)


# How a complete city comes to have each gap.
LOSSES = {
    "coordinator": lambda city: CityRole.objects.filter(city=city).update(role="viewer"),
    "signed-in": lambda city: User.objects.update(last_login=None),
    "mailbox": lambda city: city.units.update(email=""),
    "sources": lambda city: action_of(city).update(origin="cited", stated_at=None, status=""),
    "confirmed": lambda city: city.commitments.update(stated_at=LONG_AGO),
    "overdue": lambda city: action_of(city).update(status="planned", due="2020"),
    "evidence": lambda city: Evidence.objects.all().delete(),
    "promise": lambda city: city.commitments.update(chosen="no"),
    "contacts": lambda city: city.support_contacts.update(last_checked_on=None),
    "help": lambda city: city.support_contacts.update(published_at=None),
    "texts": untranslated,
}


def test_every_gap_has_a_loss():
    assert set(LOSSES) == set(KEYS)


def test_city_that_lacks_nothing_is_in_no_number(complete):
    total, numbers = gaps.counts()
    assert total == 1
    assert {key for key, number in numbers.items() if number} == set()


@pytest.mark.parametrize("key", KEYS)
def test_number_on_the_desk_is_the_number_of_the_rows_behind_it(
    key, complete, beta, person, browse
):
    LOSSES[key](complete)
    join(beta, standing="withdrawn", ended="2024")
    office = browse(person("secretariat"))
    _total, numbers = gaps.counts()
    assert numbers[key] == 1
    desk = office.get("/admin/").text
    assert f'href="/admin/network/{key}/"' in desk
    lines = office.get(f"/admin/network/{key}/").context["lines"]
    assert [line.city for line in lines] == [complete]
    table = office.get(f"/admin/network/?gap={key}")
    assert table.context["count"] == 1


def test_invented_cities_are_in_no_number(complete):
    LOSSES["mailbox"](complete)
    assert gaps.counts()[1]["mailbox"] == 1
    City.objects.filter(pk=complete.pk).update(fictional=True)
    assert gaps.counts()[0] == 0
    assert set(gaps.counts()[1].values()) == {0}


def test_city_whose_last_editor_ends_today_is_listed_today(complete):
    role = CityRole.objects.get(city=complete)
    role.until = timezone.localdate()
    role.save()
    assert gaps.counts()[1]["coordinator"] == 1


def test_late_in_the_database_is_late_on_the_page(complete):
    today = date(2026, 11, 30)
    for due in ("", "2025", "2026", "2026-11", "2026-10", "2026-11-30", "2026-11-29", "2027"):
        for status in Action.Status.values:
            action_of(complete).update(due=due, status=status, stopped_why_en="So.")
            expected = is_late(status, due, today)
            assert Action.objects.late(today).exists() == expected, (due, status)


def test_stale_in_the_database_is_stale_on_the_page(complete, person):
    long_ago = timezone.now() - timedelta(days=900)
    somebody = person("lead", complete)
    for days in (364, 365, 366, 367):
        moment = timezone.now() - timedelta(days=days)
        for changes in (
            {"stated_at": moment},
            {"stated_at": long_ago, "confirmed_at": moment, "confirmed_by": somebody},
        ):
            Commitment.objects.update(**{"confirmed_at": None, "confirmed_by": None, **changes})
            stale = Commitment.objects.stale(timezone.localdate())
            assert stale.exists() == Commitment.objects.get().is_stale, (days, changes)


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({}, 1),
        ({"chosen": "no"}, 0),
        ({"chosen": ""}, 0),
        ({"published_at": None}, 0),
        ({"stated_at": None, "origin": "cited"}, 0),
    ],
)
def test_every_list_counts_the_same_promises_as_not_confirmed(complete, changes, number):
    """The office's number and letter, its table, the strip, and the desk that the letter opens."""
    Commitment.objects.update(**{"stated_at": LONG_AGO, "confirmed_at": None, **changes})
    gap = gaps.GAPS_BY_KEY["confirmed"]
    assert gap.numbers().get(complete.pk, 0) == number
    assert gaps.counts()[1]["confirmed"] == number
    assert [row.is_stale for row in Commitment.objects.all()] == [bool(number)]
    assert [one.sort for one in waiting_for(complete)].count("stale") == number
    selection = Selection(state="stale")
    assert sum(row.count("stale") for row in table_rows(selection, [1])) == number
    assert sum(column.is_stale for column in strips_for([complete])[complete.pk].columns) == number


def test_what_was_never_stated_is_not_stale(complete):
    Commitment.objects.update(origin="cited", stated_at=None)
    assert not Commitment.objects.stale(timezone.localdate()).exists()


def add_cities(country, count: int) -> None:
    cities = [
        City(slug=f"more-{number}", name_en=f"More {number}", local_name="More", country=country)
        for number in range(count)
    ]
    rows = City.objects.bulk_create(cities)
    Membership.objects.bulk_create(
        [Membership(city=row, standing="active", joined="2020") for row in rows]
    )


@pytest.fixture
def office(person, browse) -> Client:
    return browse(person("secretariat"))


def test_desk_costs_as_many_queries_with_3_and_with_300_cities(
    office, country, django_assert_num_queries
):
    for number in range(3):
        join(make_city(country, f"city-{number}"))
    office.get("/admin/")
    with django_assert_num_queries(18):
        office.get("/admin/")
    with django_assert_num_queries(8):
        office.get("/admin/network/mailbox/")
    with django_assert_num_queries(6):
        office.get("/admin/network/")
    add_cities(country, 297)
    with django_assert_num_queries(18):
        assert ">300</span>" in office.get("/admin/").text
    with django_assert_num_queries(8):
        office.get("/admin/network/mailbox/")
    with django_assert_num_queries(6):
        office.get("/admin/network/")
