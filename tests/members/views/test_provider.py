"""Signing in through a provider: a real one, started here, which answers as each test says."""

import time
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils.http import int_to_base36
from joserfc.jwk import OctKey

from members import limits, password_links, provider
from members.models import AccountEvent, ProviderLink, User
from members.services import accounts
from tests.oidc_provider import CLIENT, OTHER_KEY, SECRET, running_provider

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-long-password"
LOGIN, ASK, ANSWER = "/accounts/login/", "/accounts/provider/", "/accounts/provider/answer/"
OWN, AGAIN = "/accounts/safety/provider/", "/accounts/again/"
WORK = "/admin/members/user/"
Kind = AccountEvent.Kind


@pytest.fixture(scope="module")
def server():
    with running_provider() as server:
        yield server


@pytest.fixture
def elsewhere(server, settings):
    """The provider, set up here; each test begins with an honest one."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.OIDC_ISSUER = server.issuer
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
    settings.OIDC_NAME = "Exampleby"
    settings.OIDC_FORM_ORIGINS = [server.issuer, "https://idp.example.org"]
    settings.SITE_URL = "http://testserver"
    issuer = server.issuer
    server.__init__(issuer)
    server.claims = {"sub": "s-1", "email": "Office@Example.org", "email_verified": True}
    return server


@pytest.fixture
def office():
    return User.objects.create_user(
        "office@example.org", PASSWORD, name="Office", is_secretariat=True
    )


def ask(client: Client, **values) -> str:
    response = client.post(ASK, values)
    assert response.status_code == 302
    return response["Location"]


def come(elsewhere, client: Client | None = None, **claims):
    """From the button to the page after it."""
    client = client or Client()
    address = elsewhere.sign_in(ask(client), **claims)
    return client, client.get(address)


def has_signed_in(client: Client) -> bool:
    return client.get(WORK).status_code == 200


def kinds() -> list[str]:
    return list(AccountEvent.objects.order_by("pk").values_list("kind", flat=True))


def signed_in(person) -> Client:
    client = Client()
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    return client


# --- Off, and on ----------------------------------------------------------------------------------


def test_without_the_setting_there_is_no_provider(office, client):
    page = client.get(LOGIN)
    assert ASK not in page.text
    assert "form-action 'self';" in page["Content-Security-Policy"] + ";"
    assert client.post(ASK).status_code == 404
    assert client.get(ANSWER).status_code == 404
    assert signed_in(office).get(OWN).status_code == 404


def test_button_names_the_provider_and_the_browser_may_follow_it(elsewhere, client):
    page = client.get(LOGIN, {"next": WORK})
    assert "Sign in with Exampleby" in page.text
    policy = page["Content-Security-Policy"]
    assert f"form-action 'self' {elsewhere.issuer} https://idp.example.org" in policy
    for elsewhere_page in ("/en/", "/accounts/password/reset/"):
        assert elsewhere.issuer not in client.get(elsewhere_page)["Content-Security-Policy"]
    assert client.get(ASK).status_code == 405


def test_provider_asks_for_no_more_than_it_needs(elsewhere, client):
    address = ask(client)
    assert "scope=openid+email" in address
    assert "redirect_uri=http%3A%2F%2Ftestserver%2Faccounts%2Fprovider%2Fanswer%2F" in address


# --- Who gets in ----------------------------------------------------------------------------------


def test_checked_address_signs_in_links_and_is_told(
    elsewhere, office, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client, response = come(elsewhere)
    assert response["Location"] == "/admin/"
    assert has_signed_in(client)
    link = ProviderLink.objects.get()
    assert (link.person, link.issuer, link.subject) == (office, elsewhere.issuer, "s-1")
    assert kinds() == [Kind.PROVIDER_LINKED, Kind.SIGNED_IN]
    assert "linked to an account elsewhere" in mail.outbox[0].body


def test_next_time_the_subject_counts_and_not_the_address(elsewhere, office):
    come(elsewhere)
    client, _response = come(elsewhere, sub="s-1", email="other@example.org", email_verified=True)
    assert has_signed_in(client)
    assert ProviderLink.objects.count() == 1


def test_address_is_asked_for_where_the_token_has_none(elsewhere, office):
    elsewhere.userinfo = {"sub": "s-1", "email": "office@example.org", "email_verified": "true"}
    client, _response = come(elsewhere, sub="s-1")
    assert has_signed_in(client)


STRANGERS = {
    "address that nobody checked": {"email_verified": False},
    "address without a word about it": {"email_verified": None},
    "address of nobody here": {"email": "stranger@example.org"},
    "no address": {"email": None},
    "address that is no text": {"email": ["office@example.org"]},
    "address with a NUL": {"email": "office@example.org\x00"},
}


@pytest.mark.parametrize("said", STRANGERS.values(), ids=STRANGERS)
def test_stranger_gets_neither_in_nor_an_account(elsewhere, office, said):
    claims = {"sub": "s-9", "email": "office@example.org", "email_verified": True, **said}
    client, response = come(elsewhere, **claims)
    assert response.status_code == 403
    assert "No account here belongs to the e-mail address" in response.text
    assert not has_signed_in(client)
    assert (User.objects.count(), ProviderLink.objects.count()) == (1, 0)
    assert kinds() == [Kind.PROVIDER_STRANGER]


def test_person_who_is_switched_off_does_not_get_in(elsewhere, office):
    come(elsewhere)
    User.objects.update(is_active=False)
    client, response = come(elsewhere)
    assert response.status_code == 403
    assert not has_signed_in(client)
    event = AccountEvent.objects.latest("pk")
    assert (event.kind, event.person) == (Kind.PROVIDER_STRANGER, office)


def test_address_that_got_another_owner_there_opens_nothing(elsewhere, office):
    come(elsewhere)
    client, response = come(elsewhere, sub="s-2", email="office@example.org", email_verified=True)
    assert response.status_code == 403
    assert not has_signed_in(client)


def test_page_that_was_asked_for_comes_next_and_no_other_site(elsewhere, office):
    for wish, page in [(WORK, WORK), ("https://evil.example/", "/admin/"), ("//evil", "/admin/")]:
        client = Client()
        address = elsewhere.sign_in(ask(client, next=wish))
        assert client.get(address)["Location"] == page


# --- Answers that are not believed ----------------------------------------------------------------

FORGED = {
    "other issuer": {"iss": "https://evil.example"},
    "for another client": {"aud": "somebody-else"},
    "for another client too": {"aud": ["somebody-else"]},
    "too old": {"exp": 1_000_000_000},
    "other question": {"nonce": "another"},
    "no question": {"nonce": None},
    "no subject": {"sub": None},
    "subject too long": {"sub": "s" * 256},
    "subject with a NUL": {"sub": "s\x00"},
}


def refused(client, response) -> bool:
    is_refused = response.status_code == 403 and "did not work" in response.text
    return is_refused and not has_signed_in(client) and kinds() == [Kind.PROVIDER_FAILED]


@pytest.mark.parametrize("said", FORGED.values(), ids=FORGED)
def test_token_that_is_not_for_us_is_refused(elsewhere, office, said):
    claims = {"sub": "s-1", "email": "office@example.org", "email_verified": True, **said}
    assert refused(*come(elsewhere, **claims))


def test_token_of_another_key_is_refused(elsewhere, office):
    elsewhere.key = OTHER_KEY
    assert refused(*come(elsewhere))


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256", "kid": "one"}])
def test_token_that_the_client_could_sign_itself_is_refused(elsewhere, office, header):
    elsewhere.header = header
    elsewhere.key = OctKey.import_key(SECRET)
    assert refused(*come(elsewhere))


DESCRIPTIONS = [
    {"issuer": "https://evil.example"},
    {"issuer": None},
    {"token_endpoint": "https://evil.example/token"},
    {"jwks_uri": None},
]


@pytest.mark.parametrize("described", DESCRIPTIONS)
def test_provider_that_describes_itself_otherwise_is_not_asked(elsewhere, client, described):
    elsewhere.described = described
    response = client.post(ASK)
    assert refused(client, response)


def test_provider_that_is_away_or_broken_is_said(elsewhere, client, settings):
    elsewhere.is_broken = True
    assert client.post(ASK).status_code == 403
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    response = client.post(ASK)
    assert "Signing in through Exampleby did not work." in response.text
    assert client.get(LOGIN).status_code == 200


def test_userinfo_of_another_person_is_refused(elsewhere, office):
    elsewhere.userinfo = {"sub": "s-2", "email": "office@example.org", "email_verified": True}
    assert refused(*come(elsewhere, sub="s-1"))


def test_answer_works_once(elsewhere, office):
    client = Client()
    address = elsewhere.sign_in(ask(client))
    client.get(address)
    client.post("/accounts/logout/")
    assert client.get(address).status_code == 403
    assert not has_signed_in(client)
    assert elsewhere.tokens == 1


def test_answer_to_somebody_elses_question_signs_nobody_in(elsewhere, office):
    """The attacker sends a link with an answer of their own: the victim's browser did not ask."""
    address = elsewhere.sign_in(ask(Client()))
    victim = Client()
    assert victim.get(address).status_code == 403
    assert not has_signed_in(victim)
    assert elsewhere.tokens == 0


