"""Cities like a city: each with its reason, which is true, and a tap that compares the two."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from members.map.cities import cities_near
from members.models import Action, City, Commitment, Country, Membership, Plan, Point
from portal.likeness import HOW_MANY, LARGEST_RATIO, LEAST_POINTS, NEAR, similar_cities
from portal.promises import promises_by_city
from tests.conftest import make_city

pytestmark = pytest.mark.django_db


def similar_to(city):
    return similar_cities(city, cities_near(city))


def member(country, slug, **fields):
    """A city that a source lists; others are like nobody."""
    city = make_city(country, slug, **fields)
    Membership.objects.create(city=city, standing="evidenced", published_at=timezone.now())
    return city


def work_on(city, numbers):
    """What a public source says that the city does under these points."""
    now = timezone.now()
    for point in Point.objects.filter(number__in=numbers):
        promise = Commitment.objects.create(city=city, point=point, published_at=now)
        Action.objects.create(commitment=promise, title_en="x", published_at=now)


def does_something(promise):
    is_refused = promise.commitment and promise.commitment.chosen == "no"
    return promise.is_known and not is_refused


@pytest.fixture
def points(db):
    now = timezone.now()
    plan = Plan.objects.create(name_en="Plan", in_force=True, published_at=now)
    for number in range(1, 6):
        Point.objects.create(
            plan=plan, number=number, title_en="P", short_title_en="P", published_at=now
        )


@pytest.fixture
def alfa(country):
    return make_city(country, "alfa", latitude=50, longitude=20, population=100_000)


def test_city_of_the_same_points_comes_first_with_their_numbers(alfa, country, points):
    work_on(alfa, [1, 2, 3])
    for slug, numbers in (("one", [1]), ("two", [1, 2]), ("all", [1, 2, 3]), ("many", range(1, 6))):
        work_on(member(country, slug, latitude=40, longitude=-3), numbers)
    rows = similar_to(alfa)
    # Three of three; then two of two. One point in common is chance, and who works on everything
    # is like nobody.
    assert [(row.nearby.slug, row.points) for row in rows] == [("all", (1, 2, 3)), ("two", (1, 2))]
    assert rows[0].point_numbers == "1, 2 and 3"
    assert not any(row.is_near or row.is_of_size for row in rows)


def test_size_counts_within_a_country_and_only_where_it_is_known(alfa, country):
    germany, _made = Country.objects.get_or_create(code="DE")
    far = {"latitude": 54, "longitude": 15}
    member(country, "larger", population=149_000, **far)
    member(country, "much-larger", population=151_000, **far)
    member(country, "closest", population=101_000, **far)
    member(country, "not-known", **far)
    member(germany, "elsewhere", population=100_000, **far)
    rows = similar_to(alfa)
    assert [row.nearby.slug for row in rows] == ["closest", "larger"]
    assert all(row.is_of_size and not row.is_near and not row.points for row in rows)


def test_neighbour_is_named_with_its_distance_and_who_lies_nowhere_has_none(alfa, country):
    member(country, "near", latitude=50.5, longitude=20)
    member(country, "far", latitude=53, longitude=20)
    [row] = similar_to(alfa)
    assert (row.nearby.slug, row.is_near, row.nearby.distance) == ("near", True, 56)
    assert similar_to(make_city(country, "nowhere")) == []
    invented = member(country, "madeup", latitude=50, longitude=20, fictional=True)
    assert similar_to(invented) == []
    assert "madeup" not in {row.nearby.slug for row in similar_to(alfa)}


@pytest.mark.usefixtures("real_data")
def test_each_reason_is_true_of_the_real_network():
    """The points by another way than that of the likeness: by what the city's page shows."""
    cities = {city.pk: city for city in City.objects.public().real().select_related("country")}
    works = {}
    for city in cities.values():
        promises = promises_by_city([city])[city.pk]
        works[city.pk] = {one.point.number for one in promises.points if does_something(one)}
    here = [city for city in cities.values() if city.country.code in ("CH", "PL")]
    told = 0
    for city in here:
        rows = similar_to(city)
        assert len(rows) <= HOW_MANY
        for row in rows:
            other = cities[row.nearby.key]
            assert other != city
            assert row.points or row.is_of_size or row.is_near
            if row.points:
                assert set(row.points) == works[city.pk] & works[other.pk]
                assert len(row.points) >= LEAST_POINTS
            if row.is_of_size:
                assert other.country == city.country
                sizes = sorted([city.population, other.population])
                assert sizes[1] <= LARGEST_RATIO * sizes[0]
            assert row.is_near == (row.nearby.distance <= NEAR)
            told += 1
    assert told > len(here) > 10


@pytest.mark.usefixtures("real_data")
def test_page_gives_the_reason_and_a_tap_that_compares_the_two():
    html = unescape(Client().get("/en/cities/krakow/").text)
    part = html.partition('id="similar"')[2].partition("</details>")[0]
    assert "Cities like this one" in part
    lines = re.findall(r'<a href="([^"]+)">([^<]+)</a>(.*?)</li>', part, re.DOTALL)
    assert len(lines) == HOW_MANY
    for address, name, words in lines:
        assert address.startswith("/en/compare/?city=krakow&city=")
        assert re.search("works on points? |same country, about as many|km away", words), name
        answer = Client().get(address)
        assert answer.status_code == 200
        assert answer.text.count('<h2><a href="/en/cities/') == 2
        assert name in answer.text
