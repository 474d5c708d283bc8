"""Making a backup."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from portal.backup.archive import ArchiveWriter
from portal.backup.databases import sequences_of, snapshot
from portal.backup.encryption import encrypted, recipients_of
from portal.backup.faults import BackupFault
from portal.backup.files import names_of_files
from portal.backup.migrations import applied_migrations, release, tables_of
from portal.backup.rows import StoredTable, TableDigest

# Of the archive; a later form of it gets another number.
FORMAT = 1


@dataclass
class Contents:
    """What an archive holds."""

    tables: dict[str, dict[str, Any]]
    files: int = 0
    size: int = 0
    sequences: dict[str, int] | None = None

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())

    @property
    def sentence(self) -> str:
        size = f"{self.size / 1_000_000:.1f} MB"
        return f"{self.rows} rows of {len(self.tables)} tables, {self.files} files ({size})"


def make_backup(path: Path, keys: list[str]) -> Contents:
    """Write the database and the files as they are now; the file appears when it is complete.

    `keys`: public keys of age; without one the archive is not encrypted.
    """
    if path.exists():
        raise BackupFault(f"{path} is there already. Choose another name.")
    if not path.parent.is_dir():
        raise BackupFault(f"There is no folder {path.parent}.")
    recipients = recipients_of(keys)
    with ExitStack() as stack:
        file = stack.enter_context(_complete_file(path))
        writer = ArchiveWriter(stack.enter_context(encrypted(file, recipients)))
        stack.callback(writer.close)
        return _write(writer, timezone.now())


def _write(writer: ArchiveWriter, moment: datetime) -> Contents:
    with snapshot():
        nodes = applied_migrations()
        tables = tables_of(nodes)
        writer.add_bytes("header.json", _json(_header(moment, nodes, tables)))
        contents = Contents({table.name: _write_table(writer, table) for table in tables})
        contents.sequences = sequences_of(tables)
    # After the rows: a file without a row is harmless, a row without its file is not.
    _write_files(writer, contents)
    writer.add_bytes("manifest.json", _json(vars(contents)))
    writer.finish()
    return contents


def _header(
    moment: datetime, nodes: list[tuple[str, str]], tables: list[StoredTable]
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": moment.isoformat(timespec="seconds"),
        "release": release(),
        "database": connection.vendor,
        "migrations": nodes,
        "columns": {table.name: table.columns for table in tables},
    }


def _write_table(writer: ArchiveWriter, table: StoredTable) -> dict[str, Any]:
    digest = TableDigest(table)
    for number, part in enumerate(table.parts(digest), start=1):
        writer.add_bytes(f"tables/{table.name}/{number:06}.jsonl", part)
    return digest.summary()


def _write_files(writer: ArchiveWriter, contents: Contents) -> None:
    for name in _existing_names():
        try:
            file = default_storage.open(name)
        except FileNotFoundError:
            # Deleted since the folder was read.
            continue
        with file:
            size = file.size
            writer.add(f"files/{name}", file, size)
        contents.files += 1
        contents.size += size


def _existing_names() -> Iterator[str]:
    try:
        yield from names_of_files()
    except FileNotFoundError:
        # Nothing was ever uploaded.
        return


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=1).encode()


@contextmanager
def _complete_file(path: Path) -> Iterator[IO[bytes]]:
    """A new file that has its name once it is on the disk; only this account may read it."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    """A name is on the disk when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
