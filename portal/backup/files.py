"""The uploaded files: every one of the storage, and a folder where restored ones wait."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
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


class StagedFiles:
    """Restored files that nobody sees yet."""

    def __init__(self) -> None:
        self.count = self.size = 0
        self.is_folder = isinstance(default_storage._wrapped, FileSystemStorage)  # type: ignore[attr-defined]
        self._root = Path(settings.MEDIA_ROOT)
        self._storage: Storage = default_storage
        if self.is_folder:
            self._storage = WholeFileStorage(location=self._root / STAGED)

    def add(self, name: str, file: Readable, size: int) -> None:
        """Keep one file. In a storage that has no folders it takes its place at once."""
        if not self.is_folder and self._storage.exists(name):
            self._storage.delete(name)
        try:
            saved = self._storage.save(name, _Stream(file, size))
        except SuspiciousFileOperation as error:
            raise DamagedBackup(error) from error
        if saved != name:
            raise DamagedBackup(f"{name} stands in it twice")
        self.count += 1
        self.size += size

    def clear(self) -> None:
        """Forget what waits, and what was replaced."""
        for name in (STAGED, REPLACED):
            shutil.rmtree(self._root / name, ignore_errors=True)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let them take the place of the others; if what follows fails, the others come back."""
        if not self.is_folder:
            yield
            return
        for name in (STAGED, REPLACED):
            (self._root / name).mkdir(parents=True, exist_ok=True)
        moved: list[tuple[Path, Path]] = []
        try:
            self._move(self._root, self._root / REPLACED, moved)
            self._move(self._root / STAGED, self._root, moved)
            yield
        except BaseException:
            for origin, place in reversed(moved):
                place.rename(origin)
            raise

    def _move(self, source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
        for path in sorted(source.iterdir()):
            if path.name not in {STAGED, REPLACED}:
                place = target / path.name
                path.rename(place)
                moved.append((path, place))


class _Stream(File):  # type: ignore[type-arg]
    """A part of an archive as a file that can be read once."""

    def __init__(self, file: Readable, size: int) -> None:
        super().__init__(None)
        self.size = size
        self._source = file

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        while content := self._source.read(chunk_size or self.DEFAULT_CHUNK_SIZE):
            yield content
