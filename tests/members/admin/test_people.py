"""A person's page for the secretariat: a copy of what is kept, and erasing the person."""

import json
import time

import pytest
from django.core import mail
from django.forms import CheckboxInput, HiddenInput
from django.test import Client

from members.models import Invitation, Letter, User
from members.services import office_right, people
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


def untick(client: Client, user: User, name: str, **more: str):
    """The form of this person, as the browser sends it without this tick."""
    address = page_of(user, "change")
    fields = fields_of(client.get(address), "user_form")
    fields.pop(name)
    return client.post(address, {**fields, **more, "_save": ""})


SURE = {"sure": "on"}


@pytest.mark.parametrize("name", ["is_secretariat", "is_active"])
def test_last_of_the_secretariat_stays(name, office, person, browse):
    person("secretariat", is_active=False)
    answer = untick(browse(office), office, name)
    assert "Nobody else of the secretariat" in answer.context["adminform"].form.errors[name][0]
    person("secretariat")
    assert untick(browse(office), office, name, **SURE).status_code == 302
    office.refresh_from_db()
    assert getattr(office, name) is False


@pytest.mark.django_db(transaction=True)
def test_two_of_the_secretariat_who_take_the_right_from_each_other_leave_one(person, browse):
    ada, ben = person("secretariat", name="Ada"), person("secretariat", name="Ben")
    clients = browse(ada), browse(ben)
    race(
        lambda: untick(clients[0], ben, "is_secretariat", **SURE),
        lambda: untick(clients[1], ada, "is_secretariat", **SURE),
    )
    assert User.objects.filter(is_secretariat=True, is_active=True).count() == 1


def kinds(user: User) -> list[tuple[str, User | None]]:
    rows = user.account_events.order_by("pk")
    return [(row.kind, row.by) for row in rows]


def test_right_of_the_secretariat_is_given_by_a_second_answer_and_told(
    office, ada, browse, django_capture_on_commit_callbacks
):
    client = browse(office)
    address = page_of(ada, "change")
    page = client.get(address)
    assert isinstance(page.context["adminform"].form.fields["sure"].widget, HiddenInput)
    fields = {**fields_of(page, "user_form"), "is_secretariat": "on", "_save": ""}
    asked = client.post(address, fields)
    form = asked.context["adminform"].form
    assert list(form.errors) == ["sure"]
    assert "Ada Nowak will read and change everything" in form.errors["sure"][0]
    assert isinstance(form.fields["sure"].widget, CheckboxInput)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {**fields, **SURE}).status_code == 302
    ada.refresh_from_db()
    assert ada.is_secretariat
    assert kinds(ada) == [("office_right_given", office)]
    own, to_office = sorted(mail.outbox, key=lambda letter: letter.to != [ada.email])
    assert (own.to, to_office.to) == ([ada.email], [office.email])
    assert "right of the network’s secretariat now" in " ".join(own.body.split())


def test_everybody_of_the_secretariat_hears_of_a_changed_right_in_their_language(
    person, office, ada, settings
):
    languages = [code for code, _name in settings.LANGUAGES]
    readers = [person("secretariat", language=code) for code in languages]
    person("secretariat", is_active=False)
    ada.is_secretariat = True
    ada.save()
    office_right.note_change(person=ada, by=office)
    ada.is_secretariat = False
    ada.save()
    office_right.note_change(person=ada, by=office)
    letters = list(Letter.objects.filter(kind=office_right.LETTER).order_by("pk"))
    assert len(letters) == 2 * len({office, *readers})
    texts = {}
    for letter in letters:
        assert f"/admin/members/user/{ada.pk}/change/?language={letter.language}" in letter.text
        texts.setdefault(letter.to, []).append(letter.text)
    for reader in readers:
        given, ended = texts[reader.email]
        assert "Ada Nowak" in given
        assert given != ended
    # No two languages say the same.
    sentences = {texts[reader.email][0].split("Ada Nowak", 1)[1][:40] for reader in readers}
    assert len(sentences) == len(languages) == 8
    told = Letter.objects.filter(kind="account_changed_by_office")
    assert {letter.to for letter in told} == {ada.email}


def test_invitation_to_the_secretariat_that_is_accepted_is_told_to_its_colleagues(office, person):
    other = person("secretariat", language="uk")
    row = people.invite(
        email="new@example.org", city=None, role="", to_office=True, language="pl", by=office
    )
    new = people.NewPerson(name="Nowy", language="pl", password="a-good-long-password")
    people.accept_invitation(invitation=row, by=new)
    letters = Letter.objects.filter(kind=office_right.LETTER)
    assert {letter.to for letter in letters} == {office.email, other.email}
    assert all("Nowy" in letter.text for letter in letters)


def test_own_right_of_the_secretariat_is_given_up_by_a_second_answer(office, person, browse):
    other = person("secretariat", name="Ben")
    client = browse(office)
    asked = untick(client, other, "is_secretariat")
    assert "Ben loses the right" in asked.context["adminform"].form.errors["sure"][0]
    asked = untick(client, office, "is_secretariat")
    assert "you give up your own right" in asked.context["adminform"].form.errors["sure"][0]
    office.refresh_from_db()
    assert office.is_secretariat
    assert untick(client, office, "is_secretariat", **SURE).status_code == 302
    assert kinds(office) == [("office_right_ended", None)]
    assert kinds(other) == []


