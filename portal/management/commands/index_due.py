"""Let search find what was published ahead of time and whose time has come."""

from typing import Any

from languages import desk
from members.management.base import TimedCommand
from portal import index


class Command(TimedCommand):
    help = (
        "Write the index of news and events whose time of publication has come. Pages, feeds "
        "and the sitemap show them"
        " by themselves; search and the shares of languages need this. Run it every few minutes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for model in index.DATED:
            count = index.write_due(model)
            desk.write_due(model)
            if count or self.verbosity > 1:
                self.report(f"{model._meta.label}: {count} rows")
