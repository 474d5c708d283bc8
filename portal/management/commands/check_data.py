"""Prove the loaded data, and write what was found to docs/data-quality.md."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from languages.text import network_languages
from members.management.base import PortalCommand
from portal.loading.quality import CHECKS, MISSING_FIELDS, missing_counts, missing_texts

DOCUMENT = settings.BASE_DIR / "docs" / "data-quality.md"
HEAD = """# Quality of the data

Written by `make data`; do not edit. It loads `data/reference` and `data/network` into a new
database and looks at every row. A fault makes it fail; a gap is counted. What was not taken over
stands with its reason in [`data/network/refused.csv`](../data/network/refused.csv).

`manage.py check_data --missing pl` prints, as CSV, every text that Polish lacks. Translations of a
table go into a file of their own beside it: `undertakings.pl.csv` has the key columns of
`undertakings.csv` and `statement_pl`. A row that is said no longer is taken out of its file and
named in `undertakings.gone.csv`, by the key columns, with the reason in `working_note`: a portal
that loaded it takes it off its pages, unless somebody edited it there.

| check | found | kind |
|---|---:|---|
"""


class Command(PortalCommand):
    help = "Prove the loaded data; fails where a check finds a fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        languages = network_languages()
        parser.add_argument(
            "--missing",
            choices=languages,
            help="Print the texts it lacks.",
        )
        parser.add_argument("--write", action="store_true", help="Write docs/data-quality.md.")

    def handle(self, *args: Any, missing: str | None, write: bool, **options: Any) -> None:
        if missing:
            self.print_missing(missing)
            return
        faults = 0
        lines = []
        for check in CHECKS:
            entries = list(check.find())
            kind = "gap" if check.is_gap else "fault"
            lines.append(f"| {check.name} | {len(entries)} | {kind} |")
            if not check.is_gap:
                faults += len(entries)
                for entry in entries:
                    self.stderr.write(f"{check.name}: {entry}")
        text = HEAD + "\n".join([*lines, "", *texts_table()]) + "\n"
        self.report(text)
        if write:
            Path(DOCUMENT).write_text(text, encoding="utf-8")
        if faults:
            raise CommandError(f"{faults} faults.")

    def print_missing(self, language: str) -> None:
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(MISSING_FIELDS)
        for code, *cells in missing_texts():
            if code == language:
                writer.writerow(cells)


def texts_table() -> list[str]:
    """The missing texts by kind of entry and language, as lines of Markdown."""
    languages = network_languages()
    lines = ["## Texts that a language lacks", ""]
    lines.append(f"| entry | {' | '.join(languages)} |")
    lines.append(f"|---|{'---:|' * len(languages)}")
    counts = missing_counts()
    for label in sorted(counts):
        cells = [str(counts[label][code]) for code in languages]
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return lines
