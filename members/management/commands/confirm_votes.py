"""Give members the standing that their recorded vote gives."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from members.models import User
from members.services import membership_evidence


class Command(BaseCommand):
    help = (
        "Confirm each evidenced membership that the Steering Committee's recorded vote admitted. "
        "Loading never changes the standing of a membership that is there: this does it, with a "
        "step in the name of a person of the secretariat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--by", required=True, metavar="EMAIL", help="The person in whose name it is done."
        )

    def handle(self, *args: Any, by: str, **options: Any) -> None:
        person = User.objects.filter(email=by).first()
        if person is None:
            raise CommandError(f"Nobody has the address {by}.")
        try:
            memberships = membership_evidence.confirm_by_recorded_votes(by=person)
        except PermissionDenied:
            raise CommandError(f"{by} does not belong to the secretariat.") from None
        for membership in memberships:
            self.stdout.write(f"{membership.city.slug}: confirmed")
