"""Encrypt the secrets of second factors anew, after a change of SECRET_KEY."""

from typing import Any

from members.management.base import RehearsalCommand
from members.services import accounts


class Command(RehearsalCommand):
    help = (
        "Encrypt the secrets of apps and of recovery codes with today's SECRET_KEY. Run it after a "
        "change of the key, while the old one stands in SECRET_KEY_FALLBACKS: then it may go."
    )

    def work(self, **options: Any) -> None:
        renewed = accounts.renew_secrets()
        self.report(f"{renewed} secrets are encrypted with the SECRET_KEY of today.")