def test_question_of_an_hour_ago_is_answered_no_more(elsewhere, office, monkeypatch):
    client = Client()
    address = elsewhere.sign_in(ask(client))
    later = time.time() + provider.ANSWER_SECONDS + 1
    monkeypatch.setattr(provider, "time", lambda: later)
    assert client.get(address).status_code == 403


def test_answer_that_names_another_issuer_is_refused(elsewhere, office):
    client = Client()
    address = elsewhere.sign_in(ask(client))
    assert client.get(f"{address}&iss=https://evil.example").status_code == 403
    assert elsewhere.tokens == 0


NONSENSE = ["", "?state=", "?state=x&code=y", "?error=x", "?state=%00&code=%ff", "?code=a&code=b"]


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_is_refused_and_asks_nobody(elsewhere, client, query):
    assert client.get(ANSWER + query).status_code == 403
    assert elsewhere.tokens == 0


def test_person_who_breaks_off_there_is_told_so(elsewhere, client):
    state = ask(client).partition("state=")[2].partition("&")[0]
    response = client.get(ANSWER, {"error": "access_denied", "state": state})
    assert "was broken off" in response.text
    assert kinds() == []


def test_one_computer_asks_so_often_only(elsewhere, client, monkeypatch):
    monkeypatch.setattr(limits, "PER_SENDER", 2)
    assert [client.post(ASK).status_code for _ in range(3)] == [302, 302, 429]
    assert [client.get(ANSWER).status_code for _ in range(4)] == [403, 403, 429, 429]
    assert kinds() == [Kind.PROVIDER_FAILED, Kind.PROVIDER_FAILED, Kind.TOO_MANY]


