"""Signing in and out, a new password, an invitation's page, the language of work."""

import email
import email.policy
import hashlib
import re
import threading
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from members import emails, passwords
from members.forms.accounts import NewPasswordForm
from members.models import AccountEvent, City, CityRole, Country, Invitation, Letter, User
from members.services import people
from tests.mail_server import serving

pytestmark = pytest.mark.django_db

# As it is outside of these tests.
LETTER_PAUSE = people.LETTER_PAUSE

PASSWORD = "a-good-long-password"
LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
CHANGE = "/admin/password_change/"


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def krakow():
    country = Country.objects.create(code="PL", in_eu=True)
    return City.objects.create(
        slug="krakow",
        name_en="Krakow",
        name_pl="Kraków",
        local_name="Kraków",
        local_language="pl",
        country=country,
    )


@pytest.fixture
def secretariat():
    return User.objects.create_user(
        "secretariat@example.org", PASSWORD, name="Sekretariat", is_secretariat=True
    )


@pytest.fixture(autouse=True)
def letters_soon(monkeypatch):
    """Nobody measures the time of an answer here."""
    monkeypatch.setattr(people, "LETTER_PAUSE", 0.01)
    yield
    wait_for_letters()


@pytest.fixture
def zofia():
    return User.objects.create_user("zofia@example.org", PASSWORD, name="Zofia", language="pl")


@pytest.fixture
def invitation(krakow, secretariat):
    return make_invitation(krakow, secretariat)


def make_invitation(city, by, *, token="open-sesame", to="new@example.org", **fields):
    now = timezone.now()
    values = {
        "role": "lead" if city else "",
        "to_office": city is None,
        "language": "pl",
        "expires_at": now + timedelta(days=14),
    }
    return Invitation.objects.create(
        email=to,
        city=city,
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
        invited_at=now,
        invited_by=by,
        **{**values, **fields},
    )


def page_of(invitation_token="open-sesame", query=""):
    return f"/accounts/invitation/{invitation_token}/{query}"


def answers(**changed):
    return {
        "name": "Jan",
        "language": "pl",
        "password": PASSWORD,
        "password_again": PASSWORD,
        **changed,
    }


def wait_for_letters():
    for thread in threading.enumerate():
        if thread.name.startswith("letter to"):
            thread.join(timeout=10)


def rows():
    """Everything that a GET might have changed."""
    return (
        list(User.objects.order_by("pk").values()),
        list(Invitation.objects.order_by("pk").values()),
        list(CityRole.objects.order_by("pk").values()),
    )


# --- Signing in -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["zofia@example.org", "Zofia@Example.ORG", "  ZOFIA@EXAMPLE.ORG  "]
)
def test_login_ignores_the_case_of_the_address(client, zofia, typed):
    response = client.post(LOGIN, {"login": typed, "password": PASSWORD})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(zofia.pk)


@pytest.mark.parametrize(
    ("typed", "password"),
    [
        ("zofia@example.org", "wrong"),
        ("zofia@example.org", PASSWORD.upper()),
        ("zofia@example.org", f" {PASSWORD}"),
        ("zofia@example.org", ""),
        ("nobody@example.org", PASSWORD),
        ("zofia@example.org\x00", PASSWORD),
        ("\x00", "\x00"),
        ("", ""),
        ("z" * 10_000, "p" * 10_000),
        ("' OR 1=1 --", "x"),
        ("%", "x"),
    ],
)
def test_login_refuses(client, zofia, typed, password):
    response = client.post(LOGIN, {"login": typed, "password": password})
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert 'class="error-summary"' in response.text


