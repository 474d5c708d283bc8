"""A candidate's home is its file: where its people land, what they read there, what they press."""

import re

import pytest
from django.utils import timezone

from languages.models import Freshness, text_hash
from members import accession_file
from members.accession_file import read, remarks
from members.accession_queue import waits_for
from members.admin.accession_steps import steps_of
from members.models import Letter, Membership
from members.models.record import content_type_of
from members.services import accessions, people
from members.waiting import waiting_for
from tests.conftest import make_city
from tests.members.accession_cast import CONSENT, file_in

pytestmark = pytest.mark.django_db
# What the desk says of a file that is with its city.
WITH_CITY = {
    "draft": ["The accession file is not submitted yet"],
    "returned": ["The office returned the accession file"],
}


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def lead(person, alfa):
    return person("lead", alfa)


def filled_buttons(page: str) -> list[str]:
    """The words of the buttons of a file that are filled."""
    return re.findall(r'<a class="button"\s+href="[^"]+">([^<]+)</a>', page)


@pytest.mark.parametrize("role", ["lead", "editor", "viewer"])
def test_people_of_a_candidate_land_on_its_file(role, person, alfa, office, browse):
    row = accessions.open_accession(city=alfa, by=office)
    assert browse(person(role, alfa)).get("/admin/")["Location"] == row.get_file_url()


@pytest.mark.parametrize("state", ["withdrawn", "admitted", "rejected"])
def test_people_of_a_city_without_an_open_file_land_on_its_desk(state, lead, alfa, office, browse):
    file_in(state, alfa, office)
    assert browse(lead).get("/admin/")["Location"] == "/admin/city/alfa/"


@pytest.mark.parametrize("state", ["draft", "returned", "submitted", "on_agenda"])
def test_desk_of_a_candidate_has_a_line_about_its_file(state, lead, alfa, office, browse):
    row = file_in(state, alfa, office)
    page = browse(lead).get("/admin/city/alfa/")
    assert page.text.count(f'href="{row.get_file_url()}"') == (3 if state in WITH_CITY else 1)
    words = " ".join(page.text.split())
    assert f"</a>: {row.get_status_display()} · Waits for: {waits_for(row)}" in words
    waiting = [one.what for one in waiting_for(alfa) if one.sort == "file"]
    assert waiting == WITH_CITY.get(state, [])


def test_desk_of_a_member_names_no_file_of_the_registers(lead, alfa, office, browse):
    row = accessions.open_accession(city=alfa, by=office)
    Membership.objects.create(city=alfa, joined="2020", standing=Membership.Standing.ACTIVE)
    assert row.get_file_url() not in browse(lead).get("/admin/city/alfa/").text
    assert "file" not in [one.sort for one in waiting_for(alfa)]


def test_member_with_an_open_file_of_the_registers_lands_on_its_desk(lead, alfa, office, browse):
    accessions.open_accession(city=alfa, by=office)
    Membership.objects.create(city=alfa, joined="2020", standing=Membership.Standing.ACTIVE)
    assert browse(lead).get("/admin/")["Location"] == "/admin/city/alfa/"


def test_file_of_another_candidate_leads_nobody_astray(person, alfa, beta, office, browse):
    row = accessions.open_accession(city=beta, by=office)
    browser = browse(person("lead", alfa))
    assert browser.get("/admin/")["Location"] == "/admin/city/alfa/"
    assert browser.get(row.get_file_url()).status_code == 404


def test_each_step_says_what_it_lacks_and_one_button_is_filled(lead, alfa, office, browse):
    browser = browse(lead)
    row = accessions.open_accession(city=alfa, by=office)
    page = browser.get(row.get_file_url())
    lacking = {}
    for step in page.context["way"]:
        lacking[str(step.title)] = [remark.code for remark in step.remarks]
    assert lacking["The decision to join"] == ["no_basis"]
    assert lacking["The signed act"] == ["no_act"]
    assert lacking["Focal point and resources"] == ["no_focal_point", "no_resources"]
    assert filled_buttons(page.content.decode()) == ["Write in the file"]


@pytest.mark.parametrize(
    ("state", "turn", "now", "filled"),
    [
        ("draft", "It is your turn", "Hand in the file", ["Submit the file"]),
        ("returned", "It is your turn", "Hand in the file", ["Submit the file"]),
        ("submitted", "It is the office’s turn", "The network’s office reads the file", []),
        ("under_review", "It is the office’s turn", "The network’s office reads the file", []),
        ("on_agenda", "It is the Steering Committee’s turn", "The Steering Committee votes", []),
        ("deferred", "It is the office’s turn", "The network’s office reads the file", []),
    ],
)
def test_city_reads_whose_turn_it_is(state, turn, now, filled, lead, alfa, office, browse):
    row = file_in(state, alfa, office)
    page = browse(lead).get(row.get_file_url())
    steps = [str(step.title) for step in page.context["way"] if step.state == "now"]
    html = page.content.decode()
    assert steps == [now]
    assert turn in html
    assert filled_buttons(html) == filled
    assert "It is your turn" not in browse(office).get(row.get_file_url()).content.decode()


