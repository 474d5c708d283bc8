"""The first account of a new portal; everybody else is invited by it."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from members.management.base import PortalCommand
from members.models import User


class Command(PortalCommand):
    help = (
        "Create an account of the network's secretariat. Asks for the password, or takes it from "
        "a pipe."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="The address to sign in with.")
        parser.add_argument("name", help="The name as it appears in letters.")
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES)
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User(
            email=options["email"],
            name=options["name"],
            language=options["language"],
            is_secretariat=True,
        )
        password = read_password()
        try:
            user.clean()
            validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        user.save()
        self.report(
            f"{user.email} can sign in at {settings.SITE_URL}/admin/ and invite everybody else."
        )


def read_password() -> str:
    """Asked for at a terminal, else the first line of what is piped in. Raises CommandError where
    there is none."""
    is_terminal = sys.stdin is not None and sys.stdin.isatty()
    password = ""
    if is_terminal:
        password = getpass("Password: ")
    elif sys.stdin is not None:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandError("No password was given: type it at a terminal, or pipe it in.")
    return password
