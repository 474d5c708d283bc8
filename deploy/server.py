"""The PostgreSQL of a drill, and what may befall it; for faults.py and soak.py."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from deploy.readers import SECONDS

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


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