def test_language_of_the_first_page_holds_until_one_is_in(elsewhere, office):
    add_app(office)
    fields = {"login": office.email, "password": PASSWORD}
    page = Client().post(f"{LOGIN}?language=pl", fields, follow=True)
    assert page.redirect_chain[0][0] == "/accounts/code/"
    assert page["Content-Language"] == "pl"
    client = Client()
    address = elsewhere.sign_in(client.post(f"{ASK}?language=de")["Location"], sub="s-9")
    assert client.get(address)["Content-Language"] == "de"


# --- The second factor, and proofs ----------------------------------------------------------------


def add_app(person) -> None:
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})


def test_second_factor_of_the_portal_is_asked_after_the_provider(elsewhere, office, settings):
    settings.SECOND_FACTOR = "everybody"
    add_app(office)
    client, response = come(elsewhere)
    assert response["Location"] == "/accounts/code/"
    assert not has_signed_in(client)


def test_person_without_the_required_factor_sets_it_up_first(elsewhere, office, settings):
    settings.SECOND_FACTOR = "secretariat"
    client, _response = come(elsewhere, amr=["mfa"], **elsewhere.claims)
    assert client.get(WORK)["Location"].startswith("/accounts/safety/")


@pytest.mark.parametrize("said", [{"amr": ["pwd", "mfa"]}, {"acr": "gold"}])
def test_second_factor_counts_where_setting_and_token_say_so(elsewhere, office, settings, said):
    settings.SECOND_FACTOR = "everybody"
    settings.OIDC_SECOND_FACTOR = ["mfa", "gold"]
    add_app(office)
    client, _response = come(elsewhere, **said, **elsewhere.claims)
    assert has_signed_in(client)


@pytest.mark.parametrize("said", [{}, {"amr": ["pwd"]}, {"amr": "mfa"}, {"acr": "silver"}])
def test_second_factor_counts_nowhere_else(elsewhere, office, settings, said):
    settings.SECOND_FACTOR = "everybody"
    settings.OIDC_SECOND_FACTOR = ["mfa", "gold"]
    client, _response = come(elsewhere, **elsewhere.claims, **said)
    assert not has_signed_in(client)


def test_word_of_the_provider_ends_with_its_session(elsewhere, office, settings):
    settings.SECOND_FACTOR = "everybody"
    settings.OIDC_SECOND_FACTOR = ["mfa"]
    client, _response = come(elsewhere, amr=["mfa"], **elsewhere.claims)
    assert has_signed_in(client)
    client.post("/accounts/logout/")
    client.post(LOGIN, {"login": office.email, "password": PASSWORD})
    assert not has_signed_in(client)


