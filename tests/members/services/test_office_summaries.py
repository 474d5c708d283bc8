"""The office's letter a month: who gets it, what it says, and that it stops when nothing waits."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from members.models import ExpressionOfInterest, Letter, ReminderStop, User
from members.services import office_summaries, summaries
from tests.members.services.test_people import race

pytestmark = pytest.mark.django_db
# A Tuesday at noon in Warsaw.
NOON = datetime(2026, 12, 1, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.LETTERS_AT_ONCE = False
    settings.SITE_URL = "https://cities.example.org"


@pytest.fixture
def office(person) -> User:
    return person("secretariat", language="pl")


@pytest.fixture
def interest(country) -> ExpressionOfInterest:
    """A city that wants to join and has had no answer."""
    return ExpressionOfInterest.objects.create(
        city_name="Nowe Miasto",
        country=country,
        person_name="Jan Kowalski",
        email="jan@nowe.example",
        confirmed_at=timezone.now() - timedelta(days=3),
    )


def written(now=NOON) -> int:
    return office_summaries.write_due(now=now)["written"]


def waiting() -> list[Letter]:
    return list(Letter.objects.filter(kind="summary_office", state="drafted"))


def test_letter_names_what_needs_an_answer_with_the_page_of_its_button(office, interest):
    assert written() == 1
    [letter] = waiting()
    assert (letter.to, letter.language, letter.thing) == (office.email, "pl", office)
    assert "1. Nowe Miasto" in letter.text
    address = f"/admin/members/expressionofinterest/{interest.pk}/change/?language=pl"
    assert f"https://cities.example.org{address}" in letter.text
    assert "/accounts/summaries/" in letter.text
    assert "{" not in letter.text + letter.subject


def test_letter_names_no_person_and_no_address(office, interest):
    written()
    [letter] = waiting()
    assert "Kowalski" not in letter.text
    assert "jan@nowe.example" not in letter.text


def test_nothing_waits_and_nothing_comes(office):
    assert written() == 0
    assert not waiting()


def test_one_letter_a_month_in_its_first_days(office, interest):
    assert written() == 1
    assert written(NOON + timedelta(days=3)) == 0
    assert written(datetime(2026, 12, 11, 9, tzinfo=UTC)) == 0
    assert written(datetime(2027, 1, 4, 9, tzinfo=UTC)) == 1
    assert len(waiting()) == 1


def test_it_leaves_at_the_hours_of_an_office(office, interest):
    written(datetime(2026, 12, 4, 20, tzinfo=UTC))
    [letter] = waiting()
    local = timezone.localtime(letter.next_try_at)
    assert (local.weekday(), local.hour) == (0, 8)


def test_coordinators_get_none(alfa, person, interest):
    person("lead", alfa)
    person("committee", alfa)
    assert written() == 0


def answer(office, interest):
    interest.answered_at = timezone.now()
    interest.answered_by = office
    interest.outcome = ExpressionOfInterest.Outcome.NOT_NOW
    interest.save()


def leave_the_office(office, interest):
    User.objects.filter(pk=office.pk).update(is_secretariat=False)


def switch_off(office, interest):
    User.objects.filter(pk=office.pk).update(is_active=False)


def opt_out(office, interest):
    summaries.stop(person=office)


def refuse_reminders(office, interest):
    ReminderStop.objects.create(email=office.email, why="asked for it")


REASONS = [answer, leave_the_office, switch_off, opt_out, refuse_reminders]


@pytest.mark.parametrize("reason", REASONS)
def test_waiting_letter_is_taken_back_and_none_is_written(reason, office, interest):
    assert written() == 1
    reason(office, interest)
    assert written(datetime(2027, 1, 4, 9, tzinfo=UTC)) == 0
    assert not waiting()
    assert Letter.objects.get(kind="summary_office").state == "withdrawn"


def test_command_writes_both_letters(office, interest, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    call_command("send_summaries")
    assert len(waiting()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_machines_write_one_letter(country, person):
    ExpressionOfInterest.objects.create(
        city_name="Nowe Miasto",
        country=country,
        person_name="Jan Kowalski",
        email="jan@nowe.example",
        confirmed_at=timezone.now(),
    )
    office = person("secretariat")
    assert sorted(race(written, written)) == [0, 1]
    assert Letter.objects.filter(to=office.email).count() == 1
