"""Role × object × verb for what stands around the entries: desks, the network's lists, asks, the
search, the team, calendars and summaries. The object is always Alfa's or the office's."""

from collections import Counter
from datetime import date

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.test import Client

from members.deadline_calendar import calendar_token
from members.models import CityRole, Letter, PutOff, User
from members.services import asking, deadline_addresses, office_summaries, summaries, teams
from members.services.letters import send_due
from tests.members.accession_cast import file_in
from tests.members.test_account_rights import ROLES

pytestmark = pytest.mark.django_db

# Status codes of reading, in the order of ROLES. 302: to the sign-in page, from the first page also
# to one's only city.
READING = """
/admin/                              200 302 302 302 200 302 302 302
/admin/city/alfa/                    200 200 200 200 404 404 302 302
/admin/city/alfa/points/1/           200 200 200 200 404 404 302 302
/admin/city/alfa/actions/{action}/   200 200 200 200 404 404 302 302
/admin/city/alfa/still-true/         200 200 200 200 404 404 302 302
/admin/city/alfa/team/               200 200 403 403 404 404 302 302
/admin/network/                      200 403 403 403 403 403 302 302
/admin/network/mailbox/              200 403 403 403 403 403 302 302
/admin/network/mailbox/ask/          200 403 403 403 403 403 302 302
/admin/network/mailbox/take-back/    302 403 403 403 403 403 302 302
/admin/network/export.csv            200 403 403 403 403 403 302 302
/admin/network/export.xlsx           200 403 403 403 403 403 302 302
/admin/search/?q=alfa                200 200 200 200 200 200 302 302
/admin/profile/                      200 200 200 200 200 200 302 302
/admin/translations/                 200 200 200 200 200 200 302 302
/accounts/calendar/{token}.ics       200 200 200 200 200 200 200 200
/accounts/calendar/{forged}.ics      404 404 404 404 404 404 404 404
"""

# Buttons: page, what is sent, and the roles that may press them (of the others nothing changes).
WRITERS = {"secretariat", "lead", "editor"}
LEADS = {"secretariat", "lead"}
# The office, with a whole form: tests/members/views/test_network.py.
NOBODY: set[str] = set()
PRESSING = [
    ("/admin/city/alfa/", {"do": "later-late", "key": "{action}"}, WRITERS),
    ("/admin/city/alfa/", {"do": "later-points"}, WRITERS),
    ("/admin/city/alfa/", {"do": "checked", "key": "{contact}"}, WRITERS),
    ("/admin/city/alfa/still-true/", {"do": "confirm", "key": "{promise}"}, {"lead", "editor"}),
    ("/admin/city/alfa/still-true/", {"do": "confirm_all"}, {"lead", "editor"}),
    ("/admin/city/alfa/team/", {"do": "end", "key": "{role}"}, LEADS),
    ("/admin/city/alfa/team/", {"do": "end", "key": "{role}", "last_day": "2090-01-01"}, LEADS),
    ("/admin/city/alfa/team/", {"do": "keep", "key": "{ending}"}, LEADS),
    ("/admin/city/alfa/team/", {"do": "hand-over", "key": "{role}", "sure": "1"}, {"lead"}),
    (
        "/admin/city/alfa/team/",
        {"do": "hand-over", "key": "{role}", "sure": "1", "gives": "yes"},
        {"lead"},
    ),
    ("/admin/city/alfa/team/", {"do": "withdraw", "key": "{invitation}"}, LEADS),
    ("/admin/network/mailbox/ask/", {"do": "send", "city": "{city}"}, NOBODY),
    ("/admin/network/mailbox/ask/", {"do": "to-me", "city": "{city}"}, NOBODY),
    ("/admin/network/mailbox/take-back/", {"stamp": "20261130T120000000000"}, NOBODY),
]


def rows_of_table(text: str) -> dict[str, tuple[int, ...]]:
    lines = [line.split() for line in text.split("\n") if line]
    return {address: tuple(map(int, codes)) for address, *codes in lines}


@pytest.fixture
def people(person, alfa, beta) -> dict[str, User]:
    city = {"secretariat": None, "nobody": None, "neighbor": beta}
    people = {}
    for role in ROLES[:-1]:
        name = "lead" if role == "neighbor" else role
        people[role] = person(name, city.get(role, alfa))
    return people


@pytest.fixture
def clients(people, browse) -> dict[str, Client]:
    return {**{role: browse(user) for role, user in people.items()}, "visitor": Client()}


@pytest.fixture
def names(alfa, alfa_rows, person) -> dict[str, object]:
    """What stands in the addresses and buttons; all of it is Alfa's."""
    for label in ("members.plan", "members.point"):
        apps.get_model(label).objects.update(published_at=alfa.published_at)
    colleague = person("editor", alfa)
    deadline_addresses.renew(person=colleague)
    ending = person("viewer", alfa).roles.get()
    CityRole.objects.filter(pk=ending.pk).update(until="2090-01-01")
    colleague.refresh_from_db()
    token = calendar_token(colleague)
    return {
        "city": alfa.pk,
        "action": alfa_rows["members.action"].pk,
        "contact": alfa_rows["members.supportcontact"].pk,
        "promise": alfa_rows["members.commitment"].pk,
        "invitation": alfa_rows["members.invitation"].pk,
        "role": colleague.roles.get().pk,
        "ending": ending.pk,
        "token": token,
        "forged": token.replace(f"{colleague.pk}-", f"{colleague.pk + 1}-"),
    }


