"""Write the archive of the open data, and note which rows changed."""

from typing import Any

from django.core.management.base import CommandParser

from members.management.base import PortalCommand
from portal.services import open_data


class Command(PortalCommand):
    help = (
        "Write all public tables in all languages into one archive, which the page of the data "
        "offers, and note which rows changed since the last time. Run it every day; with "
        "--changes as often as mirrors should hear of changes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--changes", action="store_true", help="only note which rows changed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["changes"]:
            count = open_data.note_changes()
            self.report(f"{count} rows changed")
            return
        release = open_data.publish_data()
        self.report(f"{release.file}: {release.rows} rows, {release.size} bytes")
