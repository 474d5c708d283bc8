"""Send the letters that wait in the outbox. A timer runs it, every minute or less often."""

import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from members.services import letters

PAUSE = 2


class Command(BaseCommand):
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

    def handle(self, *args: Any, **options: Any) -> None:
        seconds = options["keep_going"] or 0
        until = time.monotonic() + seconds
        counts = letters.send_due()
        while time.monotonic() + PAUSE < until:
            time.sleep(PAUSE)
            counts += letters.send_due()
        if counts:
            self.stdout.write(sentence(counts))


def sentence(counts: Counter[str]) -> str:
    """The numbers of one run, for the log: `Letters: 3 sent, 0 delayed, 1 failed`."""
    numbers = []
    for outcome in ("sent", "delayed", "failed"):
        number = counts[outcome]
        numbers.append(f"{number} {outcome}")
    words = ", ".join(numbers)
    return f"Letters: {words}"
