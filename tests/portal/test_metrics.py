"""Numbers for a monitoring program: for it alone, and also while the database is away."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError
from django.http import HttpResponse

from members.models import TimedRun
from portal import metrics

pytestmark = pytest.mark.django_db

TOKEN = "a-long-token-that-nobody-guesses"


@pytest.fixture
def read(client, settings, monkeypatch):
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    metrics.instruments.cache_clear()

    def answer() -> str:
        response = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
        return response.text

    return answer


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}x", "Bearer ż"])
@pytest.mark.parametrize("token", ["", TOKEN])
def test_without_the_token_there_is_no_such_page(client, settings, token, sent):
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers={"authorization": sent}).status_code == 404


@pytest.mark.usefixtures("just_installed")
def test_database_tells_of_letters_and_runs(read, django_assert_num_queries):
    TimedRun.objects.create(command="nightly", succeeded_at=datetime(2026, 1, 5, tzinfo=UTC))
    with django_assert_num_queries(4):
        text = read()
    assert "ten_points_database_up 1.0" in text
    assert "ten_points_letters_waiting 0.0" in text
    assert "ten_points_letters_failed 0.0" in text
    assert 'ten_points_last_success_seconds{command="nightly"} 1.7675712e+09' in text
    assert "ten_points_timers_late 1.0" in text


def test_requests_are_counted_by_area_and_kind_of_answer(read, rf):
    middleware = metrics.counted(lambda request: HttpResponse(status=404))
    for address in ("/en/cities/", "/en/cities/x/", "/admin/", "/api/v1/"):
        middleware(rf.get(address))
    text = read()
    assert 'ten_points_requests_total{area="public",method="GET",status="4xx"} 2.0' in text
    assert 'ten_points_requests_total{area="staff",method="GET",status="4xx"} 1.0' in text
    assert 'ten_points_request_seconds_count{area="api"} 1.0' in text
    assert "/en/cities/" not in text


def test_database_that_is_away_is_a_number(read, monkeypatch):
    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(metrics, "_letters", away)
    text = read()
    assert "ten_points_database_up 0.0" in text
    assert "ten_points_letters_waiting" not in text
