"""Load the gazetteer of Europe's towns from `data/towns/towns.csv`."""

import csv
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from languages.folding import words
from members.management.base import RehearsalCommand
from portal.loading.tables import DATA_DIR
from portal.models import Town, TownName

COLUMNS = ["geonames_id", "name", "country", "latitude", "longitude", "population", "names"]
BATCH = 2000


class Command(RehearsalCommand):
    help = "Load the towns of Europe, so that help is found for each. Replaces all of them."

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        default = DATA_DIR / "towns" / "towns.csv"
        parser.add_argument("--file", type=Path, default=default, help="The table of towns.")

    def work(self, **options: Any) -> None:
        rows = self._read(options["file"])
        with transaction.atomic():
            TownName.objects.all().delete()
            Town.objects.all().delete()
            Town.objects.bulk_create(map(_town, rows), batch_size=BATCH)
            names = [name for row in rows for name in _names(row)]
            TownName.objects.bulk_create(names, batch_size=BATCH)
        self.report(f"{len(rows)} towns with {len(names)} names.")

    def _read(self, file: Path) -> list[dict[str, str]]:
        """All rows. Raises CommandError with the line of a damaged one; nothing is loaded then."""
        try:
            with file.open(encoding="utf-8-sig", newline="") as table:
                return _rows(csv.DictReader(table), file.name)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError as error:
            raise CommandError(f"{file.name}: byte {error.start} is not UTF-8.") from None


def _rows(reader: "csv.DictReader[str]", name: str) -> list[dict[str, str]]:
    if reader.fieldnames != COLUMNS:
        raise CommandError(f"{name}:1: the columns must be {','.join(COLUMNS)}")
    rows = []
    for row in reader:
        try:
            _town(row).clean_fields()
            _check_place(row)
        except ValidationError as error:
            reasons = [f"{field}: {' '.join(words)}" for field, words in error.message_dict.items()]
            raise CommandError(f"{name}:{reader.line_num}: {'; '.join(reasons)}") from None
        except (ValueError, TypeError) as error:
            raise CommandError(f"{name}:{reader.line_num}: {error}") from None
        rows.append(row)
    return rows


def _check_place(row: dict[str, str]) -> None:
    for field, most in (("latitude", 90), ("longitude", 180)):
        if abs(float(row[field])) > most:
            sentence = f"{row[field]} does not lie between -{most} and {most}."
            raise ValidationError({field: sentence})


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
