"""The sets of the directory say of each value what the database says of it."""

from datetime import date

import pytest
from django.http import QueryDict
from django.utils.translation import override

from members.city_filter import POPULATIONS, STATUSES, UNKNOWN, WORK, CityFilter
from members.city_sets import sets_of_cities
from members.models import City, Membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

# Each value of every filter, and values together: two of one filter's facet, two of a commitment.
VALUES = [
    *({"status": key} for key, _label in STATUSES),
    *({"work": key, "status": "all"} for key, _label in WORK),
    *({"population": key} for key in (*POPULATIONS, UNKNOWN)),
    {"country": "DE"},
    {"country": "DE", "status": "all"},
    {"region": "Canton de Fribourg"},
    {"joined": UNKNOWN},
    {"joined_after": 2010, "joined_before": 2015},
    {"joined_after": 2024},
    {"joined_before": 2009, "country": "FR"},
    {"point": "7", "status": "all"},
    {"point": "7", "work": "in-progress"},
    {"point": "4", "work": "chosen", "country": "PL"},
    {"ground": "racism", "status": "all"},
    {"ground": "age", "status": "not-member"},
]


@pytest.fixture
def filters():
    with override("pl"):
        yield CityFilter(QueryDict(), queryset=City.objects.public().real().listed("pl"))


def test_sets_leave_the_cities_that_the_database_leaves(filters):
    sets = sets_of_cities("pl")
    sizes = []
    for values in VALUES:
        rows = set(filters.rows(values).values_list("pk", flat=True))
        assert sets.of(values) == rows, values
        sizes.append(len(rows))
    # Most of them leave something, and not everything: else nothing was compared.
    assert len(set(sizes)) > len(VALUES) / 2


def test_sets_of_cities_know_a_change_at_once(django_assert_num_queries):
    before = sets_of_cities("en")
    city = City.objects.public().real().filter(memberships__standing="evidenced").first()
    city.population = 1
    city.save()
    Membership.objects.filter(city=city).update(published_at=None)
    with django_assert_num_queries(1):
        after = sets_of_cities("en")
    assert after.of({"status": "evidenced"}) == before.of({"status": "evidenced"}) - {city.pk}
    assert city.pk in after.of({"population": "0-20000", "status": "all"})
    assert city.pk in after.of({"status": "not-member"})


def test_sets_of_a_later_year_call_no_action_of_today_under_way(monkeypatch):
    under_way = {"work": "in-progress", "status": "all"}
    earlier = {"work": "earlier", "status": "all"}
    cities = sets_of_cities("en").of(under_way)
    assert cities
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2036, 1, 1))
    later = sets_of_cities("en")
    assert not later.of(under_way)
    assert cities <= later.of(earlier)
