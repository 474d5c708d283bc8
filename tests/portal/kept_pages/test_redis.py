"""Kept pages in a Redis of Debian's, as docs/operations.md sets it up, while people sign in: with
it, and when it is gone."""

import os
import shutil
import socket
import subprocess
import time

import pytest
from django.core.cache import caches
from django.test import Client
from environ import Env

from members import limits
from members.models import User
from portal.kept_pages import stores

pytestmark = pytest.mark.django_db

LOGIN, PAGE = "/accounts/login/", "/en/privacy/"
PASSWORD = "a-good-long-password"
EMAIL = "office@example.org"
SERVER = shutil.which("redis-server")
OFTEN = limits.PER_ACCOUNT_HERE


def test_ci_has_redis():
    """A test that is skipped in silence proves nothing."""
    assert SERVER or not os.environ.get("FORBID_SKIPPING_REDIS"), "redis-server is missing"


@pytest.fixture
def redis(settings):
    """A server of its own, named by CACHE_URL; the process, to stop it."""
    if SERVER is None:
        pytest.skip("NOT PROVED: sign-in with Redis. Install Debian's redis-server.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [SERVER, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", "/"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    times = "socket_timeout=0.5&socket_connect_timeout=0.5"
    shared = Env.cache_url_config(f"rediscache://127.0.0.1:{port}/0?{times}")
    settings.CACHES = {**settings.CACHES, "pages": shared}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    stores.page_store.cache_clear()
    try:
        _wait_for(server)
        yield server
    finally:
        server.kill()
        server.wait()


def _wait_for(server: subprocess.Popen) -> None:
    for _attempt in range(200):
        assert server.poll() is None, "redis-server did not start"
        try:
            caches["pages"].get("x")
        except Exception:
            time.sleep(0.02)
        else:
            return
    pytest.fail("redis-server does not answer")


@pytest.fixture
def office():
    return User.objects.create_user(EMAIL, PASSWORD, name="Office", is_secretariat=True)


def sign_in(password: str = PASSWORD, address: str = "192.0.2.1"):
    client = Client(REMOTE_ADDR=address)
    return client.post(LOGIN, {"login": EMAIL, "password": password}).status_code


def test_people_sign_in_with_redis_and_when_it_is_gone(redis, office):
    assert Client().get(PAGE).status_code == 200
    assert isinstance(stores.page_store(), stores.CacheStore)
    assert list(caches["pages"]._cache.get_client().scan_iter()), "no page was kept there"
    assert sign_in() == 302
    redis.kill()
    redis.wait()
    assert sign_in() == 302
    assert Client().get(PAGE).status_code == 200


@pytest.mark.parametrize("is_away", [False, True])
def test_limits_hold_with_redis_and_when_it_is_gone(redis, office, is_away):
    if is_away:
        redis.kill()
        redis.wait()
    answers = [sign_in("wrong", "192.0.2.9") for _attempt in range(OFTEN + 2)]
    assert answers == [200] * OFTEN + [429] * 2
    assert sign_in(PASSWORD, "192.0.2.9") == 429
    assert sign_in(PASSWORD, "192.0.2.10") == 302


def test_redis_that_hangs_stops_nobody_for_long(redis, office):
    """A stopped process takes connections and never answers."""
    Client().get(PAGE)
    redis.send_signal(19)
    began = time.monotonic()
    assert sign_in() == 302
    assert Client().get(PAGE).status_code == 200
    # Two time-outs of half a second, not one for each question.
    assert time.monotonic() - began < 5
