"""The database lets the log of changes only grow; an erased person is the one exception."""

import re
from importlib import import_module

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.apps import apps
from django.db import DatabaseError, transaction
from django.utils import timezone

from members.models import Unit, User

pytestmark = pytest.mark.django_db

triggers = import_module("members.migrations.0031_log_of_changes_stays")

CHANGES = {
    "timestamp": timezone.now(),
    "action": LogEntry.Action.DELETE,
    "object_pk": "12345",
    "object_id": 12345,
    "actor_id": None,
    "cid": "other",
    "actor_email": "somebody@example.org",
    "object_repr": "Another office",
    "changes": {},
    "changes_text": "x",
    "serialized_data": {},
    "additional_data": {},
    "remote_addr": "127.0.0.1",
    "remote_port": 1,
}


@pytest.fixture
def writer(person, alfa):
    return person("lead", alfa)


@pytest.fixture
def entry(writer, alfa) -> LogEntry:
    """Of something that the writer did."""
    with set_actor(writer):
        unit = Unit.objects.create(city=alfa, name_en="Office", source_language="en")
    return LogEntry.objects.get_for_object(unit).get()


def is_refused(entry: LogEntry, **changes: object) -> bool:
    rows = LogEntry.objects.filter(pk=entry.pk)
    try:
        with transaction.atomic():
            rows.update(**changes)
    except DatabaseError as error:
        return "only added to" in str(error)
    return False


@pytest.mark.parametrize("column", sorted(CHANGES))
def test_entry_is_not_changed(column, entry):
    assert is_refused(entry, **{column: CHANGES[column]})


def test_every_column_has_its_case():
    columns = {field.attname for field in LogEntry._meta.concrete_fields}
    assert columns - set(CHANGES) == {"id", "content_type_id"}


def test_entry_is_not_deleted(entry):
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        LogEntry.objects.filter(pk=entry.pk)._raw_delete("default")
    assert LogEntry.objects.filter(pk=entry.pk).exists()


def test_saving_an_entry_as_it_is_changes_nothing(entry):
    assert not is_refused(entry, object_repr=entry.object_repr)


def pseudonym_for(user: User) -> str:
    """As an erasure leaves the account, with its entry in the log."""
    user.email = f"person-{user.pk}@erased.invalid"
    user.name = ""
    user.is_active = False
    user.anonymised_at = timezone.now()
    user.save()
    return user.email


def test_pseudonym_takes_the_place_of_an_erased_person_alone(entry, writer, person, alfa):
    assert is_refused(entry, actor_email=f"person-{writer.pk}@erased.invalid")
    other = pseudonym_for(person("editor", alfa))
    assert is_refused(entry, actor_email=other)
    own = pseudonym_for(writer)
    assert not is_refused(entry, actor_email=own)


def test_only_entries_about_accounts_are_called_by_a_pseudonym(entry, writer):
    account = LogEntry.objects.get_for_object(writer).earliest("pk")
    assert is_refused(account, object_repr="person-1@erased.invalid")
    name = pseudonym_for(writer)
    assert is_refused(entry, object_repr=name)
    assert is_refused(account, changes={})
    assert is_refused(account, object_repr=name, timestamp=timezone.now())
    assert not is_refused(account, object_repr=name, changes={})


def test_triggers_name_no_table_that_a_migration_may_rebuild():
    """SQLite drops a table to rebuild it, and refuses where a trigger of another one names it."""
    tables = {model._meta.db_table for model in apps.get_models()}
    own = {"auditlog_logentry", "django_content_type"}
    text = " ".join(triggers.SQLITE.values())
    assert "auditlog_logentry AS erasure" in text
    assert {table for table in tables - own if re.search(rf"\b{table}\b", text)} == set()
