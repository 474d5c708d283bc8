"""Let somebody in again who lost their second factor, where nobody else can do it in the portal."""

from argparse import ArgumentParser
from typing import Any

from members.management.base import RehearsalCommand
from members.management.commands.export_person import person_with
from members.services import accounts


class Command(RehearsalCommand):
    help = (
        "Remove the second factor and the recovery codes of the person with this e-mail address, "
        "and sign them out everywhere. They sign in with their password and set up another factor. "
        "It is noted among the sign-ins, and the person is told by letter. Make sure that it is "
        "this person who asks: ring them at a number that you know."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email", help="The address that the person signs in with.")

    def work(self, **options: Any) -> None:
        person = person_with(options["email"])
        removed = accounts.remove_factors(person=person, by=None)
        if not removed:
            self.report("There was no second factor. The person is signed out everywhere.")
            return
        self.report("Removed. The person signs in with the password and sets up another factor.")
