"""The network moves from SQLite to PostgreSQL and back by its backups; prints a table.

    make restore    # on a PostgreSQL of its own (deploy/postgres-for-tests.sh)

Each archive is compared with the one before: rows and checksum of every table, checksum of every
file. Then the last portal is offered damaged archives and a wrong key, and must stay as it is.
"""

import gzip
import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.serving import PORT, choose_settings, manage
from deploy.writers import create_people

# Written by the commands of backup and restore themselves, each time.
OWN_ROWS = {"members.timedrun"}
# Checksum and name of a file, in the list that an archive ends with.
SUM = re.compile(r"^(\w{64})  files/(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """A portal: where its rows and its files are."""

    name: str
    database: str
    files: Path

    def use(self) -> None:
        """Commands that follow speak to it."""
        os.environ.update(DATABASE_URL=self.database, MEDIA_ROOT=str(self.files))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [".venv/bin/python", "manage.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def timed(*arguments: str) -> float:
    began = time.monotonic()
    done = run(*arguments)
    if done.returncode:
        sys.exit(f"{arguments}: {done.stdout}{done.stderr}")
    return time.monotonic() - began


@dataclass(frozen=True)
class Content:
    """What an archive says is in it: of each table the rows and their checksum, of each file its
    checksum."""

    tables: dict[str, dict[str, Any]]
    files: dict[str, str]

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())

    @property
    def checksum(self) -> str:
        """Of all tables and files."""
        text = json.dumps([self.tables, self.files], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def tell(self, name: str, about: str) -> None:
        """A line of the table."""
        counts = f"{self.rows:8,} {len(self.files):5} {self.checksum}"
        sys.stdout.write(f"{name:16} {counts}  {about}\n")
        sys.stdout.flush()


def content_of(archive: Path) -> Content:
    with tarfile.open(archive) as file:
        tables = json.load(file.extractfile("manifest.json"))["tables"]  # type: ignore[arg-type]
        lines = file.extractfile("SHA256SUMS").read().decode()  # type: ignore[union-attr]
    kept = {name: table for name, table in tables.items() if name not in OWN_ROWS}
    return Content(kept, {name: checksum for checksum, name in SUM.findall(lines)})


def other_parts(before: Content, after: Content) -> list[str]:
    """Names of the tables and files that are not the same in both."""
    pairs = ((before.tables, after.tables), (before.files, after.files))
    return [
        name
        for old, new in pairs
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]


def fill() -> None:
    """The whole network, with documents."""
    for command in ("migrate", "load_reference", "load_network"):
        manage(command)
    create_people()
    folder = Path(os.environ["MEDIA_ROOT"], "documents")
    folder.mkdir(parents=True)
    for number in range(20):
        (folder / f"paper-{number}").write_bytes(secrets.token_bytes(100_000))


def move(source: Path, place: Place, folder: Path) -> Path:
    """Restore an archive in an empty place and make one there, with the line that tells of it."""
    place.use()
    manage("migrate")
    seconds = timed("restore", str(source))
    target = folder / f"{place.name}.tar.gz"
    backup = timed("backup", str(target))
    before, after = content_of(source), content_of(target)
    after.tell(place.name, f"restored in {seconds:.1f} s, backup in {backup:.1f} s")
    if other := other_parts(before, after):
        sys.exit(f"not the same: {', '.join(other)}")
    return target


def damaged(archive: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    content = archive.read_bytes()
    middle = len(content) // 2
    other = bytes([content[middle] ^ 1])
    files = {
        "one other byte": content[:middle] + other + content[middle + 1 :],
        "its last third missing": content[: middle // 3 * 4],
        "nothing but gzip": gzip.compress(b"nothing"),
        "empty": b"",
    }
    for name, text in files.items():
        path = folder / "damaged.tar.gz"
        path.write_bytes(text)
        yield name, path


def refuse_damaged(archive: Path, folder: Path) -> bool:
    """The portal that is in use offers its archive back, spoilt; it stays as it is."""
    expected = content_of(archive)
    results = [run("restore", str(path), "--replace") for _name, path in damaged(archive, folder)]
    key, other_key = folder / "secret.txt", folder / "other.txt"
    public = run("backup_key", str(key)).stdout.split()[-1]
    timed("backup_key", str(other_key))
    encrypted = folder / "encrypted.tar.gz.age"
    timed("backup", str(encrypted), "--to", public)
    results.append(run("restore", str(encrypted), "--replace", "--key", str(other_key)))
    results.append(run("restore", str(encrypted), "--replace"))
    after = folder / "after.tar.gz"
    timed("backup", str(after))
    is_same = content_of(after) == expected
    refused = sum(result.returncode != 0 for result in results)
    sys.stdout.write(
        f"damaged or of another key: {refused} of {len(results)} refused,"
        f" {'nothing changed' if is_same else 'ROWS CHANGED'}\n"
    )
    seconds = timed("restore", str(encrypted), "--replace", "--key", str(key))
    sys.stdout.write(f"encrypted, over the data in use, with its key: {seconds:.1f} s\n")
    return is_same and refused == len(results)


def main() -> int:
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        sys.exit("Run it by make restore: it fills the database that DATABASE_URL names.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        choose_settings(PORT, folder, LOG_LEVEL="ERROR")
        first = Place("sqlite", f"sqlite:///{folder}/one.sqlite3", folder / "one")
        first.use()
        fill()
        archive = folder / "first.tar.gz"
        seconds = timed("backup", str(archive))
        sys.stdout.write(f"{'portal':16} {'rows':>8} {'files':>5} checksum\n")
        content_of(archive).tell("sqlite, filled", f"backup in {seconds:.1f} s")
        moved = move(archive, Place("postgresql", server, folder / "two"), folder)
        back = Place("sqlite again", f"sqlite:///{folder}/three.sqlite3", folder / "three")
        returned = move(moved, back, folder)
        return 0 if refuse_damaged(returned, folder) else 1


if __name__ == "__main__":
    sys.exit(main())
