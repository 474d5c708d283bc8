"""The pages of accession files: who reads what, and what comes of addresses and forms that no page
offers."""

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from members.models import (
    Accession,
    AccessionNote,
    AccessionOwnAction,
    AccessionStep,
    KeptForm,
    LegalAct,
    Letter,
    Plan,
    Signatory,
    SuggestedAction,
    User,
)
from tests.members.accession_cast import (
    CONSENT,
    SEEN,
    act_by,
    file_in,
    make_document,
    make_meeting,
    make_plan,
)

pytestmark = pytest.mark.django_db

PEOPLE = (
    "secretariat",
    "lead",
    "editor",
    "viewer",
    "committee",
    "neighbor",
    "elsewhere",
    "nobody",
    "visitor",
)

# Status codes in the order of PEOPLE; "committee" sits for the file's own city, "neighbor" for
# another one, "elsewhere" leads another city. 302 of the last two: to the sign-in page; others:
# back to the file, with a sentence.
TABLE = """
file       draft returned  200 200 200 200 404 404 404 302 302
act        draft returned  200 200 200 200 404 404 404 302 302
archive    draft returned  200 200 200 200 404 404 404 302 302
change     draft returned  200 200 200 302 404 404 404 302 302
history    draft returned  200 200 200 200 404 404 404 302 302
document   draft returned  200 200 200 200 404 404 404 404 404
file       submitted       200 200 200 200 200 200 404 302 302
act        submitted       200 200 200 200 200 200 404 302 302
archive    submitted       200 200 200 200 200 200 404 302 302
change     submitted       302 302 302 302 404 404 404 302 302
history    submitted       200 200 200 200 404 404 404 302 302
document   submitted       200 200 200 200 200 200 404 404 404
delete     draft           403 403 403 403 404 404 404 302 302
delete     submitted       403 403 403 403 404 404 404 302 302
pack       submitted       200 404 404 404 200 200 404 302 302
submit     draft returned  200 200 403 403 404 404 404 302 302
submit     submitted       302 302 403 403 403 403 404 302 302
withdraw   draft returned  200 200 403 403 404 404 404 302 302
withdraw   submitted       200 200 403 403 403 403 404 302 302
review     draft returned  302 403 403 403 404 404 404 302 302
review     submitted       200 403 403 403 403 403 404 302 302
return     draft returned  302 403 403 403 404 404 404 302 302
return     submitted       200 403 403 403 403 403 404 302 302
schedule   submitted       302 403 403 403 403 403 404 302 302
unschedule submitted       302 403 403 403 403 403 404 302 302
admit      submitted       302 403 403 403 403 403 404 302 302
defer      submitted       302 403 403 403 403 403 404 302 302
reject     submitted       302 403 403 403 403 403 404 302 302
annul      submitted       302 403 403 403 403 403 404 302 302
open       draft           404 404 404 404 404 404 404 302 302
nonsense   submitted       404 404 404 404 404 404 404 302 302
"""
OWN_PAGES = {
    "file": "",
    "act": "act/",
    "archive": "archive/",
    "change": "change/",
    "history": "history/",
}


def lines(state: str) -> list[tuple[str, list[int]]]:
    found = []
    for line in TABLE.split("\n"):
        words = line.split()
        if state in words:
            found.append((words[0], [int(word) for word in words if word.isdigit()]))
    return found


def address(page: str, row: Accession) -> str:
    base = f"/admin/members/accession/{row.pk}/"
    if page == "document":
        return reverse("document_file", args=[row.signed_act.document_id])
    if page == "pack":
        meeting = row.meeting_id or make_meeting(published_at=timezone.now()).pk
        return f"/admin/members/meeting/{meeting}/pack/"
    if page == "delete":
        return f"{base}delete/"
    return base + OWN_PAGES.get(page, f"do/{page}/")


def with_document(row: Accession) -> Accession:
    act = row.signed_act
    act.document = make_document(row.city)
    act.save()
    return row


