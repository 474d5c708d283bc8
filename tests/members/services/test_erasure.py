"""What is kept about a person, given to them and deleted."""

import json
from datetime import timedelta

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from languages.folding import words
from members import personal_data
from members.models import (
    CityRole,
    ExpressionOfInterest,
    Invitation,
    KeptFile,
    KeptForm,
    Letter,
    ReminderStop,
    Unit,
    User,
)
from members.services import erasure, interests, letters, office_right, people, role_letters

pytestmark = pytest.mark.django_db

ADDRESS = "quirina.zwolle@example.org"
FORMER = "quirina.maiden@example.org"
NAME = "Quirina Zwolle"
FORMER_NAME = "Quirina Maidenname"
# As the lists of the administration keep the words of a row.
FOLDED = ["quirina", "zwolle", "maidenname"]


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def quirina(alfa, country, office, browse):
    """A lead coordinator of whom the portal keeps everything that it keeps of anybody."""
    interest = ExpressionOfInterest.objects.create(
        city_name="Alfa", country=country, person_name=NAME, email=ADDRESS.title(), language="en",
        token_hash="interest",
    )  # fmt: skip
    interests.decline(interest=interest, why=f"Later, {NAME}", by=office)
    invitation = people.invite(email=FORMER, city=alfa, role="lead", language="en", by=office)
    new = people.NewPerson(name=FORMER_NAME, language="en", password="a-good-long-password")
    user = people.accept_invitation(invitation=invitation, by=new)
    user.name, user.email = NAME, ADDRESS
    user.save()
    CityRole.objects.create(user=user, city=alfa, role="editor")
    people.invite(email=ADDRESS, city=alfa, role="viewer", language="en", by=office)
    stop = ReminderStop.objects.create(email=ADDRESS, why="asked for it")
    ReminderStop.objects.create(email=FORMER, why="asked for it")
    stop.delete()
    with set_actor(user):
        Unit.objects.create(city=alfa, name_en="Office", source_language="en")
    people.invite(email="other@example.org", city=alfa, role="editor", language="en", by=user)
    written_to(user, alfa)
    told_to_others(user, office)
    unsaved_by(user)
    browse(user)
    return User.objects.get(pk=user.pk)


def written_to(user: User, alfa) -> None:
    context = {"name": "x", "link": "x", "date": "x"}
    letter = letters.NewLetter("invitation_office", user.email, "en", context)
    letters.write(letter=letter, about=alfa, by=None, once=f"reminder:{user.email}")
    Letter.objects.filter(to=user.email).update(failure=f"{user.email} is unknown")


def told_to_others(user: User, office: User) -> None:
    """Letters that name the person, written by another to a third."""
    office_right.note_change(person=user, by=office)
    role = CityRole.objects.get(user=user, role="lead")
    role_letters.tell_of_hand_over(role, office, None)
    to_others = Letter.objects.filter(text__contains=user.name, written_by=office)
    kinds = {letter.kind for letter in to_others.exclude(to=user.email)}
    assert kinds == {office_right.LETTER, role_letters.CHANGED}


def unsaved_by(user: User) -> None:
    row = KeptFile(owner=user, name=f"{NAME}.pdf", size=3)
    row.file.save(row.name, ContentFile(b"pdf"), save=True)
    KeptForm.objects.create(owner=user, page="/admin/", fields=[["name", NAME]])