def test_other_changes_of_an_account_ask_nothing_more(office, ada, browse):
    client = browse(office)
    address = page_of(ada, "change")
    fields = fields_of(client.get(address), "user_form")
    assert client.post(address, {**fields, "name": "Ada N.", "_save": ""}).status_code == 302
    assert kinds(ada) == []


def test_many_invitations_are_withdrawn_with_a_fresh_proof(office, alfa, browse):
    client = browse(office)
    rows = [
        people.invite(
            email=f"p{key}@example.org", city=alfa, role="editor", language="en", by=office
        )
        for key in range(3)
    ]
    chosen = [row.pk for row in rows]
    fields = {"action": "withdraw_invitations", "_selected_action": chosen}
    address = "/admin/members/invitation/"
    session = client.session
    session["proved_at"] = 0
    session.save()
    assert client.get(address).status_code == 200
    asked = client.post(address, fields)
    assert (asked.status_code, "Is it you?" in asked.text) == (403, True)
    assert Invitation.objects.filter(withdrawn_at=None).count() == 3
    session["proved_at"] = time.time()
    session.save()
    client.post(address, fields)
    assert not Invitation.objects.filter(withdrawn_at=None).exists()


def test_copy_is_a_file(office, ada, browse):
    answer = browse(office).get(page_of(ada, "export"))
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == f'attachment; filename="person-{ada.pk}.json"'
    copy = json.loads(answer.content)
    assert copy["account"]["name"] == "Ada Nowak"


def test_copy_leaves_a_trace_among_the_events_and_in_the_history(office, ada, browse):
    client = browse(office)
    client.get(page_of(ada, "export"))
    assert kinds(ada) == [("data_copied", office)]
    assert ada.account_events.get().sender
    history = client.get(page_of(ada, "history"))
    assert "a copy of all data was taken" in history.text
    listed = client.get("/admin/members/accountevent/")
    assert "copy of the data taken" in listed.text
    # The next copy tells the person of the first.
    copy = json.loads(client.get(page_of(ada, "export")).content)
    assert [row["action"] for row in copy["log_about_your_account"]].count("access") == 1


def last_letter(to: str) -> str:
    letter = next(letter for letter in reversed(mail.outbox) if letter.to == [to])
    return " ".join(letter.body.split())


def test_switching_an_account_off_and_on_is_noted_and_told_to_its_person(
    office, ada, browse, django_capture_on_commit_callbacks
):
    client = browse(office)
    with django_capture_on_commit_callbacks(execute=True):
        untick(client, ada, "is_active")
    assert kinds(ada) == [("switched_off", office)]
    told = last_letter(ada.email)
    assert "It was switched off" in told
    assert f"Changed by: {office}" in told
    assert "/contact/" in told
    assert "/password/reset/" not in told
    assert [letter.to for letter in mail.outbox] == [[ada.email]]
    address = page_of(ada, "change")
    fields = fields_of(client.get(address), "user_form")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {**fields, "is_active": "on", "_save": ""})
    assert kinds(ada)[1:] == [("switched_on", office)]
    assert "It was switched on again" in last_letter(ada.email)


def test_colleagues_hear_what_is_done_to_an_account_of_the_secretariat(
    office, person, browse, django_capture_on_commit_callbacks
):
    ben, third = person("secretariat", name="Ben"), person("secretariat", name="Third")
    client = browse(office)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page_of(ben, "factors"), {"go": "1"})
        untick(client, ben, "is_active")
    told = [" ".join(row.body.split()) for row in mail.outbox if row.to == [third.email]]
    assert ["second factors were removed" in text for text in told] == [True, False]
    assert ["was switched off" in text for text in told] == [False, True]
    assert all("Ben" in text and f"Changed by: {office}" in text for text in told)


def test_erased_person_gets_a_last_letter_that_is_not_kept(
    office, ada, browse, django_capture_on_commit_callbacks
):
    client = browse(office)
    address = ada.email
    client.get(page_of(ada, "export"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page_of(ada, "erase"), {"email": address})
    told = last_letter(address)
    assert "has erased your account" in told
    # Nothing of it can be changed: the question of a form is no field of a row.
    page = client.get(page_of(ada, "change")).text
    assert "field-sure" not in page
    assert "is_hidden" not in page
    assert "/contact/" in told
    assert not Letter.objects.filter(to=address).exists()
    assert kinds(ada) == [("erased", office)]


def test_erasure_that_is_refused_writes_nothing(office, browse, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        browse(office).post(page_of(office, "erase"), {"email": office.email})
    assert mail.outbox == []


def test_letter_about_what_the_office_did_does_not_ask_whether_it_was_you(office, ada, settings):
    """In every language: who did it, and whom to ask."""
    asked = set()
    for code, _name in settings.LANGUAGES:
        ada.language = code
        ada.is_secretariat = not ada.is_secretariat
        ada.save()
        office_right.note_change(person=ada, by=office)
        told = Letter.objects.filter(to=ada.email).latest("pk")
        assert told.kind == "account_changed_by_office"
        assert str(office) in told.text
        assert f"/{code}/contact/" in told.text
        assert "/password/reset/" not in told.text
        asked.add(told.text.split(str(office))[1])
    assert len(asked) == 8


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
