"""The log of before migration 0012 holds the old names of an accession's columns."""

from importlib import import_module

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.db import connection

from members.editing.history import log_of, revisions
from members.models import Accession
from tests.members.accession_cast import file_in

pytestmark = pytest.mark.django_db

triggers = import_module("members.migrations.0031_log_of_changes_stays")
migration = import_module("members.migrations.0012_status_of_an_accession")
SINCE = ["2024-05-01 10:00:00", "2024-05-02 10:00:00"]
OLD_CHANGES = {"state": ["draft", "submitted"], "state_since": SINCE, "resources_en": ["", "x"]}


@pytest.fixture(autouse=True)
def log_before_its_triggers(db):
    """As it was when that migration ran: its entries could be changed."""
    triggers.drop(apps, connection.schema_editor())


def labels_of(row: Accession) -> list[list[str]]:
    return [[change.label for change in one.changes] for one in revisions(log_of(row), Accession)]


def test_old_entries_of_the_log_read_as_new_ones(person, alfa):
    row = file_in("submitted", alfa, person("secretariat"))
    new_labels = labels_of(row)[0]
    assert "State" in new_labels
    entry = log_of(row).first()
    LogEntry.objects.filter(pk=entry.pk).update(changes=OLD_CHANGES)
    assert "State" not in labels_of(row)[0]

    migration.rename_in_log(apps, connection.schema_editor())

    entry.refresh_from_db()
    assert set(entry.changes) == {"status", "status_since", "resources_en"}
    assert entry.changes["status"] == ["draft", "submitted"]
    assert labels_of(row)[0][:2] == new_labels[:2]

    migration.rename_in_log_back(apps, connection.schema_editor())
    entry.refresh_from_db()
    assert entry.changes == OLD_CHANGES


def test_entries_about_other_models_keep_their_names(alfa):
    entry = log_of(alfa).first()
    LogEntry.objects.filter(pk=entry.pk).update(changes={"state": ["a", "b"]})
    migration.rename_in_log(apps, connection.schema_editor())
    entry.refresh_from_db()
    assert entry.changes == {"state": ["a", "b"]}
