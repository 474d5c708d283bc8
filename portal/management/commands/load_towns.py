"""Load the gazetteer of Europe's towns from `data/towns/towns.csv`."""

import csv
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from languages.folding import words
from portal.loading.tables import DATA_DIR
from portal.models import Town, TownName

COLUMNS = ["geonames_id", "name", "country", "latitude", "longitude", "population", "names"]
BATCH = 2000


class Command(BaseCommand):
    help = "Load the towns of Europe, so that help is found for each. Replaces all of them."

    def add_arguments(self, parser: Any) -> None:
        default = DATA_DIR / "towns" / "towns.csv"
        parser.add_argument("--file", type=Path, default=default, help="The table of towns.")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        rows = self._read(file)
        with transaction.atomic():
            TownName.objects.all().delete()
            Town.objects.all().delete()
            Town.objects.bulk_create(map(_town, rows), batch_size=BATCH)
            names = [name for row in rows for name in _names(row)]
            TownName.objects.bulk_create(names, batch_size=BATCH)
        self.stdout.write(f"{len(rows)} towns with {len(names)} names.")

    def _read(self, file: Path) -> list[dict[str, str]]:
        """All rows. Raises CommandError with the line of a damaged one; nothing is loaded then."""
        with file.open(encoding="utf-8", newline="") as table:
            reader = csv.DictReader(table)
            if reader.fieldnames != COLUMNS:
                raise CommandError(f"{file.name}:1: the columns must be {','.join(COLUMNS)}")
            rows = []
            for row in reader:
                try:
                    _town(row).clean_fields()
                except (ValidationError, ValueError, TypeError) as error:
                    raise CommandError(f"{file.name}:{reader.line_num}: {error}") from None
                rows.append(row)
        return rows


def _town(row: dict[str, str]) -> Town:
    return Town(
        geonames_id=int(row["geonames_id"]),
        name=row["name"],
        country_code=row["country"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        population=int(row["population"]),
    )


def _names(row: dict[str, str]) -> list[TownName]:
    """Its name and the others, folded, each once."""
    spellings = [row["name"], *row["names"].split("|")]
    folded = dict.fromkeys(" ".join(words(spelling)) for spelling in spellings)
    town = int(row["geonames_id"])
    return [TownName(town_id=town, folded=name) for name in folded if name]
