"""The letter about what waits: who gets it, what it says, once a month, and how it ends."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from members import emails
from members.grounds import Grounds
from members.models import CityRole, Letter, ReminderStop, TimedRun, Unit, User
from members.services import letters, memberships, monthly, summaries
from members.waiting import waiting_for
from tests.mail_server import serving
from tests.members.services.test_people import race
from tests.members.test_gaps import join

pytestmark = pytest.mark.django_db
# A Tuesday at noon in Warsaw.
NOON = datetime(2026, 12, 1, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.LETTERS_AT_ONCE = False
    settings.SITE_URL = "https://cities.example.org"


@pytest.fixture
def lead(alfa, person):
    if not alfa.memberships.open().exists():
        join(alfa)
    return person("lead", alfa, language="pl")


def waiting() -> list[Letter]:
    return list(Letter.objects.filter(kind="summary_city", state="drafted"))


def written(now=NOON) -> int:
    return summaries.write_due(now=now)["written"]


def test_letter_names_the_first_things_and_is_sent_with_a_button_to_end_it(
    alfa_rows, lead, settings
):
    assert written() == 1
    letter = Letter.objects.get(kind="summary_city")
    assert (letter.to, letter.language, letter.thing) == (lead.email, "pl", lead)
    Letter.objects.filter(pk=letter.pk).update(next_try_at=timezone.now())
    with serving(settings) as mailbox:
        letters.send_due(only=letter.pk)
    message = mailbox.messages[0]
    text = message.get_body(("plain",)).get_content()
    assert message["To"] == lead.email
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = message["List-Unsubscribe"].strip(" <>")
    assert stop in text
    assert stop.startswith("https://cities.example.org/accounts/summaries/")
    numbers = re.findall(r"^(\d)\. ", text, re.MULTILINE)
    assert numbers == ["1", "2", "3"]
    assert "{" not in text + message["Subject"]


def test_order_is_that_of_the_desk_and_each_thing_has_its_page(alfa_rows, alfa, lead):
    things = summaries.things_for(lead, "en")
    first = waiting_for(alfa)[:3]
    assert [thing.waiting.url for thing in things] == [one.url for one in first]
    lines = summaries.lines_of(things, "en")
    for one in first:
        assert emails.link_to(lambda path=one.url: path, "en") in lines


def test_part_of_a_page_stands_where_signing_in_does_not_lose_it(settings):
    path = "/admin/city/alfa/actions/1/#evidence"
    link = emails.link_to(lambda: path, "de")
    page = "https://cities.example.org/admin/city/alfa/actions/1/"
    assert link == f"{page}?language=de&page_part=evidence"


def test_nothing_waits_and_nothing_comes(alfa, lead, monkeypatch):
    monkeypatch.setattr(summaries, "waiting_for", lambda city: [])
    assert written() == 0
    assert waiting() == []


def test_one_letter_a_month_however_often_it_runs(alfa_rows, lead):
    assert written() == 1
    assert written(NOON + timedelta(days=3)) == 0
    assert written(datetime(2027, 1, 4, 9, tzinfo=UTC)) == 1
    assert Letter.objects.filter(kind="summary_city", state="drafted").count() == 1


def test_letters_are_written_in_the_first_days_of_a_month(alfa_rows, lead):
    assert written(datetime(2026, 12, 11, 9, tzinfo=UTC)) == 0
    assert written(datetime(2026, 12, 10, 9, tzinfo=UTC)) == 1


def test_it_leaves_when_the_city_works(alfa_rows, lead):
    friday_night = datetime(2026, 12, 4, 20, tzinfo=UTC)
    written(friday_night)
    [letter] = waiting()
    assert letter.next_try_at == datetime(2026, 12, 7, 7, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_two_machines_write_one_letter(alfa, person):
    join(alfa)
    lead = person("lead", alfa)
    outcomes = race(written, written)
    assert sorted(outcomes) == [0, 1]
    assert Letter.objects.filter(to=lead.email).count() == 1


def end_role(lead):
    CityRole.objects.filter(user=lead).update(until=timezone.localdate())


def switch_off(lead):
    lead.is_active = False
    lead.save()


def refuse(lead):
    now = timezone.now()
    letter = letters.write(
        letter=letters.NewLetter(
            kind="account_changed",
            to=lead.email,
            language="en",
            context={"what": "x", "link": "y"},
        ),
        about=lead,
        by=None,
    )
    Letter.objects.filter(pk=letter.pk).update(
        state="failed", failed_at=now, failure="550 no such user", next_try_at=None
    )


def leave(lead):
    memberships.withdraw(
        membership=lead.roles.get().city.memberships.get(),
        by=User.objects.create_user("office@example.org", is_secretariat=True, name="Office"),
        why="By letter.",
        on="2026",
        grounds=Grounds(source_url="https://alfa.example/left"),
    )


def refuse_reminders(lead):
    ReminderStop.objects.create(email=lead.email, why="asked for it")


def opt_out(lead):
    lead.gets_summaries = False
    lead.save()


def read_only(lead):
    CityRole.objects.filter(user=lead).update(role="viewer")


REASONS = [end_role, switch_off, refuse, leave, refuse_reminders, opt_out, read_only]


@pytest.mark.parametrize("reason", REASONS)
def test_nobody_gets_a_letter_who_must_not(reason, lead):
    reason(lead)
    assert written() == 0
    assert waiting() == []


@pytest.mark.parametrize("reason", REASONS)
def test_waiting_letter_is_taken_back_for_the_same_reasons(reason, lead):
    assert written() == 1
    reason(lead)
    summaries.write_due(now=NOON)
    assert waiting() == []
    assert Letter.objects.get(kind="summary_city").state == "withdrawn"


def test_letter_is_taken_back_on_the_day_on_which_the_city_leaves(lead, beta, person):
    join(beta)
    other = person("lead", beta)
    assert written() == 2
    leave(lead)
    assert [letter.to for letter in waiting()] == [other.email]


def test_address_that_takes_letters_again_gets_one(lead):
    refuse(lead)
    failed = Letter.objects.filter(state="failed")
    failed.update(state="sent", sent_at=timezone.now(), failed_at=None, failure="")
    assert written() == 1


def test_of_several_cities_the_letter_names_each(alfa_rows, beta_rows, alfa, beta, lead):
    CityRole.objects.create(user=lead, city=beta, role="editor", since=date(2026, 1, 1))
    Unit.objects.all().delete()
    written()
    [letter] = waiting()
    assert "Alfa" in letter.text
    assert "Beta ZEBRA" in letter.text
    assert "https://cities.example.org/admin/?language=pl" in letter.text


def test_command_notes_its_run_and_rehearses(alfa_rows, lead, monkeypatch):
    monkeypatch.setattr(monthly, "LAST_DAY", 31)
    call_command("send_summaries", dry_run=True, verbosity=0)
    assert waiting() == []
    call_command("send_summaries", verbosity=0)
    assert len(waiting()) == 1
    assert TimedRun.objects.get(command="send_summaries").succeeded_at