def test_login_says_the_same_for_wrong_password_unknown_person_and_inactive_person(client, zofia):
    User.objects.create_user("gone@example.org", PASSWORD, name="Gone", is_active=False)
    tried = [
        ("zofia@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("gone@example.org", PASSWORD),
    ]
    said = {
        str(client.post(LOGIN, {"login": typed, "password": password}).context["form"].errors)
        for typed, password in tried
    }
    assert len(said) == 1
    assert "do not belong together" in said.pop()


class CountedWork:
    """What a request costs: passwords hashed, questions to the database, letters."""

    def __init__(self, monkeypatch):
        self.hashes = 0
        self.computers = (f"192.0.2.{number}" for number in range(1, 100))
        for name in ("encode", "verify"):
            monkeypatch.setattr(Argon2PasswordHasher, name, self.counted(name))

    def counted(self, name: str):
        original = getattr(Argon2PasswordHasher, name)

        def method(hasher, *args, **names):
            self.hashes += 1
            return original(hasher, *args, **names)

        return method

    def of(self, page: str, fields: dict[str, str]) -> tuple[int, list[str], int]:
        """By a visitor who comes the first time."""
        self.hashes = 0
        mail.outbox.clear()
        with CaptureQueriesContext(connection) as queries:
            response = Client(REMOTE_ADDR=next(self.computers)).post(page, fields)
        verbs = [query["sql"].partition(" ")[0] for query in queries]
        return response.status_code, [self.hashes, *verbs], len(mail.outbox)


@pytest.fixture
def work(monkeypatch, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 64)
    return CountedWork(monkeypatch)


def test_login_does_the_same_work_whoever_is_tried(work):
    """Counted, not timed: one password hashed, the same questions in the same order, no letter."""
    User.objects.create_user("zofia@example.org", PASSWORD, name="Zofia")
    User.objects.create_user("gone@example.org", PASSWORD, name="Gone", is_active=False)
    tried = [
        ("zofia@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("gone@example.org", PASSWORD),
    ]
    costs = [work.of(LOGIN, {"login": typed, "password": word}) for typed, word in tried]
    assert costs[0][1][0] == 1
    assert costs[0] == costs[1] == costs[2]


def test_asking_for_a_new_password_does_the_same_work_whoever_is_asked_for(
    work, monkeypatch, zofia
):
    """The letter itself is written by a thread of its own, a while after the answer: work beside
    the answer slowed it down by ten milliseconds, for known addresses alone."""
    assert LETTER_PAUSE >= 1
    started = []

    def timer(_pause: float, *names: object) -> SimpleNamespace:
        return SimpleNamespace(start=lambda: started.append(names))

    monkeypatch.setattr(threading, "Timer", timer)
    User.objects.create_user("gone@example.org", PASSWORD, name="Gone", is_active=False)
    addresses = ("zofia@example.org", "nobody@example.org", "gone@example.org")
    costs = [work.of(RESET, {"email": address}) for address in addresses]
    assert costs[0] == costs[1] == costs[2]
    assert len(started) == len(addresses)


def test_login_shows_the_error_at_its_field(client):
    response = client.post(LOGIN, {"login": "", "password": "x"})
    assert 'aria-invalid="true"' in response.text
    assert 'href="#id_login"' in response.text


def test_login_ends_for_a_person_switched_off(client, zofia):
    client.force_login(zofia)
    User.objects.filter(pk=zofia.pk).update(is_active=False)
    response = client.get(LOGIN)
    assert not response.wsgi_request.user.is_authenticated


def test_login_follows_next_on_this_site(client, zofia):
    response = client.post(
        f"{LOGIN}?next=/en/cities/",
        {"login": zofia.email, "password": PASSWORD, "next": "/en/cities/"},
    )
    assert response["Location"] == "/en/cities/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        r"\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "https://testserver@evil.example/",
        "\x00//evil.example",
    ],
)
def test_login_refuses_an_open_redirect(client, zofia, target):
    for query, form in [({"next": target}, {}), ({}, {"next": target})]:
        response = client.post(
            LOGIN, {"login": zofia.email, "password": PASSWORD, **form}, query_params=query
        )
        assert response["Location"] == "/accounts/login/"
    page = client.get(LOGIN, {"next": target})
    assert "next" not in page.context or page.context["next"] == ""


def test_login_leads_who_holds_a_role_to_the_administration(client, zofia, krakow):
    CityRole.objects.create(user=zofia, city=krakow, role="lead")
    response = client.post(LOGIN, {"login": zofia.email, "password": PASSWORD})
    assert response["Location"] == "/admin/"


def test_login_tells_who_holds_no_role(client, zofia):
    response = client.post(LOGIN, {"login": zofia.email, "password": PASSWORD}, follow=True)
    assert response.status_code == 200
    assert response.wsgi_request.path == LOGIN
    assert "/contact/" in response.text


