"""Write the reminders that are due. A timer runs it, once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from members.services import reminders


class Command(BaseCommand):
    help = (
        "Put due reminders into the outbox and take back those that nobody needs. Each is "
        "written once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        counts = reminders.remind()
        if counts:
            self.stdout.write(
                f"Reminders: {counts['written']} written, {counts['stopped']} taken back"
            )
