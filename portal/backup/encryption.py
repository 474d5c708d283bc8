"""Encryption of an archive as a stream, in the format of age (https://age-encryption.org/v1).

The server needs the public key only (`age1…`): whoever breaks into it cannot read old backups. The
program `age` of Debian opens the archives, too.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyrage

from portal.backup.faults import BackupFault

MARK = b"age-encryption.org/v1"


def recipients_of(keys: list[str]) -> list[pyrage.x25519.Recipient]:
    """The public keys of these texts."""
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError as error:
        raise BackupFault(
            "The public key of the backup is none. It begins with age1; `manage.py backup_key` "
            "makes one."
        ) from error


def identities_of(path: Path) -> list[pyrage.x25519.Identity]:
    """The secret keys in a file, one a line, as `age-keygen` and `backup_key` write it."""
    try:
        lines = path.read_text(encoding="ascii").split()
        keys = [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
        identities = [pyrage.x25519.Identity.from_str(key) for key in keys]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise BackupFault(f"The secret key cannot be read from {path}: {error}") from error
    if not identities:
        raise BackupFault(f"{path} has no line that begins with AGE-SECRET-KEY-.")
    return identities


@contextmanager
def encrypted(file: IO[bytes], recipients: list[pyrage.x25519.Recipient]) -> Iterator[IO[bytes]]:
    """A file to write to: what is written arrives encrypted in `file`. Without recipients it is
    `file` itself."""
    if not recipients:
        yield file
        return
    reader, writer = _pipe()

    def encrypt() -> None:
        with reader:
            pyrage.encrypt_io(reader, file, recipients)

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(encrypt)
        try:
            with writer:
                yield writer
        finally:
            # A full disk is said as such, not as the broken pipe that follows from it.
            job.result()


@contextmanager
def decrypted(file: IO[bytes], key_file: Path | None) -> Iterator[IO[bytes]]:
    """A file to read from: what `file` holds, decrypted if it is encrypted."""
    is_encrypted = file.read(len(MARK)) == MARK
    file.seek(0)
    if not is_encrypted:
        yield file
        return
    if key_file is None:
        raise BackupFault("The archive is encrypted. Name the file of its secret key: --key FILE")
    identities = identities_of(key_file)
    reader, writer = _pipe()
    sink = _Sink(writer)

    def decrypt() -> None:
        with writer:
            pyrage.decrypt_io(file, sink, identities)

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(decrypt)
        try:
            with reader:
                yield reader
        except Exception:
            _raise_wrong_key(job, sink)
            raise
        _raise_wrong_key(job, sink)


class _Sink:
    """Where decrypted bytes go; notes whether nobody reads them any longer."""

    def __init__(self, writer: IO[bytes]) -> None:
        self._writer = writer
        self.is_abandoned = False

    def write(self, content: bytes) -> int:
        try:
            return self._writer.write(content)
        except BrokenPipeError:
            self.is_abandoned = True
            raise

    def flush(self) -> None:
        self._writer.flush()


def _raise_wrong_key(job: "Future[None]", sink: _Sink) -> None:
    """If the archive could not be decrypted, that is why it could not be read."""
    error = job.exception()
    if error and not sink.is_abandoned and not isinstance(error, BrokenPipeError):
        raise BackupFault(
            "The archive cannot be decrypted: the secret key belongs to another backup, or the "
            f"archive is damaged ({error})."
        ) from error


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")
