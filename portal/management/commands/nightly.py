"""Everything that must be done once a day, in one command for one timer."""

from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import CommandParser

from members.management.base import NOTHING_CHANGED, TimedCommand

# What the privacy page promises comes first.
FORGETTING = ("forget_interests", "forget_letters", "forget_kept", "forget_sign_ins")
# They rehearse nothing.
OTHERS = ("clearsessions", "publish_data")


class Command(TimedCommand):
    help = (
        "Run what must be done once a day: delete data of people that are no longer needed "
        "(forget_interests, forget_letters, forget_kept, forget_sign_ins) and sessions that are "
        "over (clearsessions), and write the archive of the open data (publish_data). One that "
        "fails does not stop the others; the command then ends with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be deleted, and change nothing."
        )

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        commands = FORGETTING if dry_run else (*FORGETTING, *OTHERS)
        arguments = {"dry_run": True} if dry_run else {}
        failures = []
        for name in commands:
            self.report(f"{name}:")
            reason = self.failure_of(name, arguments)
            if reason:
                failures.append(f"{name}: {reason}")
        if failures:
            raise CommandError("\n".join(failures))
        if dry_run:
            self.report(f"{', '.join(OTHERS)} would run, too. {NOTHING_CHANGED}")

    def failure_of(self, name: str, arguments: dict[str, bool]) -> str:
        """Run the command; why it failed, or an empty text."""
        try:
            call_command(
                name,
                verbosity=self.verbosity,
                stdout=self.stdout,
                stderr=self.stderr,
                **arguments,
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the others must run
            return str(error) or type(error).__name__
        return ""
