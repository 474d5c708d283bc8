"""What eight readers get at once from gunicorn, over a network connection: `make load`.

Loads the real data as `bench/pages.py` does and starts two workers with four threads each. Eight
readers then ask for one kind of page after the other without a pause, first for copies, then for
pages that are made anew for each. Prints answers a second, milliseconds by the clock (p50, p99) and
what was no 200. Nothing is asserted. `python bench/load.py SECONDS`: for each of the two, 10 if
left out.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pages

READERS, SECONDS = 8, 10.0
PORT = 8477
GUNICORN = ["gunicorn", "portal.wsgi", "--preload", "--workers", "2", "--threads", "4"]
GUNICORN += ["--log-level", "error"]
# In seconds, until the first answer.
STARTS_WITHIN = 120.0


@contextmanager
def server(*, kept: bool) -> Iterator[None]:
    environment = os.environ | {"KEPT_PAGES": "1" if kept else "0"}
    command = [sys.executable, "-m", *GUNICORN, "--bind", f"127.0.0.1:{PORT}"]
    process = subprocess.Popen(command, env=environment)
    try:
        wait_for_first_answer()
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for_first_answer() -> None:
    give_up = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            ask(http.client.HTTPConnection("127.0.0.1", PORT, timeout=30), pages.CONSTANT)
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)
        else:
            return


def ask(connection: http.client.HTTPConnection, url: str) -> int:
    """The status of an answer that was read to its end."""
    connection.request("GET", url, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    return response.status


class Reader(threading.Thread):
    def __init__(self, number: int, until: float) -> None:
        super().__init__()
        self.number, self.until = number, until
        self.milliseconds: list[float] = []
        self.failed = 0

    def run(self) -> None:
        urls = list(pages.PAGES.values())
        turn = self.number
        while time.monotonic() < self.until:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
            self._read(connection, urls[turn % len(urls)])
            connection.close()
            turn += 1

    def _read(self, connection: http.client.HTTPConnection, url: str) -> None:
        start = time.perf_counter()
        try:
            status = ask(connection, url)
        except OSError:
            status = 0
        self.milliseconds.append((time.perf_counter() - start) * 1000)
        self.failed += status != 200


def measure(seconds: float, *, kept: bool) -> None:
    with server(kept=kept):
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        for url in pages.PAGES.values():
            ask(connection, url)
        until = time.monotonic() + seconds
        readers = [Reader(number, until) for number in range(READERS)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    times = [value for reader in readers for value in reader.milliseconds]
    failed = sum(reader.failed for reader in readers)
    hundredths = statistics.quantiles(times, n=100)
    kind = "from their copies" if kept else "made anew"
    print(
        f"{kind:<20}{len(times) / seconds:>8.0f} a second"
        f"{hundredths[49]:>9.1f} ms p50{hundredths[98]:>9.1f} ms p99{failed:>6} failed",
        flush=True,
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        pages.prepare(scratch)
        for kept in (True, False):
            measure(float(sys.argv[1]) if sys.argv[1:] else SECONDS, kept=kept)
