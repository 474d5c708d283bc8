"""Programs that the drills start, stop and break."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# As TimeoutStopSec in deploy/ten-points.service.
SECONDS_TO_END = 30


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen]:
    """A program with its children in a group of its own."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, start_new_session=True, **quiet)
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen) -> None:
    """Ask it to end, then make it. It may have ended already."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGCONT)
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def hung(process: subprocess.Popen) -> Iterator[None]:
    """It holds its connections, and answers nothing."""
    os.killpg(process.pid, signal.SIGSTOP)
    yield
    os.killpg(process.pid, signal.SIGCONT)


@contextmanager
def killed(process: subprocess.Popen) -> Iterator[None]:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    yield
