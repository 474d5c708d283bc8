"""The second factor: set up, used once each, asked of whom the setting names, taken away."""

import re
import time
from html import unescape
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from members import limits, secrets
from members.models import AccountEvent, User
from members.services import accounts

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-long-password"
LOGIN, CODE = "/accounts/login/", "/accounts/code/"
SAFETY, APP, CODES = "/accounts/safety/", "/accounts/safety/app/", "/accounts/safety/codes/"
Kind = AccountEvent.Kind
# The half minute in which the tests begin.
START = 60_000_000


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def office():
    return User.objects.create_user(
        "office@example.org", PASSWORD, name="Office", is_secretariat=True
    )


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """Sets the clock of the portal this number of half minutes forward."""

    def set_clock(steps: int) -> None:
        clock = SimpleNamespace(time=lambda: (START + steps) * 30)
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", clock)

    set_clock(0)
    return set_clock


def code_of(secret: str, steps: int = 0) -> str:
    """What the app shows, this number of half minutes after the clock was set."""
    counter = START + steps
    return format_hotp_value(hotp_value(secret, counter))


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def set_up(client: Client) -> str:
    """Set the app up; its secret. The code of now is used up by it."""
    secret = client.get(APP).context["form"].secret
    response = client.post(APP, {"code": code_of(secret)})
    assert response["Location"] == CODES
    return secret


def letter(number: int) -> str:
    """A letter that was sent, whatever lines its mail has."""
    return " ".join(mail.outbox[number].body.split())


def kinds(person) -> list[str]:
    return list(person.account_events.order_by("pk").values_list("kind", flat=True))


def first_step(person, **headers) -> Client:
    client = Client(**headers)
    response = client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert response["Location"] == CODE
    assert "_auth_user_id" not in client.session
    return client


def has_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- Setting up -----------------------------------------------------------------------------------


def test_app_is_set_up_by_its_first_code_and_gives_recovery_codes(
    office, django_capture_on_commit_callbacks
):
    client = signed_in(office)
    page = client.get(APP)
    secret = page.context["form"].secret
    assert secret in page.text
    assert "data:" not in page.text
    assert re.search(r'<div class="code-picture" role="img" aria-label="[^"]+">\s*<svg ', page.text)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(APP, {"code": code_of(secret)})
    shown = client.get(CODES)
    assert len(shown.context["unused_codes"]) == 10
    assert kinds(office) == [Kind.FACTOR_ADDED]
    assert "An app with codes was added to it as a second factor." in letter(0)


def test_key_of_an_app_is_read_in_groups_or_opened_on_the_same_telephone(office):
    page = signed_in(office).get(APP)
    secret = page.context["form"].secret
    grouped = page.text.partition("<code>")[2].partition("</code>")[0]
    assert grouped.replace(" ", "") == secret
    assert {len(group) for group in grouped.split()} == {4}
    link = unescape(page.text.partition('href="otpauth:')[2].partition('"')[0])
    assert f"secret={secret}" in link


@pytest.mark.parametrize("address", [SAFETY, APP, f"{SAFETY}sessions/", f"{SAFETY}address/"])
def test_pages_of_the_account_say_whose_it_is_and_lead_back(address, office):
    page = signed_in(office).get(address).text
    line = page.partition('aria-label="Your account"')[2].partition("</nav>")[0]
    assert office.email in line
    for way in ("/admin/", SAFETY, "/accounts/logout/"):
        assert f'href="{way}"' in line


def test_wrong_code_sets_nothing_up(office):
    client = signed_in(office)
    client.get(APP)
    page = client.post(APP, {"code": "000000"})
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.text
    assert not Authenticator.objects.exists()


def test_secret_is_kept_encrypted_and_worth_nothing_under_another_key(office, settings):
    secret = set_up(signed_in(office))
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert secrets.decrypt(kept) == secret
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert secrets.decrypt(kept) != secret
    settings.SECRET_KEY_FALLBACKS = [before]
    assert secrets.decrypt(kept) == secret


