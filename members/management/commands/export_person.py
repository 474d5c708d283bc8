"""A copy of everything that is kept about a person, for that person."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from members import personal_data
from members.management.base import PortalCommand
from members.models import User
from members.services import accounts


class Command(PortalCommand):
    help = (
        "Write everything that the portal keeps about the person with this e-mail address as "
        "JSON: the account, roles, invitations, letters, unsaved forms and files, and what the "
        "log of changes says. Give it to nobody but that person."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="The address that the person signs in with.")
        parser.add_argument(
            "--output",
            type=Path,
            metavar="FILE",
            help="Write into a new file.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_with(options["email"])
        copy = personal_data.export(person)
        accounts.note_copy(person=person, by=None)
        text = json.dumps(copy, ensure_ascii=False, indent=2)
        file: Path | None = options["output"]
        if file is None:
            self.report(text, level=0)
            return
        write_new(file, text)
        self.report(f"Written: {file}")


def person_with(email: str) -> User:
    """The account with this address. Raises CommandError where there is none."""
    person = User.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise CommandError(f"Nobody has the address {email}.")
    return person


def write_new(file: Path, text: str) -> None:
    """For the owner of the file alone; what is there already is not overwritten."""
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
