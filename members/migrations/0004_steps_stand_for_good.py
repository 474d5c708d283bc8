"""Steps are never edited or deleted, and a status never moves without one: the database sees to it.

A later migration that makes SQLite rebuild one of these tables drops its triggers: it must create them again
(`create(connection_alias…)` of this module); `tests/members/models/test_triggers.py` looks whether they are there.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Table of the steps, table of what they move, its column, the key from step to it, columns before and after.
CHAINS = [
    ("members_accessionstep", "members_accession", "state", "accession_id", "from_state", "to_state"),
    ("members_membershipstep", "members_membership", "standing", "membership_id", "from_standing", "to_standing"),
]


def sqlite_triggers(steps: str, moved: str, column: str, key: str, before: str, after: str) -> dict[str, str]:
    last = f"SELECT {after} FROM {steps} WHERE {key} = NEW.id ORDER BY id DESC LIMIT 1"
    fixed = "BEGIN SELECT RAISE(ABORT, 'a step stands for good'); END"
    return {
        f"{steps}_no_update": f"BEFORE UPDATE ON {steps} {fixed}",
        f"{steps}_no_delete": f"BEFORE DELETE ON {steps} {fixed}",
        f"{steps}_in_order": f"BEFORE INSERT ON {steps}"
        f" WHEN NEW.{before} <> '' AND NEW.{before} <> (SELECT {column} FROM {moved} WHERE id = NEW.{key})"
        " BEGIN SELECT RAISE(ABORT, 'the step begins elsewhere'); END",
        f"{moved}_needs_step": f"BEFORE UPDATE OF {column} ON {moved} WHEN NEW.{column} <> OLD.{column}"
        f" AND COALESCE(({last}), '') <> NEW.{column}"
        " BEGIN SELECT RAISE(ABORT, 'no step leads to this status'); END",
    }


POSTGRESQL = """
CREATE OR REPLACE FUNCTION {steps}_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a step stands for good' USING ERRCODE = 'integrity_constraint_violation'; END $$;

CREATE OR REPLACE FUNCTION {steps}_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.{before} <> '' AND NEW.{before} <> (SELECT {column} FROM {moved} WHERE id = NEW.{key}) THEN
        RAISE EXCEPTION 'the step begins elsewhere' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION {moved}_needs_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF COALESCE((SELECT {after} FROM {steps} WHERE {key} = NEW.id ORDER BY id DESC LIMIT 1), '') <> NEW.{column} THEN
        RAISE EXCEPTION 'no step leads to this status' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER {steps}_no_change BEFORE UPDATE OR DELETE ON {steps} FOR EACH ROW EXECUTE FUNCTION {steps}_stands();
CREATE TRIGGER {steps}_in_order BEFORE INSERT ON {steps} FOR EACH ROW EXECUTE FUNCTION {steps}_in_order();
CREATE TRIGGER {moved}_needs_step BEFORE UPDATE OF {column} ON {moved} FOR EACH ROW
    WHEN (NEW.{column} IS DISTINCT FROM OLD.{column}) EXECUTE FUNCTION {moved}_needs_step();
"""

POSTGRESQL_DROP = """
DROP TRIGGER {steps}_no_change ON {steps};
DROP TRIGGER {steps}_in_order ON {steps};
DROP TRIGGER {moved}_needs_step ON {moved};
DROP FUNCTION {steps}_stands();
DROP FUNCTION {steps}_in_order();
DROP FUNCTION {moved}_needs_step();
"""


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for chain in CHAINS:
        if schema_editor.connection.vendor == "postgresql":
            names = dict(zip(["steps", "moved", "column", "key", "before", "after"], chain, strict=True))
            schema_editor.execute(POSTGRESQL.format(**names), params=None)
            continue
        for name, body in sqlite_triggers(*chain).items():
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
            schema_editor.execute(f"CREATE TRIGGER {name} {body}")


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for chain in CHAINS:
        if schema_editor.connection.vendor == "postgresql":
            names = dict(zip(["steps", "moved", "column", "key", "before", "after"], chain, strict=True))
            schema_editor.execute(POSTGRESQL_DROP.format(**names), params=None)
            continue
        for name in sqlite_triggers(*chain):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("members", "0003_city_of_a_decision")]

    operations = [migrations.RunPython(create, drop)]
