"""Clear recipients and texts of old letters."""

from typing import Any

from members.management.base import RehearsalCommand
from members.services import letters


class Command(RehearsalCommand):
    help = (
        "Clear recipients, subjects and texts of letters that were written LETTER_DAYS ago. "
        "What stays: that a letter"
        " of this kind was written on that day, about what, and what became of it. Run it "
        "once a day."
    )

    def work(self, **options: Any) -> None:
        count = letters.forget_old()
        self.report(f"Forgotten: {count}.")