def test_login_needs_its_token(zofia):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(LOGIN, {"login": zofia.email, "password": PASSWORD}).status_code == 403


def test_login_changes_the_session_key(client, zofia):
    client.get(LOGIN)
    session = client.session
    session["kept"] = 1
    session.save()
    before = session.session_key
    client.post(LOGIN, {"login": zofia.email, "password": PASSWORD})
    assert client.session.session_key != before


def test_login_offers_the_languages_and_keeps_next(client):
    response = client.get(LOGIN, {"next": "/admin/?a=1", "language": "de"})
    assert 'lang="de"' in response.text
    assert re.search(r'href="\?next=%2Fadmin%2F%3Fa%3D1&amp;language=pl"', response.text)
    assert response["Content-Language"] == "de"


@pytest.mark.parametrize(
    "address",
    [
        LOGIN,
        "/accounts/logout/",
        RESET,
        f"{RESET}sent/",
        f"{RESET}done/",
        f"{RESET}key/1-x-y/",
        page_of("x"),
        page_of(),
    ],
)
def test_account_pages_are_not_indexed_cached_or_broken(client, invitation, address):
    response = client.get(address)
    assert '<meta name="robots" content="noindex">' in response.text
    assert "no-store" in response["Cache-Control"]
    assert "style=" not in response.text
    assert response.text.count("<h1") == 1
    assert response.text.count("csrfmiddlewaretoken") == response.text.count('method="post"')


def test_logout_wants_a_post(client, zofia):
    client.force_login(zofia)
    page = client.get("/accounts/logout/")
    assert page.status_code == 200
    assert client.session["_auth_user_id"]
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_logout_refuses_an_open_redirect(client, zofia):
    client.force_login(zofia)
    response = client.post("/accounts/logout/", {"next": "https://evil.example/"})
    assert response["Location"] == "/accounts/logout/"
    assert "_auth_user_id" not in client.session


# --- A new password -------------------------------------------------------------------------------


def test_password_reset_is_written_in_the_language_of_the_person(client, zofia, settings):
    settings.SITE_URL = "https://cities.example.org"
    with override("de"):
        response = client.post(f"{RESET}?language=de", {"email": "ZOFIA@example.org"})
    wait_for_letters()
    assert response["Location"] == "/accounts/password/reset/sent/?language=de"
    [letter] = mail.outbox
    wording = emails.portal_wording("password_reset", "pl")
    assert letter.subject == wording.subject.replace("{portal}", settings.PORTAL_NAME)
    assert letter.to == ["zofia@example.org"]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    [html] = letter.alternatives
    assert html.mimetype == "text/html"
    assert '<html lang="pl"' in html.content
    pattern = r"https://cities\.example\.org/accounts/password/reset/key/[^/]+/\?language=pl"
    assert re.search(pattern, letter.body)
    assert re.search(pattern, html.content)


@pytest.mark.parametrize("typed", ["nobody@example.org", "gone@example.org"])
def test_password_reset_tells_nothing_about_who_exists(client, zofia, typed):
    User.objects.create_user("gone@example.org", PASSWORD, name="Gone", is_active=False)
    known = client.post(RESET, {"email": zofia.email}, follow=True)
    wait_for_letters()
    mail.outbox.clear()
    unknown = client.post(RESET, {"email": typed}, follow=True)
    wait_for_letters()
    assert mail.outbox == []
    assert unknown.redirect_chain == known.redirect_chain
    assert unknown.text == known.text


