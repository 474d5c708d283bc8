"""The accessibility statement: the EU's model, and the ids of the Polish declaration."""

import re
from datetime import date

import pytest
from django.test import Client

from languages.tables import rows_of
from portal.accessibility import statement
from portal.checks import check_statement

pytestmark = pytest.mark.django_db

# "Warunki techniczne publikacji oraz struktura dokumentu elektronicznego deklaracji dostępności".
POLISH_IDS = {
    "a11y-wstep",
    "a11y-podmiot",
    "a11y-url",
    "a11y-data-publikacja",
    "a11y-data-aktualizacja",
    "a11y-status",
    "a11y-data-sporzadzenie",
    "a11y-data-przeglad",
    "a11y-audytor",
    "a11y-kontakt",
    "a11y-osoba",
    "a11y-email",
    "a11y-telefon",
    "a11y-procedura",
    "a11y-architektura",
    "a11y-aplikacje",
}


@pytest.fixture
def polish_operator(settings) -> None:
    settings.OPERATOR = "Example Town Hall"
    settings.OPERATOR_COUNTRY = "PL"
    settings.OPERATOR_PHONE = "+48 12 345 67 89"
    settings.CONTACT_EMAIL = "office@example.org"
    settings.PUBLISHED_ON = date(2026, 12, 1)


def page(language: str) -> str:
    return Client().get(f"/{language}/accessibility/").content.decode()


def text_of(html: str, key: str) -> str:
    """The text of the element with this id."""
    found = re.search(rf'<(\w+) id="{key}"[^>]*>(.*?)</\1>', html, re.DOTALL)
    assert found, key
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[2])).strip()


@pytest.mark.parametrize("language", ["en", "pl", "uk"])
def test_statement_has_every_id_of_the_polish_declaration_once(language):
    html = page(language)
    found = re.findall(r'id="(a11y-[a-z-]+)"', html)
    assert len(found) == len(set(found))
    assert set(found) >= POLISH_IDS


def test_statement_says_who_runs_the_site_and_by_which_law(polish_operator):
    html = page("pl")
    assert text_of(html, "a11y-podmiot") == "Example Town Hall"
    assert text_of(html, "a11y-email") == "office@example.org"
    assert 'href="mailto:office@example.org"' in html
    assert 'href="tel:+48123456789"' in html
    assert '<time id="a11y-data-publikacja"' in html
    assert 'datetime="2026-12-01"' in html
    assert "ustawa z dnia 4 kwietnia 2019" in html
    assert text_of(html, "a11y-status") == "częściowo zgodna"
    assert "Rzecznik Praw Obywatelskich" in html
    assert "7 dni" in text_of(html, "a11y-procedura")


def test_statement_invents_neither_body_nor_law(settings):
    settings.OPERATOR = settings.OPERATOR_COUNTRY = ""
    html = page("pl")
    assert "Rzecznik" not in html
    assert "ustawa z dnia" not in html
    assert "2016/2102" in html
    assert text_of(html, "a11y-data-publikacja") == "nie podano"


def test_settings_name_another_body_than_the_data(polish_operator, settings):
    settings.ENFORCEMENT_BODY = "Example Ombudsman"
    settings.ENFORCEMENT_URL = "https://ombudsman.example.org/"
    html = page("en")
    assert "https://ombudsman.example.org/" in html
    assert "Rzecznik" not in html


def test_every_limit_is_written_in_every_language(settings):
    for row in rows_of("accessibility/limits"):
        assert row["kind"] in {"barrier", "outside"}
        assert all(row[f"text_{code}"] for code, _name in settings.LANGUAGES), row
    assert statement().status in {"full", "partial", "none"}


def test_check_names_what_the_statement_lacks(polish_operator, settings):
    assert check_statement(None) == []
    settings.OPERATOR_PHONE = settings.OPERATOR = ""
    [warning] = check_statement(None)
    assert "OPERATOR, OPERATOR_PHONE not set" in warning.msg
    settings.OPERATOR_COUNTRY = "SE"
    [warning] = check_statement(None)
    assert "OPERATOR not set" in warning.msg


def test_every_way_to_contact_ends_in_the_address(alfa, settings):
    settings.CONTACT_EMAIL = "office@example.org"
    for name in ("contact", "accessibility", "privacy"):
        html = Client().get(f"/en/{name}/").content.decode()
        assert 'href="mailto:office@example.org"' in html, name
    for path in ("cities/alfa/", "about/"):
        html = Client().get(f"/en/{path}").content.decode()
        assert re.search(r'href="/en/contact/(?:\?[^"]*)?"[^>]*>\s*Report a mistake', html), path
