"""The commands `export_person` and `erase_person`."""

import io
import json

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def ada(person, alfa):
    return person("lead", alfa, name="Ada Nowak")


def erase(ada, by, monkeypatch, typed: str | None = None, **options: object) -> str:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed or ada.email}\n"))
    call_command("erase_person", ada.email, by=by.email, stdout=out, **options)
    return out.getvalue()


def test_export_goes_to_the_terminal_or_into_a_new_file(ada, tmp_path):
    out = io.StringIO()
    call_command("export_person", ada.email.upper(), stdout=out)
    assert json.loads(out.getvalue())["account"]["name"] == "Ada Nowak"
    file = tmp_path / "ada.json"
    call_command("export_person", ada.email, output=file, stdout=out)
    assert json.loads(file.read_text())["account"]["email"] == ada.email
    assert file.stat().st_mode & 0o777 == 0o600
    assert [(row.kind, row.by) for row in ada.account_events.all()] == [("data_copied", None)] * 2
    with pytest.raises(CommandError, match="File exists"):
        call_command("export_person", ada.email, output=file)


def test_unknown_address_is_an_error(ada, office):
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("export_person", "nobody@example.org")
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("erase_person", ada.email, by="nobody@example.org")


def test_erasing_says_numbers_and_asks(ada, office, monkeypatch):
    with pytest.raises(CommandError, match="not typed again"):
        erase(ada, office, monkeypatch, typed="yes")
    ada.refresh_from_db()
    assert ada.anonymised_at is None
    text = erase(ada, office, monkeypatch)
    assert "open roles: 1\n" in text
    assert text.endswith("Erased.\n")
    ada.refresh_from_db()
    assert ada.anonymised_at
    assert LogEntry.objects.get_for_object(ada).latest("pk").actor == office


def test_rehearsal_changes_nothing_and_asks_nothing(ada, office, monkeypatch):
    text = erase(ada, office, monkeypatch, typed="-", dry_run=True)
    assert "open roles: 1\n" in text
    assert text.endswith("Dry run: nothing was changed.\n")
    ada.refresh_from_db()
    assert ada.anonymised_at is None


def test_refusals_are_said_in_words(ada, office, person, alfa, monkeypatch):
    with pytest.raises(CommandError, match="does not belong to the secretariat"):
        erase(office, ada, monkeypatch)
    with pytest.raises(CommandError, match="Another member of the secretariat"):
        erase(office, office, monkeypatch)