def test_password_reset_answers_before_the_mail_server_does(client, zofia, monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(emails, "send_password_reset", lambda *, user: release.wait(10))
    response = client.post(RESET, {"email": zofia.email})
    release.set()
    wait_for_letters()
    assert response.status_code == 302


def test_password_reset_with_the_mail_server_away_is_logged(client, zofia, monkeypatch, caplog):
    def away(**kwargs):
        raise ConnectionRefusedError("mail server away")

    monkeypatch.setattr(emails, "send_password_reset", away)
    response = client.post(RESET, {"email": zofia.email})
    wait_for_letters()
    assert response.status_code == 302
    assert f"person {zofia.pk}" in caplog.text
    assert zofia.email not in caplog.text


@pytest.mark.parametrize(
    "typed", ["", "no address", "a\x00b@example.org", "x" * 300 + "@example.org"]
)
def test_password_reset_refuses_what_is_no_address(client, typed):
    response = client.post(RESET, {"email": typed})
    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.text


def reset_link(client, person):
    client.post(RESET, {"email": person.email})
    wait_for_letters()
    return re.search(r"https?://[^/]+(/accounts/\S+)", mail.outbox[-1].body).group(1)


def test_password_reset_whole_path(client, zofia):
    link = reset_link(client, zofia)
    before = rows()
    page = client.get(link, follow=True)
    assert rows() == before
    assert page.redirect_chain[0][0].endswith("-set-password/?language=pl")
    assert page["Content-Language"] == "pl"
    address = page.redirect_chain[0][0]
    done = client.post(
        address, {"password1": "another-good-phrase", "password2": "another-good-phrase"}
    )
    assert done["Location"] == "/accounts/password/reset/done/?language=pl"
    assert client.get(done["Location"]).status_code == 200
    zofia.refresh_from_db()
    assert zofia.check_password("another-good-phrase")
    assert client.get(link).status_code == 410


def test_of_two_who_use_a_reset_link_at_once_one_keeps_the_password(client, zofia, monkeypatch):
    """The second has opened the page, and passed every check, before the first one saves."""
    link = reset_link(client, zofia)
    address = client.get(link)["Location"]
    other = Client()
    other.get(link)
    check = NewPasswordForm.clean
    first = []

    def slow(form):
        values = check(form)
        if not first:
            first.append(None)
            typed = {"password1": "the-first-good-phrase", "password2": "the-first-good-phrase"}
            first[0] = other.post(address, typed)
        return values

    monkeypatch.setattr(NewPasswordForm, "clean", slow)
    typed = {"password1": "the-second-good-phrase", "password2": "the-second-good-phrase"}
    second = client.post(address, typed)
    assert (first[0].status_code, second.status_code) == (302, 410)
    assert "This link no longer works" in second.text
    zofia.refresh_from_db()
    assert zofia.check_password("the-first-good-phrase")


def test_password_reset_shows_what_is_wrong_at_its_field(client, zofia):
    address = client.get(reset_link(client, zofia))["Location"]
    weak = client.post(address, {"password1": "short", "password2": "short"})
    assert set(weak.context["form"].errors) == {"password1"}
    unlike = client.post(address, {"password1": PASSWORD, "password2": "something-else"})
    assert set(unlike.context["form"].errors) == {"password2"}
    zofia.refresh_from_db()
    assert zofia.check_password(PASSWORD)


def test_password_reset_keeps_what_others_changed_meanwhile(client, zofia, monkeypatch):
    address = client.get(reset_link(client, zofia))["Location"]
    stale = User.objects.get(pk=zofia.pk)
    User.objects.filter(pk=zofia.pk).update(name="Zofia Nowa")
    monkeypatch.setattr("members.forms.accounts.ResetLinkForm._get_user", lambda form, key: stale)
    client.post(address, {"password1": "another-good-phrase", "password2": "another-good-phrase"})
    zofia.refresh_from_db()
    assert zofia.name == "Zofia Nowa"
    assert zofia.check_password("another-good-phrase")


def test_password_reset_link_dies_with_the_account(client, zofia):
    link = reset_link(client, zofia)
    User.objects.filter(pk=zofia.pk).update(is_active=False)
    assert client.get(link).status_code == 410


def test_password_reset_link_dies_with_a_newer_one(client, zofia):
    first, second = reset_link(client, zofia), reset_link(client, zofia)
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 302


def test_password_reset_link_stays_dead_after_switching_off_and_on(client, zofia, secretariat):
    link = reset_link(client, zofia)
    office = Client()
    office.force_login(secretariat)
    session = office.session
    session["proved_at"] = time.time()
    session.save()
    page = f"/admin/members/user/{zofia.pk}/change/"
    fields = {"email": zofia.email, "name": "Zofia", "language": "pl"}
    for switch in ({}, {"is_active": "on"}):
        assert office.post(page, {**fields, **switch}).status_code == 302
    zofia.refresh_from_db()
    assert zofia.is_active
    assert client.get(link).status_code == 410


def test_new_password_is_not_the_old_one(client, zofia, krakow):
    CityRole.objects.create(user=zofia, city=krakow, role="editor")
    address = client.get(reset_link(client, zofia))["Location"]
    same = {"password1": PASSWORD, "password2": PASSWORD}
    words = "This is the password that you have now. Choose another one."
    with override("en"):
        answer = client.post(address, same)
        assert answer.context["form"].errors == {"password1": [words]}
    client.force_login(zofia)
    answer = client.post(CHANGE, {"oldpassword": PASSWORD, **same})
    assert set(answer.context["form"].errors) == {"password1"}
    guess = client.post(CHANGE, {"oldpassword": "wrong", **same})
    assert set(guess.context["form"].errors) == {"oldpassword"}


# As much as three fields of one form may have.
MEGABYTE = "a b " * 200_000


def test_password_of_a_megabyte_is_not_looked_at(
    client, zofia, secretariat, invitation, work, monkeypatch
):
    """Refused with a sentence at its field: nothing is hashed, rated or counted as an attempt."""
    reset = client.get(reset_link(client, zofia))["Location"]
    pages = {
        LOGIN: {"login": zofia.email, "password": MEGABYTE},
        reset: {"password1": MEGABYTE, "password2": MEGABYTE},
        page_of(): answers(password=MEGABYTE, password_again=MEGABYTE),
    }
    rated = []
    monkeypatch.setattr(passwords, "zxcvbn", lambda *args, **names: rated.append(args))
    work.hashes = 0
    for address, values in pages.items():
        answer = client.post(address, values)
        assert_refused_for_its_length(answer)
    client.force_login(secretariat)
    for address, name in {"/accounts/again/": "password", CHANGE: "oldpassword"}.items():
        new = {"password1": MEGABYTE, "password2": MEGABYTE}
        assert_refused_for_its_length(client.post(address, {**new, name: MEGABYTE}))
    assert (work.hashes, rated) == (0, [])
    kinds = set(AccountEvent.objects.values_list("kind", flat=True))
    assert kinds <= {"link_asked"}


def assert_refused_for_its_length(answer):
    assert answer.status_code == 200
    errors = answer.context["form"].errors.as_data()
    assert {error.code for listed in errors.values() for error in listed} == {"max_length"}
    assert MEGABYTE[:100] not in answer.text


def test_letter_of_an_invitation_is_in_the_language_of_the_account(krakow, secretariat, zofia):
    people.invite(email=zofia.email, city=krakow, role="editor", language="de", by=secretariat)
    assert Letter.objects.get().language == "pl"


@pytest.mark.parametrize(
    "key", ["MQ", "x", "AAAA", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ", "AA"]
)
def test_password_reset_link_that_is_none(client, key):
    for address in (f"{RESET}key/{key}-abc-def/", f"{RESET}{key}/abc-def/"):
        response = client.get(address, follow=True)
        assert response.status_code == 410
        assert RESET in response.text


@pytest.fixture
def mail_server(settings):
    with serving(settings) as mailbox:
        yield mailbox


def test_password_reset_through_a_real_smtp_conversation(client, zofia, mail_server):
    client.post(RESET, {"email": zofia.email})
    deadline = time.monotonic() + 10
    while not mail_server.envelopes and time.monotonic() < deadline:
        time.sleep(0.02)
    wait_for_letters()
    [envelope] = mail_server.envelopes
    assert envelope.rcpt_tos == ["zofia@example.org"]
    letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert letter["Subject"].startswith(
        emails.portal_wording("password_reset", "pl").subject.partition("{")[0]
    )
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "pl"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    link = re.search(r"/accounts/password/\S+", letter.get_body(("plain",)).get_content()).group()
    assert client.get(link, follow=True).status_code == 200


# --- An invitation --------------------------------------------------------------------------------


def test_invitation_whole_path_for_a_new_person(
    client, krakow, secretariat, settings, django_capture_on_commit_callbacks
):
    settings.SITE_URL = "https://cities.example.org"
    with django_capture_on_commit_callbacks(execute=True):
        people.invite(
            email="New@Example.org", city=krakow, role="lead", language="pl", by=secretariat
        )
    [letter] = mail.outbox
    assert letter.to == ["new@example.org"]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    [html] = letter.alternatives
    for text in (letter.body, html.content):
        assert "Kraków" in text
        assert "Sekretariat" in text
    link = re.search(r"https://cities\.example\.org(/accounts/invitation/\S+)", letter.body).group(
        1
    )
    assert link.endswith("/?language=pl")

    page = client.get(link)
    assert page.status_code == 200
    assert page["Content-Language"] == "pl"
    assert "Kraków" in page.text
    response = client.post(link, answers(name="Jan Kowalski", language="de"))
    assert response["Location"] == "/admin/"
    person = User.objects.get(email="new@example.org")
    assert (person.name, person.language, person.is_secretariat) == ("Jan Kowalski", "de", False)
    assert person.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(person.pk)
    role = person.roles.get()
    assert (role.city, role.role, role.until) == (krakow, "lead", None)
    invitation = Invitation.objects.get()
    assert invitation.accepted_by == person
    assert Client().get(link).status_code == 410


def test_invitation_to_the_secretariat(client, secretariat):
    make_invitation(None, secretariat)
    client.post(page_of(), answers())
    assert User.objects.get(email="new@example.org").is_secretariat


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"password": "short", "password_again": "short"}, "password"),
        ({"password": "password1234", "password_again": "password1234"}, "password"),
        ({"password": "new@example.org", "password_again": "new@example.org"}, "password"),
        ({"password_again": "something-else"}, "password_again"),
        ({"name": "  "}, "name"),
        ({"name": "\x00\x1f"}, "name"),
        ({"name": "n" * 151}, "name"),
        ({"language": "tlh"}, "language"),
        ({"language": ""}, "language"),
    ],
)
def test_invitation_says_at_the_field_what_is_wrong(client, invitation, changed, field):
    response = client.post(page_of(), answers(**changed))
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}
    assert f'href="#id_{field}"' in response.text
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("qwertyuiopas", "This password is very weak: it would be guessed within minutes."),
        ("Zbigniewski1", "The password is too similar to the name."),
    ],
    ids=["a row of keys", "the own name"],
)
def test_invitation_says_how_strong_a_password_is(client, invitation, password, words):
    page = client.get(page_of())
    assert "Several words that have nothing to do with each other" in page.text
    typed = answers(name="Jan Zbigniewski", password=password, password_again=password)
    answer = client.post(page_of(), typed)
    errors = answer.context["form"].errors
    assert words in " ".join(errors["password"])
    assert answer.context["form"]["name"].value() == "Jan Zbigniewski"
    assert password not in answer.text
    assert not User.objects.filter(name="Jan Zbigniewski").exists()


