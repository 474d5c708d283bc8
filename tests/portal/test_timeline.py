"""What a city's page tells of its membership, whoever decided it."""

import re

import pytest
from django.utils import timezone

from members.grounds import Grounds
from members.models import Meeting, Milestone
from members.services import memberships
from tests.members.accession_cast import file_in, make_document, make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def member(office, alfa):
    return file_in("admitted", alfa, office).membership


@pytest.fixture
def timeline(client):
    """What stands in the timeline of a city's page, from its heading on."""

    def read() -> str:
        html = client.get("/en/cities/alfa/").content.decode()
        return html[html.index('id="timeline"') :].partition("</section>")[0]

    return read


def rest(verb: str, member, office, on: str, **grounds: object) -> None:
    act = {"suspend": memberships.suspend, "restore": memberships.restore}[verb]
    act(membership=member, by=office, why="SECRETWHY", on=on, grounds=Grounds(**grounds))


def test_timeline_tells_a_suspension_that_rests_on_a_letter(member, office, alfa, timeline):
    rest("suspend", member, office, "2025-02-01", letter=make_document(alfa, "Their letter"))
    rest("restore", member, office, "2025-06", source_url="https://example.org/again")
    assert timeline().count("The membership was suspended") == 1
    assert timeline().index("The membership was restored") < timeline().index("1 February 2025")
    assert "SECRETWHY" not in timeline()
    assert "Their letter" not in timeline()


def test_timeline_tells_a_suspension_by_vote_once(member, office, timeline):
    rest("suspend", member, office, "2025-02-01", meeting=make_meeting("2025-02-01"))
    assert timeline().count("The membership was suspended") <= 1


def test_timeline_shows_the_newest_five_and_opens(member, office, timeline, alfa):
    for year in range(2010, 2018):
        Milestone.objects.create(
            city=alfa,
            kind="contact",
            on=str(year),
            published_at=timezone.now(),
        )
    in_sight, more = timeline().split('<details class="more">', maxsplit=1)
    assert in_sight.count('<span class="year">') == 5
    years = re.findall(r'<span class="year">(\d+)', in_sight + more)
    assert years == sorted(years, reverse=True)
    assert "Earlier: " in more
    assert len(years) >= 9


def test_timeline_does_not_tell_what_was_annulled(member, office, alfa, timeline):
    rest("suspend", member, office, "2025-02-01", letter=make_document(alfa))
    memberships.annul_last(membership=member, by=office, why="Another city.")
    assert "The membership was suspended" not in timeline()
    assert "The Steering Committee admitted the city" in timeline()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("steering_committee", "The Steering Committee admitted the city"),
        ("general_assembly", "The city was admitted"),
        ("general_conference", "The city was admitted"),
    ],
)
def test_vote_is_told_of_those_who_took_it(member, timeline, kind, words):
    Meeting.objects.update(kind=kind)
    assert words in timeline()
    assert ("The Steering Committee" in timeline()) == (kind == "steering_committee")
