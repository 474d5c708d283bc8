"""The one line that says publicly how a city stands, for every way in which it may stand."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from members.grounds import Vote
from members.models import Accession, City, Decision, Meeting, Membership, Milestone
from members.services import accessions
from members.standing import SHORT_WORDS, StandingKind, standing_of, standings_of
from tests.conftest import make_city
from tests.members.accession_cast import CONSENT, act_by, decide, file_in

pytestmark = pytest.mark.django_db

Kind = StandingKind


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def today() -> str:
    """The day on which these tests submit, withdraw and annul."""
    return timezone.localdate().isoformat()


def told(city: City) -> tuple[str, str] | None:
    line = standing_of(city)
    return (line.kind.value, line.on) if line else None


def make_membership(city: City, standing: str, joined: str = "", ended: str = "") -> Membership:
    return Membership.objects.create(
        city=city, standing=standing, joined=joined, ended=ended, published_at=timezone.now()
    )


def show_votes(*, public: bool) -> None:
    """Publish all meetings and decisions, or take them off the public pages."""
    for model in (Meeting, Decision):
        model.objects.update(published_at=timezone.now() if public else None)


# --- Members --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "joined", "ended", "words"),
    [
        ("active", "2024-09-25", "", "Member since September 2024"),
        ("active", "2006", "", "Member since 2006"),
        ("active", "", "", "Member of the network"),
        ("suspended", "2006", "", "Member since 2006; the membership is suspended"),
        ("suspended", "", "", "The membership is suspended"),
        ("evidenced", "2009", "", "Listed as a member, 2009"),
        ("evidenced", "", "", "Listed as a member"),
        ("withdrawn", "2009", "2020", "Former member, 2009–2020; left the network"),
        ("withdrawn", "", "2020", "Former member until 2020; left the network"),
        ("excluded", "2009", "2020-05", "Former member, 2009 – May 2020; excluded"),
        ("excluded", "", "2020", "Former member until 2020; excluded"),
    ],
)
def test_line_of_a_membership(alfa, standing, joined, ended, words):
    make_membership(alfa, standing, joined, ended)
    line = standing_of(alfa)
    assert str(line) == words
    assert line.is_member == (standing in Membership.OPEN)


def test_membership_that_is_not_public_is_not_told(alfa):
    Membership.objects.create(city=alfa, standing="active")
    assert standing_of(alfa) is None


def test_line_of_a_member_is_not_that_of_its_earlier_membership(alfa):
    make_membership(alfa, "withdrawn", "2004", "2010")
    make_membership(alfa, "active", "2020")
    assert told(alfa) == (Kind.MEMBER, "2020")


# --- Files ----------------------------------------------------------------------------------------

# A vote that is not public is not told: all that everybody may know is that the city applied.
FILES = {
    "draft": (None, None),
    "submitted": (Kind.APPLIED, Kind.APPLIED),
    "returned": (Kind.APPLIED, Kind.APPLIED),
    "under_review": (Kind.APPLIED, Kind.APPLIED),
    "on_agenda": (Kind.ON_AGENDA, Kind.ON_AGENDA),
    "deferred": (Kind.APPLIED, Kind.DEFERRED),
    "rejected": (Kind.APPLIED, Kind.REJECTED),
    # Withdrawn before the network had it: the city only thought of joining.
    "withdrawn": (None, None),
}


@pytest.mark.parametrize("state", [state for state in Accession.Status if state != "admitted"])
def test_line_of_a_file(office, alfa, state):
    file_in(state, alfa, office)
    secret, public = FILES[state]
    show_votes(public=False)
    assert getattr(standing_of(alfa), "kind", None) == secret
    show_votes(public=True)
    assert getattr(standing_of(alfa), "kind", None) == public


def test_days_of_a_file_are_those_of_its_steps_and_votes(office, alfa, beta, today):
    row = file_in("returned", alfa, office)
    assert told(alfa) == (Kind.APPLIED, today)
    accessions.withdraw(accession=row, by=office, why="No.", consent=CONSENT)
    assert told(alfa) == (Kind.WITHDRAWN, today)
    file_in("rejected", beta, office)
    show_votes(public=True)
    assert told(beta) == (Kind.REJECTED, "2024-05-01")


def test_day_of_a_meeting_is_told_where_the_meeting_is_public(office, alfa):
    file_in("on_agenda", alfa, office)
    assert told(alfa) == (Kind.ON_AGENDA, "")
    show_votes(public=True)
    assert told(alfa) == (Kind.ON_AGENDA, "2024-05-01")


def test_annulled_admission_is_told_until_the_right_decision_follows(office, alfa, today):
    row = file_in("on_agenda", alfa, office)
    row = accessions.admit(accession=row, by=office, vote=Vote(public=True), consent=CONSENT)
    assert told(alfa) == (Kind.MEMBER, "2024-05-01")
    row = act_by("annul", row, office)
    assert told(alfa) == (Kind.ANNULLED, today)
    assert Decision.objects.public().get().annulled_at, "the meeting's page still names it"
    decide("rejected", row, office)
    show_votes(public=True)
    assert told(alfa) == (Kind.REJECTED, "2024-05-01")


def test_annulled_rejection_leaves_the_file_on_the_agenda(office, alfa):
    row = file_in("rejected", alfa, office)
    show_votes(public=True)
    act_by("annul", row, office)
    assert told(alfa) == (Kind.ON_AGENDA, "2024-05-01")


def test_former_member_that_applies_again_has_applied(office, alfa, today):
    make_membership(alfa, "withdrawn", "2004", "2010")
    file_in("submitted", alfa, office)
    assert told(alfa) == (Kind.APPLIED, today)


# --- What sources say -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Milestone.Kind)
def test_city_that_only_thinks_of_joining_has_no_line(alfa, kind):
    Milestone.objects.create(city=alfa, kind=kind, on="2019-11", published_at=timezone.now())
    line = standing_of(alfa)
    if kind == Milestone.Kind.CANDIDATE:
        assert str(line) == "Applied to join, November 2019; nothing later found"
    else:
        assert line is None


def test_recent_candidacy_is_told_as_the_present(alfa):
    year = str(timezone.localdate().year - 2)
    Milestone.objects.create(city=alfa, kind="candidate", on=year, published_at=timezone.now())
    assert str(standing_of(alfa)) == f"Applied to join, {year}"


# --- Lists and languages --------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_lines_of_many_cities_take_the_same_queries(office, country, number):
    cities = [make_city(country, f"city-{n}") for n in range(2 * number)]
    for city in cities[:number]:
        file_in("rejected", city, office)
    with CaptureQueriesContext(connection) as queries:
        lines = standings_of(cities)
    assert len(queries) == 6
    assert set(lines) == {city.pk for city in cities}


MEMBER_SINCE = {
    "en": "Member since September 2024",
    "pl": "W sieci od września 2024",
    "sv": "Medlem sedan september 2024",
    "de": "Mitglied seit September 2024",
    "fr": "Membre depuis septembre 2024",
    "it": "Membro da settembre 2024",
    "es": "Miembro desde septiembre de 2024",
    "uk": "У мережі з вересня 2024 р.",
}


@pytest.mark.parametrize(
    ("standing", "joined", "dates", "words"),
    [
        ("evidenced", "", ["2023", "2024-03", ""], "Listed as a member, 2024"),
        ("evidenced", "", ["", ""], "Listed as a member"),
        ("evidenced", "", [], "Listed as a member"),
        ("evidenced", "2009-04", ["2024"], "Listed as a member, April 2009"),
        ("active", "", ["2024"], "Member of the network"),
    ],
)
def test_listed_city_has_the_year_of_its_newest_source(alfa, standing, joined, dates, words):
    make_membership(alfa, standing, joined)
    assert str(standing_of(alfa).dated_by(dates)) == words


def test_line_stands_in_the_readers_language_with_the_month_in_its_case(alfa):
    make_membership(alfa, "active", "2024-09-25")
    line = standing_of(alfa)
    for language, words in MEMBER_SINCE.items():
        with override(language):
            assert plain(str(line)) == words


def test_word_for_a_row_of_the_list_is_short_in_every_language(settings):
    for code, _name in settings.LANGUAGES:
        with override(code):
            words = [str(word) for word in SHORT_WORDS.values()]
        assert all(len(word.split()) <= 2 and len(word) <= 15 for word in words), code


def plain(text: str) -> str:
    """With ordinary spaces instead of those that keep a line together."""
    return " ".join(text.split())
