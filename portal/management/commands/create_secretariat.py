"""The first account of a new portal; everybody else is invited by it."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from members.models import User


class Command(BaseCommand):
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
        password = getpass("Password: ")
        try:
            user.clean()
            validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        user.save()
        self.stdout.write(
            f"{user.email} can sign in at {settings.SITE_URL}/admin/ and invite everybody else."
        )
