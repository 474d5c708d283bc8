"""A verb as a page: what is missing, what is confirmed, which letters go out in which words, who
was faster."""

import re
from contextlib import nullcontext
from html import unescape

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from members.forms.transitions import StandingForm
from members.grounds import Vote
from members.models import (
    Accession,
    AccessionStep,
    Decision,
    Letter,
    Meeting,
    Membership,
)
from members.services import accession_letters, accessions, memberships
from members.wording import KINDS
from tests.conftest import make_city
from tests.forms import fields_of as fields_of_form
from tests.members.accession_cast import CONSENT, act_by, file_in, make_meeting, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def client(office, browse):
    return browse(office)


def verb(row: Accession, name: str) -> str:
    return f"{row.get_file_url()}do/{name}/"


def fields_of(page: str) -> dict[str, str]:
    """What the confirm page would send: its ticks, words and hidden values."""
    found = dict(re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', page))
    found |= dict.fromkeys(re.findall(r'<input type="checkbox" name="(seen_[^"]+)"', page), "on")
    found |= dict.fromkeys(
        re.findall(r'<input type="text" name="(subject_[^"]+)"', page), "Subject"
    )
    return found | dict.fromkeys(
        re.findall(r'<textarea name="(text_[^"]+)"', page), "My own words."
    )


# --- What is missing and what is unusual ----------------------------------------------------------


def test_missing_parts_leave_no_button(office, client, alfa):
    make_plan()
    row = accessions.open_accession(city=alfa, by=office)
    page = client.get(verb(row, "submit")).content.decode()
    assert "There is no signed Act" in page
    assert "There is no focal point yet" in page
    assert 'name="_confirm"' not in page
    assert 'name="text_' not in page
    answer = client.post(verb(row, "submit"), {"_confirm": "1"})
    assert answer.status_code == 200
    row.refresh_from_db()
    assert row.status == "draft"


def test_warnings_are_ticked_one_by_one(office, client, alfa):
    row = file_in("draft", alfa, office)
    page = client.get(verb(row, "submit")).content.decode()
    typed = fields_of(page)
    ticks = [name for name in typed if name.startswith("seen_")]
    assert set(ticks) == {
        "seen_no_basis",
        "seen_no_resources",
        "seen_act_without_document",
        "seen_points_without_action",
    }
    for left_out in ticks:
        sent = {name: value for name, value in typed.items() if name != left_out}
        answer = client.post(verb(row, "submit"), {**sent, "_confirm": "1"})
        assert answer.status_code == 200
        assert list(answer.context["consent"].errors) == [left_out]
        assert "Tick this if you have seen it" in answer.content.decode()
    assert AccessionStep.objects.filter(verb="submit").count() == 0
    assert client.post(verb(row, "submit"), {**typed, "_confirm": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "submitted"


def test_warning_that_arose_meanwhile_is_asked_about(office, client, alfa):
    row = file_in("draft", alfa, office)
    typed = fields_of(client.get(verb(row, "submit")).content.decode())
    row.focal_point.email = ""
    row.focal_point.save()
    answer = client.post(verb(row, "submit"), {**typed, "_confirm": "1"})
    assert list(answer.context["consent"].errors) == ["seen_no_mailbox"]


def test_decision_after_the_vote_is_warned_about_on_the_agenda_page(office, client, alfa):
    row = file_in("under_review", alfa, office)
    row.legal_basis = alfa.legal_acts.create(kind="decree", passed="2024-06-01")
    Accession.objects.filter(pk=row.pk).update(legal_basis=row.legal_basis)
    meeting = make_meeting("2024-05-01")
    page = client.post(verb(row, "schedule"), {"meeting": meeting.pk}).content.decode()
    assert "dated after the meeting" in page
    assert 'name="seen_basis_after_meeting"' in page


# --- Letters --------------------------------------------------------------------------------------


def test_letters_are_shown_in_each_recipients_language_and_go_out_as_edited(
    office, person, client, alfa
):
    pole, german = person("lead", alfa, language="pl"), person("editor", alfa, language="de")
    row = file_in("submitted", alfa, office)
    Letter.objects.all().delete()
    page = client.post(verb(row, "return"), {"why": "Sign it <b>."}).content.decode()
    assert pole.email in page
    assert german.email in page
    assert page.count('lang="pl"') >= 2
    assert page.count('lang="de"') >= 2
    assert not Letter.objects.exists()
    typed = fields_of(page)
    kept = [name for name in typed if name.startswith("text_")]
    assert len(kept) == 2
    answer = client.post(verb(row, "return"), {**typed, kept[0]: "Only for you.", "_confirm": "1"})
    assert answer.status_code == 302
    assert sorted(Letter.objects.values_list("to", "language", "text")) == sorted(
        [(german.email, "de", "Only for you."), (pole.email, "pl", "My own words.")]
    )


def test_words_written_for_one_recipient_never_go_to_another(office, person, client, alfa):
    """Between reading and confirming another coordinator came, whose address stands before the
    first one's."""
    person("lead", alfa, language="pl")
    row = file_in("submitted", alfa, office)
    typed = fields_of(client.post(verb(row, "return"), {"why": "Sign it."}).content.decode())
    Letter.objects.all().delete()
    newcomer = person("editor", alfa)
    answer = client.post(verb(row, "return"), {**typed, "_confirm": "1"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Read them again" in page
    assert page.count("My own words.") == 1
    assert newcomer.email in page
    assert not Letter.objects.exists()
    row.refresh_from_db()
    assert row.status == "submitted"


@pytest.mark.parametrize(
    ("name", "value"), [("text", ""), ("text", "\0\0"), ("text", "x" * 200_000), ("subject", "")]
)
def test_letter_that_cannot_be_sent_is_refused_at_its_field(
    name, value, office, person, client, alfa
):
    person("lead", alfa)
    row = file_in("submitted", alfa, office)
    Letter.objects.all().delete()
    typed = fields_of(client.post(verb(row, "return"), {"why": "Sign it."}).content.decode())
    field = next(key for key in typed if key.startswith(f"{name}_"))
    answer = client.post(verb(row, "return"), {**typed, field: value, "_confirm": "1"})
    assert answer.status_code == 200
    assert list(answer.context["consent"].errors) == [field]
    assert "Sign it." in answer.content.decode()
    assert not Letter.objects.exists()


def test_subject_of_several_lines_makes_no_second_head_line(office, person, client, alfa):
    person("lead", alfa)
    row = file_in("submitted", alfa, office)
    Letter.objects.all().delete()
    typed = fields_of(client.post(verb(row, "return"), {"why": "Sign it."}).content.decode())
    field = next(key for key in typed if key.startswith("subject_"))
    client.post(
        verb(row, "return"), {**typed, field: "Hello\r\nBcc: all@example.org", "_confirm": "1"}
    )
    assert "\n" not in Letter.objects.get().subject


def test_page_in_another_language_keeps_the_letters_language(office, person, browse, alfa):
    person("lead", alfa, language="pl")
    office.language = "de"
    office.save()
    row = file_in("submitted", alfa, office)
    page = browse(office).post(verb(row, "return"), {"why": "Unterschrift fehlt."}).content.decode()
    assert '<html lang="de"' in page
    assert "<textarea" in page
    assert 'lang="pl"' in page


# --- Two steps ------------------------------------------------------------------------------------


def test_change_what_you_typed_keeps_it(office, client, alfa, beta):
    beta.committee_seats.create(since="2020")
    row = file_in("on_agenda", alfa, office)
    typed = {
        "why": "Two papers\nare missing & late.",
        "unanimous": "no",
        "votes_for": "3",
        "votes_against": "4",
    }
    typed |= {
        "votes_abstained": "1",
        "present": "9",
        "recused": beta.pk,
        "on": "2024-05-01",
        "public": "on",
    }
    confirm = client.post(verb(row, "defer"), typed)
    assert 'name="_confirm"' in confirm.content.decode()
    assert dict(confirm.context["summary"])["Votes against"] == "4"
    hidden = dict(confirm.context["hidden"])
    assert hidden == {name: str(value) for name, value in typed.items()}
    back = client.post(verb(row, "defer"), {**hidden, "_back": "1"})
    form = back.context["form"]
    assert back.context["consent"] is None
    assert {
        name: str(form[name].value() or "") for name in typed if name not in ("recused", "public")
    } == {name: value for name, value in typed.items() if name not in ("recused", "public")}
    assert form["recused"].value() == [str(beta.pk)]
    assert form["public"].value()
    assert "errorlist" not in back.content.decode()


def test_edited_letter_waits_while_the_form_is_changed(office, person, client, alfa):
    person("lead", alfa)
    row = file_in("submitted", alfa, office)
    url = verb(row, "return")
    first = client.post(url, {"why": "Sign it."})
    name = next(key for key in fields_of(first.text) if key.startswith("text_"))
    untouched = first.context["letters"][0]["text"].value().replace("\n", "\r\n")
    edited = {name: "My own words.\r\nAll of them."}
    back = client.post(url, {"why": "Sign it.", **edited, "_back": "1"})
    assert back.context["kept_letters"] == list(edited.items())
    again = client.post(url, {"why": "Sign twice.", **fields_of(back.text)})
    assert again.context["letters"][0]["text"].value().startswith("My own words.")
    assert "your own words from before" in again.text
    back = client.post(url, {"why": "Sign it.", name: untouched, "_back": "1"})
    assert back.context["kept_letters"] == []
    again = client.post(url, {"why": "Sign twice."})
    assert "Sign twice." in again.context["letters"][0]["text"].value()
    assert "your own words from before" not in again.text


def test_page_without_a_letter_says_why_and_how_to_change_it(office, client, country):
    city = make_city(country, "delta")
    membership = Membership.objects.create(city=city, standing="active", joined="2010")
    typed = {"on": "2024-07-01", "why": "Fees.", "meeting": make_meeting("2024-05-01").pk}
    page = client.post(f"/admin/members/membership/{membership.pk}/do/suspend/", typed).text
    assert "No letter goes out: this city has no coordinator yet" in page
    invitation = f"/admin/members/invitation/add/?city={city.pk}"
    assert f'href="{invitation}"' in page
    assert client.get(invitation).context["adminform"].form["city"].value() == str(city.pk)


def test_confirm_page_shows_a_zero_and_a_no(office, client, alfa):
    row = file_in("on_agenda", alfa, office)
    typed = {"why": "Later.", "unanimous": "no", "votes_for": "5", "votes_against": "1"}
    answer = client.post(verb(row, "defer"), {**typed, "votes_abstained": "0"})
    lines = dict(answer.context["summary"])
    assert lines["How it was voted"] == "not unanimous"
    assert lines["Abstentions"] == "0"
    assert lines["Show this decision on the meeting’s public page"] == "no"
    assert "Members present" not in lines


def test_hidden_value_altered_on_the_confirm_page_is_checked_again(office, client, alfa):
    row = file_in("on_agenda", alfa, office)
    page = client.post(verb(row, "reject"), {"why": "No."}).content.decode()
    typed = fields_of(page)
    for altered in ({"votes_for": "three"}, {"why": ""}, {"on": "2999"}):
        answer = client.post(verb(row, "reject"), {**typed, **altered, "_confirm": "1"})
        assert answer.status_code == 200
        assert list(answer.context["form"].errors) == list(altered)
    assert not Decision.objects.exists()


DAYS = [
    ("2024-05-01", "", "2024-05-01", True),
    ("2024-05-01", "", "2027-05-01", False),
    ("2024-05-01", "", "2024-04-30", False),
    ("2024-05-01", "2024-05-03", "2024-05-03", True),
    ("2024-05-01", "2024-05-03", "2024-05-04", False),
    ("2024-05-01", "", "2024-05", True),
    ("2024-05", "", "2024-05-31", True),
    ("2024-05", "", "2024-06", False),
]


@pytest.mark.parametrize(("starts", "ends", "on", "is_day_of_meeting"), DAYS)
def test_vote_lies_on_one_of_its_meetings_days(
    starts, ends, on, is_day_of_meeting, office, client, alfa
):
    row = file_in("on_agenda", alfa, office)
    Meeting.objects.filter(pk=row.meeting_id).update(starts=starts, ends=ends)
    errors = client.post(verb(row, "reject"), {"why": "No.", "on": on}).context["form"].errors
    assert ("on" in errors) is not is_day_of_meeting
    decision = Decision(city=alfa, accession=row, meeting_id=row.meeting_id, on=on)
    decision.outcome = "rejected"
    error = pytest.raises(ValidationError, match="was held on")
    outside = nullcontext() if is_day_of_meeting else error
    with outside:
        decision.full_clean(validate_constraints=False)


def test_meeting_keeps_its_days_around_its_votes(office, client, alfa):
    row = file_in("on_agenda", alfa, office)
    accessions.reject(
        accession=row, by=office, vote=Vote(on="2024-05-01"), why="No.", consent=CONSENT
    )
    meeting = row.meeting
    meeting.starts = "2025-05-01"
    with pytest.raises(ValidationError, match=r"1 May 2025\. It cannot have voted on 1 May 2024"):
        meeting.full_clean()


def test_day_from_which_it_holds_may_follow_the_meeting(office, client, country):
    city = make_city(country, "delta")
    membership = Membership.objects.create(city=city, standing="active", joined="2010")
    meeting = make_meeting("2024-05-01")
    typed = {"on": "2024-07-01", "why": "Fees.", "meeting": meeting.pk}
    url = f"/admin/members/membership/{membership.pk}/do/suspend/"
    page = client.post(url, typed)
    assert dict(page.context["summary"])["From when it holds"] == "1 July 2024"
    client.post(url, {**typed, **fields_of(page.text), "_confirm": "1"})
    decision = Decision.objects.get(membership=membership)
    assert (decision.on, membership.steps.get().on) == ("", "2024-07-01")


def test_meeting_that_an_invented_city_hosts_is_offered_for_its_file(office, client, country):
    city = make_city(country, "inventa", fictional=True)
    row = file_in("under_review", city, office)
    agenda = verb(row, "schedule")
    link = re.search(r'href="(/admin/members/meeting/add/[^"]*)"', client.get(agenda).text)[1]
    address = unescape(link)
    page = client.get(address, headers={"referer": f"http://testserver{agenda}"})
    fields = fields_of_form(page, "meeting_form")
    answer = client.post(address, {**fields, "starts": "2031-05-01", "place": "Inventville"})
    assert answer["Location"] == agenda
    meeting = Meeting.objects.get(starts="2031-05-01")
    assert meeting.fictional
    assert meeting in client.get(agenda).context["form"].fields["meeting"].queryset


def test_agenda_says_which_meetings_are_left_out_and_why(office, client, alfa):
    row = file_in("under_review", alfa, office)
    past = make_meeting("2004-05-01")
    assembly = Meeting.objects.create(kind="general_assembly", starts="2024-05-01", place="Z")
    page = client.get(verb(row, "schedule"))
    offered = page.context["form"].fields["meeting"].queryset
    assert past in offered
    assert assembly not in offered
    assert "1 meeting of another body is not offered." in page.text
    assert "it alone votes on accessions" in page.text
    assert 'href="/admin/members/meeting/add/"' in page.text
    assert "This city is invented" not in page.text
    type(alfa).objects.filter(pk=alfa.pk).update(fictional=True)
    assert "This city is invented" in client.get(verb(row, "schedule")).text


def test_meetings_page_shows_its_files_and_records_their_votes(
    office, client, alfa, browse, person
):
    row = file_in("on_agenda", alfa, office)
    url = f"/admin/members/meeting/{row.meeting_id}/change/"
    html = client.get(url).text
    assert row.get_file_url() in html
    for name in ("admit", "defer", "reject"):
        assert f'href="{verb(row, name)}"' in html
    accessions.reject(accession=row, by=office, vote=Vote(), why="No.", consent=CONSENT)
    decision = Decision.objects.get()
    html = client.get(url).text
    assert f'href="/admin/members/decision/{decision.pk}/change/"' in html
    assert f'href="{verb(row, "admit")}"' not in html
    membership = Membership.objects.create(city=alfa, standing="active", joined="2024-05-01")
    Decision.objects.filter(pk=decision.pk).update(accession=None, membership=membership)
    html = client.get(url).text
    assert f'href="/admin/members/membership/{membership.pk}/change/"' in html


def test_votes_that_do_not_add_up_are_told_at_the_field(office, client, alfa):
    row = file_in("on_agenda", alfa, office)
    typed = {"votes_for": "9", "votes_against": "1", "votes_abstained": "0", "present": "9"}
    answer = client.post(verb(row, "admit"), typed)
    assert answer.context["form"].errors == {
        "present": ["The votes and the cities that may not vote make 10, but only 9 were present."]
    }
    assert answer.context["form"]["votes_for"].value() == "9"
    decision = Decision(city=alfa, meeting=row.meeting, accession=row, outcome="rejected")
    decision.votes_for, decision.votes_against, decision.votes_abstained = 9, 1, 0
    decision.present = 9
    with pytest.raises(ValidationError, match="more votes \\(10\\) than people present \\(9\\)"):
        decision.full_clean()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"present": "0"}, "present"),
        ({"votes_for": "0", "votes_against": "0", "votes_abstained": "0"}, "votes_for"),
        (
            {"unanimous": "yes", "votes_for": "0", "votes_against": "0", "votes_abstained": "0"},
            "votes_for",
        ),
    ],
)
def test_nobody_decides_by_no_votes(typed, field, office, client, alfa):
    row = file_in("on_agenda", alfa, office)
    answer = client.post(verb(row, "admit"), typed)
    assert list(answer.context["form"].errors) == [field]


@pytest.mark.parametrize("name", ["admit", "defer", "reject"])
def test_those_who_did_not_vote_are_the_difference(name, office, client, alfa):
    row = file_in("on_agenda", alfa, office)
    typed = {"votes_for": "5", "votes_against": "1", "votes_abstained": "0", "present": "9"}
    page = client.post(verb(row, name), {**typed, "why": "Later."})
    client.post(verb(row, name), {**typed, **fields_of(page.text), "_confirm": "1"})
    decision = Decision.objects.get()
    decision.full_clean()
    assert (decision.votes_for, decision.present) == (5, 9)


# Each verb that asks for a reason, with its letter: what the form promises, the letter holds.
PROMISES = [
    transition
    for transition in (*accessions.TRANSITIONS, *memberships.TRANSITIONS)
    if transition.has_page and "why" in transition.form_class.base_fields
]


@pytest.mark.parametrize("transition", PROMISES, ids=lambda one: one.service.__name__)
def test_letter_holds_what_the_form_promises(transition, alfa):
    to_office = getattr(transition, "letter_to_secretariat", "")
    kind = KINDS[transition.letter_to_city or to_office]
    form = transition.form_class(None, about=Accession(city=alfa))
    promised = ["why"] + ["on"] * issubclass(transition.form_class, StandingForm)
    words = {"why": "reason", "on": "date"}
    reader = "coordinators" if transition.letter_to_city else "office reads it"
    assert reader in str(form.fields["why"].help_text)
    for language, _name in settings.LANGUAGES:
        with override(language):
            text = kind.wording()
        for name in promised:
            assert f"{{{words[name]}}}" in text, language
            assert words[name] in kind.needs


def test_own_seat_is_counted_before_the_letters_are_shown(office, client, alfa):
    alfa.committee_seats.create(since="2020")
    row = file_in("on_agenda", alfa, office)
    typed = {"votes_for": "9", "votes_against": "1", "votes_abstained": "0", "present": "11"}
    answer = client.post(verb(row, "admit"), typed)
    assert 'name="_confirm"' in answer.content.decode(), answer.context["form"].errors


def test_reason_is_asked_for(office, client, alfa):
    row = file_in("submitted", alfa, office)
    answer = client.post(verb(row, "return"), {"why": "  "})
    assert list(answer.context["form"].errors) == ["why"]
    assert 'name="_confirm"' not in answer.content.decode()


# --- Somebody was faster --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "name", "other"),
    [("submitted", "review", "return"), ("on_agenda", "admit", "reject")],
)
def test_stale_confirm_page_says_so_and_writes_nothing(state, name, other, office, client, alfa):
    row = file_in(state, alfa, office)
    typed = fields_of(client.post(verb(row, name), {}).content.decode())
    act_by(other, row, office)
    before = (AccessionStep.objects.count(), Decision.objects.count(), Letter.objects.count())
    answer = client.post(verb(row, name), {**typed, "_confirm": "1"}, follow=True)
    assert answer.redirect_chain == [(row.get_file_url(), 302)]
    assert "This is not possible now: the file is in the state" in answer.content.decode()
    assert (
        AccessionStep.objects.count(),
        Decision.objects.count(),
        Letter.objects.count(),
    ) == before


