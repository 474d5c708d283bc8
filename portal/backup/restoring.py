"""Restoring a backup: beside the live data, which give way when everything is proved."""

import json
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import DataError, IntegrityError, connection, transaction

from portal.backup.archive import ArchiveEntry, entries_of
from portal.backup.databases import StagedDatabase, instead_of_live, set_sequences
from portal.backup.encryption import decrypted
from portal.backup.faults import BackupFault, DamagedBackup
from portal.backup.files import StagedFiles, has_files
from portal.backup.making import FORMAT, Contents
from portal.backup.migrations import Node, migrate_to, refuse_unknown
from portal.backup.rows import StoredTable

OWN_APPS = ("languages", "members", "programs", "portal")
# Written by the portal itself where nobody works yet.
_UNIMPORTANT = {"members_timedrun", "members_usecount", "portal_pageversion"}


def restore_backup(path: Path, key_file: Path | None, *, replace: bool) -> Contents:
    """Make the portal what it was in this archive.

    `replace`: also where there are data already; otherwise that is refused. Rows, files and
    checksums are compared with the archive before anything live changes.
    """
    check_backup(path, key_file, replace=replace)
    database = StagedDatabase.beside_live()
    files = StagedFiles.beside_live()
    files.clear()
    database.create()
    try:
        with path.open("rb") as file, decrypted(file, key_file) as archive:
            contents = _stage(entries_of(archive), database, files)
        # What waits is on the disk before it counts.
        os.sync()
        with files.in_place():
            database.publish()
    finally:
        database.drop()
        files.clear()
    return contents


def check_backup(path: Path, key_file: Path | None, *, replace: bool) -> dict[str, Any]:
    """Read it once to the end before the long work begins; what it says of itself.

    Refuses an archive that cannot be restored here.
    """
    if not replace:
        _refuse_occupied()
    with path.open("rb") as file, decrypted(file, key_file) as archive:
        entries = entries_of(archive)
        header = _header_of(entries)
        refuse_unknown(_nodes_of(header))
        for _entry in entries:
            pass
    return header


def _refuse_occupied() -> None:
    tables = set(connection.introspection.table_names())
    models = [model for model in apps.get_models() if model._meta.app_label in OWN_APPS]
    places = [model._meta.db_table for model in models]
    for place in sorted(tables.intersection(places) - _UNIMPORTANT):
        name = connection.ops.quote_name(place)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")  # noqa: S608
            row = cursor.fetchone()
        if row:
            raise _occupied(f"the table {place} has rows")
    if has_files():
        raise _occupied("there are uploaded files")


def _occupied(reason: str) -> BackupFault:
    return BackupFault(
        f"This portal has data already: {reason}. --replace puts the backup in their place; make a "
        "backup of them first."
    )


def _stage(
    entries: Iterator[ArchiveEntry], database: StagedDatabase, files: StagedFiles
) -> Contents:
    """Read the whole archive; what is returned was compared with what it says of itself."""
    header = _header_of(entries)
    nodes = _nodes_of(header)
    with instead_of_live(database.settings()):
        tables = migrate_to(nodes)
        if {table.name: table.columns for table in tables} != header["columns"]:
            raise DamagedBackup("its tables are not those of its migrations")
        manifest = _fill(entries, tables, database, files)
        contents = _proved(manifest, tables, files)
        call_command(
            "migrate",
            verbosity=0,
            interactive=False,
        )
        database.check()
    return contents


def _header_of(entries: Iterator[ArchiveEntry]) -> dict[str, Any]:
    first = next(entries, None)
    if first is None or first.name != "header.json":
        raise DamagedBackup("it does not begin as a backup of the portal")
    header = _json(first)
    if header.get("format") != FORMAT:
        raise BackupFault(
            f"The backup has form {header.get('format')}, this release reads form {FORMAT}. "
            "Install a newer release, then restore."
        )
    return header


def _nodes_of(header: dict[str, Any]) -> list[Node]:
    return [(app, name) for app, name in header["migrations"]]


def _fill(
    entries: Iterator[ArchiveEntry],
    tables: list[StoredTable],
    database: StagedDatabase,
    files: StagedFiles,
) -> dict[str, Any]:
    """Rows and files; the manifest of the archive."""
    manifest: dict[str, Any] = {}
    try:
        with transaction.atomic(), database.without_triggers():
            _empty(tables)
            for kind, group in groupby(entries, lambda entry: entry.name.split("/")[0]):
                if kind == "tables":
                    _insert(group, {table.name: table for table in tables})
                elif kind == "files":
                    _keep(group, files)
                else:
                    manifest = _manifest_of(group)
            set_sequences(tables, manifest.get("sequences") or {})
        connection.check_constraints()
    except (DataError, IntegrityError, ValueError) as error:
        raise DamagedBackup(error) from error
    return manifest


def _empty(tables: list[StoredTable]) -> None:
    """Migrations write rows of their own into some tables."""
    for table in tables:
        if table.model._base_manager.exists():
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.name)}")  # noqa: S608


def _insert(entries: Iterator[ArchiveEntry], tables: dict[str, StoredTable]) -> None:
    for entry in entries:
        _kind, name, _part = entry.name.split("/")
        if name not in tables:
            raise DamagedBackup(f"there is no table {name}")
        text = entry.read().decode()
        tables[name].insert([line for line in text.split("\n") if line])


def _keep(entries: Iterator[ArchiveEntry], files: StagedFiles) -> None:
    for entry in entries:
        _kind, _slash, name = entry.name.partition("/")
        files.add(name, entry, entry.size)


def _manifest_of(entries: Iterator[ArchiveEntry]) -> dict[str, Any]:
    manifest: dict[str, Any] = {}
    for entry in entries:
        if entry.name != "manifest.json":
            raise DamagedBackup(f"{entry.name} is not known")
        manifest = _json(entry)
    return manifest


def _proved(manifest: dict[str, Any], tables: list[StoredTable], files: StagedFiles) -> Contents:
    """The manifest, after rows and files were compared with it as they are now in their place."""
    contents = Contents({table.name: table.digest().summary() for table in tables})
    for name, summary in contents.tables.items():
        if summary != manifest["tables"].get(name):
            raise DamagedBackup(f"the rows of {name} are not those that were saved")
    contents.files, contents.size = files.count, files.size
    if (contents.files, contents.size) != (manifest["files"], manifest["size"]):
        raise DamagedBackup("files are missing")
    return contents


def _json(entry: ArchiveEntry) -> dict[str, Any]:
    try:
        value = json.loads(entry.read())
    except ValueError as error:
        raise DamagedBackup(error) from error
    if not isinstance(value, dict):
        raise DamagedBackup(f"{entry.name} holds no object")
    return value
