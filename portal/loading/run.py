"""Loading whole folders, with one line of output per file."""

from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.loading.engine import Refused, Table
from portal.loading.tables import DATA_DIR, load_file


class LoadCommand(BaseCommand):
    """Loads the tables of some folders. A bad file is refused whole; the files before it stay
    loaded."""

    folders: Iterable[str] = ()
    tables: Iterable[tuple[str, Table]] = ()
    fictional = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Check everything and change nothing."
        )
        parser.add_argument(
            "--data", type=Path, default=DATA_DIR, help="The folder with the data (default: data)."
        )

    def handle(self, *args: object, **options: object) -> None:
        dry_run = options["dry_run"]
        with transaction.atomic() if dry_run else nullcontext():
            for folder in self.folders:
                self.load_folder(options["data"] / folder)
            if dry_run:
                transaction.set_rollback(True)
                self.stdout.write("Dry run: nothing was changed.")

    def load_folder(self, folder: Path) -> None:
        for name, table in self.tables:
            path = folder / name
            if path.exists():
                try:
                    counts = load_file(path, table, fictional=self.fictional)
                except Refused as refused:
                    raise CommandError(
                        f"{folder.name}/{name} was not loaded.\n" + "\n".join(refused.errors)
                    ) from None
                self.stdout.write(f"{folder.name}/{name}: {counts}")
