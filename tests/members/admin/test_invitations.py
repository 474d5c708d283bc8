"""An invitation to the secretariat is a choice, said twice; nothing left empty makes one."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.models import Invitation
from members.services import people

pytestmark = pytest.mark.django_db

ADD = "/admin/members/invitation/add/"


@pytest.fixture
def office(person):
    return person("secretariat")


def send(client, **answers):
    """The page of the form, or None where the invitation was sent."""
    values = {"email": "new@example.org", "city": "", "role": "", "language": "en", **answers}
    response = client.post(ADD, values)
    return None if response.status_code == 302 else response


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "place"),
        ({"place": "city"}, "city"),
        ({"place": "city", "confirmed": "on"}, "role"),
        ({"place": "office"}, "confirmed"),
        ({"place": "office", "role": "lead", "confirmed": "on"}, "place"),
    ],
)
def test_nothing_left_empty_makes_a_secretariat_account(browse, office, answers, field):
    page = send(browse(office), **answers)
    assert field in page.context["adminform"].form.errors
    assert not Invitation.objects.exists()


def test_open_invitation_is_said_once(browse, office, alfa):
    client = browse(office)
    values = {"place": "city", "city": alfa.pk, "role": "editor"}
    assert send(client, **values) is None
    page = send(client, **values, language="pl")
    assert page.text.count("has an open invitation of this kind") == 1


def test_secretariat_is_invited_where_it_is_chosen_and_confirmed(browse, office):
    client = browse(office)
    assert send(client, place="office", confirmed="on") is None
    invitation = Invitation.objects.get()
    assert (invitation.to_office, invitation.city, invitation.role) == (True, None, "")
    page = client.get(f"/admin/members/invitation/{invitation.pk}/change/").content.decode()
    assert "To the secretariat" in page


def test_city_is_invited_to_with_its_role(browse, office, alfa):
    assert send(browse(office), place="city", city=alfa.pk, role="lead") is None
    invitation = Invitation.objects.get()
    assert (invitation.to_office, invitation.city, invitation.role) == (False, alfa, "lead")


def test_page_says_that_the_letter_leaves(browse, office, alfa):
    client = browse(office)
    send(client, place="city", city=alfa.pk, role="lead")
    page = client.get("/admin/members/invitation/").text
    assert f"is on its way to {Invitation.objects.get().email}" in page


def test_coordinator_is_not_asked_and_cannot_choose_the_secretariat(browse, person, alfa):
    client = browse(person("lead", alfa))
    page = client.get(ADD).content.decode()
    assert 'name="place"' not in page
    assert 'name="confirmed"' not in page
    assert send(client, place="office", confirmed="on").context["adminform"].form.errors["city"]
    assert send(client, place="office", confirmed="on", city=alfa.pk, role="editor") is None
    assert not Invitation.objects.get().to_office


def test_service_and_database_refuse_an_invitation_to_nothing(office):
    with pytest.raises(ValidationError):
        people.invite(email="new@example.org", language="en", by=office)
    earlier = people.invite(email="new@example.org", language="en", by=office, to_office=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=earlier.pk).update(to_office=False)


def test_lead_comes_back_to_the_team_and_the_office_to_its_list(browse, person, office, alfa):
    values = {"email": "one@example.org", "city": alfa.pk, "role": "editor", "language": "en"}
    answer = browse(person("lead", alfa)).post(ADD, values)
    assert answer["Location"] == "/admin/city/alfa/team/"
    values |= {"email": "two@example.org", "place": "city"}
    answer = browse(office).post(ADD, values)
    assert answer["Location"] == "/admin/members/invitation/"


def test_lead_invites_in_the_language_of_their_own_pages(browse, person, office, alfa):
    lead = browse(person("lead", alfa, language="sv")).get(ADD)
    assert lead.context["adminform"].form["language"].initial == "sv"
    assert not browse(office).get(ADD).context["adminform"].form["language"].initial


def test_button_says_that_the_letter_is_sent(browse, person, office, alfa):
    for user in (person("lead", alfa), office):
        page = browse(user).get(ADD).text
        row = page[page.index('class="submit-row"') :].split("</div>")[0]
        assert re.findall(r'<input type="submit" value="([^"]+)"', row) == ["Send the invitation"]


def test_lead_is_not_offered_what_only_the_office_gives(browse, person, office, alfa):
    page = "/admin/members/invitation/add/"

    def offered(user):
        field = browse(user).get(page).context["adminform"].form.fields["role"]
        return [value for value, _label in field.choices if value]

    assert offered(office) == ["lead", "editor", "viewer", "committee"]
    assert offered(person("lead", alfa)) == ["lead", "editor", "viewer"]
