"""Faults are told to a Sentry without a word of what people typed: a real library in a process of
its own, and a server on this machine that keeps what it is sent."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings
from django.db import OperationalError

from portal import sentry

# Somebody signs in, and the code fails while it has all of it in its hands.
SCRIPT = """
import logging, os, sys
import django
django.setup()
from django.test import Client
from members import adapters, limits

def fail(email, *others):
    typed = f"{email} typed four-Walruses"
    logging.getLogger("portal.drill").warning("Before it: %s", typed)
    raise ValueError(typed)

limits.may_sign_in = fail
client = Client(raise_request_exception=False)
answer = client.post(
    "/accounts/login/?next=/admin/%3Fq%3DZofia",
    {"login": "anna@example.org", "password": "four-Walruses"},
    headers={"X-Request-ID": "request-of-this-test", "User-Agent": "Netscape"},
)
logging.getLogger("portal.drill").error("A letter to %s failed", "anna@example.org")
logging.getLogger("library").error("Letter to anna@example.org failed")
import sentry_sdk
sentry_sdk.flush(10)
sys.exit(answer.status_code != 500)
"""
SECRETS = ("anna", "example.org", "Walruses", "Zofia", "127.0.0.1", "Netscape")


@contextmanager
def sink() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a project, and the envelopes that arrive there."""
    envelopes: list[bytes] = []

    class Sink(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_small = self.headers.get("Content-Encoding") == "gzip"
            envelopes.append(gzip.decompress(body) if is_small else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://key@127.0.0.1:{server.server_port}/1", envelopes
    finally:
        server.shutdown()
        server.server_close()


def events_in(envelopes: list[bytes]) -> list[dict]:
    lines = [json.loads(line) for body in envelopes for line in body.splitlines()]
    return [line for line in lines if "event_id" in line and "platform" in line]


def test_fault_arrives_with_its_place_and_without_anything_typed(tmp_path):
    with sink() as (dsn, envelopes):
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
            "SENTRY_DSN": dsn,
            "SITE_URL": "http://testserver",
            "ALLOWED_HOSTS": "testserver",
        }
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert run.returncode == 0, run.stderr[-2000:]
    [fault, ours, other] = sorted(events_in(envelopes), key=lambda event: event["timestamp"])
    [error] = fault["exception"]["values"]
    assert error["type"] == "ValueError"
    assert error["stacktrace"]["frames"][-1]["function"] == "fail"
    assert "value" not in error
    assert fault["transaction"].startswith("/accounts/login/")
    assert fault["tags"] == {"request_id": "request-of-this-test"}
    assert ours["logentry"]["message"] == "A letter to %s failed"
    assert "logentry" not in other
    sent = b"\n".join(envelopes).decode()
    assert not [word for word in SECRETS if word in sent]


def test_outage_is_not_told():
    error = OperationalError("the connection is closed")
    assert sentry.cleaned({"exception": {}}, {"exc_info": (type(error), error, None)}) is None


@pytest.mark.parametrize("dsn", ["sentry.example.org", "https://sentry.example.org/1", "1"])
def test_address_that_is_none_stops_the_start(dsn):
    environment = {**os.environ, "SENTRY_DSN": dsn, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    run = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "SENTRY_DSN is no address of a project" in run.stderr
