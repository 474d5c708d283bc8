"""The triggers that keep steps and the log for good are there after the last migration."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

SQLITE = {
    f"members_{name}"
    for name in (
        "accessionstep_no_update",
        "accessionstep_no_delete",
        "accessionstep_in_order",
        "accession_needs_step",
        "membershipstep_no_update",
        "membershipstep_no_delete",
        "membershipstep_in_order",
        "membership_needs_step",
    )
}
POSTGRESQL = {
    name.replace("_no_update", "_no_change") for name in SQLITE if "no_delete" not in name
}
LOG = {"auditlog_logentry_no_change", "auditlog_logentry_no_delete"}
SQLITE |= LOG
POSTGRESQL |= LOG | {"auditlog_logentry_no_truncate"}


def test_triggers_of_steps_and_of_the_log_exist():
    sqlite = connection.vendor == "sqlite"
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}
    assert (SQLITE if sqlite else POSTGRESQL) <= found
