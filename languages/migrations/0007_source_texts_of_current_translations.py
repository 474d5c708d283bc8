"""Where a translation is current, the text that was translated is today's; of outdated ones it is not known.

The texts stand in tables of the apps above, which are asked by name: a new database has no translations yet.
"""

from itertools import islice

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from languages.models import text_hash

BATCH = 500


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    connection = schema_editor.connection
    tables = set(connection.introspection.table_names())
    rows = apps.get_model("languages", "Freshness").objects.using(connection.alias).filter(source_text="")
    kinds = rows.order_by().values_list(
        "content_type", "content_type__app_label", "content_type__model", "field", "source_language"
    )
    for kind, app, model, field, language in set(kinds):
        table, column = f"{app}_{model}", f"{field}_{language.replace('-', '_')}"
        if table in tables and column in _columns(connection, table):
            _fill(connection, table, column, rows.filter(content_type=kind, field=field, source_language=language))


def _columns(connection: object, table: str) -> set[str]:
    # Not Django's introspection: on SQLite it stumbles over constraints that list texts.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} WHERE 1 = 0")
        return {column[0] for column in cursor.description}


def _fill(connection: object, table: str, column: str, rows: object) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {quote(column)} FROM {quote(table)}")
        texts = {key: text or "" for key, text in cursor.fetchall()}
    current = []
    for row in rows.iterator(chunk_size=BATCH):
        text = texts.get(row.object_id)
        if text is not None and text_hash(text) == row.source_hash:
            row.source_text = text
            current.append(row)
    left = iter(current)
    while batch := list(islice(left, BATCH)):
        rows.model.objects.using(connection.alias).bulk_update(batch, ["source_text"])


class Migration(migrations.Migration):
    dependencies = [("languages", "0006_source_text_that_was_translated")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
