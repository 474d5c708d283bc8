"""Publishing the open data: one archive of everything, and which rows have changed since."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import override

from languages.text import network_languages
from members.models import TimedRun
from members.timers import COMPARISON, note_success
from portal.models import DataRelease, RowChange
from portal.open_data import catalogue, csvw
from portal.open_data.formats import csv_table
from portal.open_data.formats.table import LICENCE, KindTable, attribution, today
from portal.open_data.kind import Kind, prepared, values_of
from portal.open_data.kinds import KINDS

FOLDER = "open-data"
# Releases that stay: whoever read the page a moment ago finds the file that it names.
KEPT = 3
CHUNK = 64 * 1024


def publish_data() -> DataRelease:
    """Note which rows changed since the last time, and write everything into a new archive."""
    note_changes()
    return publish_archive()


def publish_archive() -> DataRelease:
    made_at = timezone.now()
    with tempfile.TemporaryFile() as file:
        rows = _write_archive(file, made_at)
        release = _store(file, made_at, rows)
    _forget_old()
    return release


# --- Which rows have changed ----------------------------------------------------------------------


def note_changes() -> int:
    """Compare every public row, in all languages, with the last comparison.

    Returns how many rows are new, changed or gone. What a reader sees is compared, not what was
    saved: a row also changes with the name of its city, and is gone with the city.
    """
    count = None
    while count is None:
        noted_at = changes_noted_at()
        # Before the transaction: on SQLite nobody saves while another one writes, and all rows in
        # all languages take seconds.
        seen = {kind.name: _hashes_of(kind) for kind in KINDS.values()}
        count = _note_seen(seen, noted_at)
    return count


def _note_seen(seen: dict[str, dict[str, str]], noted_at: datetime | None) -> int | None:
    """Note what differs from what was noted at this moment; None where another comparison came
    between, which may have seen newer rows."""
    with transaction.atomic():
        # One comparison after the other, each with a later moment: a mirror that asks "since" the
        # last one misses nothing.
        locked = RowChange.objects.select_for_update().values_list("pk", flat=True)
        list(locked)
        if changes_noted_at() != noted_at:
            return None
        moment = _next_moment()
        count = sum(_note_kind(name, hashes, moment) for name, hashes in seen.items())
        # A comparison that finds nothing is one, too: a mirror reads when it was.
        note_success(COMPARISON, moment)
        return count


def _next_moment() -> datetime:
    """Now, or just after the last comparison where the clock was set back since: a mirror asks for
    what is later."""
    now = timezone.now()
    noted_at = changes_noted_at()
    if noted_at is None:
        return now
    return max(now, noted_at + timedelta(microseconds=1))


def changes_noted_at() -> datetime | None:
    """When rows were compared last; None where they never were.

    A portal that compared before it noted when knows only of its newest change.
    """
    runs = TimedRun.objects.filter(command=COMPARISON, succeeded_at__isnull=False)
    noted_at: datetime | None = runs.values_list("succeeded_at", flat=True).first()
    if noted_at is None:
        noted_at = RowChange.objects.aggregate(newest=Max("changed_at"))["newest"]
    return noted_at


def never_compared(kinds: Iterable[Kind]) -> list[Kind]:
    """Those of which rows are public and none was ever compared: since the release that brought
    them no comparison has run. What changed of them is not known."""
    rows = RowChange.objects.order_by()
    names = rows.values_list("kind", flat=True)
    compared = set(names.distinct())
    never = []
    for kind in kinds:
        if kind.name in compared:
            continue
        if kind.rows().exists():
            never.append(kind)
    return never


def _note_kind(name: str, hashes: dict[str, str], at: datetime) -> int:
    known = {row.key: row for row in RowChange.objects.filter(kind=name)}
    new, changed = [], []
    for key, digest in hashes.items():
        row = known.pop(key, None)
        if row is None:
            new.append(RowChange(kind=name, key=key, digest=digest, changed_at=at))
        elif row.gone or row.digest != digest:
            row.digest, row.gone, row.changed_at = digest, False, at
            changed.append(row)
    for row in known.values():
        if not row.gone:
            row.gone, row.changed_at = True, at
            changed.append(row)
    RowChange.objects.bulk_create(new, batch_size=500)
    RowChange.objects.bulk_update(changed, ["digest", "gone", "changed_at"], batch_size=200)
    return len(new) + len(changed)


def _hashes_of(kind: Kind) -> dict[str, str]:
    """The hash of each row by its key."""
    hashes = {}
    for batch in prepared(kind, kind.in_order(kind.rows())):
        for row in batch:
            texts = []
            for language in network_languages():
                with override(language):
                    texts.append(json.dumps(values_of(kind, row), default=str))
            key = str(getattr(row, kind.lookup))
            hashes[key] = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    return hashes


# --- The archive ----------------------------------------------------------------------------------


@dataclass
class Manifest:
    """What lies in the archive, with the hash of each file."""

    made_at: datetime
    files: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> str:
        about = {
            "title": f"{settings.PORTAL_NAME}: everything",
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "licence": LICENCE,
            "attribution": attribution(),
            "files": self.files,
        }
        return json.dumps(about, ensure_ascii=False, indent=1)

    def checksums(self) -> str:
        """As `sha256sum --check` reads them."""
        lines = [f"{file['sha256']}  {file['name']}\n" for file in self.files]
        return "".join(lines)


def _write_archive(file: IO[bytes], made_at: datetime) -> int:
    """Returns the number of rows of all tables."""
    manifest = Manifest(made_at)
    counts: dict[str, int] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for language in network_languages():
            for kind in KINDS.values():
                counts[kind.name] = _add_table(archive, manifest, kind, language)
            _add_description(archive, manifest, language)
        resources = catalogue.resources()
        _add(archive, manifest, "catalogue.ttl", iter([catalogue.as_turtle(resources)]))
        _add(archive, manifest, "LICENCE.txt", iter([f"{LICENCE}\n{attribution()}\n"]))
        archive.writestr("manifest.json", manifest.as_json())
        archive.writestr("SHA256SUMS", manifest.checksums())
    return sum(counts.values())


def _add_table(archive: zipfile.ZipFile, manifest: Manifest, kind: Kind, language: str) -> int:
    with override(language):
        rows = kind.everything_in_order()
        count = rows.count()
    table = KindTable(kind, rows, language, "")
    lines = csv_table.write(table)
    _add(archive, manifest, f"{language}/{kind.name}.csv", lines, rows=count)
    return count


def _add_description(archive: zipfile.ZipFile, manifest: Manifest, language: str) -> None:
    addresses = {name: f"{name}.csv" for name in KINDS}
    with override(language):
        text = json.dumps(csvw.table_group(addresses, KINDS), ensure_ascii=False, indent=1)
    _add(archive, manifest, f"{language}/csv-metadata.json", iter([text]))


def _add(
    archive: zipfile.ZipFile,
    manifest: Manifest,
    name: str,
    pieces: Iterator[str | bytes],
    **about: int,
) -> None:
    """Write a file piece by piece, and its line of the manifest."""
    sha256, size = hashlib.sha256(), 0
    with archive.open(name, "w") as entry:
        for piece in pieces:
            content = piece.encode() if isinstance(piece, str) else piece
            sha256.update(content)
            size += len(content)
            entry.write(content)
    manifest.files.append({"name": name, "size": size, "sha256": sha256.hexdigest(), **about})


@lru_cache(maxsize=4)
def _names_in(path: str, sha256: str) -> frozenset[str]:
    """The names of the files in an archive, which stays as it is under its checksum: read once by a
    process, as a bucket gives it whole. Raises OSError or BadZipFile."""
    with default_storage.open(path) as file:
        archive = zipfile.ZipFile(file)
        return frozenset(archive.namelist())


def kinds_lacking(release: DataRelease | None) -> list[Kind]:
    """The kinds of today that an archive does not hold, because an older release of the portal made
    it. None where there is no archive, or its file cannot be read now."""
    if release is None:
        return []
    try:
        names = _names_in(release.file, release.sha256)
    except (OSError, zipfile.BadZipFile):
        return []
    language = network_languages()[0]
    lacking = []
    for kind in KINDS.values():
        name = f"{language}/{kind.name}.csv"
        if name not in names:
            lacking.append(kind)
    return lacking


def _store(file: IO[bytes], made_at: datetime, rows: int) -> DataRelease:
    """A second one on a day takes the place of the first."""
    sha256, size = hashlib.sha256(), file.tell()
    file.seek(0)
    while piece := file.read(CHUNK):
        sha256.update(piece)
    file.seek(0)
    path = f"{FOLDER}/ten-points-{today()}.zip"
    default_storage.delete(path)
    saved = default_storage.save(path, File(file))
    with transaction.atomic():
        DataRelease.objects.filter(file=saved).delete()
        return DataRelease.objects.create(
            made_at=made_at, file=saved, size=size, sha256=sha256.hexdigest(), rows=rows
        )


def _forget_old() -> None:
    for release in DataRelease.objects.all()[KEPT:]:
        default_storage.delete(release.file)
        release.delete()


def forget_archives() -> None:
    """Take every archive down, for somebody who is named in it. The next run makes a new one."""
    for release in DataRelease.objects.all():
        delete = partial(default_storage.delete, release.file)
        transaction.on_commit(delete)
        release.delete()
