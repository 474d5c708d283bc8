"""How long a session lasts, what needs a fresh proof of who one is, and what the person is told."""

import re
import time
from html import unescape

import pytest
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from members import devices, proof
from members.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-long-password"
LOGIN = "/accounts/login/"
MINUTE, HOUR = 60, 3600


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def office():
    return User.objects.create_user(
        "office@example.org", PASSWORD, name="Office", is_secretariat=True
    )


def session_with(person, **ages: float) -> Client:
    """Somebody signed in, whose session notes these times so many seconds ago."""
    client = Client()
    client.force_login(person)
    session = client.session
    for name, age in ages.items():
        session[name] = time.time() - age
    session.save()
    return client


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("ages", "lasts"),
    [
        ({"seen_at": 119 * MINUTE}, True),
        ({"seen_at": 121 * MINUTE}, False),
        ({"began_at": 12 * HOUR - MINUTE}, True),
        ({"began_at": 12 * HOUR + MINUTE}, False),
    ],
)
def test_session_ends_without_use_and_after_half_a_day(office, ages, lasts):
    client = session_with(office, **ages)
    assert is_in(client) == lasts
    assert ("_auth_user_id" in client.session) == lasts


FORGET = '"cache", "storage"'


def test_browser_forgets_pages_when_a_session_ends_and_not_before(office):
    """However it ends: by time, by the button, by a new password somewhere else. Never the cookies,
    which a browser would take from the whole domain."""
    idle = session_with(office, seen_at=3 * HOUR)
    signs_out, changed = session_with(office), session_with(office)
    for client in (signs_out, changed):
        assert "Clear-Site-Data" not in client.get("/admin/").headers
    assert idle.get("/admin/")["Clear-Site-Data"] == FORGET
    assert signs_out.post("/accounts/logout/")["Clear-Site-Data"] == FORGET
    office.set_password("another-good-long-password")
    office.save()
    assert changed.get("/admin/")["Clear-Site-Data"] == FORGET
    for client in (idle, signs_out, changed, Client()):
        assert "Clear-Site-Data" not in client.get("/admin/").headers


def test_time_without_use_is_a_setting(office, settings):
    settings.SESSION_IDLE_MINUTES = 5
    assert not is_in(session_with(office, seen_at=6 * MINUTE))


def test_use_is_noted_once_a_minute(office):
    client = session_with(office, seen_at=90)
    assert is_in(client)
    assert time.time() - client.session["seen_at"] < 30


def test_session_of_before_the_rule_goes_on(office):
    client = Client()
    client.force_login(office)
    session = client.session
    for name in (proof.BEGAN_AT, proof.SEEN_AT, proof.PROVED_AT, proof.BROWSER):
        del session[name]
    session.save()
    assert is_in(client)
    assert is_in(client)


def test_text_that_comes_after_the_end_is_carried(office):
    client = session_with(office, seen_at=3 * HOUR)
    page = client.post("/admin/members/country/add/", {"name_en": "A country with words"})
    assert page.status_code == 401
    assert "A country with words" in page.text


def test_whoever_is_switched_off_is_not_signed_in_when_switched_on_again(office, person):
    client = session_with(office)
    other = session_with(person("secretariat"))
    address = f"/admin/members/user/{office.pk}/change/"
    for is_active in (False, True):
        form = {"email": office.email, "name": office.name, "language": "en"}
        form |= {"is_secretariat": "on"} | ({"is_active": "on"} if is_active else {})
        page = unescape(other.get(address).text.replace("&quot;", "'"))
        seen = re.findall(r'name="(seen|_writer)" value="([^"]*)"', page)
        seen = [(name, value.replace("'", '"')) for name, value in seen]
        assert other.post(address, form | dict(seen)).status_code == 302
    assert not is_in(client)


def test_each_button_is_named_for_what_it_ends(office):
    """Who hears the page, and not sees it, hears which of two sessions a button ends."""
    client = session_with(office)
    for hours in (1, 3):
        other = session_with(office, began_at=hours * HOUR)
        session = other.session
        session["browser"] = "Safari, iPhone"
        session.save()
    page = client.get("/accounts/safety/sessions/").text
    buttons = re.findall(r"<button[^>]*>(.*?)</button>", page, re.DOTALL)
    names = [" ".join(re.sub("<[^>]*>", "", button).split()) for button in buttons]
    ending = [name for name in names if name.startswith("Sign out there")]
    assert len(set(ending)) == 2
    assert all("Safari, iPhone" in name for name in ending)


