"""Delete old lines of the list of sign-ins."""

from typing import Any

from django.core.management.base import CommandParser

from members.management.base import PortalCommand
from members.services import accounts


class Command(PortalCommand):
    help = (
        "Delete lines of the list of sign-ins and of changes of accounts that are SIGN_IN_DAYS "
        "old. Run it once a day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Say how many there are, and delete nothing."
        )

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        count = accounts.forget_old(is_rehearsal=dry_run)
        if dry_run:
            self.report(f"Would be forgotten: {count}.")
            return
        self.report(f"Forgotten: {count}.")