def test_race_inside_the_request_is_told_in_a_sentence(office, client, alfa, monkeypatch):
    """The state changes after the page looked and before the row is locked."""
    row = file_in("submitted", alfa, office)
    typed = fields_of(client.post(verb(row, "review"), {}).content.decode())
    look = accession_letters.mailboxes

    def faster(*args, **kwargs):
        monkeypatch.setattr(accession_letters, "mailboxes", look)
        act_by("return", row, office)
        return look(*args, **kwargs)

    monkeypatch.setattr(accession_letters, "mailboxes", faster)
    steps = AccessionStep.objects.count()
    answer = client.post(verb(row, "review"), {**typed, "_confirm": "1"})
    assert answer.status_code == 200
    assert "Somebody may have been faster" in answer.content.decode()
    assert AccessionStep.objects.count() == steps + 1


def test_pressing_twice_records_one_decision(office, client, alfa):
    row = file_in("on_agenda", alfa, office)
    typed = fields_of(client.post(verb(row, "admit"), {}).content.decode())
    assert client.post(verb(row, "admit"), {**typed, "_confirm": "1"}).status_code == 302
    assert client.post(verb(row, "admit"), {**typed, "_confirm": "1"}).status_code == 302
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("outcome", ["admit", "defer", "reject"])
@pytest.mark.parametrize("public", [True, False])
def test_public_decision_stands_on_its_meetings_public_page(outcome, public, office, client, alfa):
    row = file_in("on_agenda", alfa, office)
    typed = {"why": "Later.", "public": "on"} if public else {"why": "Later."}
    confirmed = fields_of(client.post(verb(row, outcome), typed).content.decode())
    assert client.post(verb(row, outcome), {**confirmed, "_confirm": "1"}).status_code == 302
    decision = Decision.objects.get()
    shown = public or outcome == "admit"
    assert (decision.published_at is not None, decision.meeting.published_at is not None) == (
        shown,
        shown,
    )
    page = Client().get(f"/en/meetings/{decision.meeting_id}/")
    assert page.status_code == (200 if shown else 404)
    assert not shown or "Alfa" in page.content.decode()


