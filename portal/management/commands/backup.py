"""One archive of the database and the files."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError

from members.management.base import NOTHING_CHANGED, TimedCommand
from portal.backup.faults import BackupFault
from portal.backup.keeping import delete_old, next_path, old_backups
from portal.backup.making import make_backup


class Command(TimedCommand):
    help = (
        "Write the database and all uploaded files into one archive, while the portal runs. "
        "Without PATH into BACKUP_FOLDER under the name of this moment; there, backups older than "
        "BACKUP_DAYS are deleted. Encrypted if BACKUP_KEYS or --to names a public key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="the file to write; it must be new")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Say what would be written and deleted, and change nothing.",
        )
        parser.add_argument(
            "--to",
            metavar="KEY",
            nargs="+",
            default=settings.BACKUP_KEYS,
            help="public keys (age1…) whose owners can read the archive (default: BACKUP_KEYS)",
        )

    def handle(self, *args: Any, path: Path | None, to: list[str], **options: Any) -> None:
        if path is None and not settings.BACKUP_FOLDER:
            raise CommandError("Name the file to write, or set BACKUP_FOLDER.")
        target = path or next_path(is_encrypted=bool(to))
        if options["dry_run"]:
            old = [] if path else old_backups()
            self.report(f"{target} would be written, {len(old)} deleted. {NOTHING_CHANGED}")
            return
        self.write(target, to)
        if not to:
            self.warn("It is not encrypted: whoever gets it can read everything.")
        if path is None:
            self.report(f"{delete_old()} old backups deleted")

    def write(self, target: Path, keys: list[str]) -> None:
        started = time.monotonic()
        try:
            contents = make_backup(target, keys)
        except (BackupFault, DatabaseError, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        seconds = time.monotonic() - started
        self.report(f"{target}: {contents.sentence}, in {seconds:.1f} s")
