"""Delete what is no longer needed of the expressions of interest."""

from typing import Any

from django.core.management.base import BaseCommand

from members.services import interests


class Command(BaseCommand):
    help = (
        "Delete expressions of interest that nobody confirmed within 30 days, and take name, "
        "office, address and"
        " message out of those that were answered a year ago. Run it once a day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        deleted, anonymised = interests.forget()
        self.stdout.write(f"Deleted: {deleted}, anonymised: {anonymised}.")