# --- Meetings -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["on_agenda", "deferred", "admitted"])
def test_meeting_with_accessions_is_not_deleted(state, office, client, alfa):
    row = file_in(state, alfa, office)
    meeting = Meeting.objects.get()
    url = f"/admin/members/meeting/{meeting.pk}/delete/"
    for answer in (client.get(url, follow=True), client.post(url, {"post": "yes"}, follow=True)):
        assert answer.redirect_chain == [(f"/admin/members/meeting/{meeting.pk}/change/", 302)]
        assert "stays: accessions or decisions rest on it" in answer.content.decode()
    chosen = {"action": "delete_selected", "_selected_action": meeting.pk, "post": "yes"}
    answer = client.post("/admin/members/meeting/", chosen)
    assert answer.status_code == 200
    assert "cannot be deleted as long as" in answer.content.decode()
    assert Meeting.objects.filter(pk=meeting.pk).exists()
    assert row.pk


def test_meeting_without_accessions_is_deleted(client):
    meeting = make_meeting()
    assert (
        client.post(f"/admin/members/meeting/{meeting.pk}/delete/", {"post": "yes"}).status_code
        == 302
    )
    assert not Meeting.objects.filter(pk=meeting.pk).exists()


# --- Votes that say another thing than the outcome ------------------------------------------------


