"""Send the letters that wait in the outbox. A timer runs it, every minute or less often."""

import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.utils import timezone

from members.management.base import NOTHING_CHANGED, TimedCommand
from members.models import Letter
from members.services import letters, pointless

PAUSE = 2


class Command(TimedCommand):
    help = (
        "Send every letter whose time has come, and end. Safe to run twice at once: no letter is "
        "sent by both."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="One round, the default.")
        how.add_argument(
            "--keep-going",
            type=int,
            metavar="SECONDS",
            help="Look again every two seconds, for so long.",
        )

        how.add_argument(
            "--dry-run", action="store_true", help="Name the letters that are due, and send none."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self.name_due()
            return
        seconds = options["keep_going"] or 0
        until = time.monotonic() + seconds
        counts = self.send()
        while time.monotonic() + PAUSE < until:
            time.sleep(PAUSE)
            counts += self.send()
        if counts:
            self.report(sentence(counts))

    def send(self) -> Counter[str]:
        """One round, without what nobody needs any more."""
        pointless.take_back_due()
        return letters.send_due()

    def name_due(self) -> None:
        """Which letters would be sent now. A letter that left cannot be taken back: none is
        claimed."""
        for letter in Letter.objects.due(timezone.now()).order_by("next_try_at", "pk"):
            self.report(f"{letter.pk}: {letter.kind} to {letter.to} ({letter.language})")
        self.report(NOTHING_CHANGED)


def sentence(counts: Counter[str]) -> str:
    """The numbers of one run, for the log: `Letters: 3 sent, 0 delayed, 1 failed`."""
    numbers = []
    for outcome in ("sent", "delayed", "failed"):
        number = counts[outcome]
        numbers.append(f"{number} {outcome}")
    words = ", ".join(numbers)
    return f"Letters: {words}"
