"""Headers and methods of every answer, and what the log may not hold."""

import json
import logging

import pytest
from django.test import Client
from pythonjsonlogger.json import JsonFormatter

from portal.middleware import FaultsOfSenders, WithoutTokens
from tests.conftest import PASSWORD
from tests.header_score import score_of
from tests.test_any_row import once, pages

pytestmark = pytest.mark.django_db

PAGES = ["/en/", "/en/nothing-here/", "/healthz", "/accounts/login/", "/en/news/feed/"]


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_refuses_what_no_page_needs(client, address):
    response = client.get(address)
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("address", [*PAGES, "/admin/"])
@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PROPFIND"])
def test_method_that_no_page_has_is_refused(client, address, method):
    response = client.generic(method, address)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("address", ["/en/", "/en/cities/", "/en/search/?q=a", "/readyz"])
def test_public_page_without_a_form_is_only_read(address):
    response = Client(enforce_csrf_checks=True).post(address, {"a": "b"})
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_form_of_the_public_is_still_a_form():
    answer = Client(enforce_csrf_checks=True).post("/en/join/interest/", {"name": "A"})
    assert answer.status_code != 405


@pytest.mark.parametrize("address", ["/admin/", "/admin/portal/news/", "/accounts/login/"])
def test_page_of_somebody_signed_in_is_kept_nowhere(person, browse, address):
    response = browse(person("secretariat")).get(address)
    assert "no-store" in response["Cache-Control"]


def test_public_page_may_be_kept(client):
    assert "no-store" not in client.get("/en/").headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/accounts/invitation/aB3-_secret/", "Not Found: /accounts/invitation/…"),
        (
            "/accounts/password/reset/MQ/c4-secret/",
            "Not Found: /accounts/password/reset/…",
        ),
        ("/accounts/address/aB3-_secret/", "Not Found: /accounts/address/…"),
        ("/pl/join/interest/long-secret-token/", "Not Found: /pl/join/interest/…"),
        ("/en/join/interest/thanks/", "Not Found: /en/join/interest/thanks/"),
        ("/en/cities/krakow/", "Not Found: /en/cities/krakow/"),
    ],
)
def test_log_holds_no_link_that_lets_somebody_in(path, line):
    record = logging.LogRecord("django.request", 30, "", 1, "Not Found: %s", (path,), None)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == line


@pytest.mark.parametrize("part", ["invitation", "password/reset", "address"])
def test_request_beside_a_log_line_holds_no_such_link_either(rf, part):
    record = logging.LogRecord("django.request", 30, "", 1, "Gone", (), None)
    record.request = rf.get(f"/accounts/{part}/aB3-_secret/?language=pl")
    assert WithoutTokens().filter(record)
    written = JsonFormatter().format(record)
    assert "aB3-_secret" not in written
    assert f"GET '/accounts/{part}/…?language=pl'" in json.loads(written)["request"]


def test_wrong_host_is_no_error_of_the_portal(client, caplog, settings):
    assert client.get("/en/", headers={"host": "evil.example"}).status_code == 400
    [record] = [each for each in caplog.records if each.name == "django.security.DisallowedHost"]
    assert FaultsOfSenders().filter(record)
    assert (record.levelname, record.levelno) == ("WARNING", logging.WARNING)
    assert "faults_of_senders" in settings.LOGGING["handlers"]["stdout"]["filters"]


@pytest.mark.parametrize("name", ["django.request", "portal.outages", "django.securityx"])
def test_errors_of_the_portal_stay_errors(name):
    record = logging.LogRecord(name, logging.ERROR, "", 1, "It broke", (), None)
    assert FaultsOfSenders().filter(record)
    assert record.levelname == "ERROR"


def test_failed_sign_in_is_in_the_log_without_address_and_password(client, caplog):
    client.post(
        "/accounts/login/",
        {"login": "somebody@example.org", "password": "a-wrong-password"},
        REMOTE_ADDR="192.0.2.7",
    )
    [line] = [record.getMessage() for record in caplog.records if "sign-in" in record.message]
    assert line.startswith("A sign-in failed: wrong e-mail address or password, from ")
    assert not {"somebody", "192.0.2.7", "a-wrong"} & set(line.split())


def test_old_password_is_not_guessed_in_an_open_session(person, browse):
    client = browse(person("secretariat"))
    new = {"password1": "a-quite-new-password", "password2": "a-quite-new-password"}
    for attempt in range(5):
        page = client.post("/admin/password_change/", {"oldpassword": f"wrong-{attempt}", **new})
        assert "too many attempts" not in page.content.decode()
    page = client.post("/admin/password_change/", {"oldpassword": PASSWORD, **new})
    assert page.status_code == 200
    assert "There were too many attempts." in page.content.decode()


