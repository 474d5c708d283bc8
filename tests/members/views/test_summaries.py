"""Ending the letters about what waits: by the link, by the mail program, in the profile; and the
way from the letter to the page."""

from types import SimpleNamespace

import pytest
from django.test import Client

from members import emails
from members.models import Letter
from members.services import monthly, summaries
from members.waiting import action_url
from tests.conftest import PASSWORD
from tests.members.test_gaps import join
from tests.members.views import test_factors

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(alfa, person, settings):
    settings.LETTERS_AT_ONCE = False
    join(alfa)
    return person("lead", alfa, language="de")


@pytest.fixture
def address(lead, settings):
    link = emails.stop_link(lead.pk, "de")
    return link.removeprefix(settings.SITE_URL)


def wants(lead) -> bool:
    lead.refresh_from_db()
    return lead.gets_summaries


def test_link_shows_one_button_and_changes_nothing(lead, address, client):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Language"] == "de"
    assert "noindex" in answer.text
    assert lead.email not in answer.text
    assert not answer.cookies
    assert wants(lead)


def test_mail_program_ends_the_letters_and_signs_nobody_in(lead, address, monkeypatch):
    monkeypatch.setattr(monthly, "LAST_DAY", 31)
    summaries.write_due()
    client = Client(enforce_csrf_checks=True)
    sent = {"List-Unsubscribe": "One-Click"}
    answer = client.post(address, sent, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert not wants(lead)
    assert Letter.objects.get().state == "withdrawn"
    assert client.get("/admin/").status_code == 302
    assert client.post(address).status_code == 200


@pytest.mark.parametrize("token", ["x", "1:abc", "1", "²:x", "%00"])
def test_token_of_somebody_else_is_no_page(token, lead, client):
    assert client.post(f"/accounts/summaries/{token}/").status_code == 404
    assert wants(lead)


def test_profile_ends_and_orders_the_letters(lead, browse, monkeypatch):
    monkeypatch.setattr(monthly, "LAST_DAY", 31)
    summaries.write_due()
    client = browse(lead)
    sent = {"name": "Ada", "language": "de"}
    client.post("/admin/profile/", sent)
    assert not wants(lead)
    assert Letter.objects.get().state == "withdrawn"
    client.post("/admin/profile/", {**sent, "gets_summaries": "on"})
    assert wants(lead)


def test_link_of_the_letter_leads_through_signing_in_to_the_page(lead, alfa, client):
    page = f"/admin/city/{alfa.slug}/?language=de"
    first = client.get(page)
    login = client.get(first["Location"], follow=True)
    assert login["Content-Language"] == "de"
    address = login.redirect_chain[-1][0]
    sent = {"login": lead.email, "password": PASSWORD}
    answer = client.post(address, sent)
    assert answer["Location"] == page
    assert client.get(answer["Location"]).status_code == 200


def test_link_leads_to_the_part_of_the_page_with_the_button(alfa, alfa_rows, person, client):
    """The fragment of a link is lost while somebody signs in: no server sees it."""
    lead = person("lead", alfa, language="de")
    action = alfa_rows["members.action"]
    address = action_url(action, "status")
    link = emails.link_to(lambda: address, "de").removeprefix("http://127.0.0.1:8000")
    login = client.get(link, follow=True).redirect_chain[-1][0]
    page = client.post(login, {"login": lead.email, "password": PASSWORD})["Location"]
    assert page == link
    part = client.get(page)["Location"]
    assert part == address.replace("#", "?language=de#")
    assert 'id="status"' in client.get(part).text


@pytest.mark.parametrize("part", ["", "Status", "9", "a" * 99, "//evil.example", "x%0d%0aA: b"])
def test_part_that_is_none_changes_nothing(part, lead, alfa, browse):
    answer = browse(lead).get(f"/admin/members/unit/?page_part={part}")
    assert answer.status_code == 200


def test_second_factor_stands_before_the_page_too(lead, alfa, client, monkeypatch):
    def set_clock(steps: int) -> None:
        clock = SimpleNamespace(time=lambda: (test_factors.START + steps) * 30)
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", clock)

    set_clock(0)
    secret = test_factors.set_up(test_factors.signed_in(lead))
    page = f"/admin/city/{alfa.slug}/?language=de&page_part=points"
    login = client.get(page, follow=True).redirect_chain[-1][0]
    client.post(login, {"login": lead.email, "password": PASSWORD})
    assert client.get(page).status_code == 302
    set_clock(1)
    answer = client.post(test_factors.CODE, {"code": test_factors.code_of(secret, 1)})
    assert answer["Location"] == page
    part = client.get(page)["Location"]
    assert part == f"/admin/city/{alfa.slug}/?language=de#points"
