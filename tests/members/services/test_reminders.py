"""Reminders come in time, once each, and stop as soon as the thing is done."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from members.models import (
    Accession,
    AccessionStep,
    CityRole,
    Invitation,
    Letter,
    ReminderStop,
    Unit,
    User,
)
from members.services import letters, people, reminders
from tests.conftest import make_city

pytestmark = pytest.mark.django_db

# Rule, the state that waits, who hears of it, and the days on which a reminder is due.
ACCESSIONS = [
    ("returned", "lead@example.org", [14, 28, 42, 56, 70, 84]),
    ("submitted", "office@example.org", [30, 44, 58]),
    ("under_review", "office@example.org", [30, 44, 58]),
    ("deferred", "office@example.org", [90]),
    ("draft", None, []),
    ("rejected", None, []),
    ("withdrawn", None, []),
]


@pytest.fixture(autouse=True)
def waits(settings):
    settings.LETTERS_AT_ONCE = False
    settings.CONTACT_EMAIL = "office@example.org"


@pytest.fixture
def lead(alfa):
    user = User.objects.create_user("lead@example.org", name="Lead", language="pl")
    CityRole.objects.create(user=user, city=alfa, role="lead")
    return user


@pytest.fixture
def file(alfa, lead):
    """A file that stands somewhere: `file("returned")`."""
    return lambda state, days=0: file_of(alfa, state, days)


def file_of(city, state, days=0):
    return move(Accession.objects.create(city=city), state, days)


def move(accession, state, days=0):
    """Let a file stand there for so many days."""
    if state != accession.status:
        by = User.objects.get_or_create(email="mover@example.org", defaults={"name": "Mover"})[0]
        AccessionStep.objects.create(
            accession=accession, verb="submit", from_status=accession.status, to_status=state, by=by
        )
        accession.move(state)
    accession.status_since = timezone.now() - timedelta(days=days)
    accession.save()
    return accession


def after(days):
    return timezone.now() + timedelta(days=days, minutes=1)


@pytest.mark.parametrize(("state", "to", "days"), ACCESSIONS)
def test_reminder_comes_on_these_days_and_no_other(state, to, days, file):
    file(state)
    written = []
    for day in range(100):
        if reminders.remind(now=after(day))["written"]:
            written.append(day)
    assert written[: len(days)] == days
    if state != "returned":
        assert set(Letter.objects.values_list("to", flat=True)) == ({to} if to else set())
    else:
        assert written == days


def test_reminder_says_what_waits_in_the_language_of_the_person(file):
    accession = file("returned", days=15)
    assert reminders.remind() == {"written": 1}
    letter = Letter.objects.get()
    assert (letter.kind, letter.language, letter.thing, letter.written_by) == (
        "reminder_returned",
        "pl",
        accession,
        None,
    )
    assert accession.get_file_url() in letter.text
    assert "Alfa" in letter.text


def test_reminder_goes_to_the_focal_point_where_nobody_has_a_role(alfa):
    Unit.objects.create(city=alfa, name_en="Office", email="unit@example.org", is_focal_point=True)
    file_of(alfa, "returned", days=15)
    reminders.remind()
    assert Letter.objects.get().to == "unit@example.org"


def test_missed_reminders_are_not_made_up_for(file):
    file("returned", days=60)
    assert reminders.remind() == {"written": 1}
    assert reminders.remind() == {}


def test_waiting_anew_is_reminded_of_anew(file):
    accession = file("returned", days=15)
    reminders.remind()
    letters.send_due()
    move(accession, "submitted")
    move(accession, "returned", days=14)
    assert reminders.remind() == {"written": 1}


def test_reminder_stops_as_soon_as_the_thing_is_done(file):
    accession = file("returned", days=15)
    reminders.remind()
    move(accession, "submitted")
    assert reminders.remind() == {"stopped": 1}
    assert Letter.objects.get().state == "withdrawn"
    assert reminders.remind(now=after(20)) == {}


def test_reminder_to_a_person_who_left_is_taken_back(file, lead):
    file("returned", days=15)
    reminders.remind()
    CityRole.objects.update(until=timezone.localdate())
    call_command("send_letters")
    letter = Letter.objects.get()
    assert (letter.to, letter.state) == ("lead@example.org", "withdrawn")


def test_next_reminder_takes_the_place_of_one_that_was_never_sent(file):
    file("returned", days=15)
    reminders.remind()
    reminders.remind(now=after(14))
    assert list(Letter.objects.order_by("pk").values_list("state", flat=True)) == [
        "withdrawn",
        "drafted",
    ]


@pytest.mark.parametrize("typed", ["lead@example.org", "LEAD@example.org"])
def test_person_who_was_taken_off_gets_none(typed, file):
    file("returned", days=15)
    other = User.objects.create_user("editor@example.org", name="Editor")
    CityRole.objects.create(user=other, city=Accession.objects.get().city, role="editor")
    reminders.remind()
    stop = ReminderStop(email=typed, why="Asked for it.")
    stop.full_clean()
    stop.save()
    assert reminders.remind() == {"stopped": 1}
    assert dict(Letter.objects.values_list("to", "state")) == {
        "lead@example.org": "withdrawn",
        "editor@example.org": "drafted",
    }
    reminders.remind(now=after(14))
    assert Letter.objects.filter(to="lead@example.org").count() == 1


def test_wrong_address_keeps_nobody_else_from_a_reminder(alfa, beta, caplog):
    Unit.objects.create(city=alfa, name_en="Office", email="no address", is_focal_point=True)
    Unit.objects.create(city=beta, name_en="Office", email="unit@example.org", is_focal_point=True)
    for city in (alfa, beta):
        file_of(city, "returned", days=15)
    assert reminders.remind() == {"written": 1}
    assert "No reminder returned" in caplog.text


# --- Invitations ----------------------------------------------------------------------------------


@pytest.fixture
def invitation(alfa, person):
    inviter = person("secretariat", language="sv")
    row = people.invite(
        email="new@example.org", city=alfa, role="editor", language="pl", by=inviter
    )
    letters.send_due()
    Invitation.objects.filter(pk=row.pk).update(invited_at=timezone.now() - timedelta(days=8))
    row.refresh_from_db()
    return row


def test_inviter_hears_of_an_invitation_that_waits_for_a_week(invitation):
    assert reminders.remind() == {"written": 1}
    letter = Letter.objects.get(kind="reminder_invitation")
    assert (letter.to, letter.language) == (invitation.invited_by.email, "sv")
    assert "new@example.org" in letter.text
    assert f"/admin/members/invitation/{invitation.pk}/change/" in letter.text
    assert reminders.remind() == {}
    assert reminders.remind(now=after(30)) == {}


def test_inviter_who_left_the_city_hears_no_more_of_the_invitation(invitation):
    invitation.invited_by.roles.update(until=timezone.localdate())
    assert reminders.remind(now=after(7)) == {}


def test_invitation_of_a_day_is_nothing_to_be_reminded_of(invitation):
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=6, hours=23))
    assert reminders.remind() == {}


@pytest.mark.parametrize("end", ["accept", "withdraw", "run out"])
def test_reminder_of_an_invitation_stops_with_it(end, invitation):
    reminders.remind()
    if end == "accept":
        person = people.NewPerson(name="New", language="pl", password="a-long-enough-password")
        people.accept_invitation(invitation=invitation, by=person)
    elif end == "withdraw":
        people.withdraw_invitation(invitation=invitation, by=invitation.invited_by)
    else:
        Invitation.objects.update(expires_at=timezone.now())
        assert reminders.remind() == {"stopped": 1}
    assert Letter.objects.get(kind="reminder_invitation").state == "withdrawn"
    assert reminders.remind() == {}


# --- The command, and two at once -----------------------------------------------------------------


def test_send_reminders_says_what_it_did(file, capsys):
    file("returned", days=15)
    call_command("send_reminders", "--dry-run")
    written = "Reminders: 1 written, 0 taken back\n"
    assert capsys.readouterr().out == f"{written}Dry run: nothing was changed.\n"
    call_command("send_reminders")
    call_command("send_reminders")
    assert capsys.readouterr().out == "Reminders: 1 written, 0 taken back\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", range(3))
def test_two_at_once_write_each_reminder_once(time, country):
    office = User.objects.create_user("inviter@example.org", name="Inviter", is_secretariat=True)
    city = make_city(country, "alfa")
    for number in range(10):
        people.invite(
            email=f"{number}@example.org", city=city, role="editor", language="en", by=office
        )
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=8))
    together, errors = threading.Barrier(3), []

    def run():
        try:
            together.wait(timeout=10)
            reminders.remind()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    written = Letter.objects.filter(kind="reminder_invitation")
    assert set(written.values_list("to", "state")) == {("inviter@example.org", "drafted")}
    assert sorted(written.values_list("object_id", flat=True)) == sorted(
        Invitation.objects.values_list("pk", flat=True)
    )
