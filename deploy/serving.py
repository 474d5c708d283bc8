"""A portal of the drills, with two people in it, as it ships."""

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

from deploy.processes import end, killed
from deploy.readers import ask
from deploy.writers import OFFICE, create_people

PORT = 8590
# As deploy/ten-points.service has them.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}
AS_SHIPPED = ("--workers", "3", "--threads", "4", "--preload")


def choose_settings(port: int, folder: Path, **others: str) -> None:
    """Of a drill's portal at this port, with its files in this folder; for all that this program
    starts."""
    os.environ.update(
        DEBUG="0",
        SECRET_KEY=secrets.token_urlsafe(50),
        SITE_URL=f"http://127.0.0.1:{port}",
        CONTACT_EMAIL=OFFICE,
        SECOND_FACTOR="nobody",
        STATIC_ROOT=str(folder / "static"),
        MEDIA_ROOT=str(folder / "media"),
        KEPT_PAGES_FOLDER=str(folder / "pages"),
        **others,
    )


def manage(*arguments: str) -> None:
    command = [".venv/bin/python", "manage.py", *arguments, "--verbosity", "0"]
    subprocess.run(command, check=True)


def set_up() -> None:
    """Its style sheets, its tables, two people."""
    manage("collectstatic", "--no-input")
    manage("migrate")
    create_people()


def wait_for(port: int) -> None:
    for _time in range(240):
        if ask(port, "/en/") == "200":
            return
        time.sleep(0.5)
    sys.exit(f"nothing answers at port {port}")


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
        # In a group of their own, as systemd keeps them: it ends them together.
        self.process = subprocess.Popen(
            [*command, *options], stdout=self.log, env=environment, start_new_session=True
        )

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
        end(self.process)

    @contextmanager
    def killed(self) -> Iterator[None]:
        """As a machine without power; then it starts again."""
        with killed(self.process):
            yield
        self.start()

    @contextmanager
    def running(self) -> Iterator[Self]:
        self.start()
        try:
            wait_for(self.port)
            yield self
        finally:
            self.end()


@contextmanager
def prepared() -> Iterator[None]:
    """The settings of a portal with two people in it, on the database of DATABASE_URL."""
    if urlsplit(os.environ.get("DATABASE_URL", "")).scheme != "postgres":
        sys.exit("Run it by make faults: it breaks the database that DATABASE_URL names.")
    with tempfile.TemporaryDirectory() as folder:
        choose_settings(PORT, Path(folder))
        set_up()
        yield
