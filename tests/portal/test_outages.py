"""The database stops, is read-only or is busy: an honest answer, and nothing typed is lost."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.utils import OperationalError, ProgrammingError
from django.test import Client

from members.models import Accession, Ground
from portal.kept_pages.stores import WAIT_SECONDS
from portal.outages import Outage, outage_of
from portal.services.open_data import note_changes
from tests.forms import fields_of
from tests.members.accession_cast import file_in
from tests.test_any_row import once, pages

pytestmark = pytest.mark.django_db

ALIAS = "default"
PUBLIC_PAGES = [
    "/en/",
    "/en/cities/",
    "/en/help/",
    "/en/search/?q=flat",
    "/en/search/suggest/?q=fl",
    "/en/news/feed/",
    "/en/events/calendar.ics",
    "/sitemap.xml",
]


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@contextmanager
def database(**changes: object) -> Iterator[None]:
    """Requests speak to the database by another connection, with other settings."""
    own = connections[ALIAS]
    other = own.copy()
    other.settings_dict = {**own.settings_dict, **changes}
    connections[ALIAS] = other
    try:
        yield
    finally:
        other.close()
        connections[ALIAS] = own


@contextmanager
def stopped_database() -> Iterator[None]:
    """No server answers at this port, and no file can be opened at this path."""
    if connection.vendor == "postgresql":
        place = {"HOST": "127.0.0.1", "PORT": "1"}
    else:
        place = {"NAME": "/nowhere/at/all.sqlite3"}
    with database(**place):
        yield


@contextmanager
def read_only_database() -> Iterator[None]:
    """The database refuses every write, as a standby does."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with transaction.atomic():
                cursor.execute("SET TRANSACTION READ ONLY")
                yield
                transaction.set_rollback(True)
        else:
            cursor.execute("PRAGMA query_only = 1")
            try:
                yield
            finally:
                cursor.execute("PRAGMA query_only = 0")


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_stopped_database_is_said_with_the_time_to_come_back(visitor, address):
    with stopped_database():
        response = visitor.get(address)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response["Cache-Control"] == "no-store"
    assert "Not available for a moment" in response.content.decode()
    assert 'href="tel:112"' in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_page_names_the_number_under_which_the_log_has_the_fault(visitor):
    with stopped_database():
        response = visitor.get("/en/cities/")
    assert f"<code>{response['X-Request-ID']}</code>" in response.content.decode()


def test_somebody_who_was_faster_is_told_of_and_the_form_can_be_sent_again(
    person, browse, monkeypatch
):
    """Every unique constraint that a race reaches: the form looked, and then somebody saved."""
    client = browse(person("secretariat"))
    client.raise_request_exception = False
    address = "/admin/members/ground/add/"
    fields = {**fields_of(client.get(address)), "slug": "origin", "name_en": "Origin"}
    save = Ground.save

    def save_second(ground: Ground, *args: object, **more: object) -> None:
        Ground.objects.bulk_create([Ground(slug=ground.slug, name_en="The other")])
        save(ground, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Ground, "save", save_second)
        response = client.post(address, fields, headers={"origin": "http://testserver"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else was faster" in html
    assert f'action="{address}"' in html
    assert 'value="origin"' in html
    assert not Ground.objects.exists()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Im Augenblick nicht erreichbar"),
        ("pl", "Chwilowo niedostępne"),
        ("uk", "Тимчасово недоступно"),
    ],
)
def test_outage_is_said_in_the_readers_language(visitor, language, sentence):
    with stopped_database():
        html = visitor.get(f"/{language}/cities/").content.decode()
    assert sentence in html
    assert f'<html lang="{language}"' in html


def test_portal_answers_again_as_soon_as_the_database_does(visitor):
    with stopped_database():
        assert visitor.get("/en/cities/").status_code == 503
    assert visitor.get("/en/cities/").status_code == 200


def test_what_visitors_do_not_ask_the_database_for_is_answered(visitor):
    with stopped_database():
        assert visitor.get("/healthz").status_code == 200
        assert visitor.get("/readyz").status_code == 503


def test_read_only_database_shows_every_public_page(visitor, alfa_rows):
    """Of every kind, with the tables, the API and the cards."""
    note_changes()
    addresses = [*PUBLIC_PAGES, *pages(alfa_rows), *once(alfa_rows, visitor)]
    # The first search of a process loads its tables, within the time that a statement has.
    visitor.get("/en/search/?q=flat")
    before = {address: visitor.get(address).status_code for address in addresses}
    with read_only_database():
        assert {address: visitor.get(address).status_code for address in addresses} == before
    assert list(before.values()).count(200) > 100


def test_saving_in_a_read_only_database_keeps_what_was_typed(alfa_rows, person, browse):
    client = browse(person("secretariat"))
    client.raise_request_exception = False
    programme = alfa_rows["programs.programme"]
    address = f"/admin/programs/programme/{programme.pk}/change/"
    fields = {**fields_of(client.get(address)), "name_en": "A name with “quotes” & signs"}
    with read_only_database():
        response = client.post(address, fields, headers={"origin": "http://testserver"})
    html = response.content.decode()
    assert response.status_code == 503
    assert "Nothing can be saved for the moment" in html
    assert 'name="name_en"' in html
    assert "A name with “quotes” & signs" in unescape(html)
    assert f'action="{address}"' in html
    assert "csrfmiddlewaretoken" in html


NO_ROOM = {
    "sqlite": "CREATE TABLE large AS SELECT zeroblob(50000000) AS content",
    "postgresql": "DO $$ BEGIN RAISE SQLSTATE '53100'; END $$",
}


