"""Write the whole index, and the translation desk's rows, again from the entries."""

from django.core.management.base import BaseCommand

from languages import desk
from portal import index

BAR = 30


class Command(BaseCommand):
    help = (
        "Write the index of lists and search, and the rows of the translation desk, again "
        "from the entries. Safe at any"
        " time: each of the two in one transaction."
    )

    def handle(self, *args: object, **options: object) -> None:
        for name, count in index.rebuild(self.progress).items():
            self.stdout.write(f"{name}: {count} rows")
        self.stdout.write(f"translation desk: {desk.rebuild(self.progress)} entries")

    def progress(self, name: str, done: int, total: int) -> None:
        """A bar for whoever sits there; nothing in a log."""
        if not self.stderr.isatty():
            return
        full = BAR * done // total if total else BAR
        line = f"\r{name:<14} [{'#' * full}{'.' * (BAR - full)}] {done} of {total}"
        self.stderr.write(line, ending="\n" if done >= total else "")
