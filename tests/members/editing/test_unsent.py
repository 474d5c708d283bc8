"""A form that comes when the session is over: nothing typed is lost, nothing is stored, no right is
gained."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from members.models import Unit
from tests.conftest import PASSWORD
from tests.forms import fields_of

pytestmark = pytest.mark.django_db

SAME_SITE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def unit(alfa) -> Unit:
    return Unit.objects.create(city=alfa, name_en="Office", published_at=alfa.published_at)


@pytest.fixture
def ada(person, alfa):
    return person("lead", alfa, name="Ada")


def address(unit: Unit) -> str:
    return f"/admin/members/unit/{unit.pk}/change/"


def typed(unit: Unit, user, **more: object) -> dict:
    """Ada's form as her browser holds it when the session ends."""
    client = Client()
    client.force_login(user)
    fields = fields_of(client.get(address(unit)), "unit_form")
    return {**fields, "name_en": "Bureau\r\nof Equality", "_save": "Save", **more}


def carried_fields(response) -> dict:
    """The fields of the page's own form (the last one; the header has a search)."""
    fields = fields_of(response)
    fields.pop("q", None)
    return fields


def sign_in(client: Client, response, user) -> object:
    fields = carried_fields(response)
    return client.post("/accounts/unsent/", {**fields, "login": user.email, "password": PASSWORD})


def test_text_typed_into_a_dead_session_is_saved_after_signing_in(unit, ada):
    client = Client()
    response = client.post(address(unit), typed(unit, ada))
    assert response.status_code == 401
    assert "of Equality" in response.content.decode()
    assert "sessionid" not in client.cookies
    response = sign_in(client, response, ada)
    html = response.content.decode()
    assert "data-send-at-once" in html
    assert f'action="{address(unit)}"' in html
    response = client.post(address(unit), carried_fields(response))
    assert response.status_code == 302
    unit.refresh_from_db()
    assert unit.name_en.split() == ["Bureau", "of", "Equality"]


def test_wrong_password_loses_nothing(unit, ada):
    client = Client()
    response = client.post(address(unit), typed(unit, ada))
    fields = carried_fields(response)
    response = client.post("/accounts/unsent/", {**fields, "login": ada.email, "password": "wrong"})
    assert "do not belong together" in response.content.decode()
    assert carried_fields(response)["carried"] == fields["carried"]


def test_another_person_is_told_and_has_their_own_rights(unit, ada, person, alfa, beta):
    client = Client()
    bo = person("editor", alfa)
    response = sign_in(client, client.post(address(unit), typed(unit, ada)), bo)
    html = response.content.decode()
    assert "Somebody else began this text" in html
    assert "data-send-at-once" not in html
    assert "Ada" not in html
    stranger = Client()
    response = sign_in(
        stranger, stranger.post(address(unit), typed(unit, ada)), person("lead", beta)
    )
    assert stranger.post(address(unit), carried_fields(response)).status_code == 404
    unit.refresh_from_db()
    assert unit.name_en == "Office"


def test_form_older_than_the_last_signing_in_is_carried_on(unit, ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    response = client.post(
        address(unit), typed(unit, ada, csrfmiddlewaretoken="x" * 64), **SAME_SITE
    )
    assert response.status_code == 200
    fields = carried_fields(response)
    response = client.post(address(unit), fields, **SAME_SITE)
    assert response.status_code == 302
    unit.refresh_from_db()
    assert unit.name_en.startswith("Bureau")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://testserver"},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_REFERER": "https://evil.example/http://testserver/"},
    ],
)
def test_forged_form_is_refused(headers, unit, ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    response = client.post(address(unit), {"name_en": "Forged"}, **headers)
    assert response.status_code == 403
    assert '<form class="form" method="post" action="/admin' not in response.content.decode()


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example/admin/",
        "/admin//evil.example/",
        "/admin/../accounts/logout/",
        "/accounts/logout/",
        "/admin/logout/",
        "/admin/password_change/",
        "/admin/language/",
        "/en/",
        "/admin/nothing/at/all/",
        "javascript:alert(1)",
        "/admin/\\evil",
        "",
    ],
)
def test_fields_are_carried_to_pages_of_the_administration_only(to, ada):
    fields = {
        "to": to,
        "carried": json.dumps([["a", "b"]]),
        "login": ada.email,
        "password": PASSWORD,
    }
    response = Client().post("/accounts/unsent/", fields)
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")


@pytest.mark.parametrize("carried", ["", "x", "1", "[1]", "[[1]]", "{}x", "[" * 5000])
def test_nonsense_for_fields_leads_to_the_sign_in_page(carried, ada):
    fields = {
        "to": "/admin/members/unit/add/",
        "carried": carried,
        "login": ada.email,
        "password": PASSWORD,
    }
    assert Client().post("/accounts/unsent/", fields).status_code == 302


def test_passwords_are_never_carried(ada):
    response = Client().post("/admin/password_change/", {"oldpassword": "SECRET"})
    assert response.status_code == 302
    assert "SECRET" not in response.content.decode()


def test_files_are_named_to_be_chosen_again(ada, alfa):
    upload = SimpleUploadedFile("resolution.pdf", b"%PDF-1.7\n%%EOF\n")
    client = Client()
    response = client.post("/admin/members/document/add/", {"title": "Resolution", "file": upload})
    assert "resolution.pdf" in response.content.decode()
    response = sign_in(client, response, ada)
    assert "resolution.pdf" in response.content.decode()
    assert "data-send-at-once" not in response.content.decode()


def test_too_much_text_is_shown_to_be_copied(unit, ada, monkeypatch):
    monkeypatch.setattr("members.views.unsent.MOST", 100)
    html = Client().post(address(unit), typed(unit, ada)).content.decode()
    assert "too much text" in html
    assert "of Equality" in html
    assert 'name="carried"' not in html


def test_somebody_without_a_role_any_more_keeps_their_text(unit, ada):
    fields = typed(unit, ada)
    client = Client()
    client.force_login(ada)
    ada.roles.all().delete()
    response = client.post(address(unit), fields)
    html = response.content.decode()
    assert response.status_code == 401
    assert "You hold no role at present" in html
    assert "of Equality" in html


def test_ticks_and_choices_are_named_before_they_are_sent_again(person, browse, alfa):
    office, other = person("secretariat"), person("lead", alfa, name="Ada")
    client = browse(office)
    address = f"/admin/members/user/{other.pk}/change/"
    fields = fields_of(client.get(address), "user_form")
    fields.pop("is_active")
    session = client.session
    session["proved_at"] = 0
    session.save()
    answer = client.post(address, {**fields, "is_secretariat": "on", "language": "de"})
    assert answer.status_code == 403
    chosen = dict(answer.context["choices"])
    assert chosen["Network secretariat"] == "yes"
    assert chosen["May sign in"] == "no"
    assert chosen["Language"] == "German"
    for words in ("Network secretariat", "May sign in", "German"):
        assert words in answer.text


def test_row_that_somebody_may_not_see_is_not_named(person, browse, alfa, beta):
    client = browse(person("lead", alfa))
    session = client.session
    session["proved_at"] = 0
    session.save()
    hidden = type(beta).objects.create(slug="hidden", country=beta.country, name_en="Hidden")
    answer = client.post("/admin/members/invitation/add/", {"email": "a@b.org", "city": hidden.pk})
    assert answer.status_code == 403
    assert "Hidden" not in answer.text