def test_pages_of_desks_answer_as_the_table_says(clients, names):
    expected = rows_of_table(READING)
    found = {}
    for page in expected:
        address = page.format(**names)
        found[page] = tuple(clients[role].get(address).status_code for role in ROLES)
    assert found == expected


def state() -> Counter[str]:
    """How many rows there are of what a press could write, and how often a row was changed."""
    counts = Counter({"changes": LogEntry.objects.count()})
    for model in (CityRole, Letter, PutOff):
        counts[model.__name__] = model.objects.count()
    return counts


@pytest.mark.parametrize(("page", "sent", "may"), PRESSING)
def test_buttons_of_desks_work_for_whom_the_table_names(page, sent, may, clients, names):
    fields = {name: value.format(**names) for name, value in sent.items()}
    before = state()
    refusals = (401, 403, 404) if may else (200, 302, 401, 403)
    for role in ROLES:
        if role in may:
            continue
        answer = clients[role].post(page, fields)
        assert answer.status_code in refusals, role
        assert state() == before, role
    for role in sorted(may)[:1]:
        assert clients[role].post(page, fields).status_code == 302
        assert state() != before, role


def test_rows_of_another_city_are_not_reached_from_ones_own_page(clients, names):
    """The neighbor presses each button on their own city's page, with the key of Alfa's row."""
    before = state()
    for page, sent, _may in PRESSING:
        if "key" not in sent:
            continue
        fields = {name: value.format(**names) for name, value in sent.items()}
        answer = clients["neighbor"].post(page.replace("alfa", "beta"), fields)
        assert answer.status_code in (302, 404), fields
    # Nothing of theirs either: what does not wait for a city is not put off.
    assert not PutOff.objects.exists()
    assert state() == before


# --- Letters --------------------------------------------------------------------------------------


def test_summaries_of_cities_go_to_those_who_write_and_of_their_city_alone(
    people, alfa_rows, beta_rows
):
    readers = set(summaries.readers())
    assert {role for role, user in people.items() if user in readers} == {
        "lead",
        "editor",
        "neighbor",
    }
    for role in ("lead", "editor", "neighbor"):
        things = summaries.things_for(people[role], "en")
        own = {"beta"} if role == "neighbor" else {"alfa"}
        assert {thing.city.slug for thing in things} == own, role


def test_asks_go_to_those_who_write_for_the_city_that_is_asked(people, alfa, beta):
    boxes = asking.mailboxes_of()
    to = {key: {box.to for box in own} for key, own in boxes.items()}
    assert to[alfa.pk] == {people["lead"].email, people["editor"].email}
    assert to[beta.pk] == {people["neighbor"].email}


@pytest.mark.parametrize("role", ["lead", "editor", "viewer"])
def test_letters_about_a_role_go_to_the_person_alone(role, people, alfa):
    own = people[role].roles.get()
    teams.end_role(role=own, by=people["secretariat"], last_day=date(2090, 1, 1))
    send_due()
    teams.keep_role(role=own, by=people["secretariat"])
    letters = list(Letter.objects.order_by("pk"))
    assert [letter.kind for letter in letters] == ["role_ended", "role_stays"]
    assert {letter.to for letter in letters} == {people[role].email}
    # What is in the outbox stays with the office.
    for name, user in people.items():
        may_read = user.has_perm("view", letters[0])
        assert may_read == (name == "secretariat"), name


def test_new_lead_the_other_leads_and_the_office_are_told_of_a_hand_over_and_nobody_else(
    people, alfa, person
):
    other = person("lead", alfa)
    teams.hand_over(city=alfa, to=people["editor"], by=people["lead"])
    readers = {(letter.kind, letter.to) for letter in Letter.objects.all()}
    assert readers == {
        ("lead_handed_over", people["editor"].email),
        ("lead_changed", other.email),
        ("lead_changed", people["secretariat"].email),
    }
    for letter in Letter.objects.all():
        for name, user in people.items():
            assert user.has_perm("view", letter) == (name == "secretariat"), name


def test_office_alone_is_told_that_nobody_leads(people, alfa):
    own = people["lead"].roles.get()
    teams.end_role(role=own, by=people["lead"])
    (letter,) = Letter.objects.all()
    assert (letter.kind, letter.to) == ("lead_gone", people["secretariat"].email)


def test_digest_goes_to_the_office_alone(people, alfa):
    file_in("submitted", alfa, people["secretariat"])
    readers = set(office_summaries.readers())
    assert {role for role, user in people.items() if user in readers} == {"secretariat"}
