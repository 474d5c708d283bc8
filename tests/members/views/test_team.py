"""The people of a city: who ends a role, who hands over, and what stays."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from languages.dates import format_date
from members import gaps, office_tasks
from members.models import (
    CityRole,
    Draft,
    Invitation,
    KeptFile,
    KeptForm,
    Letter,
    Unit,
    User,
)
from members.models.record import content_type_of
from members.services import kept, letters, people, teams
from tests.conftest import PASSWORD
from tests.forms import fields_of
from tests.members.services.test_people import race
from tests.members.test_gaps import join

pytestmark = pytest.mark.django_db
PAGE = "/admin/city/alfa/team/"


@pytest.fixture
def lead(alfa, person):
    return person("lead", alfa, name="Ada")


@pytest.fixture
def editor(alfa, person):
    return person("editor", alfa, name="Edi")


def role_of(user):
    return user.roles.order_by("-pk").first()


def names(city, *roles) -> set[str]:
    current = CityRole.objects.current().filter(city=city, role__in=roles)
    return set(current.values_list("user__name", flat=True))


CODES = {
    "secretariat": 200,
    "lead": 200,
    "editor": 403,
    "viewer": 403,
    "committee": 404,
    "neighbor": 404,
}


@pytest.mark.parametrize("role", CODES)
def test_page_and_buttons_are_for_leads_and_the_office(role, alfa, beta, person, editor, browse):
    who = {"secretariat": ("secretariat", None), "neighbor": ("lead", beta)}.get(role, (role, alfa))
    client = browse(person(*who))
    assert client.get(PAGE).status_code == CODES[role]
    answer = client.post(PAGE, {"do": "end", "key": role_of(editor).pk})
    assert answer.status_code == {200: 302}.get(CODES[role], CODES[role])
    assert ("Edi" in names(alfa, "editor")) == (CODES[role] != 200)


def test_role_of_another_city_or_of_the_committee_is_not_ended(alfa, beta, lead, person, browse):
    foreign = role_of(person("editor", beta))
    member = role_of(person("committee", alfa))
    for key in (foreign.pk, member.pk, 10**9):
        assert browse(lead).post(PAGE, {"do": "end", "key": key}).status_code == 404
    with pytest.raises(PermissionDenied):
        teams.end_role(role=member, by=lead)
    assert not CityRole.objects.exclude(until=None).exists()


def test_lead_hands_over_and_nothing_is_lost(alfa, lead, editor, browse):
    Draft.objects.create(
        content_type=content_type_of(alfa),
        object_id=alfa.pk,
        city=alfa,
        base_version=1,
        saved_at=timezone.now(),
        saved_by=lead,
    )
    page = browse(lead).get(PAGE).text
    assert "Your drafts, which the public does not read yet: Alfa" in " ".join(page.split())
    answer = browse(lead).post(
        PAGE, {"do": "hand-over", "key": role_of(editor).pk, "sure": "1"}, follow=True
    )
    assert answer.redirect_chain
    assert names(alfa, "lead") == {"Edi"}
    assert names(alfa, "editor") == set()
    assert Draft.objects.get().saved_by == lead
    assert CityRole.objects.filter(city=alfa).count() == 3
    assert browse(lead).get(PAGE).status_code in (302, 404)


def test_only_a_lead_hands_over_and_only_to_a_colleague(alfa, beta, lead, editor, person):
    with pytest.raises(PermissionDenied):
        teams.hand_over(city=alfa, to=lead, by=editor)
    with pytest.raises(ValidationError, match="does not work for the city"):
        teams.hand_over(city=alfa, to=person("editor", beta), by=lead)
    with pytest.raises(ValidationError, match="does not work for the city"):
        teams.hand_over(city=alfa, to=lead, by=lead)
    teams.hand_over(city=alfa, to=editor, by=lead)
    with pytest.raises(ValidationError, match="handed over or ended already"):
        teams.hand_over(city=alfa, to=editor, by=lead)


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_hand_over_at_once_leave_one_lead(alfa, lead, editor, person):
    other = person("viewer", alfa, name="Otto")
    race(
        lambda: teams.hand_over(city=alfa, to=editor, by=lead),
        lambda: teams.hand_over(city=alfa, to=other, by=lead),
    )
    assert len(names(alfa, "lead")) == 1
    assert "Ada" not in names(alfa, "lead")


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_hand_over_to_each_other_leave_one(alfa, lead, person):
    other = person("lead", alfa, name="Otto")
    race(
        lambda: teams.hand_over(city=alfa, to=other, by=lead),
        lambda: teams.hand_over(city=alfa, to=lead, by=other),
    )
    assert len(names(alfa, "lead")) == 1


def test_two_leads_who_hand_over_to_one_person_leave_that_person(alfa, lead, editor, person):
    other = person("lead", alfa, name="Otto")
    for own in (lead, other):
        teams.hand_over(city=alfa, to=editor, by=own)
    assert names(alfa, "lead") == {"Edi"}


def test_draft_of_a_lead_who_left_is_published_by_whoever_comes_next(
    alfa, lead, alfa_rows, person, browse
):
    """Leaving without a successor: the page names the draft before, and nothing of it is lost."""
    unit = alfa_rows["members.unit"]
    change = f"/admin/members/unit/{unit.pk}/change/"
    client = browse(lead)
    fields = {**fields_of(client.get(change), "unit_form"), "name_en": "Office of tomorrow"}
    client.post(change, {**fields, "_draft": "1"})
    assert str(unit) in client.get(PAGE).text
    client.post(PAGE, {"do": "end", "key": role_of(lead).pk, "sure": "1"})
    assert client.get(change).status_code == 302
    later = browse(person("lead", alfa))
    page = later.get(change)
    assert "Office of tomorrow" in page.text
    later.post(change, {**fields_of(page, "unit_form"), "_save": "1"})
    unit.refresh_from_db()
    assert unit.name_en == "Office of tomorrow"
    assert not Draft.objects.exists()


def test_city_without_an_editor_is_on_the_offices_list_that_day(alfa, lead, browse):
    join(alfa)
    assert gaps.counts()[1]["coordinator"] == 0
    teams.end_role(role=role_of(lead), by=lead)
    assert gaps.counts()[1]["coordinator"] == 1


def office_of(person):
    return User.objects.filter(is_secretariat=True).first() or person("secretariat")


def titles() -> list[str]:
    return [task.title for task in office_tasks.office_tasks()]


def test_office_reads_that_day_that_nobody_writes_for_a_city(alfa, lead, editor, browse, person):
    join(alfa)
    line = "Alfa: nobody writes for the city any more"
    teams.end_role(role=role_of(lead), by=lead)
    assert titles() == ["Alfa: nobody leads for the city any more"]
    teams.end_role(role=role_of(editor), by=office_of(person))
    assert titles() == [line]
    desk = browse(office_of(person)).get("/admin/").text
    assert f'href="/admin/members/invitation/add/?city={alfa.pk}"' in desk


def test_office_reads_that_nobody_leads_while_editors_still_write(alfa, lead, editor, person):
    office = person("secretariat")
    join(alfa)
    teams.end_role(role=role_of(lead), by=lead)
    (task,) = office_tasks.office_tasks()
    assert task.title == "Alfa: nobody leads for the city any more"
    assert format_date(timezone.localdate() - timedelta(days=1), "en") in task.reason
    assert task.url == f"/admin/members/invitation/add/?city={alfa.pk}"
    people.invite(email="more@example.org", city=alfa, role="editor", language="en", by=office)
    assert len(titles()) == 1
    people.invite(email="new@example.org", city=alfa, role="lead", language="en", by=office)
    assert titles() == []


def test_city_that_never_had_a_lead_is_not_named(alfa, editor):
    assert titles() == []


def test_line_about_a_left_city_goes_once_somebody_is_invited(alfa, lead, person):
    office = person("secretariat")
    join(alfa)
    teams.end_role(role=role_of(lead), by=lead)
    assert len(titles()) == 1
    people.invite(email="new@example.org", city=alfa, role="lead", language="en", by=office)
    assert titles() == []
    Invitation.objects.update(expires_at=timezone.now())
    assert len(titles()) == 1


def test_line_about_a_left_city_speaks_of_the_last_months_and_of_members_alone(alfa, lead, beta):
    teams.end_role(role=role_of(lead), by=lead)
    assert len(titles()) == 1
    long_ago = timezone.localdate() - gaps.NEWS_FOR - timedelta(days=1)
    CityRole.objects.update(since=long_ago, until=long_ago)
    assert titles() == []
    CityRole.objects.update(until=timezone.localdate())
    join(alfa, standing="withdrawn", ended="2024")
    assert titles() == []


def test_city_whose_last_account_is_switched_off_is_named(alfa, lead):
    User.objects.filter(pk=lead.pk).update(is_active=False)
    (task,) = office_tasks.office_tasks()
    assert "is switched off" in task.reason
    assert task.since == timezone.localdate()


def test_invitation_is_withdrawn_on_the_page(alfa, lead, browse):
    people.invite(email="new@example.org", city=alfa, role="editor", language="en", by=lead)
    client = browse(lead)
    assert "new@example.org" in client.get(PAGE).text
    client.post(PAGE, {"do": "withdraw", "key": Invitation.objects.get().pk})
    assert Invitation.objects.get().withdrawn_at
    assert "new@example.org" not in client.get(PAGE).text


def test_profile_changes_ones_own_name_and_language_alone(lead, browse):
    client = browse(lead)
    sent = {"name": "Ada L.", "language": "pl", "is_secretariat": "on", "email": "x@example.org"}
    assert client.post("/admin/profile/", sent).status_code == 302
    before = lead.email
    lead.refresh_from_db()
    assert (lead.name, lead.language) == ("Ada L.", "pl")
    assert (lead.email, lead.is_secretariat) == (before, False)
    assert client.post("/admin/profile/", {"name": "", "language": "xx"}).status_code == 200


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("secretariat", "what needs an answer of the office"),
        ("lead", "that wait for your city"),
        ("editor", "that wait for your city"),
        ("viewer", ""),
        ("committee", ""),
    ],
)
def test_profile_says_of_the_letter_what_stands_in_the_readers(role, words, alfa, person, browse):
    user = person(role, None if role == "secretariat" else alfa)
    page = browse(user).get("/admin/profile/")
    assert ("gets_summaries" in page.context["form"].fields) is bool(words)
    assert words in page.text
    browse(user).post("/admin/profile/", {"name": "Ada", "language": "pl"})
    user.refresh_from_db()
    assert user.gets_summaries is not bool(words)


def set_today(monkeypatch, day):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *moment: day)


def test_role_works_until_its_last_day_and_no_run_is_needed_to_end_it(
    alfa, lead, editor, browse, monkeypatch
):
    join(alfa)
    today = timezone.localdate()
    last_day = today + timedelta(days=9)
    client = browse(lead)
    sent = {"do": "end", "last_day": last_day.isoformat(), "sure": "1"}
    for role in (editor, lead):
        client.post(PAGE, {**sent, "key": role_of(role).pk})
    assert "Keep the role" in client.get(PAGE).text
    set_today(monkeypatch, last_day)
    assert names(alfa, "lead", "editor") == {"Ada", "Edi"}
    assert client.get(PAGE).status_code == 200
    assert gaps.counts()[1]["coordinator"] == 0
    set_today(monkeypatch, last_day + timedelta(days=1))
    assert names(alfa, "lead", "editor") == set()
    assert client.get(PAGE).status_code in (302, 404)
    assert browse(editor).get("/admin/city/alfa/").status_code in (302, 404)
    assert gaps.counts()[1]["coordinator"] == 1
    assert CityRole.objects.filter(city=alfa).count() == 2


def test_hand_over_at_a_date_lets_both_lead_until_then(alfa, lead, editor, browse):
    day = timezone.localdate() + timedelta(days=3)
    client = browse(lead)
    sent = {"do": "hand-over", "key": role_of(editor).pk, "last_day": day.isoformat(), "sure": "1"}
    client.post(PAGE, sent)
    assert names(alfa, "lead") == {"Ada", "Edi"}
    assert role_of(lead).last_day == day
    again = client.post(PAGE, {**sent, "key": role_of(editor).pk}, follow=True)
    assert "handed over or ended already" in again.text


def test_planned_end_is_taken_back(alfa, lead, editor, browse):
    day = timezone.localdate()
    teams.end_role(role=role_of(editor), by=lead, last_day=day)
    browse(lead).post(PAGE, {"do": "keep", "key": role_of(editor).pk})
    assert role_of(editor).until is None


@pytest.mark.parametrize("day", ["2020-01-01", "yesterday", "31.2.2027", "\x00", "9" * 40])
def test_wrong_last_day_ends_nothing_and_is_said(day, lead, editor, browse):
    sent = {"do": "end", "key": role_of(editor).pk, "last_day": day}
    answer = browse(lead).post(PAGE, sent, follow=True)
    assert answer.status_code == 200
    assert role_of(editor).until is None
    [link] = answer.context["error_links"]
    assert link.field == f"end-{role_of(editor).pk}-last_day"
    assert (link.label, str(link.message)) == ("Edi: Last day (empty: at once)", words(answer))


def words(answer) -> str:
    """What is said at the one field that is marked."""
    [error] = re.findall(r'<ul class="errorlist" id="[^"]+"><li>(.*?)</li></ul>', answer.text)
    return unescape(error)


def typed_days(answer) -> list[str]:
    """The days that stand in the fields of the page."""
    fields = re.findall(r'<input [^>]*?name="last_day"[^>]*>', answer.text)
    values = [re.search(r'value="([^"]*)"', field) for field in fields]
    return [value[1] for value in values if value]


@pytest.mark.parametrize("day", ["01/01/2020", "2027", "abc"])
def test_wrong_last_day_of_a_hand_over_is_said_at_its_field(day, lead, editor, browse):
    sent = {"do": "hand-over", "key": role_of(editor).pk, "last_day": day}
    answer = browse(lead).post(PAGE, sent)
    assert typed_days(answer) == [day]
    assert words(answer)
    [link] = answer.context["error_links"]
    assert link.field == f"hand-over-{role_of(editor).pk}-last_day"
    assert role_of(lead).until is None


def test_wrong_last_day_of_ones_own_lead_is_said_at_its_field(lead, editor, browse):
    sent = {"do": "end", "key": role_of(lead).pk, "last_day": "01/01/2020"}
    answer = browse(lead).post(PAGE, sent)
    assert typed_days(answer) == ["01/01/2020"]
    [link] = answer.context["error_links"]
    assert link.field == f"end-{role_of(lead).pk}-last_day"


def test_buttons_ask_for_a_fresh_proof_and_say_what_happens(lead, editor, browse, alfa):
    client = browse(lead)
    session = client.session
    session["proved_at"] = 0
    session.save()
    assert client.get(PAGE).status_code == 200
    press = {"do": "end", "key": role_of(editor).pk, "says": "End the role, Edi"}
    answer = client.post(PAGE, press)
    assert answer.status_code == 403
    assert ("What happens", "End the role, Edi") in answer.context["choices"]
    assert names(alfa, "editor") == {"Edi"}
    carried = {name: values[0] for name, values in fields_of(answer).items()}
    shown = client.post("/accounts/unsent/again/", {**carried, "password": PASSWORD})
    assert ("What happens", "End the role, Edi") in shown.context["choices"]
    client.post(PAGE, press)
    assert names(alfa, "editor") == set()


def test_last_lead_is_asked_twice_before_leaving(alfa, lead, person, browse):
    client = browse(lead)
    press = {"do": "end", "key": role_of(lead).pk}
    question = client.post(PAGE, press)
    assert "Nobody else leads for this city." in " ".join(question.text.split())
    assert names(alfa, "lead") == {"Ada"}
    other = person("lead", alfa, name="Otto")
    assert client.post(PAGE, press).status_code == 302
    assert names(alfa, "lead") == {"Otto"}
    client = browse(other)
    question = client.post(PAGE, {"do": "end", "key": role_of(other).pk})
    sent = {name: values[0] for name, values in fields_of(question).items()}
    assert client.post(PAGE, sent).status_code == 302
    assert names(alfa, "lead") == set()


def test_second_of_two_windows_gets_words(alfa, lead, editor, person):
    other = person("viewer", alfa)
    teams.hand_over(city=alfa, to=editor, by=lead)
    with pytest.raises(ValidationError, match="handed over or ended already"):
        teams.hand_over(city=alfa, to=other, by=lead)


def test_role_that_ended_since_the_page_was_opened_gets_words(alfa, lead, editor, person, browse):
    """Two leads hand over to one person at once, and each to the other: never a bare 404."""
    otto = person("lead", alfa, name="Otto")
    key = role_of(editor).pk
    teams.hand_over(city=alfa, to=editor, by=otto)
    client = browse(lead)
    for verb in ("end", "keep"):
        answer = client.post(PAGE, {"do": verb, "key": key}, follow=True)
        assert "This role has ended already." in answer.text
    answer = client.post(PAGE, {"do": "hand-over", "key": role_of(otto).pk}, follow=True)
    assert "This person does not work for the city." in " ".join(answer.text.split())
    client.post(PAGE, {"do": "hand-over", "key": key, "sure": "1"}, follow=True)
    assert names(alfa, "lead") == {"Edi"}


def test_second_window_of_a_lead_who_handed_over_gets_words(
    alfa, beta, lead, editor, person, browse
):
    other = role_of(person("viewer", alfa, name="Otto"))
    CityRole.objects.create(user=lead, city=beta, role="viewer")
    client = browse(lead)
    teams.hand_over(city=alfa, to=editor, by=lead)
    answer = client.post(PAGE, {"do": "hand-over", "key": other.pk}, follow=True)
    assert answer.status_code == 200
    assert "handed over or ended already. Nothing was changed." in answer.text
    assert names(alfa, "lead") == {"Edi"}


def test_who_ends_their_last_role_reads_that_it_has_ended(lead, browse):
    press = {"do": "end", "key": role_of(lead).pk, "sure": "1"}
    answer = browse(lead).post(PAGE, press, follow=True)
    assert "The role has ended. What the person wrote stays." in answer.text
    assert "You hold no role at present" in answer.text


def test_who_hands_over_and_holds_no_role_any_more_reads_so(lead, editor, browse):
    answer = browse(lead).post(
        PAGE, {"do": "hand-over", "key": role_of(editor).pk, "sure": "1"}, follow=True
    )
    assert "Handed over." in answer.text


def test_former_lead_without_a_role_reads_of_the_hand_over_in_an_old_window(
    alfa, lead, editor, person, browse
):
    other = role_of(person("viewer", alfa, name="Otto"))
    client = browse(lead)
    teams.hand_over(city=alfa, to=editor, by=lead)
    for verb in ("hand-over", "end", "keep"):
        answer = client.post(PAGE, {"do": verb, "key": other.pk}, follow=True)
        assert "handed over or ended already. Nothing was changed." in answer.text
        assert "You hold no role at present" in answer.text
    assert names(alfa, "lead", "viewer") == {"Edi", "Otto"}


# --- The last days of a lead ----------------------------------------------------------------------


def test_lead_who_leaves_does_not_end_the_lead_of_the_successor(alfa, lead, editor, person, browse):
    """What was handed over is not undone by one press: the own lead is kept first."""
    day = timezone.localdate() + timedelta(days=3)
    other = role_of(person("viewer", alfa, name="Otto"))
    teams.hand_over(city=alfa, to=editor, by=lead, last_day=day)
    client = browse(lead)
    page = client.get(PAGE)
    assert page.context["endable"] == {other.pk}
    successor = role_of(editor)
    answer = client.post(PAGE, {"do": "end", "key": successor.pk}, follow=True)
    assert "Your own lead ends soon. Keep it first" in " ".join(answer.text.split())
    assert names(alfa, "lead") == {"Ada", "Edi"}
    teams.end_role(role=other, by=lead)
    teams.keep_role(role=role_of(lead), by=lead)
    teams.end_role(role=successor, by=lead)
    assert names(alfa, "lead") == {"Ada"}


def test_successor_and_office_end_any_role_in_these_days(alfa, lead, editor, person):
    day = timezone.localdate() + timedelta(days=3)
    teams.hand_over(city=alfa, to=editor, by=lead, last_day=day)
    teams.end_role(role=role_of(lead), by=editor)
    teams.end_role(role=role_of(editor), by=person("secretariat"))
    assert names(alfa, "lead") == set()


def test_hand_over_is_one_tap_and_one_answer(alfa, lead, editor, browse, waits):
    """The first tap does nothing: it says what would happen, and what would go with the person."""
    kept.keep_form(page="/admin/city/alfa/points/5/", fields=[("x", "typed")], by=lead)
    client = browse(lead)
    assert "/admin/city/alfa/points/5/" in client.get(PAGE).text
    day = timezone.localdate() + timedelta(days=3)
    sent = {"do": "hand-over", "key": role_of(editor).pk, "last_day": day.isoformat()}
    question = client.post(PAGE, sent)
    words = " ".join(question.text.split())
    assert "Edi becomes the lead coordinator at once" in words
    assert format_date(day, "en") in words
    assert '<a href="/admin/city/alfa/points/5/">Point 5</a>' in words
    assert names(alfa, "lead") == {"Ada"}
    assert role_of(lead).until is None
    assert not Letter.objects.exists()
    fields = {name: values[0] for name, values in fields_of(question).items()}
    client.post(PAGE, fields)
    assert names(alfa, "lead") == {"Ada", "Edi"}
    assert role_of(lead).last_day == day


# --- Letters --------------------------------------------------------------------------------------


@pytest.fixture
def waits(settings):
    settings.LETTERS_AT_ONCE = False


def letters_to(user) -> list[tuple[str, str]]:
    rows = Letter.objects.filter(to=user.email).order_by("pk")
    return list(rows.values_list("kind", "state"))


def test_successor_is_told_who_handed_over_and_until_when_both_lead(
    alfa, lead, editor, settings, waits
):
    editor.language = "de"
    editor.save()
    day = timezone.localdate() + timedelta(days=3)
    teams.hand_over(city=alfa, to=editor, by=lead, last_day=day)
    assert letters_to(editor) == [("lead_handed_over", "drafted")]
    letter = Letter.objects.get(kind="lead_handed_over")
    assert letter.language == "de"
    assert "Ada" in letter.text
    assert format_date(day, "de") in letter.text
    assert f"{settings.SITE_URL}/admin/city/alfa/?language=de" in letter.text
    assert letters_to(lead) == []


def test_whose_role_is_ended_is_told_and_whoever_ends_their_own_is_not(alfa, lead, editor, waits):
    teams.end_role(role=role_of(editor), by=lead)
    assert letters_to(editor) == [("role_ended", "drafted")]
    text = Letter.objects.get().text
    assert format_date(timezone.localdate(), "en") in text
    assert "Ada" in text
    assert "editor" in text
    teams.end_role(role=role_of(lead), by=lead)
    assert letters_to(lead) == []


def test_letter_about_an_end_that_is_taken_back_never_leaves(alfa, lead, editor, waits):
    day = timezone.localdate() + timedelta(days=3)
    teams.end_role(role=role_of(editor), by=lead, last_day=day)
    teams.keep_role(role=role_of(editor), by=lead)
    assert letters_to(editor) == [("role_ended", "withdrawn")]


def test_whoever_read_of_the_end_is_told_that_it_is_taken_back(alfa, lead, editor, waits):
    day = timezone.localdate() + timedelta(days=3)
    teams.end_role(role=role_of(editor), by=lead, last_day=day)
    letters.send_due()
    teams.keep_role(role=role_of(editor), by=lead)
    assert letters_to(editor) == [("role_ended", "sent"), ("role_stays", "drafted")]


def test_address_that_takes_no_letters_keeps_no_role(alfa, lead, editor, waits):
    User.objects.filter(pk=editor.pk).update(email="no address")
    teams.end_role(role=role_of(editor), by=lead)
    assert names(alfa, "editor") == set()
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_hand_overs_at_once_tell_one_successor(alfa, lead, editor, person, waits):
    other, office = person("viewer", alfa, name="Otto"), person("secretariat")
    race(
        lambda: teams.hand_over(city=alfa, to=editor, by=lead),
        lambda: teams.hand_over(city=alfa, to=other, by=lead),
    )
    (letter,) = Letter.objects.filter(kind="lead_handed_over")
    assert names(alfa, "lead") == {User.objects.get(email=letter.to).name}
    (news,) = Letter.objects.filter(kind="lead_changed")
    assert news.to == office.email


def test_other_leads_and_the_office_learn_of_a_hand_over(
    alfa, lead, editor, person, settings, waits
):
    office = person("secretariat", language="pl")
    other = person("lead", alfa, name="Otto", language="de")
    person("viewer", alfa)
    day = timezone.localdate() + timedelta(days=3)
    teams.hand_over(city=alfa, to=editor, by=lead, last_day=day)
    news = {letter.to: letter for letter in Letter.objects.filter(kind="lead_changed")}
    assert set(news) == {office.email, other.email}
    for reader in (office, other):
        letter = news[reader.email]
        assert letter.language == reader.language
        assert "Edi" in letter.subject
        assert "Ada" in letter.text
        assert format_date(day, reader.language) in letter.text
        address = f"{settings.SITE_URL}{PAGE}?language={reader.language}"
        assert address in letter.text
    settings.CONTACT_EMAIL = "office@cities.example"
    teams.hand_over(city=alfa, to=editor, by=other)
    latest = Letter.objects.filter(kind="lead_changed").latest("pk")
    assert latest.to == "office@cities.example"


def test_office_learns_that_the_last_lead_leaves(alfa, lead, editor, person, waits):
    office = person("secretariat")
    other = person("lead", alfa)
    teams.end_role(role=role_of(other), by=other)
    assert not Letter.objects.filter(kind="lead_gone").exists()
    day = timezone.localdate() + timedelta(days=3)
    teams.end_role(role=role_of(lead), by=lead, last_day=day)
    letter = Letter.objects.get(kind="lead_gone")
    assert letter.to == office.email
    assert format_date(day + timedelta(days=1), "en") in letter.subject
    assert f"/admin/members/invitation/add/?city={alfa.pk}&" in letter.text
    teams.keep_role(role=role_of(lead), by=lead)
    letter.refresh_from_db()
    assert letter.state == "withdrawn"


def test_office_that_ends_the_last_lead_itself_gets_no_letter(alfa, lead, person, waits):
    teams.end_role(role=role_of(lead), by=person("secretariat"))
    assert not Letter.objects.filter(kind="lead_gone").exists()


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_leave_at_once_tell_the_office_once(alfa, lead, person, waits):
    person("secretariat")
    other = person("lead", alfa, name="Otto")
    race(
        lambda: teams.end_role(role=role_of(lead), by=lead),
        lambda: teams.end_role(role=role_of(other), by=other),
    )
    assert names(alfa, "lead") == set()
    assert Letter.objects.filter(kind="lead_gone").count() == 1


# --- What was typed and not saved -----------------------------------------------------------------

POINT_PAGE = "/admin/city/alfa/points/1/"


def keep(page: str, owner: User, text: str) -> None:
    kept.keep_form(page=page, fields=[("promise-text_en", text)], by=owner)


@pytest.fixture
def unit_page(alfa) -> str:
    unit = Unit.objects.create(city=alfa, name_en="Office", source_language="en")
    return f"/admin/members/unit/{unit.pk}/change/"


def test_pages_and_entries_of_the_city_are_named_and_no_others(alfa, beta, lead, unit_page):
    foreign = Unit.objects.create(city=beta, name_en="ZEBRA", source_language="en")
    others = [
        f"/admin/members/unit/{foreign.pk}/change/",
        "/admin/city/beta/points/1/",
        "/admin/members/unit/x/change/",
        "/nothing/",
    ]
    for page in (POINT_PAGE, unit_page, *others):
        keep(page, lead, "Words")
    assert [page.url for page in teams.unsaved_pages(alfa, lead)] == [POINT_PAGE, unit_page]


@pytest.mark.parametrize("gives", [True, False])
def test_texts_are_given_with_the_lead_by_an_own_tick(gives, alfa, lead, editor, browse, unit_page):
    for page in (POINT_PAGE, unit_page):
        keep(page, lead, "Half a sentence")
    client = browse(lead)
    sent = {"do": "hand-over", "key": role_of(editor).pk}
    asked = client.post(PAGE, sent)
    assert "Give these texts to Edi now" in asked.text
    assert fields_of(asked)["gives"] == ["yes"]
    tick = {"gives": "yes"} if gives else {}
    client.post(PAGE, {**sent, "sure": "1", **tick})
    rows = KeptForm.objects.filter(owner=editor if gives else lead)
    assert rows.count() == 2
    assert {row.given_by for row in rows} == {lead if gives else None}
    desk = browse(editor).get("/admin/city/alfa/").content.decode()
    assert (unit_page in desk) == gives


def test_words_about_unsaved_texts_agree(alfa, lead, editor, browse):
    """Nothing is promised to stay that goes, on the page and where it asks once more."""
    keep(POINT_PAGE, lead, "Half a sentence")
    client = browse(lead)
    page = client.get(PAGE).text
    assert "Nothing is lost" not in page
    assert "When you hand over, you can give it to your successor." in page
    asked = client.post(PAGE, {"do": "end", "key": role_of(lead).pk}).text
    assert "Save it first" in asked
    assert 'name="gives"' not in asked


def test_file_that_waits_goes_along(alfa, lead, editor):
    row = KeptFile.objects.create(owner=lead, name="act.pdf", size=1, file="kept/1")
    other = KeptFile.objects.create(owner=lead, name="other.pdf", size=1, file="kept/2")
    fields = [("evidence-file-kept", str(row.key)), ("evidence-file-kept", "no-key")]
    kept.keep_form(page=POINT_PAGE, fields=fields, by=lead)
    default_storage.save("kept/1", ContentFile(b"x"))
    assert kept.give_forms(pages=[POINT_PAGE], to=editor, by=lead) == 1
    assert [file.owner for file in (reread(row), reread(other))] == [editor, lead]


def test_own_text_of_the_successor_is_not_overwritten(alfa, lead, editor):
    keep(POINT_PAGE, lead, "Of the lead")
    keep(POINT_PAGE, editor, "Of the successor")
    assert kept.give_forms(pages=[POINT_PAGE], to=editor, by=lead) == 0
    form = kept.form_of(POINT_PAGE, editor)
    assert form.fields == [["promise-text_en", "Of the successor"]]
    assert kept.form_of(POINT_PAGE, lead)


def test_whoever_writes_on_reads_their_own_name_no_more(alfa, lead, editor):
    keep(POINT_PAGE, lead, "Of the lead")
    kept.give_forms(pages=[POINT_PAGE], to=editor, by=lead)
    assert kept.form_of(POINT_PAGE, editor).given_by == lead
    keep(POINT_PAGE, editor, "Written on")
    assert kept.form_of(POINT_PAGE, editor).given_by is None


def reread(file: KeptFile) -> KeptFile:
    return KeptFile.objects.get(pk=file.pk)


# --- Whose role has ended -------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/admin/city/alfa/", "/admin/", PAGE])
def test_person_whose_role_has_ended_is_told_so_and_not_only_asked_to_sign_in(
    page, lead, browse, alfa
):
    client = browse(lead)
    teams.end_role(role=role_of(lead), by=lead)
    answer = client.get(page, follow=True)
    assert answer.status_code == 200
    assert f"your role for {alfa} has ended" in answer.text


def test_nobody_else_is_told_of_ended_roles(lead, editor, browse, client, person, beta):
    """Neither who is not signed in, nor who works on, nor whoever never had a role."""
    person("lead", beta, name="Bea")
    stranger = User.objects.create_user("stranger@example.org", PASSWORD, name="Stranger")
    teams.end_role(role=role_of(editor), by=lead)
    for other in (client, browse(lead), browse(stranger)):
        assert "has ended" not in other.get("/admin/city/alfa/", follow=True).text
