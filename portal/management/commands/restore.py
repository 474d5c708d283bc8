"""The portal as it was in a backup."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError

from members.management.base import NOTHING_CHANGED, PortalCommand
from portal.backup.faults import BackupFault
from portal.backup.restoring import check_backup, restore_backup


class Command(PortalCommand):
    help = (
        "Put the database and the uploaded files of a backup in place, also on the other kind of "
        "database. Rows, files and checksums are compared first; if anything differs, nothing "
        "changes. Stop the portal and its timers before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the archive that manage.py backup wrote")
        parser.add_argument(
            "--key", metavar="FILE", type=Path, help="the file of the secret key (AGE-SECRET-KEY-…)"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Read the archive, and change nothing."
        )
        parser.add_argument(
            "--replace", action="store_true", help="where there are data already: they are lost"
        )

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        started = time.monotonic()
        try:
            result = self.restore(path, **options)
        except (BackupFault, DatabaseError, OSError) as error:
            raise CommandError(f"Nothing was restored, nothing was changed. {error}") from error
        seconds = time.monotonic() - started
        self.report(f"{result}, in {seconds:.1f} s")

    def restore(
        self, path: Path, *, key: Path | None, replace: bool, dry_run: bool, **options: Any
    ) -> str:
        if dry_run:
            header = check_backup(path, key, replace=replace)
            return f"The backup of {header['made_at']} is whole. {NOTHING_CHANGED}"
        contents = restore_backup(path, key, replace=replace)
        return f"Restored and compared: {contents.sentence}"
