"""Commands for administrators."""

import pytest
from django.core.management import CommandError, call_command

from members.models import User
from portal.management.commands import create_secretariat

pytestmark = pytest.mark.django_db


def create(monkeypatch, email: str, password: str) -> None:
    monkeypatch.setattr(create_secretariat, "getpass", lambda _prompt: password)
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
