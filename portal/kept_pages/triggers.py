"""What puts the kept pages out of date: every write to a table that public pages may show.

All writes end in the database, whatever they came from: a form, a service, a loader, an update of
many rows, a command, SQL by hand. So the database itself notes them, in the same transaction. A
test looks whether every table has its triggers or a reason to have none.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from portal.models import PageVersion

# Tables that no public page shows, each with the reason.
QUIET = {
    "auth_group": "there are no groups",
    "auth_group_permissions": "there are no groups",
    "auth_permission": "rights come from the table of rights",
    "django_admin_log": "the log of changes is another",
    "django_content_type": "written by migrations alone",
    "django_session": "who is signed in",
    "languages_listtext": "lists of the administration",
    "members_draft": "what nobody reads yet",
    "members_expressionofinterest": "what visitors write to the office",
    "members_invitation": "read by the invited person alone",
    "members_keptfile": "of one person",
    "members_keptform": "of one person",
    "members_letter": "read by its recipient",
    "members_lettertext": "wording of letters",
    "members_reminderstop": "who gets no reminders",
    "members_timedrun": "for administrators",
    "members_usecount": "who tried too often",
    "portal_pageversion": "the version itself",
}
# Of these tables pages show these columns alone. A person signs in often.
COLUMNS = {"members_user": ("is_secretariat",)}

EVENTS = ("insert", "update", "delete")
NAME = "raise_version"

# SQLite has one writer at a time: one row is enough. No "INSERT OR REPLACE": where the statement
# that fires the trigger says "OR IGNORE", this would be ignored too.
SQLITE_BODY = """
    UPDATE portal_pageversion SET word = lower(hex(randomblob(16)));
    INSERT INTO portal_pageversion (word) SELECT lower(hex(randomblob(16)))
    WHERE NOT EXISTS (SELECT 1 FROM portal_pageversion);
"""
# On PostgreSQL each transaction adds a word of its own, so that nobody waits for another; once, for
# the first row. What `set_config` sets is forgotten at its end, and where it is rolled
# back to a savepoint, as the row is. Each transaction that deletes words adds one: so no set of
# words stands for two states of the rows.
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION portal_raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    this_transaction text := txid_current()::text;
    own_word text := gen_random_uuid()::text;
BEGIN
    IF current_setting('ten_points.raised_in', true) IS DISTINCT FROM this_transaction THEN
        INSERT INTO portal_pageversion (word) VALUES (own_word);
        PERFORM set_config('ten_points.raised_in', this_transaction, true);
        -- So many are read in no time. Nobody waits: what another one deletes is left to it.
        IF (SELECT count(*) FROM portal_pageversion) > 20 THEN
            DELETE FROM portal_pageversion WHERE word IN (
                SELECT word FROM portal_pageversion WHERE word <> own_word FOR UPDATE SKIP LOCKED
            );
        END IF;
    END IF;
    RETURN NULL;
END $$
"""


def shown_tables() -> list[str]:
    """The tables that public pages may show: all that are not named as quiet."""
    models: Iterable[Any] = apps.get_models(include_auto_created=True)
    tables = {model._meta.db_table for model in models if model._meta.managed}
    return sorted(tables - set(QUIET))


def name_of(table: str, event: str) -> str:
    """PostgreSQL cuts names after 63 letters; no table has one that long."""
    return f"{NAME}_{table}_{event}"


def wanted_triggers() -> set[str]:
    return {name_of(table, event) for table in shown_tables() for event in EVENTS}


def present_triggers() -> set[str]:
    """The names of those that the database has."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = {name for (name,) in cursor.fetchall()}
    return {name for name in names if name.startswith(f"{NAME}_")}


def install() -> None:
    """Make the triggers that are missing. SQLite loses those of a table that a migration rebuilds:
    so this runs after every `migrate`."""
    missing = wanted_triggers() - present_triggers()
    if not missing:
        return
    tables = set(connection.introspection.table_names())
    # After a migration back to before it.
    if PageVersion._meta.db_table not in tables:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for table in sorted(tables.intersection(shown_tables())):
            for event in EVENTS:
                if name_of(table, event) in missing:
                    cursor.execute(_statement(table, event))
    # What was written before them has a version too.
    if not PageVersion.objects.exists():
        PageVersion.objects.create(word=uuid.uuid4().hex)


def _statement(table: str, event: str) -> str:
    when = event.upper()
    if event == "update" and table in COLUMNS:
        columns = ", ".join(COLUMNS[table])
        when = f"UPDATE OF {columns}"
    head = f'CREATE TRIGGER "{name_of(table, event)}" AFTER {when} ON "{table}"'
    if connection.vendor == "postgresql":
        return f"{head} FOR EACH ROW EXECUTE FUNCTION portal_{NAME}()"
    return f"{head} BEGIN {SQLITE_BODY} END"
