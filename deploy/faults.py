"""Breaks what the portal stands on while people read and write; prints a table.

    make faults    # starts gunicorn, and a PostgreSQL of its own (deploy/postgres-for-tests.sh)

Fails where an answer is wrong (deploy/readers.py), or where the first good one comes later than
`RECOVERY` seconds after the fault was taken away, or where a row is lost of which somebody was told
that it is saved, or where a letter is lost or arrives twice (deploy/mail.py).
"""

import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from deploy.mail import check_letters
from deploy.readers import HEADING, READERS, SECONDS, Fault, ask
from deploy.writers import Writers, create_people

PORT = 8590
# The faults of `make check`.
QUICK = ("sessions cut", "reload")
# Pages that need nothing of the table that is locked.
WITHOUT_NEWS = ("/en/cities/", "/en/search/?q=flat")


class Server:
    """The PostgreSQL that DATABASE_URL names, and its programs."""

    def __init__(self) -> None:
        self.folder = Path(re.search(r"(/tmp[^?]*)/", os.environ["DATABASE_URL"])[1])
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
        self.program = str(programs[-1])

    def control(self, *arguments: str) -> None:
        command = [self.program, "--pgdata", str(self.folder / "data"), "--silent", *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    def connect(self) -> psycopg.Connection:
        place = f"host={self.folder} user=postgres dbname=postgres"
        return psycopg.connect(place, autocommit=True)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        self.control("--mode", "fast", "stop")
        yield
        self.control(
            "--wait", "--log", str(self.folder / "log"), "start", "--options", self.options
        )

    @property
    def options(self) -> str:
        return f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off"

    @contextmanager
    def read_only(self) -> Iterator[None]:
        with self.connect() as session:
            session.execute("ALTER SYSTEM SET default_transaction_read_only = on")
            session.execute("SELECT pg_reload_conf()")
        yield
        with self.connect() as session:
            session.execute("SET default_transaction_read_only = off")
            session.execute("ALTER SYSTEM RESET default_transaction_read_only")
            session.execute("SELECT pg_reload_conf()")

    @contextmanager
    def locked(self) -> Iterator[None]:
        with self.connect() as session, session.transaction():
            session.execute("LOCK TABLE portal_news IN ACCESS EXCLUSIVE MODE")
            yield

    @contextmanager
    def crowded(self) -> Iterator[None]:
        """Every connection is taken; those of the portal are cut, so that it must ask anew."""
        taken = []
        with self.connect() as session:
            session.execute(CUT)
            try:
                while True:
                    taken.append(self.connect())
            except psycopg.OperationalError:
                pass
        yield
        for session in taken:
            session.close()

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Sessions are ended again and again, in the middle of requests."""
        with self.connect() as session:
            for _time in range(10):
                session.execute(CUT)
                time.sleep(SECONDS / 20)
        yield


CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


@contextmanager
def killed_worker(gunicorn: subprocess.Popen) -> Iterator[None]:
    """SIGKILL to a worker, three times; gunicorn starts others."""
    for _time in range(3):
        children = Path(f"/proc/{gunicorn.pid}/task/{gunicorn.pid}/children").read_text()
        os.kill(int(children.split()[0]), signal.SIGKILL)
        time.sleep(1.5)
    yield


@contextmanager
def reloaded(gunicorn: subprocess.Popen) -> Iterator[None]:
    gunicorn.send_signal(signal.SIGHUP)
    yield


def started_portal() -> subprocess.Popen:
    command = [".venv/bin/gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{PORT}"]
    options = ["--workers", "3", "--threads", "4", "--log-level", "critical"]
    # The log goes to standard output: what it says of each fault would hide the table.
    portal = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)
    for _time in range(240):
        if ask(PORT, "/en/") == "200":
            return portal
        time.sleep(0.5)
    portal.terminate()
    sys.exit("the portal does not start")


def end(portal: subprocess.Popen) -> None:
    """Ask it to end, then make it."""
    portal.terminate()
    try:
        portal.wait(timeout=40)
    except subprocess.TimeoutExpired:
        portal.kill()


def manage(*arguments: str) -> None:
    command = [".venv/bin/python", "manage.py", *arguments, "--verbosity", "0"]
    subprocess.run(command, check=True)


@contextmanager
def prepared() -> Iterator[None]:
    """The settings of a portal with two people in it, on the database of DATABASE_URL."""
    if urlsplit(os.environ.get("DATABASE_URL", "")).scheme != "postgres":
        sys.exit("Run it by make faults: it breaks the database that DATABASE_URL names.")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DEBUG="0",
            SECRET_KEY=secrets.token_urlsafe(50),
            SITE_URL=f"http://127.0.0.1:{PORT}",
            CONTACT_EMAIL="office@example.org",
            SECOND_FACTOR="nobody",
            STATIC_ROOT=f"{folder}/static",
            MEDIA_ROOT=f"{folder}/media",
        )
        manage("collectstatic", "--no-input")
        manage("migrate")
        create_people()
        yield


def main() -> int:
    with prepared():
        return break_everything(is_quick=sys.argv[1:] == ["--quick"])


def break_everything(*, is_quick: bool) -> int:
    """`is_quick`: two faults and no letters, for `make check`."""
    server = Server()
    portal = started_portal()
    faults = [
        Fault("database stopped", server.stopped, slowest=2),
        Fault("database read-only", server.read_only),
        Fault("one table locked", server.locked, slowest=5, others=WITHOUT_NEWS),
        Fault("connections used up", server.crowded),
        Fault("sessions cut", server.cut),
        Fault("worker killed", lambda: killed_worker(portal), wrong=READERS * 3),
        Fault("reload", lambda: reloaded(portal)),
    ]
    if is_quick:
        faults = [fault for fault in faults if fault.name in QUICK]
    sys.stdout.write(HEADING)
    try:
        with Writers(PORT) as writers:
            results = [fault.run(PORT) for fault in faults]
        with server.connect() as session:
            sentence, is_whole = writers.compared(session)
            sys.stdout.write(f"{sentence}\n")
            is_sent = is_quick or check_letters(session)
    finally:
        end(portal)
    return 0 if is_whole and is_sent and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
