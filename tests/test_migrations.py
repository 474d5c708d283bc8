"""Migrations with which the code of the release before goes on (docs/several-machines.md)."""

import tomllib

import pytest
from django.conf import settings
from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from tests.migration_rules import faults_of

# The last migrations that were written before the rule.
BEFORE = {"members": 40, "programs": 4, "portal": 7, "languages": 11}


def release() -> str:
    text = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]


def test_migrations_leave_the_release_before_alone():
    loader = MigrationLoader(None)
    faults = []
    for (app, name), migration in loader.disk_migrations.items():
        if app in BEFORE and int(name[:4]) > BEFORE[app]:
            before = loader.project_state((app, name), at_end=False)
            faults += faults_of(migration, before, release())
    assert not faults, "\n".join(faults)


# --- The rule itself ------------------------------------------------------------------------------


def state() -> ProjectState:
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20)),
        ("note", models.TextField(null=True)),
        ("city", models.ForeignKey("members.City", models.CASCADE)),
    ]
    made = ProjectState()
    made.add_model(ModelState("members", "Thing", fields))
    return made


def faults(*found: operations.base.Operation, **attributes: str) -> str:
    migration = Migration("0099_made_up", "members")
    migration.operations = list(found)
    for name, value in attributes.items():
        setattr(migration, name, value)
    return " ".join(faults_of(migration, state(), "0.3.0"))


def add(field: models.Field) -> operations.AddField:
    return operations.AddField("thing", "more", field)


def alter(name: str, field: models.Field) -> operations.AlterField:
    return operations.AlterField("thing", name, field)


def constraint() -> operations.AddConstraint:
    rule = models.UniqueConstraint(fields=["name"], name="one_name")
    return operations.AddConstraint("thing", rule)


REFUSED = [
    (operations.RemoveField("thing", "note"), "Say unused_since"),
    (operations.DeleteModel("Thing"), "Say unused_since"),
    (constraint(), "Say unused_since"),
    (operations.RenameField("thing", "name", "title"), "write both"),
    (operations.RenameModel("Thing", "Object"), "write both"),
    (operations.AlterModelTable("thing", "things"), "write both"),
    (add(models.BooleanField(default=False)), "null=True or db_default"),
    (add(models.CharField(max_length=5)), "null=True or db_default"),
    (alter("note", models.TextField()), "writes NULL"),
    (alter("name", models.CharField(max_length=10)), "longer texts"),
    (alter("name", models.IntegerField()), "Another type"),
    (alter("name", models.CharField(max_length=20, unique=True)), "one value twice"),
    (alter("city", models.ForeignKey("members.Country", models.CASCADE)), "another table"),
    (operations.AlterUniqueTogether("thing", {("name", "note")}), "Say unused_since"),
]
TAKEN = [
    operations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
    add(models.BooleanField(default=False, db_default=False)),
    add(models.CharField(max_length=5, null=True)),
    add(models.ManyToManyField("members.thing")),
    alter("note", models.TextField(db_default="")),
    alter("name", models.CharField(max_length=40)),
    alter("name", models.TextField()),
    alter("city", models.ForeignKey("members.city", models.PROTECT)),
    operations.AddIndex("thing", models.Index(fields=["name"], name="by_name")),
    operations.RunPython(operations.RunPython.noop),
]


@pytest.mark.parametrize(("operation", "sentence"), REFUSED)
def test_what_the_release_before_cannot_live_with_is_refused(operation, sentence):
    assert sentence in faults(operation)


@pytest.mark.parametrize("operation", TAKEN)
def test_what_only_adds_is_taken(operation):
    assert faults(operation) == ""


def test_what_nothing_needs_since_an_earlier_release_may_go():
    remove = operations.RemoveField("thing", "note")
    assert faults(remove, unused_since="0.2.0") == ""
    assert "not before 0.3.0" in faults(remove, unused_since="0.3.0")
    assert faults(constraint(), unused_since="0.2.0") == ""


def test_rename_is_refused_whatever_is_said():
    rename = operations.RenameField("thing", "name", "title")
    assert "write both" in faults(rename, unused_since="0.1.0")


def test_new_table_of_the_same_migration_is_free():
    fields = [("id", models.BigAutoField(primary_key=True))]
    create = operations.CreateModel("Other", fields)
    more = operations.AddField("other", "name", models.CharField(max_length=5))
    assert faults(create, more) == ""


def test_table_is_not_locked_while_data_move():
    move = operations.RunPython(operations.RunPython.noop)
    add_column = add(models.CharField(max_length=5, null=True))
    assert "two migrations" in faults(add_column, move)
    inside = operations.SeparateDatabaseAndState(database_operations=[add_column])
    assert "two migrations" in faults(inside, move)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor == "sqlite", reason="PostgreSQL")
def test_nobody_waits_long_for_a_lock_or_a_statement():
    with connection.cursor() as cursor:
        found = {}
        for name in ("lock_timeout", "statement_timeout"):
            cursor.execute(f"SHOW {name}")
            [found[name]] = cursor.fetchone()
    assert found == {"lock_timeout": "2s", "statement_timeout": "15s"}
