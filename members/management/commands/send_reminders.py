"""Write the reminders that are due. A timer runs it, once a day."""

from typing import Any

from members.management.base import RehearsalCommand, TimedCommand
from members.services import reminders


class Command(TimedCommand, RehearsalCommand):
    help = (
        "Put due reminders into the outbox and take back those that nobody needs. Each is "
        "written once."
    )

    def work(self, **options: Any) -> None:
        counts = reminders.remind()
        if counts:
            self.report(f"Reminders: {counts['written']} written, {counts['stopped']} taken back")