def test_important_step_asks_for_the_password(elsewhere, office):
    client, _response = come(elsewhere)
    assert client.get(f"/admin/members/user/{office.pk}/change/").status_code == 302
    assert AGAIN in client.get(OWN)["Location"]


# --- One's own link -------------------------------------------------------------------------------


def test_person_links_sees_and_removes(elsewhere, office, django_capture_on_commit_callbacks):
    client = signed_in(office)
    elsewhere.claims = {"sub": "s-5"}
    address = elsewhere.sign_in(client.post(OWN)["Location"])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.get(address)["Location"] == OWN
    page = client.get(OWN)
    assert "The two accounts are linked." in page.text
    assert "Remove the link" in page.text
    assert has_signed_in(come(elsewhere)[0])
    other = signed_in(office)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(OWN, {"remove": "1"})
    assert "The link is removed." in client.get(OWN).text
    assert not has_signed_in(other)
    assert not has_signed_in(come(elsewhere)[0])
    assert len(mail.outbox) == 2
    assert "Sign in with Exampleby" in client.get("/accounts/safety/").text


def choose_password_by_letter(person):
    """The page after it."""
    client = Client()
    person.refresh_from_db()
    number = int_to_base36(person.pk)
    token = password_links.tokens.make_token(person)
    page = client.get(f"/accounts/password/reset/key/{number}-{token}/", follow=True)
    address = page.redirect_chain[-1][0]
    new = "another-good-phrase"
    return client.post(address, {"password1": new, "password2": new}, follow=True)


def test_link_of_a_thief_does_not_outlive_a_new_password(
    elsewhere, office, django_capture_on_commit_callbacks
):
    """Whoever sat at an open session linked their own account; the owner chooses a new password."""
    client = signed_in(office)
    elsewhere.claims = {"sub": "thief"}
    client.get(elsewhere.sign_in(client.post(OWN)["Location"]))
    with django_capture_on_commit_callbacks(execute=True):
        page = choose_password_by_letter(office)
    assert "Account at Exampleby" in page.text
    assert "Account at Exampleby" in mail.outbox[-1].body
    thief, answer = come(elsewhere)
    assert (has_signed_in(thief), answer.status_code) == (False, 403)
    assert "then confirm the link" in answer.text
    assert office.account_events.order_by("pk").last().kind == Kind.PROVIDER_FAILED


def test_owner_confirms_a_link_after_a_new_password(
    elsewhere, office, django_capture_on_commit_callbacks
):
    come(elsewhere)
    choose_password_by_letter(office)
    client = Client()
    client.post(LOGIN, {"login": office.email, "password": "another-good-phrase"})
    assert "to be confirmed" in client.get("/accounts/safety/").text
    assert "it does not sign you in" in client.get(OWN).text
    assert not has_signed_in(come(elsewhere)[0])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(OWN, {"confirm": "1"})
    assert has_signed_in(come(elsewhere)[0])
    assert Kind.PROVIDER_CONFIRMED in kinds()
    assert "which signs in here again" in mail.outbox[-1].body.replace("\n", " ")
    assert "to be confirmed" not in client.get("/accounts/safety/").text


def test_link_of_one_person_is_not_taken_by_another(elsewhere, office):
    come(elsewhere)
    other = User.objects.create_user("other@example.org", PASSWORD, name="O", is_secretariat=True)
    client = signed_in(other)
    client.get(elsewhere.sign_in(client.post(OWN)["Location"]))
    assert "belongs to somebody else here" in client.get(OWN).text
    assert ProviderLink.objects.get().person == office


def test_answer_links_only_who_asked_and_while_the_proof_is_fresh(elsewhere, office, monkeypatch):
    client = signed_in(office)
    elsewhere.claims = {"sub": "s-5"}
    address = elsewhere.sign_in(client.post(OWN)["Location"])
    clock = SimpleNamespace(time=lambda: time.time() + 3600)
    monkeypatch.setattr("members.proof.time", clock)
    client.get(address)
    assert not ProviderLink.objects.exists()


def test_page_is_for_people_who_are_signed_in(elsewhere, client):
    assert LOGIN in client.get(OWN)["Location"]


def test_link_goes_with_the_person(elsewhere, office):
    come(elsewhere)
    accounts.forget_person(person=office)
    assert not ProviderLink.objects.exists()
