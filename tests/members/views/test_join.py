"""The public form of cities that think about joining: what it keeps, what it refuses, what it never
loses."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from auditlog.models import LogEntry
from django.core import signing
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from members.forms import interest as interest_form
from members.models import ExpressionOfInterest, Letter
from members.services import interests
from members.services.people import fingerprint

pytestmark = pytest.mark.django_db

FORM = "/en/join/interest/"
THANKS = "/en/join/interest/thanks/"
TYPED = {
    "city_name": "Newtown",
    "country": "PL",
    "person_name": "Ada Example",
    "office": "Integration unit",
    "email": "Ada@Newtown.example.org",
    "language": "pl",
    "message": "We would like to know more.",
}


def stamp(seconds: int = 60) -> str:
    """A stamp of a form that was opened so many seconds ago."""
    signer = signing.TimestampSigner(salt=interest_form.STAMP_SALT)
    signer.timestamp = lambda: signing.b62_encode(int(timezone.now().timestamp()) - seconds)
    return signer.sign("opened")


def send(client: Client, headers: dict | None = None, **changed: str):
    return client.post(
        FORM, {**TYPED, "opened": stamp(), "website": "", **changed}, headers=headers or {}
    )


def texts(response) -> str:
    return response.content.decode()


def test_expression_is_kept_unconfirmed_and_without_a_cookie(client, country):
    response = send(client)
    assert (response.status_code, response["Location"]) == (302, THANKS)
    row = ExpressionOfInterest.objects.get()
    assert (row.city_name, row.country.code, row.email) == (
        "Newtown",
        "PL",
        "ada@newtown.example.org",
    )
    assert (row.language, row.confirmed_at, row.answered_at) == ("pl", None, None)
    assert not client.cookies
    assert client.get(THANKS).status_code == 200


def test_form_needs_no_cookie_and_no_csrf_token(country):
    assert send(Client(enforce_csrf_checks=True)).status_code == 302


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"sec-fetch-site": "same-origin", "origin": "http://testserver"}, 302),
        ({"sec-fetch-site": "none"}, 302),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://elsewhere.example.org"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": "http://testserver.example.org"}, 403),
    ],
)
def test_form_is_sent_from_its_own_page_only(headers, status, client, country):
    response = send(client, headers)
    assert response.status_code == status
    assert ExpressionOfInterest.objects.exists() == (status == 302)
    if status == 403:
        assert 'value="Ada Example"' in texts(response)
        assert "from its own page only" in texts(response)


def test_trap_for_machines_is_thanked_and_nothing_kept(client, country):
    assert send(client, website="https://spam.example.org")["Location"] == THANKS
    assert not ExpressionOfInterest.objects.exists()


@pytest.mark.parametrize(
    ("opened", "sentence"),
    [
        ("", "open for too long"),
        ("opened", "open for too long"),
        (stamp() + "x", "open for too long"),
        (signing.TimestampSigner(salt="another").sign("opened"), "open for too long"),
        (stamp(25 * 60 * 60), "open for too long"),
        (None, "very quick"),
        ("\x00", "open for too long"),
        ("x" * 100_000, "open for too long"),
    ],
    ids=[
        "none",
        "unsigned",
        "spoiled",
        "of another form",
        "a day old",
        "just now",
        "NUL",
        "endless",
    ],
)
def test_forged_old_and_hasty_stamps_are_refused_and_nothing_typed_is_lost(
    opened, sentence, client, country
):
    response = send(client, opened=stamp(0) if opened is None else opened)
    html = texts(response)
    assert response.status_code == 200
    assert sentence in html
    assert 'value="Newtown"' in html
    assert "We would like to know more." in html
    assert not ExpressionOfInterest.objects.exists()
    fresh = re.search(r'name="opened" value="([^"]+)"', html)[1]
    assert signing.TimestampSigner(salt=interest_form.STAMP_SALT).unsign(fresh) == "opened"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("city_name", ""),
        ("city_name", "   "),
        ("city_name", "x" * 10_000),
        ("city_name", "\x00\x1b\u202e"),
        ("person_name", ""),
        ("person_name", "x" * 10_000),
        ("office", "\x00"),
        ("email", ""),
        ("email", "nobody"),
        ("email", "ada@example.org\nBcc: everybody@example.org"),
        ("email", "x" * 10_000 + "@example.org"),
        ("email", "ada@example.org\x00"),
        ("country", ""),
        ("country", "XX"),
        ("country", "\x00"),
        ("country", "x" * 10_000),
        ("language", "xx"),
        ("language", "\x00"),
        ("message", "x" * 10_000),
    ],
)
def test_bad_input_is_an_error_at_its_field_and_nothing_typed_is_lost(
    field, value, client, country
):
    response = send(client, **{field: value})
    html = texts(response)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}
    assert f'href="#id_{field}"' in html
    assert "There is a problem" in html
    for name in ("city_name", "office", "message"):
        assert name == field or TYPED[name] in html
    assert not ExpressionOfInterest.objects.exists()


@pytest.mark.parametrize(
    "raw", [b"%ED%A0%80", b"%FF%FE", b"%00", b"%F0%9F%98%80", b"%E2%80%AEnwot"]
)
def test_bytes_that_are_no_text_are_never_an_error_of_the_server(raw, client, country):
    body = (
        b"city_name="
        + raw
        + b"&person_name=A&office=B&country=PL&language=en&email=a%40example.org&opened="
    )
    response = client.post(
        FORM, body + stamp().encode(), content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code in {200, 302}


def test_lines_and_turned_directions_do_not_get_into_one_line(client, country):
    send(client, city_name="New\r\nBcc: x@example.org\u202etown", person_name="Ada\tExample")
    row = ExpressionOfInterest.objects.get()
    assert (row.city_name, row.person_name) == ("New Bcc: x@example.orgtown", "Ada Example")


def test_one_computer_sends_five_in_an_hour_and_then_reads_why(client, country):
    for number in range(interests.PER_SENDER):
        assert send(client, email=f"a{number}@example.org").status_code == 302
    response = send(client, email="another@example.org")
    assert response.status_code == 429
    assert "Too many messages came in. Nothing was sent." in texts(response)
    assert 'value="Newtown"' in texts(response)
    assert ExpressionOfInterest.objects.count() == interests.PER_SENDER
    assert send(Client(REMOTE_ADDR="10.0.0.9"), email="another@example.org").status_code == 302


def test_all_computers_together_have_a_limit(client, country, monkeypatch):
    monkeypatch.setattr(interests, "PER_HOUR", 2)
    codes = [
        send(Client(REMOTE_ADDR=f"10.0.0.{n}"), email=f"a{n}@example.org").status_code
        for n in range(3)
    ]
    assert codes == [302, 302, 429]


def test_nobody_is_pestered_through_the_form(country):
    codes = [
        send(Client(REMOTE_ADDR=f"10.0.0.{n}"), email="VICTIM@example.org").status_code
        for n in range(4)
    ]
    assert codes == [302, 302, 302, 429]


def test_limit_counts_the_proxys_word_and_not_the_visitors(country, settings):
    settings.BEHIND_PROXY = True
    codes = [
        send(
            Client(), {"x-forwarded-for": f"1.2.3.{n}, 10.0.0.1"}, email=f"a{n}@example.org"
        ).status_code
        for n in range(interests.PER_SENDER + 1)
    ]
    assert codes[-1] == 429


def test_no_address_of_a_computer_is_kept(client, country):
    send(client)
    row = ExpressionOfInterest.objects.values().get()
    assert "127.0.0.1" not in str(row)
    assert "127.0.0.1" not in str(list(LogEntry.objects.values()))


def test_log_keeps_nothing_of_the_person(client, country):
    send(client)
    logged = str([entry.changes for entry in LogEntry.objects.all()])
    assert "Newtown" in logged
    for text in ("Ada", "ada@", "Integration", "know more"):
        assert text not in logged


# --- The link in the letter -----------------------------------------------------------------------


@pytest.fixture
def expression(country) -> ExpressionOfInterest:
    return ExpressionOfInterest.objects.create(
        city_name="Newtown",
        country=country,
        person_name="Ada",
        email="ada@example.org",
        language="en",
        token_hash=fingerprint("token"),
    )


def test_letter_leads_to_the_button_and_the_button_to_the_office(client, country, person):
    office = person("secretariat", language="de")
    send(client)
    letter = Letter.objects.get(kind="interest_confirm")
    assert (letter.to, letter.language) == ("ada@newtown.example.org", "pl")
    assert "Newtown" in letter.subject + letter.text
    address = re.search(r"https?://[^/]+(/pl/join/interest/[^/\s]+/)", letter.text)[1]
    assert client.get(address).status_code == 200
    assert not Letter.objects.filter(kind="interest_received").exists()
    client.post(address)
    letter = Letter.objects.get(kind="interest_received")
    row = ExpressionOfInterest.objects.get()
    assert (letter.to, letter.language) == (office.email, "de")
    assert f"/admin/members/expressionofinterest/{row.pk}/change/" in letter.text


def test_looking_at_the_link_changes_nothing(client, expression):
    for _time in range(2):
        response = client.get("/en/join/interest/token/")
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
    client.head("/en/join/interest/token/")
    expression.refresh_from_db()
    assert expression.confirmed_at is None
    assert "Ada" not in texts(response)


def test_button_confirms_once(client, expression):
    first = client.post("/en/join/interest/token/")
    assert first["Location"] == "/en/join/interest/confirmed/"
    expression.refresh_from_db()
    when = expression.confirmed_at
    assert when is not None
    client.post("/en/join/interest/token/")
    expression.refresh_from_db()
    assert expression.confirmed_at == when
    assert "The secretariat has it" in texts(client.get("/en/join/interest/token/"))
    assert not client.cookies


def test_other_sites_confirm_nothing(client, expression):
    assert (
        client.post(
            "/en/join/interest/token/", headers={"sec-fetch-site": "cross-site"}
        ).status_code
        == 403
    )
    expression.refresh_from_db()
    assert expression.confirmed_at is None


@pytest.mark.parametrize("token", ["nothing", "%00", "x" * 5000, "²"])
def test_link_that_is_none_says_so(token, client, expression):
    response = client.get(f"/en/join/interest/{token}/")
    assert response.status_code == 410
    assert "This link does not work" in texts(response)


# --- Forgetting -----------------------------------------------------------------------------------


def test_unconfirmed_is_deleted_after_thirty_days(expression):
    ExpressionOfInterest.objects.update(received_at=timezone.now() - timedelta(days=29, hours=23))
    call_command("forget_interests", stdout=StringIO())
    assert ExpressionOfInterest.objects.exists()
    ExpressionOfInterest.objects.update(received_at=timezone.now() - timedelta(days=30, hours=1))
    call_command("forget_interests", dry_run=True, stdout=StringIO())
    assert ExpressionOfInterest.objects.exists()
    assert interests.forget() == (1, 0)
    assert not ExpressionOfInterest.objects.exists()


def test_answered_is_anonymised_after_a_year_and_still_counts(expression, person):
    interests.confirm(interest=expression)
    interests.decline(interest=expression, why="Not in Europe", by=person("secretariat"))
    assert interests.forget() == (0, 0)
    assert interests.forget(now=timezone.now() + timedelta(days=366)) == (0, 1)
    expression.refresh_from_db()
    assert [getattr(expression, name) for name in ExpressionOfInterest.PERSONAL] == [""] * 5
    assert (expression.city_name, expression.outcome) == ("Newtown", "not_now")
    assert interests.forget(now=timezone.now() + timedelta(days=800)) == (0, 0)


def test_letters_are_forgotten_with_what_they_are_about(client, country):
    send(client)
    assert Letter.objects.filter(to="ada@newtown.example.org").exists()
    interests.forget(now=timezone.now() + timedelta(days=31))
    assert not Letter.objects.exists()


def test_confirmed_waits_for_its_answer_however_long(expression):
    interests.confirm(interest=expression)
    assert interests.forget(now=timezone.now() + timedelta(days=800)) == (0, 0)
    assert ExpressionOfInterest.objects.exists()
