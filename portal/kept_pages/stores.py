"""Where copies lie: in a folder of this machine, shared by all its processes; or, with CACHE_URL,
in a cache that several machines share.

A newer copy of a page takes the place of the one before. Neither store raises: without it pages
are made anew.
"""

import fcntl
import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import BaseCache, caches

logger = logging.getLogger(__name__)

# So long a process waits for another one that makes the same page; then it makes its own.
WAIT_SECONDS = 2.0
PAUSE_SECONDS = 0.02
# A process that was killed holds others back no longer than this.
LOCK_SECONDS = 5
# Pages with a query string have a room of their own: whoever asks 10,000 of them puts out no page
# without one. So many files of a room, so large a part of the whole.
ROOMS = {"pages": (20_000, 0.75), "queries": (2_000, 0.25)}
# The room is looked through after so many copies of one process, and then emptied to this part.
WRITES_BETWEEN = 32
LEFT = 0.9
# Two pages with one lock wait for each other, which costs no more than time.
LOCKS = 256
# How long a shared cache keeps a page, and how long we leave it alone after a fault of its.
CACHE_SECONDS = {"pages": 7 * 24 * 3600, "queries": 600}
FAULT_SECONDS = 10
CACHE = "pages"


def room_of(key: str) -> str:
    return "queries" if "?" in key else "pages"


def name_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:40]


@cache
def page_store() -> "FolderStore | CacheStore":
    if CACHE in settings.CACHES:
        return CacheStore(caches[CACHE])
    return FolderStore(Path(settings.KEPT_PAGES_FOLDER), settings.KEPT_PAGES_MB * 1_000_000)


# --- A folder -------------------------------------------------------------------------------------


class FolderStore:
    """A file for each page. Written beside and put in place whole: a reader waits for nobody."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self.writes = 0

    def get(self, key: str) -> bytes | None:
        try:
            return self._path(key).read_bytes()
        except OSError:
            return None

    def put(self, key: str, data: bytes) -> None:
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, data)
        except OSError:
            logger.exception("A page cannot be kept in %s", path.parent)
            return
        self.writes += 1
        if self.writes % WRITES_BETWEEN == 0:
            self.prune(room_of(key))

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        """The block runs in one process at a time for a page; whoever waited too long goes on."""
        number = int(name_of(key)[:8], 16) % LOCKS
        path = self.folder / "locks" / str(number)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # The system lets go of it when the file is closed, also of a process that was killed.
            file = path.open("wb")
        except OSError:
            yield
            return
        with file:
            _wait_for(file.fileno())
            yield

    def prune(self, room: str) -> None:
        """Delete the oldest copies of a room that has too many or too large ones."""
        most, share = ROOMS[room]
        files = _files(self.folder / room)
        size = sum(length for _moment, length, _path in files)
        count = len(files)
        if count <= most and size <= self.most_bytes * share:
            return
        for _moment, length, path in sorted(files):
            if count <= most * LEFT and size <= self.most_bytes * share * LEFT:
                break
            Path(path).unlink(missing_ok=True)
            count -= 1
            size -= length

    def _path(self, key: str) -> Path:
        return self.folder / room_of(key) / name_of(key)


def _write_whole(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(
        dir=path.parent,
        prefix="new-",
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _files(folder: Path) -> list[tuple[float, int, str]]:
    """When each was written, how large it is, its path."""
    files = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            # Another process may have deleted it meanwhile.
            with suppress(OSError):
                status = entry.stat()
                files.append((status.st_mtime, status.st_size, entry.path))
    return files


def _wait_for(handle: int) -> None:
    give_up = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < give_up:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(PAUSE_SECONDS)
        else:
            return


# --- A shared cache -------------------------------------------------------------------------------


class CacheStore:
    """A cache of Django's that all machines ask, such as Redis. Its own limit of memory bounds it.

    After a fault it is left alone for a moment: a cache that hangs costs half a second at a time.
    """

    def __init__(self, shared: BaseCache) -> None:
        self.shared = shared
        self.back_at = 0.0

    def get(self, key: str) -> bytes | None:
        data: bytes | None = self._answer_to(lambda: self.shared.get(name_of(key)), None)
        return data

    def put(self, key: str, data: bytes) -> None:
        seconds = CACHE_SECONDS[room_of(key)]
        self._answer_to(lambda: self.shared.set(name_of(key), data, seconds), None)

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        lock = f"{name_of(key)}-lock"
        give_up = time.monotonic() + WAIT_SECONDS
        is_ours = self._take(lock)
        while not is_ours and time.monotonic() < give_up:
            time.sleep(PAUSE_SECONDS)
            is_ours = self._take(lock)
        try:
            yield
        finally:
            if is_ours:
                self._answer_to(lambda: self.shared.delete(lock), None)

    def _take(self, lock: str) -> bool:
        """Whether it is ours now; a cache that does not answer holds nobody back."""
        is_ours: bool = self._answer_to(lambda: self.shared.add(lock, 1, LOCK_SECONDS), True)
        return is_ours

    def _answer_to(self, call: Callable[[], Any], otherwise: Any) -> Any:
        if time.monotonic() < self.back_at:
            return otherwise
        try:
            return call()
        except Exception:
            # Each library of a cache has errors of its own.
            self.back_at = time.monotonic() + FAULT_SECONDS
            logger.exception("The shared cache of pages does not answer")
            return otherwise