def test_invitation_for_an_account_asks_to_sign_in_first(client, krakow, secretariat, zofia):
    make_invitation(krakow, secretariat, to=zofia.email)
    page = client.get(page_of(query="?language=de"))
    sign_in = (
        re.search(r'href="(/accounts/login/\?[^"]+)"', page.text).group(1).replace("&amp;", "&")
    )
    assert "next=%2Faccounts%2Finvitation%2Fopen-sesame%2F%3Flanguage%3Dde" in sign_in
    client.post(page_of(), answers())
    zofia.refresh_from_db()
    assert zofia.check_password(PASSWORD)
    assert zofia.name == "Zofia"
    assert not zofia.roles.exists()

    response = client.post(sign_in, {"login": zofia.email, "password": PASSWORD})
    assert response["Location"] == page_of(query="?language=de")
    button = client.get(response["Location"])
    assert list(button.context["form"].fields) == []
    assert client.post(response["Location"])["Location"] == "/admin/"
    assert zofia.roles.get().role == "lead"


def test_invitation_is_not_for_somebody_else(client, invitation, zofia):
    client.force_login(zofia)
    before = rows()
    assert client.get(page_of()).status_code == 403
    assert client.post(page_of(), answers()).status_code == 403
    assert rows() == before


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "run out"),
        ({"accepted": True}, "accepted already"),
        ({"withdrawn": True}, "withdrawn"),
    ],
)
def test_invitation_link_that_is_no_longer_valid(client, krakow, secretariat, fields, words):
    pairs = {
        f"{verb}_{pair}": value
        for verb in fields
        for pair, value in (("at", timezone.now()), ("by", secretariat))
    }
    make_invitation(krakow, secretariat, **(fields if "expires_at" in fields else pairs))
    before = rows()
    page = client.get(page_of(), {"language": "en"})
    assert page.status_code == 410
    assert words in page.text
    assert "/contact/" in page.text
    assert client.post(page_of(), answers()).status_code == 410
    assert rows() == before


