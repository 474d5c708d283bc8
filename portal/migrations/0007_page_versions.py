"""The version of all public pages. The triggers that write it are made after each `migrate`
(`portal/kept_pages/triggers.py`); whoever goes back behind this migration loses them first.

They name this table: SQLite cannot rebuild it while they are there.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def remove_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS portal_raise_version() CASCADE")
            return
        cursor.execute(r"SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'raise\_version\_%' ESCAPE '\'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


class Migration(migrations.Migration):
    dependencies = [("portal", "0006_examples_of_the_first_page")]

    operations = [
        migrations.CreateModel(
            name="PageVersion",
            fields=[
                ("word", models.CharField(max_length=36, primary_key=True, serialize=False)),
            ],
        ),
        migrations.RunPython(migrations.RunPython.noop, remove_triggers),
    ]