@contextmanager
def database_without_room() -> Iterator[None]:
    """Every statement that writes fails as it does where the database's disk is full; a full disk
    itself is a row of `make faults`."""

    def refuse(execute, sql, params, many, context):
        is_writing = sql.startswith(("INSERT", "UPDATE", "DELETE"))
        arguments = (NO_ROOM[connection.vendor], None, False) if is_writing else (sql, params, many)
        return execute(*arguments, context)

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA max_page_count = 1")
        with connection.execute_wrapper(refuse):
            yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA max_page_count = 1073741823")


def test_database_without_room_is_read_and_says_that_nothing_can_be_saved(
    alfa_rows, person, browse
):
    """Error 53100 of PostgreSQL, SQLITE_FULL: people read on, and what was typed is there."""
    client = browse(person("secretariat"))
    client.raise_request_exception = False
    address = "/admin/members/ground/add/"
    fields = {**fields_of(client.get(address)), "slug": "room", "name_en": "Room"}
    with database_without_room():
        response = client.post(address, fields, headers={"origin": "http://testserver"})
        found = {page: Client().get(page).status_code for page in PUBLIC_PAGES}
    html = unescape(response.content.decode())
    assert (response.status_code, response["Retry-After"]) == (503, "120")
    assert "Nothing can be saved for the moment" in html
    assert 'value="room"' in html
    assert set(found.values()) == {200}, found
    assert not Ground.objects.filter(slug="room").exists()


def test_form_of_another_site_gets_no_button(alfa_rows, person, browse):
    client = browse(person("secretariat"))
    client.raise_request_exception = False
    news = alfa_rows["portal.news"]
    address = f"/admin/portal/news/{news.pk}/change/"
    with stopped_database():
        response = client.post(
            address, {"title_en": "Forged"}, headers={"origin": "https://elsewhere.example"}
        )
    assert response.status_code == 503
    assert "Forged" not in response.content.decode()
    assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.parametrize(
    ("outage", "words"),
    [
        (stopped_database, "The portal cannot reach its data just now."),
        (read_only_database, "takes in nothing new just now, and nobody can sign in."),
    ],
)
def test_signing_in_is_refused_in_words_and_the_password_is_not_repeated(
    visitor, person, outage, words
):
    user = person("secretariat")
    password = secrets.token_hex(8)
    with outage():
        response = visitor.post(
            "/accounts/login/",
            {"login": user.email, "password": password},
            headers={"origin": "http://testserver"},
        )
    assert response.status_code == 503
    assert words in response.text
    assert password not in response.text


def test_fault_of_ours_is_no_outage():
    with pytest.raises((OperationalError, ProgrammingError)) as caught, transaction.atomic():
        connection.cursor().execute("SELECT no_such_column FROM members_city")
    assert outage_of(caught.value) is None
    assert outage_of(ValueError("database is locked")) is None


@pytest.mark.skipif(settings.DATABASES[ALIAS]["ENGINE"].endswith("sqlite3"), reason="PostgreSQL")
class TestPostgreSQL:
    """What only a server of its own can do."""

    def test_locked_table_is_busy_and_others_go_on(self, visitor):
        limits = {"options": "-c lock_timeout=200"}
        with database(), connection.cursor() as locking:
            locking.execute("BEGIN")
            locking.execute("LOCK TABLE portal_news IN ACCESS EXCLUSIVE MODE")
            with database(OPTIONS=limits):
                response = visitor.get("/en/news/")
                assert visitor.get("/en/events/").status_code == 200
            locking.execute("ROLLBACK")
        assert (response.status_code, response["Retry-After"]) == (503, "5")

    def test_waiting_for_a_page_and_then_for_a_lock_ends_within_five_seconds(self):
        """A second reader of a page whose table is locked waits for the first one, and then for
        the lock; a second is left for the page that says so."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'lock_timeout'")
            [milliseconds] = cursor.fetchone()
        assert milliseconds / 1000 + WAIT_SECONDS <= 4

    @pytest.mark.django_db(transaction=True)
    def test_approval_that_waits_too_long_for_its_row_can_be_sent_again(self, person, browse, alfa):
        """Somebody else holds the file, as a second approval does: nothing is decided, and nothing
        typed is lost."""
        office = person("secretariat")
        file = file_in("submitted", alfa, office)
        client = browse(office)
        client.raise_request_exception = False
        address = f"{file.get_file_url()}do/return/"
        why = "The date of the council’s decision is missing"
        fields = {**fields_of(client.get(address)), "why": why, "_confirm": "1"}
        with database(), transaction.atomic():
            Accession.objects.select_for_update().get(pk=file.pk)
            with database(OPTIONS={"options": "-c lock_timeout=200"}):
                response = client.post(address, fields, headers={"origin": "http://testserver"})
        html = unescape(response.content.decode())
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert why in html
        assert f'action="{address}"' in html
        file.refresh_from_db()
        assert file.status == "submitted"
        again = client.post(address, fields)
        file.refresh_from_db()
        assert (again.status_code, file.status) == (302, "returned")

    @pytest.mark.parametrize("address", ["/en/search/?q=flat", "/en/search/suggest/?q=fl"])
    def test_search_answers_after_the_server_has_cut_an_idle_session(self, visitor, address):
        with database(CONN_HEALTH_CHECKS=True, CONN_MAX_AGE=60):
            assert visitor.get(address).status_code == 200
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                [process] = cursor.fetchone()
            cut = connection.copy()
            with cut.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [process])
            cut.close()
            # As at the beginning of each request; the test's client leaves it out.
            connection.close_if_unusable_or_obsolete()
            assert visitor.get(address).status_code == 200


def test_each_outage_says_when_to_try_again():
    assert {outage.seconds for outage in Outage} == {5, 30, 120}
