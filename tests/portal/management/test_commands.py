"""Commands for administrators."""

import inspect
import io
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import (
    CommandError,
    call_command,
    get_commands,
    load_command_class,
)

from members.management.base import PortalCommand
from members.models import User
from portal.management.commands import create_secretariat

pytestmark = pytest.mark.django_db

OWN = sorted(name for name, app in get_commands().items() if app in {"members", "portal"})
# What needs no rehearsal, and why.
HARMLESS = {
    "add_language": "writes files that Git shows",
    "backup_key": "writes a new file",
    "check_data": "writes a file that Git shows, on request",
    "compile_catalogues": "writes what can be made again",
    "compile_dictionaries": "writes what can be made again",
    "create_secretariat": "adds what a person named",
    "createsuperuser": "does nothing",
    "document_model": "has --check; writes a file that Git shows",
    "export_person": "reads; writes a new file on request",
    "index_due": "writes what can be made again",
    "publish_data": "writes an archive that can be made again, and keeps the last three",
    "rebuild_index": "writes what can be made again",
}


@pytest.mark.parametrize("name", OWN)
def test_command_is_described_silent_on_request_and_rehearses(name):
    command = load_command_class(get_commands()[name], name)
    assert isinstance(command, PortalCommand)
    assert command.help.endswith((".", ".\n", "`.")), command.help
    source = inspect.getsource(sys.modules[type(command).__module__])
    # `report` and `warn` ask for --verbosity; a table that one asked for by name is no report.
    assert "self.stdout.write" not in source
    assert "self.stderr.write" not in source or name in {"check_data", "rebuild_index"}
    options = command.create_parser("manage.py", name).format_help()
    assert ("--dry-run" in options) == (name not in HARMLESS)


def test_command_without_a_terminal_ends_in_a_sentence(monkeypatch):
    for nothing in (None, io.StringIO(""), io.StringIO("\n")):
        monkeypatch.setattr(sys, "stdin", nothing)
        with pytest.raises(CommandError, match="No password was given"):
            call_command("create_secretariat", "office@example.org", "Office")
    assert not User.objects.exists()


def test_command_of_django_says_how_the_first_account_is_made():
    options = ["createsuperuser", "--noinput", "--email", "office@example.org"]
    run = subprocess.run(
        [sys.executable, "manage.py", *options],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.startswith("CommandError: This portal has no superusers")
    assert "Traceback" not in run.stderr


def test_password_is_asked_for_at_a_terminal(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr(create_secretariat, "getpass", lambda _prompt: "a-long-enough-password")
    call_command("create_secretariat", "office@example.org", "Office", verbosity=0)
    assert User.objects.get().check_password("a-long-enough-password")


def create(monkeypatch, email: str, password: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    call_command("create_secretariat", email, "Office", language="pl", stdout=_Silent())


class _Silent:
    def write(self, text: str) -> None:
        """Nobody reads it here."""


def test_first_account_may_do_everything_and_sign_in(monkeypatch):
    create(monkeypatch, "Office@Example.org", "a-long-enough-password")
    user = User.objects.get()
    assert (user.email, user.language, user.is_secretariat, user.is_staff) == (
        "office@example.org",
        "pl",
        True,
        True,
    )
    assert user.check_password("a-long-enough-password")


@pytest.mark.parametrize(
    ("email", "password"),
    [("no-address", "a-long-enough-password"), ("office@example.org", "short")],
)
def test_wrong_address_or_weak_password_is_refused(email, password, monkeypatch):
    with pytest.raises(CommandError):
        create(monkeypatch, email, password)
    assert not User.objects.exists()


def test_second_account_with_the_same_address_is_refused(monkeypatch):
    create(monkeypatch, "office@example.org", "a-long-enough-password")
    with pytest.raises(CommandError):
        create(monkeypatch, "OFFICE@example.org", "a-long-enough-password")
