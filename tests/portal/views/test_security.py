"""`/.well-known/security.txt` and the settings behind it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.views.security import expiry

ADDRESS = "/.well-known/security.txt"


@pytest.fixture
def contact(settings):
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    return settings


def fields(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.splitlines())


@pytest.mark.django_db
def test_security_txt_is_missing_without_a_contact(client, settings):
    settings.SECURITY_CONTACT = ""
    assert client.get(ADDRESS).status_code == 404


def test_security_txt_is_plain_text_in_utf8(client, contact):
    response = client.get("/.well-known/security.txt")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.endswith(b"\n")
    assert not response.cookies


def test_security_txt_names_contact_languages_and_its_own_address(client, contact):
    contact.LANGUAGE_CODE = "pl"
    found = fields(client.get(ADDRESS).text)
    assert set(found) == {"Contact", "Expires", "Preferred-Languages", "Canonical"}
    assert found["Contact"] == "mailto:security@example.org"
    assert found["Preferred-Languages"] == "pl, en"
    assert found["Canonical"] == f"{contact.SITE_URL}/.well-known/security.txt"


def test_security_txt_names_english_once(client, contact):
    contact.LANGUAGE_CODE = "en"
    assert fields(client.get(ADDRESS).text)["Preferred-Languages"] == "en"


def test_security_txt_names_the_policy_if_there_is_one(client, contact):
    contact.SECURITY_POLICY = "https://www.example.org/security"
    assert fields(client.get(ADDRESS).text)["Policy"] == "https://www.example.org/security"


def test_security_txt_expires_within_a_year(client, contact):
    until = datetime.fromisoformat(fields(client.get(ADDRESS).text)["Expires"])
    now = datetime.now(UTC)
    assert now + timedelta(days=180) < until < now + timedelta(days=365)


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 1, 1), date(2026, 10, 1)),
        (date(2026, 3, 31), date(2026, 10, 1)),
        (date(2026, 4, 1), date(2027, 1, 1)),
        (date(2026, 12, 31), date(2027, 7, 1)),
    ],
)
def test_expiry_is_the_third_next_beginning_of_a_quarter(today, until):
    assert expiry(today) == until


def test_expiry_is_always_half_a_year_to_nine_months_ahead():
    days = [date(2027, 1, 1) + timedelta(days=number) for number in range(4 * 366)]
    ahead = {(expiry(day) - day).days for day in days}
    assert (min(ahead), max(ahead)) == (182, 275)


def test_security_txt_answers_no_post(client, contact):
    assert client.post(ADDRESS).status_code == 405


def test_programs_that_keep_passwords_find_the_page_for_a_new_one(client):
    response = client.get("/.well-known/change-password")
    assert (response.status_code, response["Location"]) == (302, "/admin/password_change/")
