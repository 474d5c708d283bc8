"""A form of an account whose token is refused: two tabs, or a browser without cookies."""

import pytest
from django.test import Client

from members.models import User

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("page", [LOGIN, "/accounts/password/reset/", "/accounts/logout/"])
def test_page_says_why_and_leads_to_a_fresh_form(strict, page):
    answer = strict.post(page, {"next": "/admin/members/city/"})
    assert answer.status_code == 403
    assert "This form is too old" in answer.text
    assert "cookies" in answer.text
    assert "needs a right" not in answer.text
    fresh = f"{page}?next=%2Fadmin%2Fmembers%2Fcity%2F"
    assert f'href="{fresh}"' in answer.text
    assert strict.get(fresh).status_code == 200


def test_who_signed_in_by_another_tab_goes_on(strict, person, alfa):
    strict.force_login(person("lead", alfa))
    answer = strict.post(LOGIN, {"next": "/admin/members/city/"}, follow=True)
    assert answer.request["PATH_INFO"] == "/admin/members/city/"
    assert answer.status_code == 200
    assert strict.post(LOGIN, {"next": "https://evil.example/"})["Location"] == "/admin/"


def test_other_pages_say_what_they_said(strict, person):
    strict.force_login(person("secretariat"))
    answer = strict.post("/admin/", {})
    assert answer.status_code == 403
    assert "This form is too old" not in answer.text
    assert User.objects.exists()
