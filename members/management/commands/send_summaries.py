"""Write the letters about what waits. A timer runs it, each working day."""

from typing import Any

from members.management.base import RehearsalCommand, TimedCommand
from members.services import office_summaries, summaries


class Command(TimedCommand, RehearsalCommand):
    help = (
        "Put the month’s letters about what waits into the outbox and take back those that nobody "
        "needs. Each person gets one a month at most."
    )

    def work(self, **options: Any) -> None:
        counts = summaries.write_due() + office_summaries.write_due()
        if counts:
            self.report(f"Summaries: {counts['written']} written, {counts['stopped']} taken back")
