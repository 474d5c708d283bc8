"""The uploaded files: every one of the storage, and a place where restored ones wait."""

import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from members.uploads import WholeFileStorage
from portal.backup.faults import DamagedBackup

# Beside the files, so that they only change their name when they take the place of the others.
STAGED = ".restored"
REPLACED = ".replaced"


class Readable(Protocol):
    """What can be read from its beginning to its end."""

    def read(self, size: int = -1, /) -> bytes: ...


def names_of_files(folder: str = "") -> Iterator[str]:
    """Every file of the storage, in one order everywhere."""
    folders, files = default_storage.listdir(folder)
    for name in sorted(files):
        yield f"{folder}{name}"
    for name in sorted(folders):
        if folder or name not in {STAGED, REPLACED}:
            yield from names_of_files(f"{folder}{name}/")


def has_files() -> bool:
    try:
        return next(names_of_files(), None) is not None
    except FileNotFoundError:
        return False


class StagedFiles(ABC):
    """Restored files that nobody sees yet."""

    def __init__(self) -> None:
        self.count = self.size = 0

    @staticmethod
    def beside_live() -> "StagedFiles":
        if isinstance(default_storage, FileSystemStorage):
            return StagedFolder()
        return StagedBucket()

    def add(self, name: str, file: Readable, size: int) -> None:
        """Keep one file."""
        try:
            saved = self._save(name, _Stream(file, size))
        except SuspiciousOperation as error:
            raise DamagedBackup(error) from error
        if saved != name:
            raise DamagedBackup(f"{name} stands in it twice")
        self.count += 1
        self.size += size

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let them take the place of the others; if what follows fails, the others come back."""
        moved: list[tuple[str, str]] = []
        try:
            self._exchange(moved)
            yield
        except BaseException:
            for origin, place in reversed(moved):
                self._rename(place, origin)
            raise

    @abstractmethod
    def clear(self) -> None:
        """Forget what waits, and what was replaced."""

    @abstractmethod
    def _save(self, name: str, stream: "_Stream") -> str:
        """The name under which the file waits."""

    @abstractmethod
    def _exchange(self, moved: list[tuple[str, str]]) -> None:
        """Note each name that was changed as soon as it was: the old one, the new one."""

    @abstractmethod
    def _rename(self, origin: str, name: str) -> None: ...


class StagedFolder(StagedFiles):
    """In a folder of this machine: folders change their names."""

    def __init__(self) -> None:
        super().__init__()
        self._root = Path(settings.MEDIA_ROOT)
        self._storage: Storage = WholeFileStorage(location=self._root / STAGED)

    def clear(self) -> None:
        for name in (STAGED, REPLACED):
            shutil.rmtree(self._root / name, ignore_errors=True)

    def _save(self, name: str, stream: "_Stream") -> str:
        return self._storage.save(name, stream)

    def _exchange(self, moved: list[tuple[str, str]]) -> None:
        for name in (STAGED, REPLACED):
            (self._root / name).mkdir(parents=True, exist_ok=True)
        self._move("", f"{REPLACED}/", moved)
        self._move(f"{STAGED}/", "", moved)

    def _move(self, source: str, target: str, moved: list[tuple[str, str]]) -> None:
        for path in sorted((self._root / source).iterdir()):
            if path.name not in {STAGED, REPLACED}:
                names = (f"{source}{path.name}", f"{target}{path.name}")
                self._rename(*names)
                moved.append(names)

    def _rename(self, origin: str, name: str) -> None:
        (self._root / origin).rename(self._root / name)


class StagedBucket(StagedFiles):
    """In a bucket: the storage itself copies each file to its other name."""

    def clear(self) -> None:
        for folder in (STAGED, REPLACED):
            for name in list(names_of_files(f"{folder}/")):
                default_storage.delete(name)

    def _save(self, name: str, stream: "_Stream") -> str:
        # The library asks for the size and goes back to the beginning.
        with tempfile.TemporaryFile() as whole:
            for chunk in stream.chunks():
                whole.write(chunk)
            saved: str = default_storage.save(f"{STAGED}/{name}", File(whole))
        return saved.removeprefix(f"{STAGED}/")

    def _exchange(self, moved: list[tuple[str, str]]) -> None:
        self._move("", f"{REPLACED}/", moved)
        self._move(f"{STAGED}/", "", moved)

    def _move(self, source: str, target: str, moved: list[tuple[str, str]]) -> None:
        for origin in list(names_of_files(source)):
            name = f"{target}{origin.removeprefix(source)}"
            self._rename(origin, name)
            moved.append((origin, name))

    def _rename(self, origin: str, name: str) -> None:
        default_storage.rename(origin, name)  # type: ignore[attr-defined]


class _Stream(File):  # type: ignore[type-arg]
    """A part of an archive as a file that can be read once."""

    def __init__(self, file: Readable, size: int) -> None:
        super().__init__(None)
        self.size = size
        self._source = file

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        while content := self._source.read(chunk_size or self.DEFAULT_CHUNK_SIZE):
            yield content
