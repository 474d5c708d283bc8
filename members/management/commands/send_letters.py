"""Send the letters that wait in the outbox: run by a timer, as often as a minute."""

import time
from argparse import ArgumentParser
from collections import Counter

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

    def handle(self, *args: object, **options: object) -> None:
        until = time.monotonic() + (options["keep_going"] or 0)
        counted = letters.send_due()
        while time.monotonic() + PAUSE < until:
            time.sleep(PAUSE)
            counted += letters.send_due()
        if counted:
            self.stdout.write(sentence(counted))


def sentence(counted: Counter) -> str:
    """What happened, for the log of whoever runs it."""
    return "Letters: " + ", ".join(
        f"{counted[name]} {name}" for name in ("sent", "delayed", "failed")
    )
