"""Write the whole index, and the translation desk's rows, again from the entries."""

from typing import Any

from languages import desk
from members.management.base import PortalCommand
from portal import index
from portal.services import list_texts, namesakes

BAR = 30


class Command(PortalCommand):
    help = (
        "Write the index of lists and search, the words of the administration's lists and the "
        "rows of the translation desk again from the entries. Safe at any time: each in one "
        "transaction."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        # The index takes over how cities of one name are told apart.
        namesakes.rebuild()
        counts = index.rebuild(self.progress)
        for name, count in counts.items():
            self.report(f"{name}: {count} rows")
        count = list_texts.rebuild()
        self.report(f"lists of the administration: {count} rows")
        count = desk.rebuild(self.progress)
        self.report(f"translation desk: {count} entries")

    def progress(self, name: str, count: int, total: int) -> None:
        """A bar for whoever sits there; nothing in a log."""
        if not self.verbosity or not self.stderr.isatty():
            return
        full = BAR
        if total:
            full = BAR * count // total
        empty = BAR - full
        bar = "#" * full + "." * empty
        line = f"\r{name:<14} [{bar}] {count} of {total}"
        is_done = count >= total
        self.stderr.write(line, ending="\n" if is_done else "")
