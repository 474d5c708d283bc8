"""Load the network data from `data/network/`."""

from typing import Any

from members.services import membership_evidence
from portal.loading.oversights import unread_sources
from portal.loading.run import LoadCommand
from portal.loading.tables import NETWORK, NETWORK_FOLDERS


class Command(LoadCommand):
    help = "Load the cities, memberships, contacts and programmes that public sources evidence."
    folders = [f"network/{folder}" for folder in NETWORK_FOLDERS]
    tables = NETWORK
    needed = ("network/membership/cities.csv", "network/membership/memberships.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["dry_run"]:
            return
        for line in unread_sources():
            self.warn(f"Called no member, but {line}")
        votes = membership_evidence.recorded_votes()
        slugs = [decision.city.slug for decision in votes]
        if slugs:
            cities = ", ".join(slugs)
            self.warn(
                f"Evidenced, but admitted by a recorded vote: {cities}. "
                "manage.py confirm_votes --by EMAIL gives them that standing."
            )
