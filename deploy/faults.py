"""Breaks what the portal stands on while people read and write; prints a table.

    make faults    # starts gunicorn, and a PostgreSQL of its own (deploy/postgres-for-tests.sh)

Database and files lie on a disk of their own (deploy/small-disk.sh), which is filled, too.

Fails where an answer is wrong (deploy/readers.py), or where the first good one comes later than
`RECOVERY` seconds after the fault was taken away, or where a row is lost of which somebody was told
that it is saved, or where a letter is lost or arrives twice (deploy/mail.py).
"""

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from deploy.mail import check_letters
from deploy.processes import running
from deploy.proxy import nginx_configuration, slow_clients
from deploy.readers import HEADING, READERS, SECONDS, Fault, ask, warm
from deploy.writers import OFFICE, Browser, Writers, create_people, sign_in

PORT, PROXY = 8590, 8598
CHUNK = 2**16
PDF = b"%PDF-1.7\n" + b" " * 3_000_000 + b"\n%%EOF\n"
# The faults of `make check`.
QUICK = ("sessions cut", "reload")
# Pages that need nothing of the table that is locked.
WITHOUT_NEWS = ("/en/cities/", "/en/search/?q=flat")


class Server:
    """The PostgreSQL that DATABASE_URL names, and its programs."""

    def __init__(self) -> None:
        self.folder = Path(re.search(r"@/(/[^?]*)/", os.environ["DATABASE_URL"])[1])
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
        self.start()

    def start(self) -> None:
        self.control(
            "--wait", "--log", str(self.folder / "log"), "start", "--options", self.options
        )

    @property
    def is_running(self) -> bool:
        file = self.folder / "data" / "postmaster.pid"
        try:
            process = int(file.read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return False
        return Path(f"/proc/{process}").exists()

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


@contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """No room for rows, files and kept pages. The server may stop: it is started when there is
    room, as an administrator does."""
    browser = Browser()
    if not sign_in(browser, PORT, OFFICE):
        sys.exit("the office cannot sign in before the disk is full")
    ballast = server.folder.parent / "ballast"
    free = shutil.disk_usage(ballast.parent).free
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        os.posix_fallocate(file.fileno(), 0, max(free - 16 * CHUNK, 1))
        file.seek(0, os.SEEK_END)
        while True:
            file.write(bytes(CHUNK))
    refused = upload(browser)
    yield
    ballast.unlink()
    if not server.is_running:
        server.start()
    for _time in range(5):
        if upload(browser) == 302:
            break
        time.sleep(1)
    else:
        sys.exit("no document can be uploaded after the disk has room again")
    if refused not in {200, 503}:
        sys.exit(f"a document for which there is no room is answered {refused}")


def upload(browser: Browser) -> int:
    """Of a large paper: 302 where it is kept, 200 or 503 where the form says why it is not."""
    return browser.upload(PORT, "/admin/members/document/add/", "file", PDF, title="Minutes")


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


def read_behind_slow_clients() -> bool:
    """People read through nginx as it ships, before the same gunicorn."""
    if shutil.which("nginx") is None:
        sys.stdout.write("*** NOT checked: nginx is missing (apt-get install nginx) ***\n")
        return True
    with tempfile.TemporaryDirectory() as folder:
        configuration = nginx_configuration(Path(folder), PROXY, [PORT])
        with running("nginx", "-c", str(configuration)):
            time.sleep(1)
            fault = Fault("slow clients at nginx", lambda: slow_clients(PROXY))
            return fault.run(PROXY)


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
            KEPT_PAGES_FOLDER=f"{folder}/pages",
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
    if os.path.ismount(server.folder.parent):
        faults.append(Fault("disk full", lambda: full_disk(server)))
    elif not is_quick:
        sys.stdout.write("*** NOT checked: a full disk needs root and namespaces of mounts ***\n")
    if is_quick:
        faults = [fault for fault in faults if fault.name in QUICK]
    sys.stdout.write(HEADING)
    sys.stdout.flush()
    warm(PORT)
    try:
        with Writers(PORT) as writers:
            results = [fault.run(PORT) for fault in faults]
            results += [] if is_quick else [read_behind_slow_clients()]
        with server.connect() as session:
            sentence, is_whole = writers.compared(session)
            sys.stdout.write(f"{sentence}\n")
            is_sent = is_quick or check_letters(session)
    finally:
        end(portal)
    return 0 if is_whole and is_sent and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
