"""The city's actions that a programme contributes to: chosen on its page, shown on both, and of no
other city."""

import json
import re

import pytest
from django.test import Client

from members.models import Action, Commitment, Plan
from programs.models import Programme
from tests.forms import fields_of

pytestmark = pytest.mark.django_db


def change(client: Client, programme: Programme, **more: object):
    """Send the programme's page as it stands, with something changed."""
    address = f"/admin/programs/programme/{programme.pk}/change/"
    return client.post(address, {**fields_of(client.get(address)), **more})


@pytest.fixture
def action(alfa_rows) -> Action:
    return alfa_rows["members.action"]


@pytest.fixture
def programme(alfa_rows) -> Programme:
    return alfa_rows["programs.programme"]


@pytest.fixture
def foreign(beta_rows) -> Action:
    return beta_rows["members.action"]


def words_of(path: str) -> str:
    return re.sub(r"\s+", " ", Client().get(path).content.decode())


def test_coordinator_chooses_an_action_of_the_city(person, alfa, browse, programme, action):
    answer = change(browse(person("lead", alfa)), programme, actions=[action.pk])
    assert answer.status_code == 302
    assert list(programme.actions.all()) == [action]


@pytest.mark.parametrize("role", ["lead", "secretariat"])
def test_choices_are_the_actions_of_the_programme_s_city(
    role, person, alfa, browse, programme, action, foreign
):
    user = person(role, alfa if role == "lead" else None)
    page = browse(user).get(f"/admin/programs/programme/{programme.pk}/change/")
    assert list(page.context["adminform"].form.fields["actions"].queryset) == [action]


def test_further_cities_bring_their_actions(person, beta, browse, programme, action, foreign):
    programme.further_cities.add(beta)
    client = browse(person("secretariat"))
    assert change(client, programme, actions=[action.pk, foreign.pk]).status_code == 302
    assert programme.actions.count() == 2


def test_action_of_another_city_is_no_choice(person, alfa, browse, programme, foreign):
    answer = change(browse(person("lead", alfa)), programme, actions=[foreign.pk])
    assert "actions" in answer.context["adminform"].form.errors
    assert not programme.actions.exists()


def test_programme_that_moves_to_another_city_leaves_the_actions_behind(
    person, beta, browse, programme, action
):
    programme.actions.add(action)
    answer = change(browse(person("secretariat")), programme, city=beta.pk)
    assert "belongs to another city" in str(answer.context["adminform"].form.errors["actions"])
    programme.refresh_from_db()
    assert programme.city == action.commitment.city


def test_both_pages_name_each_other(programme, action):
    Plan.objects.update(published_at=programme.published_at)
    programme.actions.add(action)
    page = words_of(programme.get_absolute_url())
    assert "Actions of the city that it contributes to" in page
    assert f'href="/en/cities/alfa/#action-{action.pk}"' in page
    city = words_of("/en/cities/alfa/")
    assert f'Programmes that contribute to it: <a href="{programme.get_absolute_url()}">' in city


def test_draft_is_named_on_neither_page(programme, action):
    Plan.objects.update(published_at=programme.published_at)
    programme.actions.add(action)
    Action.objects.update(published_at=None)
    assert "contributes to" not in words_of(programme.get_absolute_url())
    Action.objects.update(published_at=programme.published_at)
    Programme.objects.update(published_at=None)
    assert "contribute to it" not in words_of("/en/cities/alfa/")


def test_action_of_a_hidden_point_of_the_city_is_not_named(programme, action):
    programme.actions.add(action)
    Commitment.objects.update(published_at=None)
    assert "contributes to" not in words_of(programme.get_absolute_url())


@pytest.mark.usefixtures("real_data")
def test_real_programmes_name_actions_that_their_sources_name():
    assert "Punkt Informacyjny dla Obcokrajowców" in words_of("/pl/programmes/otwarty-krakow/")
    linked = Programme.objects.real().filter(actions__isnull=False).distinct()
    assert linked.count() == 16
    assert not [
        one.slug
        for one in linked
        for action in one.actions.all()
        if action.commitment.city != one.city
    ]
    table = Client().get("/en/programmes/export.json?city=krakow")
    rows = json.loads(b"".join(table.streaming_content))["programmes"]
    assert ["Information point for foreigners", "Multicultural Centre"] in [
        row["action_titles"] for row in rows
    ]


# --- What the city undertook in a plan ------------------------------------------------------------


def test_plan_and_city_lead_to_each_other(programme, alfa_rows):
    undertaking = alfa_rows["members.undertaking"]
    Plan.objects.update(published_at=programme.published_at)
    assert "What the city undertook in it" not in words_of(programme.get_absolute_url())
    programme.undertakings.add(undertaking)
    page = words_of(programme.get_absolute_url())
    assert "What the city undertook in it" in page
    assert f'href="{undertaking.commitment.get_absolute_url()}"' in page
    plan = f'<a href="{programme.get_absolute_url()}"> <cite'
    assert plan in words_of("/en/cities/alfa/")
    Programme.objects.update(published_at=None)
    assert plan not in words_of("/en/cities/alfa/")


def test_office_alone_says_in_which_plan_a_city_undertook_something(
    person, alfa, browse, programme, alfa_rows, beta_rows
):
    own, foreign = alfa_rows["members.undertaking"], beta_rows["members.undertaking"]
    change(browse(person("lead", alfa)), programme, undertakings=[own.pk])
    assert not programme.undertakings.exists()
    office = browse(person("secretariat"))
    assert change(office, programme, undertakings=[own.pk, foreign.pk]).status_code == 200
    assert change(office, programme, undertakings=[own.pk]).status_code == 302
    assert list(programme.undertakings.all()) == [own]


@pytest.mark.usefixtures("real_data")
def test_plans_of_the_network_hold_what_the_cities_undertook_in_them():
    linked = Programme.objects.real().filter(undertakings__isnull=False).distinct()
    assert linked.count() == 67
    assert not [
        one.slug
        for one in linked
        for undertaking in one.undertakings.all()
        if undertaking.commitment.city != one.city
    ]
    page = words_of("/de/programmes/dormagen-zehn-punkte-plan/")
    assert "wegen der pandemie konnte der runde tisch nicht tagen" in page.lower()
