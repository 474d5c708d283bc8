"""Pages of one version share what they show alike; an edit or the clock ends that."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import City
from portal.kept_pages import memory, middleware
from tests.conftest import make_city

pytestmark = pytest.mark.django_db(transaction=True)

CITIES, ALL = "/en/cities/", "/en/cities/?status=all"


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(queries)


@pytest.fixture
def cities(country):
    return [make_city(country, name) for name in ("alfa", "beta")]


def test_second_page_of_a_version_asks_less(client, cities):
    anew = queries_of(client, ALL)
    memory.forget()
    client.get(CITIES)
    assert queries_of(client, "/en/cities/?status=all&sort=joined") < anew


def test_an_edit_is_read_on_every_page_that_shares_it(client, cities):
    for address in (CITIES, ALL):
        client.get(address)
    City.objects.filter(pk=cities[0].pk).update(published_at=None)
    for address in (CITIES, ALL):
        html = client.get(address).content.decode()
        assert "/en/cities/alfa/" not in html
        assert address == CITIES or "/en/cities/beta/" in html


def test_what_is_shared_ends_at_midnight(client, cities, monkeypatch):
    client.get(CITIES)
    shared = memory.memory_of(memory._newest["memory"].version, timezone.now())
    assert shared.values
    tomorrow = timezone.now() + timedelta(days=1)
    assert not memory.memory_of(shared.version, tomorrow).values


def test_nothing_is_shared_where_nobody_can_say_until_when_pages_hold(client, cities, monkeypatch):
    monkeypatch.setattr(middleware, "next_change", lambda _since: None)
    client.get(CITIES)
    assert not memory._newest["memory"].values
