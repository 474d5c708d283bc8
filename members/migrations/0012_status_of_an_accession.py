"""An accession has a status, as an action has: `state` is called `status`, in the rows, the triggers and the log.

The triggers of accessions name the columns, and SQLite drops them where it rebuilds a table: they are
dropped first and created again last, from the texts of migration 0004. The log keeps the names of fields as keys
of JSON: they are renamed, so that the history of an old row reads as before.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Q

triggers = import_module("members.migrations.0004_steps_stand_for_good")

OLD = ("members_accessionstep", "members_accession", "state", "accession_id", "from_state", "to_state")
NEW = ("members_accessionstep", "members_accession", "status", "accession_id", "from_status", "to_status")
# Names in the log, by model.
RENAMED = {
    "accession": {"state": "status", "state_since": "status_since"},
    "accessionstep": {"from_state": "from_status", "to_state": "to_status"},
}
OPEN = ["draft", "submitted", "returned", "under_review", "on_agenda", "deferred"]
CONSTRAINTS = [
    models.UniqueConstraint(fields=["city"], condition=Q(status__in=OPEN), name="one_open_accession_per_city"),
    models.CheckConstraint(
        condition=~Q(status="on_agenda") | Q(meeting__isnull=False),
        name="accession_on_the_agenda_names_its_meeting",
    ),
    models.CheckConstraint(
        condition=Q(status="admitted", membership__isnull=False)
        | (~Q(status="admitted") & Q(membership__isnull=True)),
        name="admitted_accession_has_its_membership",
    ),
]


def drop_triggers(chain: tuple[str, ...], schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        names = dict(zip(["steps", "moved", "column", "key", "before", "after"], chain, strict=True))
        schema_editor.execute(triggers.POSTGRESQL_DROP.format(**names), params=None)
        return
    for name in triggers.sqlite_triggers(*chain):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


def create_triggers(chain: tuple[str, ...], schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        names = dict(zip(["steps", "moved", "column", "key", "before", "after"], chain, strict=True))
        schema_editor.execute(triggers.POSTGRESQL.format(**names), params=None)
        return
    for name, body in triggers.sqlite_triggers(*chain).items():
        schema_editor.execute(f"CREATE TRIGGER {name} {body}")


def drop_old(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    drop_triggers(OLD, schema_editor)


def create_old(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create_triggers(OLD, schema_editor)


def drop_new(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    drop_triggers(NEW, schema_editor)


def create_new(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create_triggers(NEW, schema_editor)


def rename_in_log(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for model, names in RENAMED.items():
        _rename_keys(apps, model, names)


def rename_in_log_back(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for model, names in RENAMED.items():
        _rename_keys(apps, model, {new: old for old, new in names.items()})


def _rename_keys(apps: StateApps, model: str, names: dict[str, str]) -> None:
    """Rename keys of the changes that the log holds about rows of a model; their order stays."""
    entries = apps.get_model("auditlog", "LogEntry").objects.filter(
        content_type__app_label="members", content_type__model=model, changes__has_any_keys=list(names)
    )
    for entry in list(entries):
        entry.changes = {names.get(name, name): change for name, change in entry.changes.items()}
        entry.save(update_fields=["changes"])


class Migration(migrations.Migration):
    dependencies = [
        ("auditlog", "0015_alter_logentry_changes"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("members", "0011_draft_rows"),
    ]

    operations = [
        migrations.RunPython(drop_old, create_old),
        *(migrations.RemoveConstraint("accession", constraint.name) for constraint in CONSTRAINTS),
        migrations.RenameField("accession", "state", "status"),
        migrations.RenameField("accession", "state_since", "status_since"),
        migrations.RenameField("accessionstep", "from_state", "from_status"),
        migrations.RenameField("accessionstep", "to_state", "to_status"),
        *(migrations.AddConstraint("accession", constraint) for constraint in CONSTRAINTS),
        migrations.RunPython(create_new, drop_new),
        migrations.RunPython(rename_in_log, rename_in_log_back),
    ]