def found_in_tables(*texts: str) -> list[str]:
    """Every text column of every table in which one of the texts stands, whatever its letters."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, models.CharField | models.TextField | models.JSONField):
                continue
            values = model._base_manager.values_list(field.name, flat=True)
            column = json.dumps(list(values), default=str, ensure_ascii=False).lower()
            if any(text.lower() in column for text in texts):
                found.append(f"{model._meta.label}.{field.name}")
    return found


def test_nothing_in_any_table_names_an_erased_person(
    quirina, office, django_capture_on_commit_callbacks
):
    known = [ADDRESS, FORMER, NAME, FORMER_NAME, *FOLDED]
    file = KeptFile.objects.get().file.name
    before = found_in_tables(*known)
    # It finds what is there: this test can fail.
    assert {
        "members.User.email",
        "members.User.name",
        "members.Invitation.email",
        "members.Letter.to",
        "members.Letter.text",
        "members.Letter.once",
        "members.ReminderStop.email",
        "members.ExpressionOfInterest.email",
        "members.KeptFile.name",
        "members.KeptForm.fields",
        "languages.ListText.text",
        "auditlog.LogEntry.actor_email",
        "auditlog.LogEntry.object_repr",
        "auditlog.LogEntry.changes",
    } <= set(before)
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(person=quirina, by=office)
    assert found_in_tables(*known) == []
    assert not default_storage.exists(file)


def test_numbers_say_what_an_erasure_does(quirina, office):
    expected = personal_data.traces_of(quirina)
    assert (expected.open_roles, expected.sessions, expected.invitations) == (2, 1, 2)
    assert (expected.interests, expected.reminder_stops) == (1, 1)
    assert (expected.unsaved_files, expected.unsaved_forms) == (1, 1)
    assert expected.letters == Letter.objects.filter(to__in=[ADDRESS, FORMER]).count() == 5
    assert expected.own_entries == LogEntry.objects.filter(actor=quirina).count() == 1
    assert erasure.erase(person=quirina, by=office) == expected


def test_account_stays_under_a_pseudonym_and_opens_nothing(quirina, office, browse, client):
    signed_in = browse(quirina)
    page = "/admin/city/alfa/"
    assert signed_in.get(page).status_code == 200
    other = Session.objects.count()
    erasure.erase(person=quirina, by=office)
    person = User.objects.get(pk=quirina.pk)
    assert (person.email, person.name) == (f"person-{person.pk}@erased.invalid", "")
    assert str(person) == person.email
    assert not person.is_active
    assert not person.has_usable_password()
    assert not personal_data.open_roles(person).exists()
    assert signed_in.get(page).status_code == 302
    assert Session.objects.count() == other - 2
    assert not office.has_perm("change", person)


def test_log_keeps_who_did_what_under_the_pseudonym(quirina, office):
    entry = LogEntry.objects.get(actor=quirina)
    before = (entry.timestamp, entry.object_repr, entry.changes)
    erasure.erase(person=quirina, by=office)
    entry.refresh_from_db()
    assert entry.actor_email == f"person-{quirina.pk}@erased.invalid"
    assert (entry.timestamp, entry.object_repr, entry.changes) == before


def test_letters_withdrawn_are_not_sent(quirina, office):
    erasure.erase(person=quirina, by=office)
    letter = Letter.objects.filter(kind="invitation_office").get()
    assert (letter.state, letter.to, letter.text) == (Letter.State.WITHDRAWN, "", "")
    assert letter.withdrawn_by == office
    invitation = Invitation.objects.get(role="viewer")
    assert invitation.withdrawn_at


def test_letter_on_its_way_is_waited_for(quirina, office):
    letters.claim(due_at=timezone.now() + timedelta(minutes=1))
    with pytest.raises(ValidationError) as refusal:
        erasure.erase(person=quirina, by=office)
    assert refusal.value.error_list[0].code == "sending"


def test_interest_without_an_answer_goes(quirina, office, country):
    row = ExpressionOfInterest.objects.create(
        city_name="Beta", country=country, email=ADDRESS, language="en", token_hash="two"
    )
    erasure.erase(person=quirina, by=office)
    assert not ExpressionOfInterest.objects.filter(pk=row.pk).exists()
    kept = ExpressionOfInterest.objects.get()
    assert kept.anonymised_at
    assert kept.city_name == "Alfa"


def test_former_address_of_another_account_is_not_theirs(quirina, office):
    User.objects.create_user(FORMER, name="Somebody else")
    erasure.erase(person=quirina, by=office)
    assert User.objects.filter(email=FORMER).exists()
    assert ReminderStop.objects.filter(email=FORMER).exists()


@pytest.mark.parametrize("role", ["lead", "editor", "viewer", "committee", "nobody"])
def test_only_the_secretariat_erases(role, person, alfa):
    other = person("editor", alfa)
    with pytest.raises(PermissionDenied):
        erasure.erase(person=other, by=person(role, alfa))
    other.refresh_from_db()
    assert other.anonymised_at is None


def test_nobody_erases_themselves_so_that_one_of_the_secretariat_stays(office, person):
    with pytest.raises(ValidationError) as refusal:
        erasure.erase(person=office, by=office)
    assert refusal.value.code == "self"
    second = person("secretariat")
    erasure.erase(person=office, by=second)
    # The one who is erased decides nothing any more, also where they hold an old object.
    with pytest.raises(PermissionDenied):
        erasure.erase(person=second, by=office)
    assert User.objects.filter(is_secretariat=True, is_active=True).get() == second


def test_erased_person_is_not_erased_again(quirina, office):
    erasure.erase(person=quirina, by=office)
    with pytest.raises(ValidationError) as refusal:
        erasure.erase(person=quirina, by=office)
    assert refusal.value.code == "erased"


def test_export_has_all_that_is_kept_and_no_secret(quirina):
    copy = personal_data.export(quirina)
    text = json.dumps(copy, ensure_ascii=False)
    assert copy["account"]["email"] == ADDRESS
    assert [role["role"] for role in copy["roles"]] == ["lead", "editor"]
    assert {role["city"] for role in copy["roles"]} == {"alfa"}
    assert [row["role"] for row in copy["invitations"]] == ["lead", "viewer"]
    assert len(copy["letters"]) == 5
    assert copy["unsaved_files"][0]["name"] == f"{NAME}.pdf"
    assert copy["unsaved_forms"][0]["fields"] == [["name", NAME]]
    assert copy["expressions_of_interest"][0]["person_name"] == NAME
    assert copy["addresses_without_reminders"][0]["email"] == FORMER
    assert len(copy["sessions"]) == 1
    did = copy["log_of_what_you_did"]
    assert [(row["kind"], row["action"]) for row in did] == [("members.unit", "create")]
    assert quirina.password not in text
    for invitation in Invitation.objects.all():
        assert invitation.token_hash not in text
    # Whom else they invited is told by a number: it is the other's address.
    assert "other@example.org" not in json.dumps(copy["entries"])


def test_export_names_entries_of_every_kind(quirina, alfa_rows):
    document = alfa_rows["members.document"]
    document.uploaded_by = quirina
    document.save()
    assert {
        "kind": "members.document",
        "number": document.pk,
        "name": str(document),
        "you_are": "uploaded_by",
    } in personal_data.export(quirina)["entries"]


def test_folded_words_are_those_of_the_lists():
    assert words(f"{NAME} {FORMER_NAME}") == ["quirina", "zwolle", "quirina", "maidenname"]
