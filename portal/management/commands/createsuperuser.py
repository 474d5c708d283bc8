"""In the place of Django's own command: this portal has no superusers."""

from typing import Any

from django.core.management.base import CommandError

from members.management.base import PortalCommand


class Command(PortalCommand):
    help = "Say how the first account is made: the portal has no superusers."
    # Whatever a script hands to Django's command.
    suppressed_base_arguments: set[str] = set()

    def run_from_argv(self, argv: list[str]) -> None:
        """Whatever options Django's own command has."""
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "This portal has no superusers: its secretariat may do everything. "
            "Run manage.py create_secretariat EMAIL NAME."
        )
