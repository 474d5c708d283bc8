"""The pair of keys for backups."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pyrage
from django.core.management.base import CommandError

from members.management.base import PortalCommand


class Command(PortalCommand):
    help = (
        "Make a pair of keys for backups: the secret one goes into FILE, which you keep elsewhere "
        "than on this server; the public one is printed and belongs into BACKUP_KEYS."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to write the secret key; must be new")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        identity = pyrage.x25519.Identity.generate()
        public = str(identity.to_public())
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"The key cannot be written: {error}") from error
        with os.fdopen(descriptor, "w", encoding="ascii") as target:
            target.write(f"# public key: {public}\n{identity}\n")
        self.report(public)