COUNTS = {
    "admit": ("1", "5"),
    "reject": ("5", "1"),
}


@pytest.mark.parametrize("name", COUNTS)
def test_outcome_against_its_votes_is_named_and_ticked(name, office, client, alfa):
    row = file_in("on_agenda", alfa, office)
    votes_for, votes_against = COUNTS[name]
    typed = {"votes_for": votes_for, "votes_against": votes_against, "votes_abstained": "0"}
    typed |= {"present": "6", "why": "So."}
    page = client.post(verb(row, name), typed).text
    assert "The votes contradict the outcome" in page
    sent = fields_of(page)
    assert "seen_votes_contradict" in sent
    unticked = {key: value for key, value in sent.items() if key != "seen_votes_contradict"}
    answer = client.post(verb(row, name), {**unticked, "_confirm": "1"})
    assert list(answer.context["consent"].errors) == ["seen_votes_contradict"]
    assert not Decision.objects.exists()
    assert client.post(verb(row, name), {**sent, "_confirm": "1"}).status_code == 302
    assert Decision.objects.get().votes_for == int(votes_for)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("admit", ("5", "1")),
        ("admit", ("", "")),
        ("reject", ("1", "5")),
        ("reject", ("3", "3")),
        ("defer", ("1", "5")),
        ("defer", ("5", "1")),
    ],
)
def test_outcome_that_its_votes_carry_is_not_remarked(name, counts, office, client, alfa):
    row = file_in("on_agenda", alfa, office)
    votes_for, votes_against = counts
    typed = {"votes_for": votes_for, "votes_against": votes_against, "why": "So."}
    typed["votes_abstained"] = "0" if votes_for else ""
    page = client.post(verb(row, name), typed).text
    assert 'name="_confirm"' in page
    assert "seen_votes_contradict" not in page