@pytest.mark.parametrize(
    "token", ["unknown", "open-sesam", "Open-sesame", "open-sesame)", "%00", "%ff%fe", "a" * 3000]
)
def test_invitation_link_that_nobody_wrote(client, invitation, token):
    assert client.get(page_of(token)).status_code == 410
    assert client.post(page_of(token), answers()).status_code == 410
    assert User.objects.count() == 1


def test_invitation_fingerprint_is_no_token(client, invitation):
    assert client.get(page_of(invitation.token_hash)).status_code == 410


def test_invitation_for_an_account_switched_off(client, krakow, secretariat, zofia):
    User.objects.filter(pk=zofia.pk).update(is_active=False)
    make_invitation(krakow, secretariat, to=zofia.email)
    assert client.get(page_of()).status_code == 410
    assert client.post(page_of(), answers()).status_code == 410
    zofia.refresh_from_db()
    assert not zofia.is_active


def test_invitation_get_changes_nothing(client, invitation, zofia):
    make_invitation(invitation.city, zofia, token="second", to=zofia.email)
    before = rows()
    for _time in range(2):
        assert client.get(page_of()).status_code == 200
        assert client.head(page_of()).status_code == 200
        assert client.get(page_of("second")).status_code == 200
        assert client.get(page_of(query="?name=Jan&password=x")).status_code == 200
    assert rows() == before
    client.force_login(zofia)
    before = rows()
    assert client.get(page_of("second")).status_code == 200
    assert rows() == before


