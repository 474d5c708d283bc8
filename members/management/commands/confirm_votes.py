"""Give members the standing that their recorded vote gives."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError

from members.management.base import RehearsalCommand
from members.models import User
from members.services import membership_evidence


class Command(RehearsalCommand):
    help = (
        "Confirm each evidenced membership that the Steering Committee's recorded vote admitted. "
        "Loading never changes the standing of a membership that is there: this does it, with a "
        "step in the name of a person of the secretariat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--by", required=True, metavar="EMAIL", help="The person in whose name it is done."
        )

    def work(self, **options: Any) -> None:
        by = options["by"]
        person = User.objects.filter(email=by).first()
        if person is None:
            raise CommandError(f"Nobody has the address {by}.")
        try:
            memberships = membership_evidence.confirm_by_recorded_votes(by=person)
        except PermissionDenied:
            raise CommandError(f"{by} does not belong to the secretariat.") from None
        for membership in memberships:
            self.report(f"{membership.city.slug}: confirmed")
