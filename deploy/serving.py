"""A portal of the drills, with two people in it, on a PostgreSQL of its own; for faults.py,
clock.py and soak.py."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self
from urllib.parse import urlsplit

from deploy.readers import ask
from deploy.writers import create_people

PORT = 8590
# As deploy/ten-points.service has them.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}
AS_SHIPPED = ("--workers", "3", "--threads", "4", "--preload")


class Gunicorn:
    """The processes of a portal at a port of this machine, with more settings than the drill's."""

    def __init__(self, port: int, **settings: str) -> None:
        self.port = port
        self.settings = settings
        # What they say of each fault would hide the table.
        self.log: int | IO[bytes] = subprocess.DEVNULL

    def start(self) -> None:
        command = [".venv/bin/gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        options = [*AS_SHIPPED, "--log-level", "critical"]
        environment = {**os.environ, **ENVIRONMENT, **self.settings}
        self.process = subprocess.Popen([*command, *options], stdout=self.log, env=environment)

    def wait(self) -> None:
        """Until it answers."""
        for _time in range(240):
            if ask(self.port, "/en/") == "200":
                return
            time.sleep(0.5)
        self.end()
        sys.exit("the portal does not start")

    @property
    def workers(self) -> list[int]:
        number = self.process.pid
        children = Path(f"/proc/{number}/task/{number}/children").read_text()
        return [int(child) for child in children.split()]

    def kill_worker(self) -> None:
        os.kill(self.workers[0], signal.SIGKILL)

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def restart(self) -> None:
        """As systemd does it: it ends, then it starts."""
        self.end()
        self.start()

    def end(self) -> None:
        """Ask it to end, then make it."""
        self.process.terminate()
        try:
            self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()

    @contextmanager
    def running(self) -> Iterator[Self]:
        self.start()
        try:
            self.wait()
            yield self
        finally:
            self.end()


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
