"""Writers on SQLite wait in a queue; nobody waits for longer than the settings allow."""

import threading
import time

import pytest
from django.db import OperationalError, transaction

from portal.databases.sqlite3.base import DatabaseWrapper

# In seconds: of the settings, and until the one before is ready.
PATIENCE = 0.4
PAUSE = 0.1


@pytest.fixture
def connect(tmp_path):
    """A connection of its own to a file of the test; to be used in one thread."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": PATIENCE}
    settings = {
        "NAME": tmp_path / "queue.sqlite3",
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
    }
    connections = []

    def open_one() -> DatabaseWrapper:
        connection = DatabaseWrapper(settings, alias=f"queue-{len(connections)}")
        connection.inc_thread_sharing()
        connection.ensure_connection()
        connections.append(connection)
        return connection

    yield open_one
    for connection in connections:
        connection.close()


def begin(connection: DatabaseWrapper) -> float:
    """Begin to write; the seconds until then, also where it is refused."""
    start = time.monotonic()
    try:
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    except OperationalError:
        connection.set_autocommit(True)
    return time.monotonic() - start


def test_nobody_waits_longer_than_the_settings_allow_in_the_queue_as_well(connect):
    """The second one waits for the first one to give up, and does not begin its time anew."""
    holder = connect()
    begin(holder)
    waits = []
    waiting = [connect(), connect(), connect()]
    threads = [threading.Thread(target=lambda own=own: waits.append(begin(own))) for own in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waits) == len(waiting)
    assert min(waits) >= PATIENCE * 0.9
    assert max(waits) < PATIENCE * 2
    holder.rollback()


def test_whoever_waits_begins_when_the_one_before_is_ready(connect):
    holder, next_one = connect(), connect()
    begin(holder)
    wait = []
    thread = threading.Thread(target=lambda: wait.append(begin(next_one)))
    thread.start()
    time.sleep(PAUSE)
    holder.commit()
    thread.join()
    assert PAUSE * 0.9 <= wait[0] < PATIENCE
    # It writes, and waits for others as patiently as before.
    assert next_one.in_atomic_block is False
    [(milliseconds,)] = next_one.connection.execute("PRAGMA busy_timeout").fetchall()
    assert milliseconds == PATIENCE * 1000
    next_one.rollback()


@pytest.mark.django_db
def test_portal_writes_through_the_queue(settings):
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        assert isinstance(transaction.get_connection(), DatabaseWrapper)