def test_setting_up_ends_the_other_sessions(office, django_capture_on_commit_callbacks):
    other = signed_in(office)
    client = signed_in(office)
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


# --- Signing in -----------------------------------------------------------------------------------


def test_password_alone_signs_nobody_in_who_has_a_factor(office, at):
    secret = set_up(signed_in(office))
    client = first_step(office)
    assert client.get("/admin/").status_code == 302
    at(1)
    response = client.post(CODE, {"code": code_of(secret, 1)})
    assert response["Location"] == "/admin/"
    assert has_signed_in(client)


def test_code_works_once(office, at):
    secret = set_up(signed_in(office))
    used = code_of(secret)
    client = first_step(office)
    page = client.post(CODE, {"code": used})
    assert not has_signed_in(client)
    assert "used already" in page.text
    at(1)
    fresh = code_of(secret, 1)
    client.post(CODE, {"code": fresh})
    assert has_signed_in(client)
    again = first_step(office)
    spaced = f"{fresh[:3]} {fresh[3:]}"
    again.post(CODE, {"code": spaced})
    assert not has_signed_in(again)


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clock_of_the_telephone_may_be_off_by_one_step(office, at, steps, is_right):
    secret = set_up(signed_in(office))
    at(10)
    client = first_step(office)
    client.post(CODE, {"code": code_of(secret, 10 + steps)})
    assert has_signed_in(client) == is_right


def test_recovery_code_works_once_and_the_person_is_told(
    office, django_capture_on_commit_callbacks
):
    client = signed_in(office)
    set_up(client)
    code = client.get(CODES).context["unused_codes"][0]
    mail.outbox.clear()
    second = first_step(office)
    with django_capture_on_commit_callbacks(execute=True):
        # As the page groups it.
        second.post(CODE, {"code": f"{code[:4]} {code[4:]}"})
    assert has_signed_in(second)
    assert "one of its recovery codes" in letter(-1)
    third = first_step(office)
    third.post(CODE, {"code": code})
    assert not has_signed_in(third)


def test_codes_are_not_guessed_and_the_owner_is_told_and_gets_in(
    office, at, django_capture_on_commit_callbacks
):
    secret = set_up(signed_in(office))
    at(1)
    owner = first_step(office)
    owner.post(CODE, {"code": code_of(secret, 1)})
    mail.outbox.clear()
    answers = []
    for number in range(3):
        thief = first_step(office, REMOTE_ADDR=f"203.0.113.{number}")
        with django_capture_on_commit_callbacks(execute=True):
            answers += [thief.post(CODE, {"code": "000000"}).status_code for _ in range(6)]
    assert answers.count(200) <= limits.CODES_PER_ACCOUNT
    assert "tried wrong codes" in letter(0)
    at(2)
    again = first_step(office)
    again.post(CODE, {"code": code_of(secret, 2)})
    assert has_signed_in(again)


def test_password_alone_makes_no_computer_a_known_one(office):
    set_up(signed_in(office))
    first_step(office, REMOTE_ADDR="203.0.113.9")
    pair = limits._pair(office.email, limits.fingerprint_of("203.0.113.9"))
    assert not limits._is_known(pair)


@pytest.mark.parametrize("code", ["", "x" * 500, "12345６", "\x00", "٠١٢٣٤٥"])
def test_nonsense_is_no_code(office, code):
    set_up(signed_in(office))
    client = first_step(office)
    assert client.post(CODE, {"code": code}).status_code == 200
    assert not has_signed_in(client)


def test_second_step_without_the_first_leads_to_the_sign_in_page(client):
    assert client.get(CODE)["Location"] == LOGIN
    assert client.post(CODE, {"code": "123456"})["Location"] == LOGIN


def test_second_step_ends_for_a_person_switched_off_meanwhile(office, at):
    secret = set_up(signed_in(office))
    client = first_step(office)
    User.objects.filter(pk=office.pk).update(is_active=False)
    at(1)
    client.post(CODE, {"code": code_of(secret, 1)}, follow=True)
    assert client.get("/admin/").status_code == 302