def test_old_password_changes_the_password(person, browse):
    user = person("secretariat")
    user.set_password(PASSWORD)
    user.save()
    new = {"password1": "a-quite-new-password", "password2": "a-quite-new-password"}
    page = browse(user).post("/admin/password_change/", {"oldpassword": PASSWORD, **new})
    assert page.status_code == 302


def test_password_of_digits_alone_is_refused(person, browse):
    user = person("secretariat")
    user.set_password(PASSWORD)
    user.save()
    new = {"password1": "482910563728", "password2": "482910563728"}
    page = browse(user).post("/admin/password_change/", {"oldpassword": PASSWORD, **new})
    assert page.status_code == 200
    assert "entirely numeric" in page.content.decode()


# --- What the HTTP Observatory would say ----------------------------------------------------------

HIGHEST = 130
SCORES = {
    "/en/": 130,
    "/en/cities/": 130,
    "/en/help/": 130,
    "/en/search/?q=flat": 130,
    "/en/join/interest/": 130,
    "/en/news/feed/": 130,
    "/en/nothing-here/": 130,
    "/sitemap.xml": 130,
    "/healthz": 130,
    "/en/cities/export.csv": 130,
    "/api/v1/": 130,
    "/accounts/login/": 135,
    "/accounts/password/reset/": 135,
    "/accounts/invitation/nonsense/": 130,
    "/admin/": 135,
    "/admin/nothing-here/": 130,
    "/accounts/safety/app/": 135,
}


@pytest.fixture
def behind_tls(settings):
    settings.DEBUG = False
    settings.SECURE = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000


def test_headers_of_every_kind_of_page_reach_their_score(behind_tls, person, browse):
    office = browse(person("secretariat"))
    found = {}
    for address in SCORES:
        is_inside = address.startswith(("/admin/", "/accounts/safety/"))
        client = office if is_inside else Client()
        found[address] = score_of(client.get(address, secure=True))
    assert found == SCORES


def test_no_public_address_scores_less(behind_tls, alfa_rows, client):
    """A badge has ten points less: it is a picture that other sites show, and says so."""
    addresses = [*pages(alfa_rows), *once(alfa_rows, client)]
    found = {address: score_of(client.get(address, secure=True)) for address in addresses}
    lower = {address: score for address, score in found.items() if score != HIGHEST}
    assert lower == {"/en/cities/alfa/badge.svg": HIGHEST - 10}
    assert len(found) > 100


@pytest.mark.parametrize(
    ("header", "score"),
    [
        ("Content-Security-Policy", 75),
        ("Strict-Transport-Security", 80),
        ("Referrer-Policy", 125),
        ("X-Content-Type-Options", 125),
        ("Cross-Origin-Resource-Policy", 120),
    ],
)
def test_score_falls_with_what_is_missing(behind_tls, header, score):
    response = Client().get("/en/", secure=True)
    del response[header]
    assert score_of(response) == score


def test_refusal_is_in_the_log_with_the_number_of_the_person(person, alfa, beta, browse, caplog):
    viewer = person("viewer", alfa)
    client = browse(viewer)
    addresses = {
        f"/admin/members/city/{beta.pk}/change/": 404,
        f"/admin/city/{beta.slug}/": 404,
        "/admin/members/user/": 403,
    }
    found = {address: client.get(address).status_code for address in addresses}
    assert found == addresses
    lines = [record.getMessage() for record in caplog.records if "was refused" in record.message]
    assert lines == [
        f"Person {viewer.pk} was refused ({status}): GET {address}"
        for address, status in addresses.items()
    ]
    assert viewer.email not in caplog.text


def test_attempts_to_get_round_a_check_are_in_the_log(client, settings, caplog):
    """ASVS 5.0, 16.3.3. Those who sign in stand in a list of their own, too."""
    settings.API_PER_HOUR = 1
    stranger = Client(enforce_csrf_checks=True)
    stranger.post("/accounts/login/", {"login": "x@example.org", "password": "x"})
    for _time in range(2):
        client.get("/api/v1/cities/")
    client.get("/en/", {f"x{number}": "1" for number in range(1_200)})
    client.get("/en/", headers={"host": "elsewhere.example.org"})
    client.post("/en/join/interest/", {"opened": "forged"})
    client.post("/en/join/interest/", {"website": "https://example.org"})
    text = "\n".join(f"{each.name}: {each.getMessage()}" for each in caplog.records)
    for line in (
        "django.security.csrf: Forbidden",
        "django.request: Too Many Requests: /api/v1/cities/",
        "django.security.DisallowedHost: ",
        "members.views.join: The form for joining was refused: stamp",
        "members.views.join: The form for joining was filled in by a program",
    ):
        assert line in text
    assert "forged" not in text
