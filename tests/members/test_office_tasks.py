"""What needs an answer of the office: each kind of task, in the order of its wait, until it is
done; and what comes next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members import office_tasks
from members.models import (
    Accession,
    CityRole,
    ExpressionOfInterest,
    Letter,
    Organisation,
    SupportContact,
)
from members.services import interests, letters
from tests.conftest import days_ago, make_city
from tests.members.accession_cast import act_by, file_in, make_meeting

pytestmark = pytest.mark.django_db


FAILED = {"state": "failed", "failed_at": days_ago(2), "failure": "550", "next_try_at": None}


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def interest(country) -> ExpressionOfInterest:
    return ExpressionOfInterest.objects.create(
        city_name="Nowe Miasto",
        country=country,
        email="jan@nowe.example",
        language="pl",
        confirmed_at=days_ago(7),
    )


@pytest.fixture
def everything(office, interest, alfa, beta, country, person) -> list[str]:
    """One task of each kind; the titles, the longest wait first."""
    letter = write_letter(interest)
    file = file_in("submitted", alfa, office)
    Accession.objects.filter(pk=file.pk).update(status_since=days_ago(5))
    vote = file_in("on_agenda", beta, office)
    day = timezone.localdate() - timedelta(days=4)
    type(vote.meeting).objects.filter(pk=vote.meeting_id).update(starts=day.isoformat())
    person("lead", make_city(country, "gamma", name_en="Gamma"))
    ended = timezone.localdate() - timedelta(days=3)
    CityRole.objects.filter(city__slug="gamma").update(since=ended, until=ended)
    Letter.objects.filter(pk=letter.pk).update(**FAILED)
    help_line = Organisation.objects.create(slug="line", name_en="Line", original_name="Line")
    SupportContact.objects.create(
        organisation=help_line,
        country=country,
        published_at=days_ago(9),
        found_wrong_at=days_ago(1),
    )
    return [
        "Nowe Miasto wants to join",
        "Alfa: accession file",
        f"{beta}: the vote",
        "Gamma: nobody writes for the city any more",
        "A letter could not be sent",
        f"Line, {country}: a visitor says that something is wrong",
    ]


def write_letter(interest: ExpressionOfInterest) -> Letter:
    """A letter of the outbox, about this expression of interest."""
    letter = letters.NewLetter(
        kind="interest_received",
        to="office@example.org",
        language="en",
        context={"city": "Nowe Miasto", "link": "https://cities.example.org/"},
    )
    return letters.write(letter=letter, about=interest, by=None)


def titles() -> list[str]:
    return [task.title for task in office_tasks.office_tasks()]


def test_every_kind_waits_and_the_longest_wait_stands_first(everything, office, browse):
    assert titles() == everything
    client = browse(office)
    page = client.get("/admin/").text
    places = [page.index(title) for title in everything]
    assert places == sorted(places)
    for task in office_tasks.office_tasks():
        assert task.reason
        assert client.get(task.url).status_code == 200, task.title


def test_task_says_for_how_many_days_it_waits(everything):
    reasons = {task.title: task.reason for task in office_tasks.office_tasks()}
    assert "it has waited for 7 days" in reasons["Nowe Miasto wants to join"]
    assert "it has waited for 5 days" in reasons["Alfa: accession file"]


def test_task_goes_once_it_is_done(everything, office, interest, alfa, beta):
    interests.decline(interest=interest, why="Later.", by=office)
    act_by("review", alfa.accessions.get(), office)
    act_by("return", alfa.accessions.get(), office)
    act_by("admit", beta.accessions.get(), office)
    CityRole.objects.filter(city__slug="gamma").update(until=None)
    letters.withdraw(letter=Letter.objects.get(state="failed"), why="Written anew.", by=office)
    SupportContact.objects.update(found_wrong_at=None)
    assert titles() == []


def test_one_line_stands_for_many_letters_that_failed(interest, office):
    for _number in range(5):
        write_letter(interest)
    Letter.objects.update(**FAILED)
    failed = [one for one in titles() if "could not be sent" in one]
    assert failed == [*["A letter could not be sent"] * 3, "2 more letters could not be sent"]


def test_next_meetings_stand_with_their_files(alfa, office, browse):
    file = file_in("on_agenda", alfa, office)
    today = timezone.localdate()
    soon = (today + timedelta(days=9)).isoformat()
    type(file.meeting).objects.filter(pk=file.meeting_id).update(starts=soon)
    make_meeting((today + timedelta(days=99)).isoformat())
    make_meeting((today - timedelta(days=1)).isoformat())
    meetings = office_tasks.next_meetings()
    assert (meetings[0].starts, meetings[0].files) == (soon, 1)
    assert len(meetings) == 2
    page = browse(office).get("/admin/")
    assert "1 file on the agenda" in page.text