def test_second_step_keeps_where_the_person_wanted_to_go(office, at):
    secret = set_up(signed_in(office))
    client = Client()
    client.post(f"{LOGIN}?next=/admin/members/city/", {"login": office.email, "password": PASSWORD})
    at(1)
    response = client.post(CODE, {"code": code_of(secret, 1)})
    assert response["Location"] == "/admin/members/city/"


# --- Who needs one --------------------------------------------------------------------------------


def test_secretariat_sets_a_factor_up_before_anything_else(office, settings):
    settings.SECOND_FACTOR = "secretariat"
    client = signed_in(office)
    for page in ("/admin/", "/admin/members/city/", "/documents/1/"):
        assert client.get(page)["Location"].startswith(f"{SAFETY}?next=")
    assert "Your work needs a second factor" in client.get(SAFETY).text
    set_up(client)
    assert client.get("/admin/members/city/").status_code == 200


def test_text_that_was_typed_before_the_rule_came_is_shown(office, settings):
    settings.SECOND_FACTOR = "secretariat"
    text = "Kraków has decided it"
    page = signed_in(office).post("/admin/members/city/add/", {"intro_en": text})
    assert page.status_code == 403
    assert text in page.text


@pytest.mark.parametrize(
    ("setting", "is_asked"), [("nobody", False), ("secretariat", False), ("everybody", True)]
)
def test_coordinators_are_asked_by_setting(person, alfa, settings, setting, is_asked):
    settings.SECOND_FACTOR = setting
    answer = signed_in(person("lead", alfa)).get("/admin/members/city/")
    assert answer.status_code == (302 if is_asked else 200)


def test_last_factor_stays_where_one_is_needed(office, settings):
    settings.SECOND_FACTOR = "secretariat"
    client = signed_in(office)
    set_up(client)
    page = client.post(f"{APP}remove/")
    assert "Set up another one before you remove this one." in page.text
    assert Authenticator.objects.filter(type="totp").exists()
    settings.SECOND_FACTOR = "nobody"
    client.post(f"{APP}remove/")
    assert not Authenticator.objects.exists()
    assert Kind.FACTOR_REMOVED in kinds(office)


def test_app_that_another_window_removed_is_said_to_be_removed(office, settings):
    settings.SECOND_FACTOR_FOR = ()
    client = signed_in(office)
    for answer in (
        client.get(f"{APP}remove/", follow=True),
        client.post(f"{APP}remove/", follow=True),
    ):
        assert answer.redirect_chain == [(SAFETY, 302)]
        assert "The app is removed already." in answer.text


def test_factors_ask_for_a_fresh_proof(office):
    client = signed_in(office)
    session = client.session
    session["proved_at"] = time.time() - 3600
    session.save()
    asked = client.get(APP)
    assert asked["Location"] == "/accounts/again/?next=%2Faccounts%2Fsafety%2Fapp%2F"
    wrong = client.post(asked["Location"], {"password": "wrong"})
    assert wrong.status_code == 200
    right = client.post(asked["Location"], {"password": PASSWORD})
    assert right["Location"] == APP
    assert client.get(APP).status_code == 200