def test_every_remark_of_a_file_stands_at_one_step(alfa, office):
    """A remark that no step knows would be said nowhere."""
    for state in ("draft", "returned"):
        row = file_in(state, make_city(alfa.country, f"city-{state}"), office)
        found = remarks(read(row))
        said = []
        for step in steps_of(row, found):
            said += step.remarks
        assert {remark.code for remark in said} == {remark.code for remark in found}


def test_reasons_of_a_return_stand_at_the_top_until_it_is_submitted(lead, alfa, office, browse):
    browser = browse(lead)
    row = file_in("returned", alfa, office)
    html = browser.get(row.get_file_url()).content.decode()
    assert html.index("Sign it.") < html.index("file-tools")
    accessions.submit(accession=row, by=office, consent=CONSENT)
    assert 'id="returned"' not in browser.get(row.get_file_url()).content.decode()


def test_reviewer_sees_what_the_city_changed_since_the_return(lead, alfa, office, browse):
    row = file_in("returned", alfa, office)
    row.resources_en = "One person, half time."
    row.save()
    accessions.submit(accession=row, by=lead, consent=CONSENT)
    page = browse(office).get(row.get_file_url())
    assert "What the city changed since the file was returned" in page.text
    assert "<ins>One person, half time.</ins>" in page.text


def test_what_did_not_change_is_not_shown_again(lead, alfa, office, browse):
    """Of lines, such as actions under a point, those that went and those that came."""
    differences = accession_file.differences(
        {"point-1": "Listen\nAnswer", "point-2": "One\nTwo", "resources": "Half a post."},
        {"point-1": "Listen\nWrite", "point-2": "Two\nOne", "resources": "Half a post."},
    )
    assert [(one.before, one.after) for one in differences] == [
        ("Answer", "Write"),
        ("One\nTwo", "Two\nOne"),
    ]


def test_outdated_translation_is_not_what_the_committee_reads(alfa, office, person, browse):
    row = file_in("on_agenda", alfa, office)
    words = {"resources_sv": "En heltidstjänst", "resources_en": "A half-time post"}
    type(row).objects.filter(pk=row.pk).update(source_language="sv", **words)
    for reader in (office, person("committee", alfa)):
        page = browse(reader).get(row.get_file_url())
        assert '<span lang="sv" dir="ltr">En heltidstjänst</span>' in page.text
        assert "A half-time post" not in page.text
    row.refresh_from_db()
    Freshness.objects.update_or_create(
        content_type=content_type_of(row),
        object_id=row.pk,
        field="resources",
        language="en",
        defaults={
            "source_language": "sv",
            "source_hash": text_hash(row.resources_sv),
            "how": "office",
            "translated_at": timezone.now(),
        },
    )
    assert "A half-time post" in browse(office).get(row.get_file_url()).text


def test_office_is_told_which_languages_the_city_reads(lead, alfa, office, browse):
    lead.language = "pl"
    lead.save()
    row = file_in("submitted", alfa, office)
    html = browse(office).get(f"{row.get_file_url()}do/return/").content.decode()
    assert "They read: Polish." in html


def test_letters_are_previewed_by_the_office_alone(lead, alfa, office, browse):
    row = file_in("draft", alfa, office)
    address = f"{row.get_file_url()}do/submit/"
    assert browse(office).get(address).context["letters"]
    page = browse(lead).get(address)
    assert page.context["letters"] == []
    assert "get a letter about it" in page.content.decode()


def test_words_that_a_city_posts_for_a_letter_are_not_sent(lead, alfa, office, browse):
    row = file_in("draft", alfa, office)
    address = f"{row.get_file_url()}do/submit/"
    browser = browse(lead)
    page = browser.get(address)
    fields = {"_confirm": "1"}
    for _remark, field in page.context["remarks"]:
        fields[field.html_name] = "on"
    key = f"accession_submitted:{lead.email}"
    forged = {f"subject_{key}": "Forged", f"text_{key}": "Forged"}
    browser.post(address, fields | forged)
    letters = Letter.objects.filter(object_id=row.pk, to=lead.email, kind="accession_submitted")
    row.refresh_from_db()
    assert (row.status, letters.count()) == ("draft", 0)
    browser.post(address, fields)
    row.refresh_from_db()
    assert (row.status, letters.count()) == ("submitted", 1)
    assert "Forged" not in letters.get().text


# --- The letter that leads to it ------------------------------------------------------------------


def test_invitation_of_a_candidate_names_the_file(alfa, office):
    row = file_in("draft", alfa, office)
    people.invite(email="new@alfa.example", language="de", by=office, city=alfa, role="editor")
    letter = Letter.objects.get(to="new@alfa.example")
    assert letter.kind == "invitation_candidate"
    assert f"{row.get_file_url()}?language=de" in letter.text
    assert "/accounts/invitation/" in letter.text


def test_invitation_of_a_member_names_no_file(alfa, office):
    file_in("draft", alfa, office)
    Membership.objects.create(city=alfa, joined="2020", standing=Membership.Standing.ACTIVE)
    people.invite(email="new@alfa.example", language="de", by=office, city=alfa, role="editor")
    letter = Letter.objects.get(to="new@alfa.example")
    assert letter.kind == "invitation_city"
    assert "/accession/" not in letter.text
