"""Passkeys: added, renamed and removed; they sign in alone, and are a second factor."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils.http import int_to_base36

from members import limits
from members.models import AccountEvent, User
from tests.members.soft_passkey import SoftPasskey

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-long-password"
LOGIN, CODE, PASSKEY = "/accounts/login/", "/accounts/code/", "/accounts/passkey/"
SAFETY, CODES = "/accounts/safety/", "/accounts/safety/codes/"
ADD = "/accounts/safety/passkeys/add/"
AGAIN = "/accounts/again/passkey/"
Kind = AccountEvent.Kind
# It could be an answer, and is none.
WRONG = '{"id": "YQ"}'
HERE = {"SERVER_NAME": "localhost"}


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def office():
    return User.objects.create_user(
        "office@example.org", PASSWORD, name="Office", is_secretariat=True
    )


def visitor(**headers) -> Client:
    return Client(**HERE, **headers)


def signed_in(person) -> Client:
    client = visitor()
    client.force_login(person)
    return client


def add(client: Client, passkey: SoftPasskey | None = None, name: str = "Telephone"):
    """Add a passkey; it, and where the page leads."""
    passkey = passkey or SoftPasskey()
    options = client.get(ADD).context["passkey_options"]
    response = client.post(ADD, {"name": name, "credential": passkey.create(options)})
    return passkey, response


def sign_in(passkey: SoftPasskey, client: Client | None = None, **values):
    client = client or visitor()
    options = client.get(PASSKEY).text
    response = client.post(PASSKEY, {"credential": passkey.get(options), **values})
    return client, response


def has_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def kinds(person) -> list[str]:
    return list(person.account_events.order_by("pk").values_list("kind", flat=True))


def letter(number: int) -> str:
    return " ".join(mail.outbox[number].body.split())


def make_old(client: Client) -> None:
    """The proof of the session is an hour old."""
    session = client.session
    session["proved_at"] = time.time() - 3600
    session.save()


def choose_password_by_letter(person):
    """The client, and the page after it."""
    client = visitor()
    number = int_to_base36(person.pk)
    token = default_token_generator.make_token(person)
    page = client.get(f"/accounts/password/reset/key/{number}-{token}/", follow=True)
    address = page.redirect_chain[-1][0]
    new = "another-good-phrase"
    return client, client.post(address, {"password1": new, "password2": new}, follow=True)


# --- After a new password by letter ---------------------------------------------------------------


def test_passkey_of_a_thief_does_not_outlive_a_new_password(
    office, django_capture_on_commit_callbacks
):
    thief, _response = add(signed_in(office), name="Thief")
    with django_capture_on_commit_callbacks(execute=True):
        client, page = choose_password_by_letter(office)
    assert "Passkey “Thief”" in page.text
    assert "next=%2Faccounts%2Fsafety%2F" in page.text
    assert "Passkey “Thief”" in letter(-1)
    assert SAFETY in letter(-1)
    door, answer = sign_in(thief)
    assert "confirm the passkey" in answer.text
    assert not has_signed_in(door)
    # It still is the second factor that is asked for after the password.
    login = {"login": office.email, "password": "another-good-phrase"}
    page = client.post(LOGIN, login, follow=True)
    assert not has_signed_in(client)
    client.post(CODE, {"credential": thief.get(page.context["passkey_options"])})
    assert has_signed_in(client)
    assert not has_signed_in(sign_in(thief)[0])


def test_owner_confirms_a_passkey_after_a_new_password(office, django_capture_on_commit_callbacks):
    passkey, _response = add(signed_in(office))
    choose_password_by_letter(office)
    office.refresh_from_db()
    client = signed_in(office)
    address = f"{SAFETY}passkeys/{Authenticator.objects.get(type='webauthn').pk}/confirm/"
    assert address in client.get(SAFETY).text
    make_old(client)
    assert client.post(address).status_code == 302
    assert not has_signed_in(sign_in(passkey)[0])
    client = signed_in(office)
    assert "Is this passkey yours?" in client.get(address).text
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    assert has_signed_in(sign_in(passkey)[0])
    assert address not in client.get(SAFETY).text
    assert "passkey_confirmed" in kinds(office)
    assert "A passkey was confirmed, and signs in alone again." in letter(-1)


# --- To have one ----------------------------------------------------------------------------------


def test_passkey_is_added_named_and_told_by_letter(office, django_capture_on_commit_callbacks):
    other = signed_in(office)
    client = signed_in(office)
    page = client.get(ADD)
    assert "<script>" not in page.text
    assert json.loads(page.context["passkey_options"])["publicKey"]["rp"] == {
        "id": "localhost",
        "name": "Ten Points",
    }
    with django_capture_on_commit_callbacks(execute=True):
        _passkey, response = add(client, name="  My\x00 telephone ")
    assert response["Location"] == CODES
    assert "My telephone" in client.get(SAFETY).text
    assert kinds(office) == [Kind.PASSKEY_ADDED]
    assert "A passkey was added to it. Passkey: My telephone When: " in letter(0)
    assert other.get("/admin/").status_code == 302


def test_what_was_done_is_said_in_the_persons_language_and_not_in_the_browsers(office):
    client = signed_in(office)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    add(client)
    page = client.get(CODES)
    assert "The passkey is set up." in page.text
    assert "Der Passkey ist eingerichtet" not in page.text


def test_passkey_without_a_name_is_called_after_its_browser(office):
    client = Client(**HERE, HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    client.force_login(office)
    add(client, name="")
    assert str(Authenticator.objects.get(type="webauthn")) == "Firefox, Linux"


def test_passkey_is_renamed_and_removed(office, settings, django_capture_on_commit_callbacks):
    client = signed_in(office)
    add(client)
    row = Authenticator.objects.get(type="webauthn")
    page = f"{SAFETY}passkeys/{row.pk}/"
    assert client.post(page, {"name": ""}).status_code == 200
    assert client.post(page, {"name": "Key in the safe"})["Location"] == SAFETY
    row.refresh_from_db()
    assert str(row) == "Key in the safe"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{page}remove/")["Location"] == SAFETY
    assert not Authenticator.objects.exists()
    assert kinds(office)[-1] == Kind.PASSKEY_REMOVED
    assert "A passkey was removed from it. Passkey: Key in the safe When: " in letter(-1)


def test_passkey_that_another_window_removed_is_said_to_be_gone(office):
    client = signed_in(office)
    add(client)
    page = f"{SAFETY}passkeys/{Authenticator.objects.get(type='webauthn').pk}/remove/"
    client.post(page)
    for answer in (client.get(page, follow=True), client.post(page, follow=True)):
        assert answer.redirect_chain == [(SAFETY, 302)]
        assert "There is no such passkey any more." in answer.text


def test_last_factor_stays_where_one_is_needed(office, settings):
    settings.SECOND_FACTOR = "secretariat"
    client = signed_in(office)
    assert client.get("/admin/")["Location"].startswith(SAFETY)
    add(client)
    assert client.get("/admin/").status_code == 200
    row = Authenticator.objects.get(type="webauthn")
    page = client.post(f"{SAFETY}passkeys/{row.pk}/remove/")
    assert "Set up another one before you remove this one." in page.text
    assert Authenticator.objects.filter(pk=row.pk).exists()


def test_passkey_of_another_person_does_not_exist(office, person, alfa):
    add(signed_in(office))
    row = Authenticator.objects.get(type="webauthn")
    other = signed_in(person("lead", alfa))
    for page in (f"{SAFETY}passkeys/{row.pk}/", f"{SAFETY}passkeys/{row.pk}/remove/"):
        assert other.get(page).status_code == 404
        assert other.post(page, {"name": "Mine"}).status_code == 404
    row.refresh_from_db()
    assert str(row) == "Telephone"


def test_passkeys_ask_for_a_fresh_proof(office):
    client = signed_in(office)
    add(client)
    row = Authenticator.objects.get(type="webauthn")
    make_old(client)
    for page in (ADD, f"{SAFETY}passkeys/{row.pk}/", f"{SAFETY}passkeys/{row.pk}/remove/"):
        assert client.get(page)["Location"].startswith("/accounts/again/?next=")
        client.post(page, {"name": "Another"})
    row.refresh_from_db()
    assert str(row) == "Telephone"


@pytest.mark.parametrize("page", [ADD, SAFETY])
def test_pages_are_for_people_who_are_signed_in(page):
    assert visitor().get(page)["Location"].startswith(LOGIN)


# --- To sign in -----------------------------------------------------------------------------------


def test_passkey_signs_in_alone_and_leads_where_the_person_went(office, settings):
    settings.SECOND_FACTOR = "secretariat"
    passkey, _response = add(signed_in(office))
    client, response = sign_in(passkey, next="/admin/members/city/")
    assert response["Location"] == "/admin/members/city/"
    assert client.get("/admin/members/city/").status_code == 200
    assert kinds(office)[-1] == Kind.SIGNED_IN
    _client, response = sign_in(passkey, next="https://evil.example/")
    assert response["Location"] == "/admin/"


def test_passkey_that_nobody_unlocked_is_a_second_factor_only(office):
    passkey, _response = add(signed_in(office), SoftPasskey(is_unlocked=False))
    client, response = sign_in(passkey)
    assert "The passkey was not accepted." in response.text
    assert not has_signed_in(client)
    client.post(LOGIN, {"login": office.email, "password": PASSWORD})
    assert not has_signed_in(client)
    options = client.get(CODE).context["passkey_options"]
    assert client.post(CODE, {"credential": passkey.get(options)})["Location"] == "/admin/"
    assert has_signed_in(client)


def test_person_who_is_switched_off_does_not_get_in(office):
    passkey, _response = add(signed_in(office))
    User.objects.filter(pk=office.pk).update(is_active=False)
    client, response = sign_in(passkey)
    assert response.status_code == 200
    assert not has_signed_in(client)


def test_answer_works_once_and_for_its_own_question(office):
    passkey, _response = add(signed_in(office))
    client = visitor()
    answer = passkey.get(client.get(PASSKEY).text)
    client.post(PASSKEY, {"credential": answer})
    assert has_signed_in(client)
    again = visitor()
    again.get(PASSKEY)
    again.post(PASSKEY, {"credential": answer})
    assert not has_signed_in(again)
    without_question = visitor()
    without_question.post(PASSKEY, {"credential": answer})
    assert not has_signed_in(without_question)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://evil.example"},
        {"origin": "https://localhost.evil.example"},
        {"host": "evil.example"},
    ],
)
def test_answer_for_another_website_is_refused(office, wrong):
    passkey, _response = add(signed_in(office))
    for name, value in wrong.items():
        setattr(passkey, name, value)
    client, _response = sign_in(passkey)
    assert not has_signed_in(client)


def test_passkey_of_one_person_signs_no_other_in(office, person, alfa):
    passkey, _response = add(signed_in(office))
    other = person("lead", alfa)
    thief, _response = add(signed_in(other), SoftPasskey(credential_id=b"another"))
    thief.owner = passkey.owner
    client, _response = sign_in(thief)
    assert not has_signed_in(client)


NONSENSE = [
    "",
    "x",
    "[]",
    "null",
    "7",
    '"text"',
    "{}",
    '{"id": 7, "rawId": [], "response": 3}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}}',
    '{"id": "é", "rawId": "\\ud800", "type": "public-key", "response": {"userHandle": "\\u0000"}}',
    "[" * 15_000,
    '{"a":' * 3_000,
    "1" * 30_000,
]


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_is_no_passkey(office, answer):
    client = signed_in(office)
    add(client)
    for page in (PASSKEY, AGAIN, ADD):
        client.get(page)
        response = client.post(page, {"credential": answer, "name": "x"})
        assert response.status_code == 200
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    refused = AccountEvent.objects.filter(kind=Kind.PASSKEY_REFUSED)
    # What cannot be an answer of a browser at all is not noted.
    assert refused.count() <= 2
    assert not AccountEvent.objects.filter(kind=Kind.FAILED).exists()


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("value", ["", "AAAA", "é", None, 7, ["a"], {"a": 1}, "9" * 20])
def test_part_of_an_answer_may_be_anything(office, part, value):
    passkey, _response = add(signed_in(office))
    client = visitor()
    answer = json.loads(passkey.get(client.get(PASSKEY).text))
    answer["response"][part] = value
    response = client.post(PASSKEY, {"credential": json.dumps(answer)})
    assert response.status_code == 200
    assert not has_signed_in(client)


def test_one_computer_is_refused_after_so_many_wrong_answers(office, monkeypatch):
    monkeypatch.setattr(limits, "PER_SENDER", 3)
    passkey, _response = add(signed_in(office))
    client = visitor()
    answers = [client.post(PASSKEY, {"credential": WRONG}).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert AccountEvent.objects.filter(kind=Kind.TOO_MANY).count() == 1
    assert client.post(PASSKEY, {"credential": ""}).status_code == 200
    elsewhere, _response = sign_in(passkey, visitor(REMOTE_ADDR="203.0.113.9"))
    assert has_signed_in(elsewhere)


def test_questions_of_one_computer_fill_no_table(office, monkeypatch):
    monkeypatch.setattr(limits, "PER_SENDER", 3)
    answers = [visitor().get(PASSKEY).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert Session.objects.count() == 3


# --- The second step, and later -------------------------------------------------------------------


def test_second_step_offers_the_passkey_to_who_has_one(office, person, alfa):
    passkey, _response = add(signed_in(office))
    client = visitor()
    client.post(LOGIN, {"login": office.email, "password": PASSWORD})
    page = client.get(CODE)
    assert 'data-passkey="get"' in page.text
    wrong = client.post(CODE, {"credential": WRONG})
    assert "The passkey was not accepted." in wrong.text
    assert kinds(office)[-1] == Kind.PASSKEY_REFUSED
    client.post(CODE, {"credential": passkey.get(wrong.context["passkey_options"])})
    assert has_signed_in(client)


def test_recovery_code_stands_in_for_a_lost_passkey(office):
    client = signed_in(office)
    add(client)
    code = client.get(CODES).context["unused_codes"][0]
    second = visitor()
    second.post(LOGIN, {"login": office.email, "password": PASSWORD})
    second.post(CODE, {"code": code})
    assert has_signed_in(second)


def test_form_is_carried_through_a_second_step_with_a_passkey(office):
    passkey, _response = add(signed_in(office))
    carried = {
        "to": "/admin/members/city/add/",
        "carried": '[["intro_en", "Kraków has decided it"]]',
        "files": "",
    }
    client = visitor()
    values = {**carried, "login": office.email, "password": PASSWORD}
    first = client.post("/accounts/unsent/", values)
    wrong = client.post("/accounts/unsent/", {**carried, "credential": WRONG})
    for page in (first, wrong):
        assert page.status_code == 401
        assert page.text.count('name="carried"') == 2
    # Whoever has no code left is asked for none.
    assert 'name="code"' in first.text
    Authenticator.objects.filter(type="recovery_codes").delete()
    wrong = client.post("/accounts/unsent/", {**carried, "credential": WRONG})
    assert 'name="code"' not in wrong.text
    assert wrong.text.count('name="carried"') == 1
    answer = passkey.get(wrong.context["passkey_options"])
    last = client.post("/accounts/unsent/", {**carried, "credential": answer})
    assert has_signed_in(client)
    assert "Kraków has decided it" in last.text


def test_passkey_proves_who_one_is(office):
    client = signed_in(office)
    passkey, _response = add(client)
    make_old(client)
    assert f"{AGAIN}?next=" in client.get(client.get(ADD)["Location"]).text
    page = client.get(f"{AGAIN}?next={ADD}")
    wrong = client.post(f"{AGAIN}?next={ADD}", {"credential": WRONG})
    assert "The passkey was not accepted." in wrong.text
    assert kinds(office)[-1] == Kind.PASSKEY_REFUSED
    assert client.get(ADD).status_code == 302
    answer = passkey.get(wrong.context["passkey_options"])
    assert page.context["passkey_options"] != wrong.context["passkey_options"]
    assert client.post(AGAIN, {"credential": answer, "next": ADD})["Location"] == ADD
    assert client.get(ADD).status_code == 200


# --- Where browsers refuse them -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "server"), [("", "localhost"), ("localhost", "127.0.0.1"), ("a.example", "localhost")]
)
def test_under_another_address_none_is_offered_and_the_password_goes_on(
    office, settings, host, server
):
    add(signed_in(office))
    settings.PASSKEY_HOST = host
    client = Client(SERVER_NAME=server)
    assert "passkey" not in client.get(LOGIN).text.lower()
    client.post(LOGIN, {"login": office.email, "password": PASSWORD})
    assert "passkey" not in client.get(CODE).text.lower()
    client.force_login(office)
    for page in (PASSKEY, AGAIN, ADD):
        assert client.get(page).status_code == 404
        assert client.post(page, {"credential": WRONG}).status_code == 404
    assert "browsers make no passkeys" in client.get(SAFETY).text
    make_old(client)
    assert AGAIN not in client.get("/accounts/again/").text
    row = Authenticator.objects.get(type="webauthn")
    assert client.get(f"{SAFETY}passkeys/{row.pk}/remove/").status_code == 302


def test_only_what_somebody_has_is_offered(office):
    """A passkey and no app: codes are recovery codes, as long as one is left."""
    add(signed_in(office))
    client = Client(SERVER_NAME="localhost")
    client.post(LOGIN, {"login": office.email, "password": PASSWORD})
    asked = client.get(CODE)
    assert "your app" not in asked.text
    assert "Now use your passkey, or write a recovery code." in asked.text
    desk = signed_in(office)
    make_old(desk)
    assert "Write a recovery code instead" in desk.get("/accounts/again/").text
    Authenticator.objects.filter(type="recovery_codes").delete()
    assert 'name="code"' not in client.get(CODE).text
    assert "/accounts/again/code/" not in desk.get("/accounts/again/").text
