"""What the commands of the portal have in common: they are silent on request, and rehearse."""

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from members.timers import recorded_run

NOTHING_CHANGED = "Dry run: nothing was changed."


class PortalCommand(BaseCommand):
    """A command that honours --verbosity: at 0 it says nothing but what is wrong, at 1 what it did,
    at 2 each step."""

    verbosity = 1

    def execute(self, *args: Any, **options: Any) -> Any:
        self.verbosity = options["verbosity"]
        return super().execute(*args, **options)

    def report(self, text: str, *, level: int = 1) -> None:
        if self.verbosity >= level:
            self.stdout.write(text)

    def warn(self, text: str) -> None:
        """Something to look at that stops nothing."""
        if self.verbosity > 0:
            self.stderr.write(text)


class TimedCommand(PortalCommand):
    """A command that a timer starts: it notes each run, so that the portal can say when one is
    missing. A rehearsal is no run.

    Stands before `RehearsalCommand` where a command is both.
    """

    def execute(self, *args: Any, **options: Any) -> Any:
        if options.get("dry_run"):
            return super().execute(*args, **options)
        name = type(self).__module__.rpartition(".")[2]
        with recorded_run(name):
            return super().execute(*args, **options)


class RehearsalCommand(PortalCommand):
    """A command with --dry-run: it does everything in a transaction that is taken back.

    What happens after a commit does not happen: no letter is sent, no file deleted.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would happen, and change nothing."
        )

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        with transaction.atomic() if dry_run else nullcontext():
            self.work(**options)
            if dry_run:
                transaction.set_rollback(True)
        if dry_run:
            self.report(NOTHING_CHANGED)

    def work(self, **options: Any) -> None:
        """Do it; what was written is taken back if it is a rehearsal."""
        raise NotImplementedError
