"""Whatever writes what pages show raises the version, in the same transaction."""

import threading

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from members import limits
from members.models import City, Draft
from portal.kept_pages import triggers
from portal.kept_pages.versions import page_version
from portal.models import PageVersion

pytestmark = pytest.mark.django_db
# A transaction raises it once: where several are needed, the test stands in none of its own.


def test_every_table_raises_the_version_or_has_a_reason():
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert set(triggers.QUIET) <= tables
    assert set(triggers.COLUMNS) <= set(triggers.shown_tables())
    assert triggers.present_triggers() == triggers.wanted_triggers()
    assert len(triggers.shown_tables()) > 70


@pytest.mark.django_db(transaction=True)
def test_each_kind_of_row_raises_the_version_when_it_is_written(alfa_rows):
    quiet, refused = set(), set()
    for label, row in alfa_rows.items():
        table = row._meta.db_table
        before = page_version()
        if not is_written(row):
            refused.add(label)
            continue
        assert (page_version() == before) == (table in triggers.QUIET), label
        if table in triggers.QUIET:
            quiet.add(label)
    assert {"members.draft", "members.letter"} <= quiet
    # Their own triggers refuse it, on both databases.
    assert refused == {"members.accessionstep", "members.membershipstep"}


def is_written(row):
    """Past models and signals, as a loader or an update of many rows writes."""
    table, key = row._meta.db_table, row._meta.pk.column
    column = triggers.COLUMNS.get(table, [key])[0]
    statement = f'UPDATE "{table}" SET "{column}" = "{column}" WHERE "{key}" = %s'  # noqa: S608
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [row.pk])
            return cursor.rowcount == 1
    except DatabaseError:
        return False


@pytest.mark.django_db(transaction=True)
def test_rows_that_are_added_and_deleted_raise_the_version(alfa):
    before = page_version()
    names = City.other_names.rel.related_model
    names.objects.bulk_create([names(city=alfa, name="Alphaville", language="en")])
    after = page_version()
    names.objects.filter(city=alfa).delete()
    assert len({before, after, page_version()}) == 3


def test_rows_that_exist_already_raise_nothing_wrongly(alfa):
    """`INSERT OR IGNORE` makes SQLite ignore conflicts of its triggers too."""
    names = City.other_names.rel.related_model
    before = page_version()
    row = names(city=alfa, name="Alphaville", language="en")
    names.objects.bulk_create([row], ignore_conflicts=True)
    assert page_version() != before


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_the_version(alfa):
    before = page_version()
    with transaction.atomic():
        City.objects.update(population=7)
        transaction.set_rollback(True)
    assert page_version() == before
    # And the transaction around it notes the next write again.
    City.objects.update(population=8)
    assert page_version() != before


def test_what_visitors_do_raises_nothing(alfa):
    before = page_version()
    limits.count_use("kept-pages", "somebody")
    assert page_version() == before


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_rebuilds_a_table_gets_its_triggers_back():
    name = triggers.name_of("members_city", "update")
    drop = f'DROP TRIGGER "{name}"'
    with connection.cursor() as cursor:
        cursor.execute(drop + (" ON members_city" if connection.vendor == "postgresql" else ""))
    call_command("migrate", verbosity=0)
    assert name in triggers.present_triggers()


def test_a_second_migrate_writes_nothing():
    with CaptureQueriesContext(connection) as queries:
        triggers.install()
    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_transactions_that_commit_in_another_order_each_raise_the_version(alfa, beta):
    """The one that began first, and had the smaller id, commits last."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    begun, may_commit = threading.Event(), threading.Event()

    def slow_save() -> None:
        with transaction.atomic():
            City.objects.filter(pk=alfa.pk).update(population=1)
            begun.set()
            may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=slow_save)
    thread.start()
    assert begun.wait(10)
    first = page_version()
    # Does not wait for the other one.
    City.objects.filter(pk=beta.pk).update(population=2)
    second = page_version()
    may_commit.set()
    thread.join(10)
    assert len({first, second, page_version()}) == 3


@pytest.mark.django_db(transaction=True)
def test_no_version_comes_back_however_many_there_were(alfa):
    seen = {page_version()}
    for number in range(60):
        City.objects.filter(pk=alfa.pk).update(population=number)
        seen.add(page_version())
    assert len(seen) == 61
    assert PageVersion.objects.count() <= 21


def test_drafts_are_read_by_no_page():
    assert Draft._meta.db_table in triggers.QUIET