def rows_of_everything() -> dict[str, int]:
    counted = [
        model
        for app in ("members", "programs", "auditlog")
        for model in apps.get_app_config(app).get_models()
    ]
    # What a person typed in a form that is refused is kept for them: nothing is saved by it.
    counted.remove(KeptForm)
    return {model._meta.label: model._base_manager.count() for model in counted}


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def people(office, person, browse, alfa, beta, client):
    cast = {role: person(role, alfa) for role in ("lead", "editor", "viewer", "committee")}
    cast |= {
        "secretariat": office,
        "neighbor": person("committee", beta),
        "elsewhere": person("lead", beta),
    }
    cast["nobody"] = person("nobody")
    return {**{name: browse(somebody) for name, somebody in cast.items()}, "visitor": client}


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
def test_each_page_for_each_person(state, office, people, alfa):
    row = with_document(file_in(state, alfa, office))
    before, version = rows_of_everything(), Accession.objects.get(pk=row.pk).version
    for page, expected in lines(state):
        url = address(page, row)
        before = before if page != "pack" else rows_of_everything()
        found = []
        for name in PEOPLE:
            answer = people[name].get(url)
            found.append(answer.status_code)
            if answer.status_code == 302 and name in ("nobody", "visitor"):
                assert answer["Location"].startswith("/admin/login/?next=/admin/"), (page, name)
            elif answer.status_code == 302:
                assert answer["Location"] == row.get_file_url(), (page, name)
            if answer.streaming:
                b"".join(answer.streaming_content)
        assert found == expected, page
    assert rows_of_everything() == before
    assert (Accession.objects.get(pk=row.pk).status, Accession.objects.get(pk=row.pk).version) == (
        state,
        version,
    )


def test_note_is_posted_and_by_the_secretariat_alone(office, people, alfa):
    row = file_in("submitted", alfa, office)
    url = f"{row.get_file_url()}note/"
    assert {people[name].get(url).status_code for name in PEOPLE[:-2]} == {405}
    answers = {name: people[name].post(url, {"text": "Ask."}).status_code for name in PEOPLE[1:-2]}
    assert answers == {
        **dict.fromkeys(("lead", "editor", "viewer", "committee", "neighbor"), 403),
        "elsewhere": 404,
    }
    assert not AccessionNote.objects.exists()
    assert people["secretariat"].post(url, {"text": "Ask."}).status_code == 302
    assert AccessionNote.objects.get().by == office


@pytest.mark.parametrize("text", ["", "  ", "\0\0", "x" * 200_000])
def test_note_that_cannot_be_kept_says_so_and_keeps_the_words(text, office, people, alfa):
    row = file_in("submitted", alfa, office)
    answer = people["secretariat"].post(f"{row.get_file_url()}note/", {"text": text})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'class="errorlist"' in page
    assert text.strip().replace("\0", "") in page.replace("\0", "")
    assert not AccessionNote.objects.exists()


def test_notes_and_letters_are_not_shown_to_others(office, people, alfa):
    row = file_in("submitted", alfa, office)
    AccessionNote.objects.create(accession=row, text="WHISPER", by=office)
    assert "WHISPER" in people["secretariat"].get(row.get_file_url()).content.decode()
    for name in ("lead", "viewer", "committee"):
        page = people[name].get(row.get_file_url()).content.decode()
        assert "WHISPER" not in page
        assert "Letters about this file" not in page


def test_pack_holds_the_files_of_its_agenda_and_no_other(office, people, alfa, beta):
    row = file_in("on_agenda", alfa, office)
    file_in("under_review", beta, office)
    page = people["neighbor"].get(address("pack", row)).content.decode()
    assert f'id="file-{row.pk}"' in page
    assert "ZEBRA" not in page
    assert people["neighbor"].get("/admin/members/meeting/999999/pack/").status_code == 404


def test_pack_of_a_meeting_that_nobody_told_of_does_not_exist_for_the_committee(office, people):
    secret = make_meeting("2031-05-01")
    url = f"/admin/members/meeting/{secret.pk}/pack/"
    assert people["committee"].get(url).status_code == 404
    assert "2031" in people["secretariat"].get(url).content.decode()


# --- A submitted file stays as it is --------------------------------------------------------------


