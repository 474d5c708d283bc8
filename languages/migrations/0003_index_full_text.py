"""Full text over the tokens of the index: FTS5 on SQLite, a generated `tsvector` with GIN on PostgreSQL.

The database keeps both right itself, in the transaction of the row. A later migration that makes SQLite rebuild
`languages_indexrow` drops the triggers with the old table: it must create them again (`make_sqlite`).
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FTS5 = """
CREATE VIRTUAL TABLE languages_indexrow_fts USING fts5(
    title_tokens, text_tokens,
    content='languages_indexrow', content_rowid='id', tokenize="unicode61 remove_diacritics 0", prefix='2 3'
)
"""
REMOVE = """
INSERT INTO languages_indexrow_fts(languages_indexrow_fts, rowid, title_tokens, text_tokens)
VALUES ('delete', old.id, old.title_tokens, old.text_tokens);
"""
ADD = """
INSERT INTO languages_indexrow_fts(rowid, title_tokens, text_tokens)
VALUES (new.id, new.title_tokens, new.text_tokens);
"""
TRIGGERS = {"insert": ADD, "delete": REMOVE, "update": REMOVE + ADD}

TSVECTOR = """
ALTER TABLE languages_indexrow ADD COLUMN tokens tsvector GENERATED ALWAYS AS (
    array_to_tsvector(array_remove(string_to_array(title_tokens || ' ' || text_tokens, ' '), ''))
) STORED
"""
GIN = "CREATE INDEX index_row_tokens ON languages_indexrow USING gin (tokens)"


def make_sqlite(execute: object) -> None:
    execute(FTS5)
    for event, statements in TRIGGERS.items():
        execute(
            f"CREATE TRIGGER languages_indexrow_fts_{event} AFTER {event.upper()} ON languages_indexrow"
            f" BEGIN {statements} END"
        )


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TSVECTOR)
        schema_editor.execute(GIN)
    else:
        make_sqlite(schema_editor.execute)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE languages_indexrow DROP COLUMN tokens")
        return
    for event in TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER languages_indexrow_fts_{event}")
    schema_editor.execute("DROP TABLE languages_indexrow_fts")


class Migration(migrations.Migration):
    dependencies = [("languages", "0002_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
