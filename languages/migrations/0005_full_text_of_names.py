"""Names searched by themselves, and SQLite's triggers again: 0004 made it rebuild `languages_indexrow`.

What the new columns hold comes from the rows: run `manage.py rebuild_index` after this migration.
"""

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

full_text = import_module("languages.migrations.0003_index_full_text")

NAMES = """
ALTER TABLE languages_indexrow ADD COLUMN names tsvector GENERATED ALWAYS AS (
    array_to_tsvector(array_remove(string_to_array(title_tokens, ' '), ''))
) STORED
"""
GIN = "CREATE INDEX index_row_names ON languages_indexrow USING gin (names)"


def drop_sqlite(execute: object) -> None:
    for event in full_text.TRIGGERS:
        execute(f"DROP TRIGGER IF EXISTS languages_indexrow_fts_{event}")
    execute("DROP TABLE IF EXISTS languages_indexrow_fts")


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NAMES)
        schema_editor.execute(GIN)
        return
    drop_sqlite(schema_editor.execute)
    full_text.make_sqlite(schema_editor.execute)
    schema_editor.execute("INSERT INTO languages_indexrow_fts(languages_indexrow_fts) VALUES ('rebuild')")


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE languages_indexrow DROP COLUMN names")


class Migration(migrations.Migration):
    dependencies = [("languages", "0004_texts_to_quote_and_words_of_the_index")]

    operations = [migrations.RunPython(forwards, backwards)]
