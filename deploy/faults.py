"""Breaks what the portal stands on while people read and write; prints a table.

    make faults    # starts gunicorn, and a PostgreSQL of its own (deploy/postgres-for-tests.sh)
    make faults ARGS="reload 'disk full'"    # only these rows of the table, and no letters

Database and files lie on a disk of their own (deploy/small-disk.sh), which is filled, too.

Fails where an answer is wrong (deploy/readers.py), or where the first good one comes later than
`RECOVERY` seconds after the fault was taken away, or where a row is lost of which somebody was told
that it is saved, or where a letter is lost or arrives twice (deploy/mail.py).
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from deploy.clock import check_clock
from deploy.mail import check_letters
from deploy.processes import running
from deploy.proxy import nginx_configuration, slow_clients
from deploy.readers import HEADING, READERS, Fault, warm
from deploy.server import Server
from deploy.serving import PORT, Gunicorn, prepared
from deploy.writers import OFFICE, Browser, Writers, sign_in

PROXY = 8598
CHUNK = 2**16
PDF = b"%PDF-1.7\n" + b" " * 3_000_000 + b"\n%%EOF\n"
# The faults of `make check`.
QUICK = ["sessions cut", "reload"]
# Pages that need nothing of the table that is locked.
WITHOUT_NEWS = ("/en/cities/", "/en/search/?q=flat")


@contextmanager
def stopped_server(server: Server) -> Iterator[None]:
    """The portal says that it lives, and why it is not ready."""
    with server.stopped():
        visitor = Browser()
        alive, _page = visitor.get(PORT, "/healthz")
        ready, reason = visitor.get(PORT, "/readyz")
        if (alive, ready) != (200, 503) or b"database" not in reason:
            sys.exit(f"without its database it says {alive}, {ready}: {reason.decode()}")
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
    sys.stdout.write(f"a document without room: {refused}, with room: 302\n")


def upload(browser: Browser) -> int:
    """Of a large paper: 302 where it is kept, 200 or 503 where the form says why it is not."""
    return browser.upload(PORT, "/admin/members/document/add/", "file", PDF, title="Minutes")


@contextmanager
def killed_worker(portal: Gunicorn) -> Iterator[None]:
    """SIGKILL to a worker, three times; gunicorn starts others."""
    for _time in range(3):
        portal.kill_worker()
        time.sleep(1.5)
    yield


@contextmanager
def reloaded(portal: Gunicorn) -> Iterator[None]:
    portal.reload()
    yield


@contextmanager
def restarted(portal: Gunicorn) -> Iterator[None]:
    portal.restart()
    yield


def read_behind_nginx(portal: Gunicorn) -> list[bool]:
    """People read through nginx as it ships, before the same gunicorn."""
    if shutil.which("nginx") is None:
        sys.stdout.write("*** NOT checked: nginx is missing (apt-get install nginx) ***\n")
        return []
    with tempfile.TemporaryDirectory() as folder:
        configuration = nginx_configuration(Path(folder), PROXY, [PORT])
        with running("nginx", "-c", str(configuration)):
            time.sleep(1)
            faults = [
                Fault("slow clients at nginx", lambda: slow_clients(PROXY)),
                Fault("restart behind nginx", lambda: restarted(portal)),
            ]
            return [fault.run(PROXY) for fault in faults]


def main() -> int:
    with prepared():
        return break_everything(QUICK if sys.argv[1:] == ["--quick"] else sys.argv[1:])


def break_everything(names: Sequence[str]) -> int:
    """These faults and no letters, or all where none is named."""
    server = Server()
    portal = Gunicorn(PORT)
    faults = [
        Fault("database stopped", lambda: stopped_server(server), slowest=2),
        Fault("database read-only", server.read_only),
        Fault("one table locked", server.locked, slowest=5, others=WITHOUT_NEWS),
        Fault("connections used up", server.crowded),
        Fault("sessions cut", server.cut),
        Fault("worker killed", lambda: killed_worker(portal), wrong=READERS * 3),
        Fault("reload", lambda: reloaded(portal)),
    ]
    if os.path.ismount(server.folder.parent):
        faults.append(Fault("disk full", lambda: full_disk(server)))
    elif not names:
        sys.stdout.write("*** NOT checked: a full disk needs root and namespaces of mounts ***\n")
    if unknown := set(names).difference(fault.name for fault in faults):
        sys.exit(f"no such fault: {', '.join(sorted(unknown))}")
    if names:
        faults = [fault for fault in faults if fault.name in names]
    sys.stdout.write(HEADING)
    sys.stdout.flush()
    with portal.running():
        warm(PORT)
        with Writers(PORT) as writers:
            results = [fault.run(PORT) for fault in faults]
            results += [] if names else read_behind_nginx(portal)
    with server.connect() as session:
        sentence, is_whole = writers.compared(session)
        sys.stdout.write(f"{sentence}\n")
        if not names:
            results += [check_letters(session), check_clock(session)]
    return 0 if is_whole and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