def test_invitation_needs_its_token(invitation):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(page_of(), answers()).status_code == 403
    assert Invitation.objects.get().accepted_at is None


def test_invitation_answers_again_where_somebody_was_faster(client, invitation, monkeypatch):
    accept = people.accept_invitation

    def slow(*, invitation, by):
        accept(invitation=invitation, by=people.NewPerson("Faster", "en", PASSWORD))
        return accept(invitation=invitation, by=by)

    monkeypatch.setattr(people, "accept_invitation", slow)
    response = client.post(page_of(), answers(), follow=True)
    assert response.status_code == 410
    assert User.objects.get(email="new@example.org").name == "Faster"
    assert "_auth_user_id" not in client.session


# --- The language of work -------------------------------------------------------------------------


def test_set_language_keeps_it_and_leads_back(client, zofia):
    client.force_login(zofia)
    response = client.post(
        "/admin/language/", {"language": "sv", "next": "/admin/members/city/?q=a"}
    )
    assert response["Location"] == "/admin/members/city/?q=a"
    zofia.refresh_from_db()
    assert zofia.language == "sv"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "", "javascript:alert(1)"]
)
def test_set_language_refuses_an_open_redirect(client, zofia, target):
    client.force_login(zofia)
    assert (
        client.post("/admin/language/", {"language": "sv", "next": target})["Location"] == "/admin/"
    )


@pytest.mark.parametrize("language", ["", "tlh", "pl\x00", "PL"])
def test_set_language_refuses_a_language_that_is_none(client, zofia, language):
    client.force_login(zofia)
    assert client.post("/admin/language/", {"language": language}).status_code == 400
    zofia.refresh_from_db()
    assert zofia.language == "pl"


def test_set_language_wants_a_post_of_a_signed_in_person(client, zofia):
    assert client.post("/admin/language/", {"language": "sv"}).status_code == 403
    client.force_login(zofia)
    assert client.get("/admin/language/?language=sv").status_code == 405
    zofia.refresh_from_db()
    assert zofia.language == "pl"