@pytest.mark.parametrize(
    "state", ["submitted", "under_review", "on_agenda", "deferred", "admitted", "withdrawn"]
)
def test_file_that_is_not_with_the_city_is_changed_by_nobody(state, office, people, alfa):
    row = file_in("draft", alfa, office)
    own = AccessionOwnAction.objects.create(accession=row, point=make_plan(), text_en="Listen")
    row = bring_to(state, row, office)
    other = make_document(alfa)
    before = rows_of_everything()
    typed = {
        "source_language": "en",
        "resources_en": "Changed",
        "attachments": [other.pk],
        "own_1": "Changed",
    }
    part = {
        "source_language": "en",
        "accession": row.pk,
        "point": own.point_id,
        "order": 1,
        "text_en": "Changed",
    }
    for name in ("secretariat", "lead", "editor", "viewer"):
        assert (
            people[name].post(f"/admin/members/accession/{row.pk}/change/", typed).status_code
            == 403
        ), name
        own_page = f"/admin/members/accessionownaction/{own.pk}/change/"
        assert people[name].post(own_page, part).status_code == 403, name
        assert (
            people[name]
            .post(f"/admin/members/accessionownaction/{own.pk}/delete/", {"post": "yes"})
            .status_code
            == 403
        )
        added = people[name].post("/admin/members/accessionownaction/add/", {**part, "order": 2})
        assert added.status_code == (403 if name == "viewer" else 200), name
    assert rows_of_everything() == before
    own.refresh_from_db()
    row.refresh_from_db()
    assert (own.text_en, row.resources_en, row.attachments.count()) == ("Listen", None, 0)


@pytest.mark.parametrize("state", ["submitted", "under_review", "on_agenda", "deferred"])
def test_acts_of_a_file_with_the_network_are_changed_by_nobody(state, office, people, alfa):
    row = file_in("draft", alfa, office)
    row.legal_basis = LegalAct.objects.create(city=alfa, kind="decree", number="7", title="BEFORE")
    row.save()
    signatory = row.signed_act.signatories.get()
    row = bring_to(state, row, office)
    before = rows_of_everything()
    for name in ("secretariat", "lead", "editor"):
        for act in (row.legal_basis, row.signed_act):
            url = f"/admin/members/legalact/{act.pk}/"
            page = people[name].get(f"{url}change/")
            assert (
                "belongs to an accession file that is with the network" in page.content.decode()
            ), name
            assert 'name="_save"' not in page.content.decode(), name
            typed = {
                "city": alfa.pk,
                "kind": act.kind,
                "number": "8",
                "title": "TYPED",
                "source_language": "en",
            }
            answer = people[name].post(f"{url}change/", typed)
            assert answer.status_code == 403, name
            assert "TYPED" in answer.content.decode()
            assert people[name].post(f"{url}delete/", {"post": "yes"}).status_code == 403, name
        changelist = {"action": "publish_selected", "_selected_action": [row.legal_basis.pk]}
        people[name].post("/admin/members/legalact/", changelist)
    for user in (office, *User.objects.filter(roles__role="lead", roles__city=alfa)):
        assert not user.has_perm("change", signatory)
        assert not user.has_perm("add", Signatory(legal_act=row.signed_act))
    assert rows_of_everything() == before
    row.legal_basis.refresh_from_db()
    assert (row.legal_basis.title, row.legal_basis.number, row.legal_basis.published_at) == (
        "BEFORE",
        "7",
        None,
    )


@pytest.mark.parametrize("state", ["draft", "returned", "admitted", "rejected", "withdrawn"])
def test_acts_of_other_files_stay_open(state, office, people, alfa):
    row = file_in(state, alfa, office)
    page = (
        people["editor"]
        .get(f"/admin/members/legalact/{row.signed_act.pk}/change/")
        .content.decode()
    )
    assert "with the network" not in page
    assert 'name="_save"' in page


def bring_to(state: str, row: Accession, office) -> Accession:
    """A draft along the shortest way."""
    ways = {
        "submitted": ["submit"],
        "under_review": ["submit", "review"],
        "on_agenda": ["submit", "review", "schedule"],
        "deferred": ["submit", "review", "schedule", "defer"],
        "admitted": ["submit", "review", "schedule", "admit"],
        "withdrawn": ["withdraw"],
    }
    for verb in ways[state]:
        row = act_by(verb, row, office, make_meeting())
    return row


