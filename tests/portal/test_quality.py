"""What `make data` proves: each check finds what it is for, and the data of the network pass."""

import re

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from languages.tables import rows_of
from members.models import Membership, Milestone, Organisation, Source, SupportContact
from portal.loading import quality
from programs.models import Programme
from tests.conftest import make_city

pytestmark = pytest.mark.django_db

YEAR_OF_JOINING = re.compile(
    r"(?:member since|joined in|admitted in|joined on)(?: [A-Z]\w+)? (\d{4})"
)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"geonames_id": 2935022}, "the id lies in DE"),
        ({"geonames_id": 3094802}, "the id is that of Kraków"),
        ({"geonames_id": 3081368, "latitude": 50, "longitude": 20}, " km from Wrocław"),
        ({"geonames_id": 1}, "does not stand in geonames.csv"),
        ({"geonames_id": 3081368, "latitude": 51.1, "longitude": 17.03333}, ""),
    ],
)
def test_place_with_the_id_of_another_is_found(country, fields, reason):
    make_city(country, "wroclaw", local_name="Wrocław", **fields)
    found = list(quality.wrong_places())
    assert len(found) == bool(reason)
    assert reason in "".join(found)


def test_date_in_the_future_and_an_end_before_the_beginning_are_found(country):
    city = make_city(country, "lodz")
    Milestone.objects.create(city=city, kind="motion", on="2999")
    Membership.objects.create(city=city, standing="withdrawn", joined="2010", ended="2009-05")
    assert len(list(quality.impossible_dates())) == 2


def test_address_that_stands_twice_is_found(db):
    for url in ("http://www.example.org/a/", "https://example.org/a", "https://example.org/b"):
        Source.objects.create(url=url)
    assert list(quality.doubled_addresses()) == [
        "http://www.example.org/a/ = https://example.org/a"
    ]


def test_published_fact_without_a_source_is_found(country):
    city = make_city(country, "lodz")
    Milestone.objects.create(city=city, kind="motion", on="2009", published_at=timezone.now())
    Milestone.objects.create(city=city, kind="wish", on="2009")
    found = [line for line in quality.unsourced_rows() if line.startswith("milestone")]
    assert len(found) == 1


def test_missing_texts_are_listed_for_translators(country, capsys):
    make_city(country, "lodz", introduction_en="A city.")
    call_command("check_data", missing="pl")
    assert "members.city,Lodz,introduction_pl,A city." in capsys.readouterr().out


def test_check_fails_where_there_is_a_fault(country, capsys):
    make_city(country, "lodz", geonames_id=1)
    with pytest.raises(CommandError, match="2 faults"):
        call_command("check_data")
    assert "places: country, name and distance of their GeoNames id | 1 | fault" in (
        capsys.readouterr().out
    )


def test_data_of_the_network_have_no_fault(network_data):
    found = [line for check in quality.CHECKS if not check.is_gap for line in check.find()]
    assert found == []


def test_name_in_its_own_language_is_not_missing(country):
    city = make_city(country, "lodz")
    row = {"kind": "project", "original_name": "Plan", "city": city}
    Programme.objects.create(slug="a", original_language="pl", name_en="Plan", **row)
    Programme.objects.create(slug="b", original_language="nl", name_en="Plan", **row)
    missing = [(code, label) for code, label, *_rest in quality.missing_texts()]
    assert missing.count(("pl", "programs.programme")) == 1
    assert missing.count(("de", "programs.programme")) == 2


def test_introduction_and_membership_name_one_year():
    """Two places of one page must not tell two years of joining."""
    joined = {row["city"]: row["joined"] for row in rows_of("network/membership/memberships")}
    told = {}
    for row in rows_of("network/cities/city_facts"):
        match = YEAR_OF_JOINING.search(row["introduction_en"])
        if match:
            told[row["slug"]] = match[1]
    assert len(told) > 20
    assert {city: year for city, year in told.items() if joined[city][:4] != year} == {}


def test_place_that_lies_in_another_country_is_found(country):
    make_city(country, "county", latitude=52.2, longitude=21.0)
    make_city(country, "elsewhere", latitude=48.9, longitude=2.3)
    (found,) = quality.places_far_from_their_country()
    assert found.startswith("elsewhere: ")


def test_telephone_number_that_nobody_can_have_is_found(country):
    city = make_city(country, "lodz")
    office = Organisation.objects.create(name="Office", kind="helpline")
    contact = SupportContact(city=city, organisation=office, phone="116006")
    contact.save()
    assert not list(quality.wrong_telephones())
    SupportContact.objects.update(second_phone="+48000000000")
    (found,) = quality.wrong_telephones()
    assert found.endswith(": +48000000000")