@pytest.mark.parametrize("name", ["admit", "defer", "reject"])
def test_vote_before_the_submission_is_remarked(name, office, client, alfa):
    row = file_in("on_agenda", alfa, office)
    page = client.post(verb(row, name), {"why": "So."}).text
    assert "seen_vote_before_submission" in page
    assert "The vote was taken on 1 May 2024, before the file was submitted on" in page
    Meeting.objects.update(starts=timezone.localdate().isoformat())
    page = client.post(verb(row, name), {"why": "So."}).text
    assert "seen_vote_before_submission" not in page


def test_exclusion_against_its_votes_is_named_and_ticked(office, client, alfa):
    membership = Membership.objects.create(city=alfa, standing="active")
    address = f"/admin/members/membership/{membership.pk}/do/exclude/"
    typed = {"on": "2024-05-01", "why": "So.", "meeting": make_meeting().pk}
    typed |= {"votes_for": "2", "votes_against": "2", "votes_abstained": "1"}
    sent = fields_of(client.post(address, typed).text)
    assert "seen_votes_contradict" in sent
    unticked = {key: value for key, value in sent.items() if key != "seen_votes_contradict"}
    assert client.post(address, {**unticked, "_confirm": "1"}).status_code == 200
    assert not Decision.objects.exists()
    assert client.post(address, {**sent, "_confirm": "1"}).status_code == 302
    assert Decision.objects.get().outcome == "excluded"
