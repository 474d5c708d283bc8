"""The log of changes is append-only: the database refuses to delete its entries, and to change what they say.

One change is let through, that of erasing a person (`members/services/erasure.py`), and only after the log has an entry
by which the account is called by its pseudonym: this entry stays. Then the pseudonym may take the place of that
person's address, and an entry about an account, a role, an invitation or an address without reminders may be called by
it. When it happened, what was done, to which row, by whom and in which request never changes.

The triggers ask no table of the network: SQLite cannot rebuild a table that a trigger of another one names.

A migration that rewrites entries of the log, or that makes SQLite rebuild their table, drops the triggers first and
creates them again (`drop` and `create` of this module); `tests/members/models/test_triggers.py` looks whether they
are there.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "auditlog_logentry"
FIXED = ("id", "content_type_id", "object_pk", "object_id", "action", "timestamp", "actor_id", "cid")
# What an entry says; about a person only where its row is one of these kinds.
WORDS = ("object_repr", "changes", "changes_text", "serialized_data", "additional_data", "remote_addr", "remote_port")
KINDS = ("user", "cityrole", "invitation", "reminderstop")

REFUSAL = "the log of changes is only added to"


def refused(differs: str, is_in: str) -> str:
    """The condition under which a change is refused. `differs`: the operator for two values of which one may be
    NULL; `is_in`: the function that says where one text stands in another, zero for nowhere."""
    fixed = [f"NEW.{name} {differs} OLD.{name}" for name in FIXED]
    words = [f"NEW.{name} {differs} OLD.{name}" for name in WORDS]
    kinds = ", ".join(f"'{name}'" for name in KINDS)
    erasure = f"""
        SELECT 1 FROM {TABLE} AS erasure JOIN django_content_type AS account ON account.id = erasure.content_type_id
        WHERE account.app_label = 'members' AND account.model = 'user'
        AND erasure.object_repr = 'person-' || erasure.object_id || '@erased.invalid'"""
    return f"""
    {" OR ".join(fixed)}
    OR (NEW.actor_email {differs} OLD.actor_email AND NOT EXISTS ({erasure}
        AND erasure.object_id = OLD.actor_id AND erasure.object_repr = NEW.actor_email))
    OR (({" OR ".join(words)}) AND NOT EXISTS (
        SELECT 1 FROM django_content_type AS kind
        WHERE kind.id = OLD.content_type_id AND kind.app_label = 'members' AND kind.model IN ({kinds})
        AND EXISTS ({erasure} AND {is_in}(NEW.object_repr, erasure.object_repr) > 0)))
    """


SQLITE = {
    f"{TABLE}_no_delete": f"BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"{TABLE}_no_change": f"BEFORE UPDATE ON {TABLE} WHEN {refused('IS NOT', 'instr')}"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
}

POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$;

CREATE OR REPLACE FUNCTION {TABLE}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {refused("IS DISTINCT FROM", "strpos")} THEN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse();
CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse();
CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse_change();
"""

POSTGRESQL_DROP = f"""
DROP TRIGGER {TABLE}_no_delete ON {TABLE};
DROP TRIGGER {TABLE}_no_truncate ON {TABLE};
DROP TRIGGER {TABLE}_no_change ON {TABLE};
DROP FUNCTION {TABLE}_refuse();
DROP FUNCTION {TABLE}_refuse_change();
"""


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        return
    for name, body in SQLITE.items():
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        schema_editor.execute(f"CREATE TRIGGER {name} {body}", params=None)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_DROP, params=None)
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("auditlog", "0017_add_actor_email"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("members", "0030_age_of_opening_hours"),
    ]

    operations = [migrations.RunPython(create, drop)]
