"""Liveness, readiness, request ids and the log."""

import json
import logging
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from pythonjsonlogger.json import JsonFormatter

from members.models import TimedRun
from portal import health
from portal.middleware import RequestIdFilter, current_request_id

pytestmark = pytest.mark.django_db


def test_liveness_touches_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.usefixtures("just_installed")
def test_readiness_is_200_when_all_is_well(client):
    assert client.get("/readyz").json() == {"ready": True, "reason": "", "late": []}


@pytest.mark.usefixtures("just_installed")
def test_readiness_says_which_timer_has_not_run(client):
    TimedRun.objects.create(command="nightly", succeeded_at=datetime(2026, 1, 5, 3, 10, tzinfo=UTC))
    answer = client.get("/readyz").json()
    assert (answer["ready"], answer["late"]) == (
        True,
        ["manage.py nightly last succeeded at 2026-01-05T03:10+00:00."],
    )


def test_readiness_names_a_database_of_another_account(client, monkeypatch):
    monkeypatch.setattr(health.os, "access", lambda file, mode: False)
    monkeypatch.setattr(health.Path, "exists", lambda file: True)
    response = client.get("/readyz")
    if connection.vendor == "sqlite":
        assert response.status_code == 503
        assert "may not write the file of the database" in response.json()["reason"]
    else:
        assert response.status_code == 200


def test_readiness_names_pending_migrations(client):
    [newest] = MigrationLoader(connection).graph.leaf_nodes("portal")
    MigrationRecorder(connection).record_unapplied(*newest)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "1 migrations are not applied" in response.json()["reason"]


def test_readiness_says_that_the_database_is_away(client, monkeypatch):
    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr(health.connection, "ensure_connection", away)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["reason"]) == (
        503,
        "The database does not answer.",
    )


def test_answer_carries_the_request_id_of_the_proxy_if_it_is_a_plain_word(client):
    assert (
        client.get("/healthz", headers={"x-request-id": "abc-123-def"})["X-Request-ID"]
        == "abc-123-def"
    )
    made = client.get("/healthz", headers={"x-request-id": "a b\u00e9; DROP"})["X-Request-ID"]
    assert len(made) == 32
    assert current_request_id() is None


def test_log_of_a_missing_page_carries_the_request_id(client, caplog):
    caplog.handler.addFilter(RequestIdFilter())
    response = client.get("/en/nothing/")
    records = [record for record in caplog.records if record.name == "django.request"]
    assert [record.request_id for record in records] == [response["X-Request-ID"]]


def test_log_lines_are_json_with_the_request_id():
    record = logging.LogRecord(
        "portal", logging.WARNING, __file__, 1, "something %s", ("odd",), None
    )
    RequestIdFilter().filter(record)
    line = json.loads(JsonFormatter("%(levelname)s %(message)s %(request_id)s").format(record))
    assert line == {"levelname": "WARNING", "message": "something odd", "request_id": "-"}
