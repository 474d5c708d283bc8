"""A person's page for the secretariat: a copy of what is kept, and erasing the person."""

import json

import pytest
from django.test import Client

from members.models import User
from tests.forms import fields_of
from tests.members.services.test_people import race

pytestmark = pytest.mark.django_db

ROLES = ["lead", "editor", "viewer", "committee"]


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def ada(person, alfa):
    return person("lead", alfa, name="Ada Nowak")


def page_of(user: User, name: str) -> str:
    return f"/admin/members/user/{user.pk}/{name}/"


def test_page_leads_to_copy_and_erasure(office, ada, browse):
    html = browse(office).get(page_of(ada, "change")).content.decode()
    assert page_of(ada, "export") in html
    assert page_of(ada, "erase") in html


def untick(client: Client, user: User, name: str):
    """The form of this person, as the browser sends it without this tick."""
    address = page_of(user, "change")
    fields = fields_of(client.get(address), "user_form")
    fields.pop(name)
    return client.post(address, {**fields, "_save": ""})


@pytest.mark.parametrize("name", ["is_secretariat", "is_active"])
def test_last_of_the_secretariat_stays(name, office, person, browse):
    person("secretariat", is_active=False)
    answer = untick(browse(office), office, name)
    assert "Nobody else of the secretariat" in answer.context["adminform"].form.errors[name][0]
    person("secretariat")
    assert untick(browse(office), office, name).status_code == 302
    office.refresh_from_db()
    assert getattr(office, name) is False


@pytest.mark.django_db(transaction=True)
def test_two_of_the_secretariat_who_take_the_right_from_each_other_leave_one(person, browse):
    ada, ben = person("secretariat", name="Ada"), person("secretariat", name="Ben")
    clients = browse(ada), browse(ben)
    race(
        lambda: untick(clients[0], ben, "is_secretariat"),
        lambda: untick(clients[1], ada, "is_secretariat"),
    )
    assert User.objects.filter(is_secretariat=True, is_active=True).count() == 1


def test_copy_is_a_file(office, ada, browse):
    answer = browse(office).get(page_of(ada, "export"))
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == f'attachment; filename="person-{ada.pk}.json"'
    copy = json.loads(answer.content)
    assert copy["account"]["name"] == "Ada Nowak"


def test_page_says_in_numbers_what_happens_and_asks_for_the_address(office, ada, browse):
    client = browse(office)
    page = client.get(page_of(ada, "erase"))
    facts = dict(page.context["statement"].facts)
    assert facts["Roles that end today"] == 1
    assert "public records" in page.content.decode()
    wrong = client.post(page_of(ada, "erase"), {"email": office.email})
    assert wrong.status_code == 200
    assert list(wrong.context["form"].errors) == ["email"]
    ada.refresh_from_db()
    assert ada.anonymised_at is None
    done = client.post(page_of(ada, "erase"), {"email": f" {ada.email.upper()} "}, follow=True)
    ada.refresh_from_db()
    assert ada.anonymised_at
    assert "pseudonym" in done.content.decode()
    assert "Ada" not in done.content.decode()
    # A view to read: nothing can be saved, and nothing is left to erase.
    html = client.get(page_of(ada, "change")).content.decode()
    assert 'name="_save"' not in html
    assert page_of(ada, "erase") not in html
    assert (
        'type="submit"'
        not in client.get(page_of(ada, "erase")).content.decode().partition('id="content-main"')[2]
    )


def test_own_page_explains_that_another_must_do_it(office, browse):
    client = browse(office)
    html = client.get(page_of(office, "erase")).content.decode()
    assert "Another member of the secretariat must do this" in html
    client.post(page_of(office, "erase"), {"email": office.email})
    office.refresh_from_db()
    assert office.anonymised_at is None


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["export", "erase"])
def test_nobody_else_has_the_pages(role, name, person, ada, alfa, browse):
    user = person(role, alfa)
    client = browse(user)
    assert client.get(page_of(ada, name)).status_code in {403, 404}
    assert client.post(page_of(ada, name), {"email": ada.email}).status_code in {403, 404}
    ada.refresh_from_db()
    assert ada.anonymised_at is None
