"""Where tests start from: the rows of their fixtures, and nothing that another test did."""

import pytest
from django.db import connection

from members.models import City, Draft
from tests import prepared

pytestmark = pytest.mark.django_db


def test_objects_of_prepared_fixtures_know_each_other(alfa, alfa_rows):
    assert alfa_rows["members.city"] is alfa
    assert alfa_rows["members.unit"].city is alfa
    assert Draft.objects.get() == alfa_rows["members.draft"]


def test_only_named_fixtures_have_rows(beta):
    assert list(City.objects.all()) == [beta]


def test_without_fixtures_the_tables_are_empty():
    assert not City.objects.exists()


def test_file_of_a_prepared_row_can_be_read(alfa_rows):
    with alfa_rows["members.document"].file.open() as file:
        assert file.read() == b"%PDF-1.7\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_what_is_committed_is_gone_after_the_test(alfa, time):
    assert connection.settings_dict["NAME"] != prepared.databases.here.database
    City.objects.create(slug="committed", name_en="C", local_name="C", country=alfa.country)


def test_prepared_fixture_that_is_asked_for_late_is_made(request):
    assert request.getfixturevalue("alfa") == City.objects.get()