def test_password_is_not_guessed_at_an_open_session(office):
    client = signed_in(office)
    answers = [client.post("/accounts/again/", {"password": "wrong"}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert kinds(office) == [Kind.FAILED] * 5 + [Kind.TOO_MANY]
    page = client.post("/accounts/again/", {"password": PASSWORD})
    for way in ("/accounts/logout/", "/admin/"):
        assert f'<a href="{way}">' in page.text.partition("<main")[2]


def test_new_recovery_codes_replace_the_old(office, settings):
    client = signed_in(office)
    set_up(client)
    before = client.get(CODES).context["unused_codes"]
    client.post(f"{CODES}new/")
    after = client.get(CODES).context["unused_codes"]
    assert set(before).isdisjoint(after)
    file = client.get(f"{CODES}file/")
    grouped = [f"{code[:4]} {code[4:]}" for code in after]
    site, account, _what, _empty, *codes = file.text.strip().splitlines()
    assert (site, account) == (settings.SITE_URL, office.email)
    assert codes == grouped
    assert file["Content-Type"] == "text/plain; charset=utf-8"
    shown = " ".join(client.get(CODES).text.split())
    assert all(f"<code>{code}</code>" in shown for code in grouped)
    assert "no-store" in file["Cache-Control"]


# --- Without the factor ---------------------------------------------------------------------------


def test_command_lets_the_last_of_the_secretariat_in_again(
    office, settings, django_capture_on_commit_callbacks, capsys
):
    settings.SECOND_FACTOR = "secretariat"
    client = signed_in(office)
    set_up(client)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("remove_second_factor", "Office@example.org")
    assert not Authenticator.objects.exists()
    assert client.get("/admin/").status_code == 302
    assert kinds(office)[-1] == Kind.FACTOR_REMOVED
    assert "All second factors were removed from it: app, passkeys and recovery" in letter(-1)
    response = Client().post(LOGIN, {"login": office.email, "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0].startswith(SAFETY)


def test_command_encrypts_with_a_new_key_so_that_the_old_one_may_go(office, settings, capsys):
    client = signed_in(office)
    set_up(client)
    codes = client.get(CODES).text
    before = {row.type: row.data for row in Authenticator.objects.all()}
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-that-is-long-enough-for-the-test"
    settings.SECRET_KEY_FALLBACKS = [old]
    call_command("renew_secrets", "--dry-run")
    assert {row.type: row.data for row in Authenticator.objects.all()} == before
    call_command("renew_secrets")
    assert "2 secrets" in capsys.readouterr().out
    # The session goes on while the old key is known; the secrets need it no more.
    assert client.get(CODES).text == codes
    settings.SECRET_KEY_FALLBACKS = []
    after = {row.type: row.data for row in Authenticator.objects.all()}
    assert secrets.decrypt(after["totp"]["secret"])
    assert secrets.renew(before["totp"]["secret"]) == before["totp"]["secret"]
    assert after["totp"]["secret"] != before["totp"]["secret"]
    assert after["recovery_codes"]["seed"] != before["recovery_codes"]["seed"]


def test_command_names_who_is_not_there(db):
    with pytest.raises(CommandError, match=r"nobody@example\.org"):
        call_command("remove_second_factor", "nobody@example.org")


def test_only_who_changes_accounts_takes_a_factor_away(office, person, alfa):
    set_up(signed_in(office))
    with pytest.raises(PermissionDenied):
        accounts.remove_factors(person=office, by=person("lead", alfa))
    assert Authenticator.objects.exists()
    assert accounts.remove_factors(person=office, by=person("secretariat"))


def test_form_is_carried_through_both_steps(office, at):
    secret = set_up(signed_in(office))
    carried = {
        "to": "/admin/members/city/add/",
        "carried": '[["intro_en", "Kraków has decided it"]]',
        "files": "",
    }
    client = Client()
    first = client.post(
        "/accounts/unsent/", {**carried, "login": office.email, "password": PASSWORD}
    )
    assert first.status_code == 401
    assert 'name="code"' in first.text
    assert "Kraków has decided it" in first.text
    wrong = client.post("/accounts/unsent/", {**carried, "code": "000000"})
    assert "Kraków has decided it" in wrong.text
    at(1)
    last = client.post("/accounts/unsent/", {**carried, "code": code_of(secret, 1)})
    assert has_signed_in(client)
    assert 'action="/admin/members/city/add/"' in last.text
    assert "Kraków has decided it" in last.text


def test_list_of_sign_ins_is_for_the_secretariat_alone(office, person, alfa):
    Client().post(LOGIN, {"login": office.email, "password": "wrong"})
    address = "/admin/members/accountevent/"
    page = signed_in(office).get(address)
    assert "wrong address or password" in page.text
    for role in ("lead", "editor", "viewer", "committee"):
        assert signed_in(person(role, alfa)).get(address).status_code == 403
    assert signed_in(office).get(f"{address}add/").status_code == 403
