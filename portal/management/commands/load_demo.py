"""Load the demonstration: two invented cities and five accounts with a known password."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import environ
from django.core.management.base import CommandError
from django.db import transaction

from members.models import City, CityRole, User
from portal.loading.accession import load_accession
from portal.loading.demo_files import add_files
from portal.loading.demo_meeting import plan_meeting
from portal.loading.run import LoadCommand
from portal.loading.tables import NETWORK

PASSWORD = "ten-points-demo"  # noqa: S105 - printed at every start, and only ever set where DEMO=1
# E-mail address, name (it says that it is made up, because letters and histories show it),
# language, and the city with the role in it; without a city: the network's secretariat.
ACCOUNTS = [
    ("secretariat@example.org", "Robin Miller (fictional)", "en", "", ""),
    ("krakow@example.org", "Kim Nowak (postać fikcyjna)", "pl", "krakow", CityRole.Role.LEAD),
    (
        "sampleton@example.org",
        "Alex Taylor (fictional)",
        "en",
        "sampleton",
        CityRole.Role.LEAD,
    ),
    (
        "exampleby@example.org",
        "Mika Lind (påhittad)",
        "sv",
        "exampleby",
        CityRole.Role.LEAD,
    ),
    (
        "committee@example.org",
        "Sam Carter (fictional)",
        "en",
        "sampleton",
        CityRole.Role.COMMITTEE,
    ),
]


class Command(LoadCommand):
    help = (
        "Load two invented cities and five accounts for a demonstration. Refused unless DEMO=1 "
        "is set."
    )
    folders = ("demo",)
    tables = NETWORK
    fictional = True
    needed = ("demo/cities.csv",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.epilog = f"The password of every account is {PASSWORD}."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_production()
        super().handle(
            *args,
            **options,
        )
        if options["dry_run"]:
            return
        for account in ACCOUNTS:
            create_account(*account)
        add_files()
        office = User.objects.get(email=ACCOUNTS[0][0])
        plan_meeting(by=office)
        folder = options["data"] / "demo"
        path = folder / "accession.toml"
        if path.exists():
            is_new = load_accession(path)
            words = "1 new" if is_new else "1 as before"
            self.report(f"demo/{path.name}: {words}")
        self.print_accounts()

    def load_folder(self, folder: Path) -> None:
        """People first: the invented city's reviews and confirmations say who wrote them."""
        for email, name, language, slug, _role in ACCOUNTS:
            find_or_create_person(email, name, language, is_secretariat=not slug)
        super().load_folder(folder)

    def print_accounts(self) -> None:
        self.report(f"Accounts of the demonstration, all with the password {PASSWORD}:")
        for email, _name, _language, slug, role in ACCOUNTS:
            what = "secretariat of the network"
            if slug:
                city = slug.capitalize().replace("Krakow", "Kraków")
                label = CityRole.Role(role).label
                what = f"{label} of {city}"
            self.report(f"  {email:<25} {what}")


def refuse_production() -> None:
    """Raise CommandError unless the environment says that this is a demonstration."""
    if not environ.Env().bool("DEMO", default=False):
        raise CommandError(
            "DEMO=1 is not set, so this may be a real network's portal: nothing was loaded. "
            "The demonstration makes up"
            " two cities and five accounts whose password everybody can read. Set DEMO=1 "
            "only where no real person"
            " works."
        )


@transaction.atomic
def create_account(email: str, name: str, language: str, slug: str, role: str) -> None:
    """Make the account and its role if they are not there; an account that is there keeps its name
    and password."""
    city = City.objects.filter(slug=slug).first()
    if slug and city is None:
        raise CommandError(
            f"There is no city {slug!r} yet: run manage.py load_reference and load_network first."
        )
    user = find_or_create_person(email, name, language, is_secretariat=not slug)
    if city and not user.roles.filter(city=city, role=role).exists():
        CityRole.objects.create(user=user, city=city, role=role)


def find_or_create_person(email: str, name: str, language: str, *, is_secretariat: bool) -> User:
    """The account with this address, as it is, else a new one with the demonstration's password."""
    user = User.objects.filter(email=email).first()
    if user:
        return user
    return User.objects.create_user(
        email,
        PASSWORD,
        name=name,
        language=language,
        is_secretariat=is_secretariat,
    )
