"""Breaks what the portal stands on, one thing after another, while people read it; prints a table.

    make faults    # starts gunicorn, and a PostgreSQL of its own (deploy/postgres-for-tests.sh)

Honest is an answer of 200, or a 503 that says when to come back. Wrong is everything else: another
error, half a page, no answer within `LONGEST` seconds. Fails where one is wrong, or where the first
good answer comes later than `RECOVERY` seconds after the fault was taken away.
"""

import http.client
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

PORT = 8590
PAGES = ("/en/", "/en/cities/", "/en/search/?q=flat", "/en/news/", "/en/help/")
READERS = 4
LONGEST = 8.0
RECOVERY = 5.0
# How long each fault lasts.
SECONDS = 8.0

Answer = tuple[float, str, str]


def ask(path: str) -> tuple[str, str]:
    """What came: `200`, `503`, `wrong: …`; and the page."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=LONGEST)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        page = response.read().decode()
    except (OSError, http.client.HTTPException) as error:
        return f"wrong: {type(error).__name__}", ""
    finally:
        connection.close()
    if response.status == 503 and not response.headers["Retry-After"]:
        return "wrong: 503 without Retry-After", page
    if response.status == 200 and "</html>" not in page:
        return "wrong: half a page", page
    if response.status in {200, 503}:
        return str(response.status), page
    return f"wrong: {response.status}", page


class Readers:
    """People who read one page after another."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=[n]) for n in range(READERS)]

    def __enter__(self) -> "Readers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _read(self, number: int) -> None:
        while not self._end.is_set():
            path = PAGES[number % len(PAGES)]
            kind, _page = ask(path)
            self.answers.append((time.monotonic(), path, kind))
            number += 1
            time.sleep(0.05)

    def wait_for_good_answers(self, moment: float) -> None:
        """Until each reader had several in a row, a minute at most."""
        while time.monotonic() < moment + 60:
            time.sleep(1)
            last = self.answers[-READERS * 3 :]
            if all(when > moment and kind == "200" for when, _path, kind in last):
                return

    def recovery(self, moment: float) -> float:
        """Seconds from this moment to the first of the good answers that no other follows."""
        later = [answer for answer in self.answers if answer[0] >= moment]
        bad = [when for when, _path, kind in later if kind != "200"]
        last_bad = max(bad, default=moment)
        good = [when for when, _path, kind in later if kind == "200" and when >= last_bad]
        return min(good, default=moment + 999) - moment


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


def table_line(name: str, readers: Readers, seconds: float) -> tuple[str, bool]:
    kinds = Counter(kind for _when, _path, kind in readers.answers)
    wrong = {kind: count for kind, count in kinds.items() if kind.startswith("wrong")}
    allowed = READERS * 3 if name == "worker killed" else 0
    is_good = sum(wrong.values()) <= allowed and seconds <= RECOVERY
    counts = f"{len(readers.answers):5} {kinds['503']:5} {sum(wrong.values()):5} {seconds:8.1f} s"
    return f"{name:24} {counts}  {'' if is_good else 'FAILED'} {wrong or ''}", is_good


def run(name: str, fault: Callable[[], object]) -> bool:
    with Readers() as readers:
        time.sleep(2)
        with fault():  # type: ignore[attr-defined]
            time.sleep(SECONDS)
        moment = time.monotonic()
        readers.wait_for_good_answers(moment)
    line, is_good = table_line(name, readers, readers.recovery(moment))
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    return is_good


def started_portal() -> subprocess.Popen:
    command = [".venv/bin/gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{PORT}"]
    portal = subprocess.Popen(
        [*command, "--workers", "3", "--threads", "4", "--log-level", "error"]
    )
    for _time in range(240):
        if ask("/en/")[0] == "200":
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


def main() -> int:
    if urlsplit(os.environ.get("DATABASE_URL", "")).scheme != "postgres":
        sys.exit("Run it by make faults: it breaks the database that DATABASE_URL names.")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DEBUG="0",
            SECRET_KEY=secrets.token_urlsafe(50),
            SITE_URL=f"http://127.0.0.1:{PORT}",
            CONTACT_EMAIL="office@example.org",
            # What the portal says of each fault would hide the table.
            LOG_LEVEL="CRITICAL",
            STATIC_ROOT=f"{folder}/static",
            MEDIA_ROOT=f"{folder}/media",
        )
        manage("collectstatic", "--no-input")
        manage("migrate")
        return break_everything()


def break_everything() -> int:
    server = Server()
    portal = started_portal()
    faults: dict[str, Callable[[], object]] = {
        "database stopped": server.stopped,
        "database read-only": server.read_only,
        "one table locked": server.locked,
        "connections used up": server.crowded,
        "sessions cut": server.cut,
        "worker killed": lambda: killed_worker(portal),
        "reload": lambda: reloaded(portal),
    }
    sys.stdout.write(f"{'fault':24} {'asked':>5} {'503':>5} {'wrong':>5} {'recovery':>10}\n")
    try:
        results = [run(name, fault) for name, fault in faults.items()]
    finally:
        end(portal)
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
