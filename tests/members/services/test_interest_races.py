"""Two people press the same button at the same moment: it is done once, and the other reads a
sentence."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.models import (
    Accession,
    City,
    ExpressionOfInterest,
    FormerSlug,
    Invitation,
    Letter,
    Membership,
    MembershipStep,
    Unit,
)
from members.services import cities, interests, membership_evidence
from members.services.cities import NewCity
from members.services.membership_evidence import MembershipEvidence
from tests.conftest import make_city
from tests.members.services.test_people import race

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = range(3)


def written(country, name: str, confirmed: bool = True) -> ExpressionOfInterest:
    return ExpressionOfInterest.objects.create(
        city_name=name,
        country=country,
        person_name="Ada",
        email="ada@example.org",
        language="en",
        token_hash=name,
        confirmed_at=timezone.now() if confirmed else None,
    )


def split(outcomes: list) -> tuple[int, list[ValidationError]]:
    """How many succeeded, and the sentences that the others read."""
    refused = [outcome for outcome in outcomes if isinstance(outcome, ValidationError)]
    broken = [
        outcome for outcome in outcomes if isinstance(outcome, Exception) and outcome not in refused
    ]
    assert not broken, broken
    return len(outcomes) - len(refused), refused


@pytest.mark.parametrize("time", TIMES)
def test_one_of_two_makes_the_candidate(time, country, person):
    interest = written(country, "Town")
    offices = [person("secretariat"), person("secretariat")]
    new = NewCity("Town", country, "en")

    def accept(office):
        return interests.accept(
            interest=interest, city=new, email="ada@example.org", language="en", by=office
        )

    won, refused = split(race(*[lambda office=office: accept(office) for office in offices]))
    assert (won, len(refused)) == (1, 1)
    assert refused[0].code == "answered"
    counts = [model.objects.count() for model in (City, Invitation, Accession)]
    assert counts == [1, 1, 1]


def test_candidate_and_not_now_at_once_is_one_of_them(country, person):
    interest = written(country, "Town")
    office, other = person("secretariat"), person("secretariat")
    new = NewCity("Town", country, "en")
    won, refused = split(
        race(
            lambda: interests.accept(
                interest=interest, city=new, email="a@example.org", language="en", by=office
            ),
            lambda: interests.decline(interest=interest, why="No", by=other),
        )
    )
    assert (won, len(refused)) == (1, 1)
    interest.refresh_from_db()
    assert City.objects.count() == (interest.outcome == "candidate")


def test_two_candidates_of_one_name_get_two_addresses_or_a_sentence(country, person):
    first, second = written(country, "Town"), written(country, "Tówn")
    office = person("secretariat")

    def accept(interest):
        new = NewCity(interest.city_name, country, "en")
        return interests.accept(
            interest=interest, city=new, email="a@example.org", language="en", by=office
        )

    won, refused = split(race(lambda: accept(first), lambda: accept(second)))
    assert won + len(refused) == 2
    assert City.objects.values("slug").distinct().count() == City.objects.count() == won


@pytest.mark.parametrize("time", TIMES)
def test_form_sent_twice_at_once_makes_one_row_and_one_letter(time, country):
    values = {
        "city_name": "Town",
        "country": country.code,
        "person_name": "Ada",
        "office": "",
        "email": "ada@example.org",
        "language": "en",
        "message": "We would like to know more.",
    }
    won, _refused = split(race(*[lambda: interests.receive(values=values, sender="here")] * 3))
    assert won == 3
    assert ExpressionOfInterest.objects.count() == Letter.objects.count() == 1


def test_confirming_twice_at_once_tells_the_office_once(country, person):
    office = person("secretariat")
    interest = written(country, "Town", confirmed=False)
    won, _refused = split(race(*[lambda: interests.confirm(interest=interest)] * 3))
    assert won == 3
    assert Letter.objects.filter(kind="interest_received", to=office.email).count() == 1


@pytest.mark.parametrize("time", TIMES)
def test_one_of_two_merges(time, country, person):
    loser, survivor = make_city(country, "alfa"), make_city(country, "beta")
    Unit.objects.create(city=loser, name_en="Office")
    offices = [person("secretariat"), person("secretariat")]
    steps = [
        lambda office=office: cities.merge(loser=loser, survivor=survivor, by=office)
        for office in offices
    ]
    won, refused = split(race(*steps))
    assert (won, len(refused)) == (1, 1)
    assert FormerSlug.objects.get().city == survivor
    assert Unit.objects.get().city == survivor


@pytest.mark.parametrize("time", TIMES)
def test_merging_both_ways_at_once_leaves_one(time, country, person):
    alfa, beta = make_city(country, "alfa"), make_city(country, "beta")
    office, other = person("secretariat"), person("secretariat")
    won, refused = split(
        race(
            lambda: cities.merge(loser=alfa, survivor=beta, by=office),
            lambda: cities.merge(loser=beta, survivor=alfa, by=other),
        )
    )
    assert (won, len(refused)) == (1, 1)
    assert City.objects.filter(published_at__isnull=False).count() == 1


@pytest.mark.parametrize("time", TIMES)
def test_one_of_two_confirms_a_historic_member(time, country, person):
    row = Membership.objects.create(city=make_city(country, "alfa"), standing="evidenced")
    offices = [person("secretariat"), person("secretariat")]

    def confirm(office):
        return membership_evidence.confirm(
            membership=row,
            evidence=MembershipEvidence("https://example.org/x"),
            joined="2006",
            by=office,
        )

    won, refused = split(race(*[lambda office=office: confirm(office) for office in offices]))
    assert (won, len(refused)) == (1, 1)
    assert MembershipStep.objects.count() == 1
