"""Delete everything by which a person is known, on their demand."""

import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from auditlog.context import set_actor
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError

from members import personal_data
from members.management.base import RehearsalCommand
from members.management.commands.export_person import person_with
from members.models import User
from members.services import erasure


class Command(RehearsalCommand):
    help = (
        "Erase the person with this e-mail address: the account stays under a pseudonym that "
        "opens nothing, so that the log of changes still says that one person did this. Says in "
        "numbers what will happen, and does it when the address is typed again. Signatories and "
        "authors that cities publish stay: these are public records."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email", help="The address that the person signs in with.")
        parser.add_argument(
            "--by",
            required=True,
            metavar="OFFICE_EMAIL",
            help="The other person, of the secretariat, in whose name it is done.",
        )

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        person = person_with(options["email"])
        by = person_with(options["by"])
        self.refuse(person, by)
        for name, number in asdict(personal_data.traces_of(person)).items():
            words = name.replace("_", " ")
            self.report(f"{words}: {number}")
        if not dry_run:
            self.confirm(person)
        super().handle(*args, dry_run=dry_run, person=person, by=by)

    def refuse(self, person: User, by: User) -> None:
        try:
            erasure.refuse(person=person, by=by)
        except (PermissionDenied, ValidationError) as error:
            raise CommandError(reason_of(error, by)) from None

    def confirm(self, person: User) -> None:
        """The address once more, typed at a terminal or piped in."""
        self.report(f"Type {person.email} to erase this person for good.", level=0)
        answer = sys.stdin.readline() if sys.stdin else ""
        if answer.strip().lower() != person.email:
            raise CommandError("Nothing was done: the address was not typed again.")

    def work(self, **options: Any) -> None:
        by = options["by"]
        try:
            with set_actor(by):
                erasure.erase(
                    person=options["person"],
                    by=by,
                )
        except (PermissionDenied, ValidationError) as error:
            raise CommandError(reason_of(error, by)) from None
        self.report("Erased.")


def reason_of(error: PermissionDenied | ValidationError, by: User) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return f"{by.email} does not belong to the secretariat."
