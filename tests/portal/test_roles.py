"""The role that serves the portal on PostgreSQL: it works, and the log is safe from it."""

import re

import pytest
from auditlog.models import LogEntry
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from members.services import erasure

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="PostgreSQL"
    ),
]


@pytest.fixture
def portal_role(alfa, person):
    """From now on the connection has the rights that deploy/roles.sql gives."""
    person("nobody")
    text = (settings.BASE_DIR / "deploy/roles.sql").read_text(encoding="utf-8")
    sql = re.sub(r"^(\\.*|--.*|BEGIN;|COMMIT;)$", "", text, flags=re.MULTILINE)
    for name in ("portal", "owner"):
        sql = sql.replace(f':"{name}"', f"only_here_{name}")
    with connection.cursor() as cursor:
        # Checks that wait for the end of the transaction would stand in the way.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("CREATE ROLE only_here_portal; CREATE ROLE only_here_owner")
        cursor.execute(sql)
        cursor.execute("SET LOCAL ROLE only_here_portal")
        yield cursor
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM auditlog_logentry",
        "UPDATE auditlog_logentry SET timestamp = now()",
        "UPDATE auditlog_logentry SET actor_id = NULL",
        "TRUNCATE auditlog_logentry",
        "ALTER TABLE auditlog_logentry DISABLE TRIGGER USER",
        "DROP TRIGGER auditlog_logentry_no_change ON auditlog_logentry",
        "DROP TABLE members_city CASCADE",
        "CREATE TABLE mine (id int)",
        "DELETE FROM members_accessionstep",
        "UPDATE members_membershipstep SET id = id",
        "DELETE FROM django_migrations",
        "SET session_replication_role = replica",
    ],
)
def test_portal_cannot_change_the_log_or_the_tables(portal_role, statement):
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
    ):
        portal_role.execute(statement)


def test_what_an_entry_says_is_changed_by_an_erasure_only(portal_role):
    statement = "UPDATE auditlog_logentry SET object_repr = 'somebody else'"
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        portal_role.execute(statement)


def test_portal_works_and_writes_the_log(portal_role, alfa, person):
    entries = LogEntry.objects.count()
    alfa.name_en = "Alpha"
    alfa.save()
    assert LogEntry.objects.count() > entries
    ada = person("nobody")
    erasure.erase(person=ada, by=person("secretariat"))
    ada.refresh_from_db()
    assert ada.email.endswith("@erased.invalid")
