"""A prepared query answers as its queryset would, for each key."""

import pytest
from django.db.models.functions import Length

from languages.prepared_queries import KEY, prepare
from members.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def units(alfa, beta):
    for city, names in ((alfa, "ABC"), (beta, "DE")):
        for name in names:
            Unit.objects.create(city=city, name_en=name, source_language="en")


@pytest.fixture
def rows():
    return Unit.objects.filter(city=KEY).order_by("-pk")


@pytest.fixture
def query(rows):
    return prepare(rows.values_list("name_en", flat=True))


def test_key_takes_its_place(units, query, alfa, beta):
    assert query.values(alfa.pk) == ["C", "B", "A"]
    assert query.values(beta.pk) == ["E", "D"]
    assert query.values() == []
    assert query.count(alfa.pk) == 3


def test_rows_are_in_the_order_of_the_query_with_what_was_annotated(units, rows, alfa):
    query = prepare(rows.annotate(length=Length("name_en")))
    part = query.rows(Unit, alfa.pk, first=1, number=5)
    assert [(row.name_en, row.city_id, row.length) for row in part] == [
        ("B", alfa.pk, 1),
        ("A", alfa.pk, 1),
    ]
    assert query.rows(Unit, alfa.pk, first=0, number=1)[0].name_en == "C"


def test_prepared_query_reads_rows_that_came_later(units, query, alfa):
    Unit.objects.create(city=alfa, name_en="LATER", source_language="en")
    assert query.values(alfa.pk)[0] == "LATER"


def test_several_keys_are_asked_for_together(units, alfa, beta):
    names = prepare(Unit.objects.filter(city=KEY).order_by().values_list("name_en", flat=True))
    assert sorted(names.values_of_all([alfa.pk, beta.pk])) == ["A", "B", "C", "D", "E"]
    assert names.values_of_all([beta.pk]) == ["D", "E"]
    assert names.values_of_all([]) == []