# --- A fresh proof --------------------------------------------------------------------------------


def exists(name: str) -> bool:
    for arguments in ([], [1], [1, "submit"]):
        try:
            reverse(f"admin:{name}", args=arguments)
        except NoReverseMatch:
            continue
        return True
    return False


def test_each_guarded_page_exists():
    assert {name for name in proof.GUARDED if not exists(name)} == set()


def test_rights_ask_for_the_password_once_more(office):
    client = session_with(office, proved_at=16 * MINUTE)
    page = f"/admin/members/user/{office.pk}/change/"
    asked = client.get(page)
    assert asked["Location"].startswith("/accounts/again/?next=")
    assert client.get("/admin/members/city/").status_code == 200
    wrong = client.post(asked["Location"], {"password": "wrong"})
    assert wrong.status_code == 200
    assert 'aria-invalid="true"' in wrong.text
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == page
    assert client.get(page).status_code == 200


def test_form_before_an_important_step_is_carried_through_the_proof(office, person):
    other = person("secretariat")
    client = session_with(office, proved_at=16 * MINUTE)
    page = f"/admin/members/user/{other.pk}/change/"
    asked = client.post(page, {"name": "Another name", "email": other.email})
    assert asked.status_code == 403
    assert "Another name" in asked.text
    other.refresh_from_db()
    assert other.name != "Another name"
    carried = {"to": page, "carried": '[["name", "Another name"]]', "files": ""}
    wrong = client.post("/accounts/unsent/again/", {**carried, "password": "wrong"})
    assert "Another name" in wrong.text
    right = client.post("/accounts/unsent/again/", {**carried, "password": PASSWORD})
    assert f'action="{page}"' in right.text
    assert "Another name" in right.text
    assert client.get(page).status_code == 200


def test_proof_leads_nowhere_else(office):
    client = session_with(office, proved_at=16 * MINUTE)
    carried = {"to": "https://evil.example/", "carried": "[]", "files": ""}
    answer = client.post("/accounts/unsent/again/", {**carried, "password": PASSWORD})
    assert answer["Location"] == "/admin/"
    away = client.post("/accounts/again/?next=https://evil.example/", {"password": PASSWORD})
    assert away["Location"] == "/admin/"


def test_proof_of_a_visitor_leads_to_signing_in(client):
    for address in ("/accounts/again/", "/accounts/again/code/", "/accounts/unsent/again/"):
        assert client.get(address)["Location"].startswith(LOGIN)


# --- Devices --------------------------------------------------------------------------------------


def sign_in(client: Client, person, capture) -> None:
    with capture(execute=True):
        client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session


def test_new_device_is_told_and_a_known_one_is_not(office, django_capture_on_commit_callbacks):
    capture = django_capture_on_commit_callbacks
    first = Client()
    sign_in(first, office, capture)
    assert mail.outbox == []
    first.post("/accounts/logout/")
    sign_in(first, office, capture)
    assert mail.outbox == []
    firefox = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    sign_in(firefox, office, capture)
    text = " ".join(mail.outbox[0].body.split())
    assert "a device that was not used for it before. When: " in text
    assert "Browser: Firefox, Windows" in text


def test_device_cookie_is_signed_and_seen_by_sign_in_pages_alone(
    office, django_capture_on_commit_callbacks
):
    client = Client()
    sign_in(client, office, django_capture_on_commit_callbacks)
    cookie = client.cookies[devices.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/accounts/", True, "Lax")
    forged = Client()
    forged.cookies[devices.COOKIE] = cookie.value[:-1] + "x"
    sign_in(forged, office, django_capture_on_commit_callbacks)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Chrome/140 Safari/537 Edg/140", "Edge, macOS"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537", "Chrome, Android"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_browser_is_named_in_two_words(rf, text, name):
    assert proof.browser_of(rf.get("/", headers={"User-Agent": text})) == name
