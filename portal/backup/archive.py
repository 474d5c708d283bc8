"""The archive: a compressed tar, written and read as a stream, with the checksum of every entry.

`tar xzf` and `sha256sum --check SHA256SUMS` open and check it without the portal.
"""

import gzip
import hashlib
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO

from portal.backup.faults import DamagedBackup

# The last entry: without it the archive is incomplete.
SUMS = "SHA256SUMS"
CHUNK = 256 * 1024
# Papers and pictures are compressed already: more effort gains little.
EFFORT = 5
_DAMAGE = (tarfile.TarError, EOFError, zlib.error, OSError)


class _Digest:
    """Reads a file and takes the checksum of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self._hash.update(content)
        return content

    def line(self, name: str) -> bytes:
        """As `sha256sum` writes it; it marks names with a backslash or a line break."""
        return f"{self._hash.hexdigest()}  {name}\n".encode()


class ArchiveWriter:
    """Writes entries one after another; `close` writes their checksums."""

    def __init__(self, file: IO[bytes]) -> None:
        self._gzip = gzip.GzipFile(fileobj=file, mode="wb", compresslevel=EFFORT)
        self._tar = tarfile.TarFile.open(fileobj=self._gzip, mode="w|")
        self._sums = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        """Add so many bytes of this file."""
        entry = tarfile.TarInfo(name)
        entry.size = size
        entry.mode = 0o600
        digest = _Digest(file)
        self._tar.addfile(entry, digest)
        self._sums.write(digest.line(name))
        # It would keep every entry in memory.
        self._tar.members = []  # type: ignore[attr-defined]

    def add_bytes(self, name: str, content: bytes) -> None:
        self.add(name, BytesIO(content), len(content))

    def finish(self) -> None:
        size = self._sums.tell()
        self._sums.seek(0)
        self.add(SUMS, self._sums, size)
        self._tar.close()
        self._gzip.close()

    def close(self) -> None:
        self._sums.close()


class ArchiveEntry:
    """One entry of an archive that is being read."""

    def __init__(self, name: str, size: int, file: IO[bytes]) -> None:
        self.name = name
        self.size = size
        self._digest = _Digest(file)

    def read(self, size: int = -1) -> bytes:
        with _damage_in_words():
            return self._digest.read(size)

    def chunks(self) -> Iterator[bytes]:
        while chunk := self.read(CHUNK):
            yield chunk

    def line(self) -> bytes:
        """The checksum, after the rest was read."""
        for _chunk in self.chunks():
            pass
        return self._digest.line(self.name)


def entries_of(file: IO[bytes]) -> Iterator[ArchiveEntry]:
    """Every entry but the checksums, which are compared at the end: nothing that was read counts
    before this generator has ended."""
    is_complete = False
    with tempfile.TemporaryFile() as sums:
        for entry in _all_entries(file):
            if is_complete:
                raise DamagedBackup(f"{entry.name} stands after the end")
            if entry.name == SUMS:
                _compare(sums, entry)
                is_complete = True
                continue
            yield entry
            sums.write(entry.line())
    if not is_complete:
        raise DamagedBackup("its end is missing")


def _all_entries(file: IO[bytes]) -> Iterator[ArchiveEntry]:
    with _damage_in_words():
        # tarfile's own reader would not look at the checksum of the compression.
        unpacked = gzip.GzipFile(fileobj=file, mode="rb")
        tar = tarfile.TarFile.open(fileobj=unpacked, mode="r|")
    while member := _next_member(tar):
        content = tar.extractfile(member)
        if content is None or not member.isreg():
            raise DamagedBackup(f"{member.name} is no file")
        yield ArchiveEntry(member.name, member.size, content)
    with _damage_in_words():
        while unpacked.read(CHUNK):
            pass


def _next_member(tar: tarfile.TarFile) -> tarfile.TarInfo | None:
    with _damage_in_words():
        member = tar.next()
    tar.members = []  # type: ignore[attr-defined]
    return member


def _compare(sums: IO[bytes], entry: ArchiveEntry) -> None:
    """Whether the checksums in the archive are those of what was read; names the first that is
    not."""
    sums.seek(0)
    rest = b""
    for chunk in entry.chunks():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            computed = sums.readline().rstrip(b"\n")
            if line != computed:
                name = line.partition(b"  ")[2].decode(errors="replace")
                raise DamagedBackup(f"the checksum of {name} differs")
    if rest or sums.readline():
        raise DamagedBackup("the list of checksums is incomplete")


@contextmanager
def _damage_in_words() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise DamagedBackup(error) from error
