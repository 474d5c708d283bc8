"""Delete what is no longer needed of the expressions of interest."""

from typing import Any

from members.management.base import RehearsalCommand
from members.services import interests


class Command(RehearsalCommand):
    help = (
        "Delete expressions of interest that nobody confirmed within INTEREST_DAYS, and take name, "
        "office, address and message out of those that were answered ANSWERED_INTEREST_DAYS ago. "
        "Run it once a day."
    )

    def work(self, **options: Any) -> None:
        deleted, anonymised = interests.forget()
        self.report(f"Deleted: {deleted}, anonymised: {anonymised}.")