# --- Forged posts ---------------------------------------------------------------------------------


def test_form_offers_nothing_of_another_city(office, people, alfa, beta_rows):
    row = file_in("draft", alfa, office)
    make_document(alfa)
    for name in ("secretariat", "lead"):
        page = people[name].get(f"/admin/members/accession/{row.pk}/change/").content.decode()
        assert 'name="attachments"' in page
        assert "ZEBRA" not in page
        assert "1/beta" not in page


def test_forged_choices_of_another_city_are_refused_at_the_field(
    office, people, alfa, beta, beta_rows
):
    row = file_in("draft", alfa, office)
    make_document(alfa)
    Plan.objects.update(published_at=timezone.now())
    another = make_plan().plan.points.create(
        number=2, title_en="Two", short_title_en="P", published_at=timezone.now()
    )
    foreign = SuggestedAction.objects.create(point=another, order=9, text_en="Of another point")
    act = file_in(
        "draft", beta_rows["members.city"].country.cities.create(slug="gamma"), office
    ).signed_act
    wrong = {
        "legal_basis": beta_rows["members.legalact"].pk,
        "signed_act": act.pk,
        "focal_point": beta_rows["members.unit"].pk,
        "attachments": [beta_rows["members.document"].pk],
        "chosen_1": [foreign.pk],
    }
    huge = {
        "legal_basis": "9" * 30,
        "focal_point": "9" * 19,
        "attachments": ["9" * 30],
        "chosen_1": ["9" * 30],
    }
    odd = {
        "legal_basis": "²",
        "signed_act": "a\0b",
        "focal_point": "-1",
        "attachments": ["x\0"],
        "chosen_1": ["²"],
    }
    before = rows_of_everything()
    for typed in (wrong, huge, odd):
        for name, value in typed.items():
            answer = people["lead"].post(
                f"/admin/members/accession/{row.pk}/change/", {"source_language": "en", name: value}
            )
            assert answer.status_code == 200, (name, value)
            assert name in answer.context["adminform"].form.errors, (name, value)
    assert rows_of_everything() == before


def test_signed_act_is_no_legal_basis(office, people, alfa):
    row = file_in("draft", alfa, office)
    answer = people["lead"].post(
        f"/admin/members/accession/{row.pk}/change/",
        {"source_language": "en", "legal_basis": row.signed_act_id},
    )
    assert "legal_basis" in answer.context["adminform"].form.errors


def test_hidden_state_city_and_publication_cannot_be_posted(office, people, alfa, beta):
    row = file_in("draft", alfa, office)
    typed = {
        "source_language": "en",
        "status": "admitted",
        "city": beta.pk,
        "published_at_0": "2020-01-01",
    }
    typed |= {"_publish": "1", "meeting": make_meeting().pk, "fictional": "on", "origin": "stated"}
    people["lead"].post(f"/admin/members/accession/{row.pk}/change/", typed)
    row.refresh_from_db()
    assert (row.status, row.city, row.published_at, row.meeting, row.fictional) == (
        "draft",
        alfa,
        None,
        None,
        False,
    )


def test_lead_opens_no_file_of_another_city_by_a_forged_form(people, alfa, beta):
    answer = people["lead"].post("/admin/members/accession/add/", {"city": beta.pk})
    assert answer.status_code == 200
    assert "city" in answer.context["adminform"].form.errors
    assert not Accession.objects.exists()


def test_second_file_of_a_city_is_refused_with_a_sentence(office, people, alfa):
    file_in("draft", alfa, office)
    answer = people["lead"].post("/admin/members/accession/add/", {"city": alfa.pk})
    assert answer.status_code == 200
    assert "open accession already" in answer.content.decode()
    assert Accession.objects.count() == 1


