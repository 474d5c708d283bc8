"""Loading whole folders, with one line of output per file."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from languages.text import schema_languages
from members.management.base import NOTHING_CHANGED, PortalCommand
from portal.loading.engine import Counts, Table, batched_upkeep
from portal.loading.files import Refused
from portal.loading.tables import DATA_DIR, load_file
from portal.services import personal_details


def refuse_old_tables() -> None:
    """Raise CommandError where the database has not the tables of this release."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise CommandError(
            "The database has not the tables of this release: run manage.py migrate first. "
            "Nothing was loaded."
        )


class LoadCommand(PortalCommand):
    """Loads the tables of some folders. A bad file is refused whole; the files before it stay
    loaded."""

    folders: Iterable[str] = ()
    tables: Iterable[tuple[str, Table]] = ()
    fictional = False
    # Below the folder with the data: without these nothing is loaded.
    needed: Iterable[str] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Check everything and change nothing."
        )
        parser.add_argument(
            "--data", type=Path, default=DATA_DIR, help="The folder with the data (default: data)."
        )

    def handle(self, *args: Any, dry_run: bool, data: Path, **options: Any) -> None:
        refuse_old_tables()
        self.refuse_missing(data)
        with transaction.atomic():
            refusal = self.load_folders(data)
            if dry_run:
                transaction.set_rollback(True)
        if refusal:
            raise refusal
        if dry_run:
            self.report(NOTHING_CHANGED)

    def load_folders(self, data: Path) -> CommandError | None:
        """Load the folders one after the other, and write what is built from their rows once.

        Returns why a file was refused, if one was: it and those after it are not loaded.
        """
        with batched_upkeep():
            try:
                for folder in self.folders:
                    self.load_folder(data / folder)
                personal_details.record_loaded()
            except CommandError as error:
                return error
        return None

    def refuse_missing(self, data: Path) -> None:
        """Raise CommandError where a folder or a table that must be there is missing."""
        for folder in self.folders:
            if not (data / folder).is_dir():
                raise CommandError(f"There is no folder {data / folder}: nothing was loaded.")
            if not any(self._files(data / folder)):
                raise CommandError(f"{data / folder} has no table that this command loads.")
        for name in self.needed:
            if not (data / name).is_file():
                raise CommandError(f"There is no file {data / name}: nothing was loaded.")

    def load_folder(self, folder: Path) -> None:
        for path, table in self._files(folder):
            counts = self.load_file(path, table)
            self.report(f"{folder.name}/{path.name}: {counts}")
            for conflict in counts.conflicts:
                self.warn(f"Left alone: {conflict}")

    def _files(self, folder: Path) -> Iterator[tuple[Path, Table]]:
        """The files that are there, each followed by its translations and by what is said no
        longer: `actions.csv`, then `actions.pl.csv` with the key columns and the Polish texts, then
        `actions.gone.csv` with the key columns alone."""
        for name, table in self.tables:
            path = folder / name
            translation = replace(table, needs_source=False, only_translates=True)
            withdrawal = replace(table, needs_source=False, only_withdraws=True)
            own_files = [(path, table)]
            for code in schema_languages():
                own_files.append((path.with_suffix(f".{code}.csv"), translation))
            own_files.append((path.with_suffix(".gone.csv"), withdrawal))
            yield from (file for file in own_files if file[0].exists())

    def load_file(self, path: Path, table: Table) -> Counts:
        try:
            return load_file(path, table, fictional=self.fictional)
        except Refused as refused:
            folder = path.parent.name
            errors = "\n".join(refused.errors)
            sentence = f"{folder}/{path.name} was not loaded."
            raise CommandError(f"{sentence}\n{errors}") from None
