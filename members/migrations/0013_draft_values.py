"""Name the columns of a draft, and what its rows hold, as the code does: values and marks."""

from collections.abc import Mapping
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NEW_NAMES = {"typed": "values", "seen": "marks"}
OLD_NAMES = {new: old for old, new in NEW_NAMES.items()}


def rename_forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rename_in_rows(apps, NEW_NAMES)


def rename_backwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rename_in_rows(apps, OLD_NAMES)


def _rename_in_rows(apps: Apps, names: Mapping[str, str]) -> None:
    for draft in apps.get_model("members", "Draft").objects.exclude(rows={}):
        draft.rows = {
            prefix: [_renamed(row, names) for row in rows] for prefix, rows in draft.rows.items()
        }
        draft.save(update_fields=["rows"])


def _renamed(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in row.items()}


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0012_status_of_an_accession"),
    ]

    operations = [
        migrations.RenameField("draft", "seen", "marks"),
        migrations.RenameField("draft", "typed", "values"),
        migrations.RunPython(rename_forwards, rename_backwards),
    ]