@pytest.mark.parametrize("kind", ["general_assembly", "general_conference"])
def test_file_goes_on_no_agenda_of_another_kind_of_meeting(kind, office, people, alfa):
    row = file_in("under_review", alfa, office)
    other = make_meeting()
    type(other).objects.filter(pk=other.pk).update(kind=kind)
    for value in (other.pk, "9" * 30, "²", "a\0b", ""):
        answer = people["secretariat"].post(
            f"{row.get_file_url()}do/schedule/", {"meeting": value, "_confirm": "1"}
        )
        assert answer.status_code == 200
        assert "meeting" in answer.context["form"].errors, value
    row.refresh_from_db()
    assert row.status == "under_review"


@pytest.mark.parametrize(
    "typed",
    [
        {"votes_for": "twelve"},
        {"votes_for": "²"},
        {"votes_for": "1e3"},
        {"votes_for": "-1"},
        {"votes_for": "9" * 30},
        {"present": "a\0b"},
        {"unanimous": "maybe"},
        {"on": "yesterday"},
        {"on": "2999"},
        {"recused": "9" * 30},
        {"recused": "²"},
        {"votes_for": "3"},
        {"votes_for": "3", "votes_against": "1", "votes_abstained": "0", "present": "3"},
    ],
)
def test_impossible_vote_is_answered_at_its_field(typed, office, people, alfa):
    alfa.committee_seats.create(since="2020")
    row = file_in("on_agenda", alfa, office)
    answer = people["secretariat"].post(
        f"{row.get_file_url()}do/admit/", {**typed, "_confirm": "1"}
    )
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) <= {
        "votes_for",
        "present",
        "unanimous",
        "on",
        "recused",
    }
    assert answer.context["form"].errors
    row.refresh_from_db()
    assert row.status == "on_agenda"
    assert AccessionStep.objects.filter(verb="admit").count() == 0


@pytest.mark.parametrize("why", ["", "  ", "\0\0", "x" * 200_000])
def test_reason_that_cannot_be_kept_is_refused_at_its_field(why, office, people, alfa):
    row = file_in("submitted", alfa, office)
    Letter.objects.all().delete()
    answer = people["secretariat"].post(
        f"{row.get_file_url()}do/return/", {"why": why, "_confirm": "1"}
    )
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["why"]
    assert why.strip().replace("\0", "")[:1000] in answer.content.decode()
    assert not Letter.objects.exists()


def test_lone_surrogates_and_broken_bytes_are_no_error_of_the_server(office, people, alfa):
    row = file_in("submitted", alfa, office)
    for url, body in [
        (f"{row.get_file_url()}do/return/", b"why=%ED%A0%80%FF&_confirm=1"),
        (f"{row.get_file_url()}note/", b"text=%ED%A0%80%FF"),
    ]:
        answer = people["secretariat"].post(
            url, body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code in (200, 302)
    for query in ("language=%ED%A0%80", "language=%00&bilingual=%00", "language=" + "x" * 5000):
        assert people["lead"].get(f"{row.get_file_url()}act/?{query}").status_code == 200
    for number in ("0", "9" * 18):
        assert people["secretariat"].get(f"/admin/members/accession/{number}/").status_code == 404


def test_number_that_no_database_holds_is_not_found(people):
    for end in ("", "change/", "act/", "archive/", "do/submit/"):
        for number in ("9" * 19, "9" * 40):
            answer = people["secretariat"].get(f"/admin/members/accession/{number}/{end}")
            assert answer.status_code == 404, (number, end)
    assert people["secretariat"].get(f"/admin/members/meeting/{'9' * 30}/pack/").status_code == 404
    assert (
        people["secretariat"].get(f"/admin/members/membership/{'9' * 30}/do/suspend/").status_code
        == 404
    )


def test_warning_that_was_not_shown_cannot_be_ticked_in_advance(office, people, alfa):
    """A forged tick counts only for what the file lacks now; what blocks is never ticked away."""
    row = file_in("draft", alfa, office)
    row.focal_point = None
    row.save()
    ticks = {f"seen_{code}": "on" for code in [*SEEN, "no_focal_point"]}
    answer = people["lead"].post(f"{row.get_file_url()}do/submit/", {**ticks, "_confirm": "1"})
    assert answer.status_code == 200
    assert 'name="_confirm"' not in answer.content.decode()
    row.refresh_from_db()
    assert row.status == "draft"
    assert CONSENT.warnings == SEEN
