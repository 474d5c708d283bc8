"""The form of an accession file: drafts with anything missing, new parts typed in, and nothing
half-saved."""

import io
import re
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from languages.models import Freshness
from members.models import (
    Accession,
    AccessionChoice,
    AccessionOwnAction,
    Document,
    LegalAct,
    Signatory,
    SuggestedAction,
    Unit,
)
from members.services import accessions
from tests.forms import fields_of
from tests.members.accession_cast import PDF, make_document, make_plan

pytestmark = pytest.mark.django_db

MODELS = (LegalAct, Signatory, Unit, Document, AccessionChoice, AccessionOwnAction)
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


@pytest.fixture
def row(person, alfa) -> Accession:
    point = make_plan()
    SuggestedAction.objects.create(
        point=point, order=1, text_en="Listen", published_at=timezone.now()
    )
    SuggestedAction.objects.create(
        point=point, order=2, text_en="Answer", published_at=timezone.now()
    )
    return accessions.open_accession(city=alfa, by=person("secretariat"))


@pytest.fixture
def write(row, person, browse, alfa):
    """Save the form as an editor of the city; the answer. Only what is named is typed."""
    client = browse(person("editor", alfa))

    def post(**typed: object):
        answer = client.post(
            f"/admin/members/accession/{row.pk}/change/", {"source_language": "en", **typed}
        )
        row.refresh_from_db()
        return answer

    return post


def counts() -> list[int]:
    return [model.objects.count() for model in MODELS]


def errors(answer) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return dict(answer.context["adminform"].form.errors)


def upload(content: bytes = PDF, name: str = "act.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def letter() -> bytes:
    """A scanned letter."""
    file = io.BytesIO()
    Image.new("L", (4, 4)).save(file, "PNG")
    return file.getvalue()


def test_form_opens_no_windows_over_it(row, person, browse, alfa):
    """Acts, offices and papers are chosen or described beside the list: none is deleted here."""
    page = browse(person("editor", alfa)).get(f"/admin/members/accession/{row.pk}/change/")
    assert "related-widget-wrapper-link" not in page.text


def test_steps_lead_to_their_place_in_the_form(row, person, browse, alfa):
    home = browse(person("editor", alfa)).get(row.get_file_url()).text
    form = browse(person("editor", alfa)).get(f"/admin/members/accession/{row.pk}/change/").text
    places = re.findall(rf'href="/admin/members/accession/{row.pk}/change/#([a-z0-9_]+)"', home)
    assert places == ["id_legal_basis", "id_signed_act", "id_focal_point", "id_own_1"]
    for place in places:
        assert f'id="{place}"' in form


# --- Drafts ---------------------------------------------------------------------------------------


def test_draft_is_saved_with_everything_missing(write, row):
    answer = write()
    assert answer.status_code == 302
    assert answer["Location"] == row.get_file_url()
    assert counts() == [0] * len(MODELS)


@pytest.mark.parametrize(
    "typed",
    [
        {"basis_kind": "decree"},
        {"act_exists": "on"},
        {"act_signed": "2024"},
        {"act_signed": "2024-02"},
        {"office_name": "Office"},
        {"resources_en": "One person."},
        {"own_2": "Our own."},
        {"paper_title": "A title without a file"},
    ],
)
def test_draft_is_saved_with_any_one_thing(typed, write):
    assert write(**typed).status_code == 302


def test_whole_file_is_typed_in_one_go(write, row, alfa):
    listen = SuggestedAction.objects.get(text_en="Listen")
    answer = write(
        basis_kind="council_resolution",
        basis_number="7/2024",
        basis_passed="2024-01-15",
        basis_body="City Council",
        basis_title="On joining",
        basis_url="example.org/7",
        basis_file=upload(name="basis.pdf"),
        act_signed="2024-02-01",
        act_signatories="Ann Example, Mayor\n\n Bo Example , Deputy Mayor, for equality ",
        act_file=upload(PDF + b"act"),
        office_name="Equality Office",
        office_email="equality@alfa.example",
        chosen_1=[listen.pk],
        own_1="First\nSecond",
        resources_en="Two people.",
        paper_title="Letter",
        paper_file=upload(letter(), "letter.png"),
    )
    assert answer.status_code == 302
    basis, act = row.legal_basis, row.signed_act
    assert (basis.city, basis.kind, basis.number, basis.passed) == (
        alfa,
        "council_resolution",
        "7/2024",
        "2024-01-15",
    )
    assert basis.url == "https://example.org/7"
    assert basis.document.city == alfa
    assert (act.kind, act.passed, act.document.size) == ("signed_act", "2024-02-01", len(PDF) + 3)
    people = list(act.signatories.values_list("name", "office"))
    assert people == [("Ann Example", "Mayor"), ("Bo Example", "Deputy Mayor, for equality")]
    assert (row.focal_point.name_en, row.focal_point.email) == (
        "Equality Office",
        "equality@alfa.example",
    )
    assert list(row.choices.values_list("suggested_action", flat=True)) == [listen.pk]
    assert list(row.own_actions.values_list("text_en", "order")) == [("First", 1), ("Second", 2)]
    paper = row.attachments.get()
    assert (paper.title, paper.content_type, paper.public_since) == ("Letter", "image/png", None)
    assert {document.uploaded_by.roles.get().role for document in Document.objects.all()} == {
        "editor"
    }


def test_chosen_parts_stay_when_the_form_is_saved_again(write, row):
    write(act_signed="2024", office_name="Office", own_1="One")
    kept = (row.signed_act_id, row.focal_point_id)
    write(signed_act=kept[0], focal_point=kept[1], own_1="One")
    assert (row.signed_act_id, row.focal_point_id) == kept
    assert counts() == [1, 0, 1, 0, 0, 1]


def marked(page: str) -> list[str]:
    """The fields that stand in a marked part of a form."""

    class Marked(HTMLParser):
        def __init__(self):
            super().__init__()
            self.names, self.open = [], []

        def handle_starttag(self, tag, attrs):
            found = dict(attrs)
            if tag == "div":
                self.open.append("errors" in (found.get("class") or "").split())
            if tag in ("input", "select", "textarea") and any(self.open):
                self.names.append(found.get("name", ""))

        def handle_endtag(self, tag):
            if tag == "div" and self.open:
                self.open.pop()

    parser = Marked()
    parser.feed(page)
    return parser.names


def test_wrong_day_marks_its_own_field_and_not_the_one_beside_it(write):
    """Number and day of a decision stand in one line."""
    answer = write(basis_kind="decree", basis_passed="31.02.2026")
    assert list(answer.context["adminform"].form.errors) == ["basis_passed"]
    assert marked(answer.text) == ["basis_passed"]


# --- Refused at the field -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"basis_number": "7"}, "basis_kind", "what kind"),
        ({"basis_kind": "signed_act"}, "basis_kind", ""),
        ({"basis_kind": "decree", "basis_url": "javascript:alert(1)"}, "basis_url", ""),
        ({"basis_kind": "decree", "basis_passed": "2024-02-31"}, "basis_passed", ""),
        ({"basis_kind": "decree", "basis_title": "x" * 501}, "basis_title", ""),
        ({"act_signed": "2999-01-01"}, "act_signed", "future"),
        ({"act_signed": "2999"}, "act_signed", "future"),
        ({"act_signatories": "Ann Example"}, "act_signatories", "names no office"),
        ({"act_signatories": "Ann, Mayor\nBo"}, "act_signatories", "Bo"),
        ({"act_signatories": f"{'x' * 201}, Mayor"}, "act_signatories", "too long"),
        ({"act_signatories": f"Ann, {'x' * 201}"}, "act_signatories", "too long"),
        ({"act_signatories": "x" * 200_000}, "act_signatories", ""),
        ({"office_email": "office@alfa.example"}, "office_name", "name of the office"),
        ({"office_name": "x", "office_email": "nobody"}, "office_email", ""),
        ({"own_1": "\n".join(map(str, range(31)))}, "own_1", "more than 30"),
        ({"own_1": "x" * 1001}, "own_1", "longer than 1000"),
        ({"own_1": "x" * 200_000}, "own_1", ""),
        ({"source_language": "xx"}, "source_language", ""),
        ({"act_file": upload(b"")}, "act_file", "0 bytes"),
        ({"act_file": upload(HTML)}, "act_file", "not a PDF"),
        ({"basis_kind": "decree", "basis_file": upload(b"MZ\x90")}, "basis_file", "not a PDF"),
        ({"paper_file": upload(HTML, "x.png")}, "paper_file", "not a PDF"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_half_saved(
    typed, field, sentence, write, row
):
    everything_else = {
        "basis_kind": "decree",
        "basis_file": upload(name="good.pdf"),
        "act_file": upload(name="good too.pdf"),
        "paper_file": upload(name="third.pdf"),
        "office_name": "Kept Office",
        "own_2": "Kept line",
        "resources_en": "Kept sentence",
    }
    if field == "office_name":
        del everything_else["office_name"]
    if field == "basis_kind":
        del everything_else["basis_kind"]
    before, version = counts(), row.version
    answer = write(**{**everything_else, **typed})
    found = errors(answer)
    assert list(found) == [field]
    assert sentence in " ".join(found[field])
    assert (counts(), row.version) == (before, version)
    page = answer.content.decode()
    assert "Kept line" in page
    assert "Kept sentence" in page
    assert f"field-{field}" in page


def test_file_of_21_megabytes_is_refused_and_the_rest_kept(write, row):
    large = upload(PDF + b"\0" * 21 * 1024 * 1024)
    answer = write(act_file=large, own_1="Kept line")
    assert errors(answer) == {"act_file": ["This file is too large. It may have at most 20 MB."]}
    assert "Kept line" in answer.content.decode()
    assert counts() == [0] * len(MODELS)


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        ("legal_basis", {"basis_kind": "decree"}),
        ("legal_basis", {"basis_kind": "decree", "basis_file": upload()}),
        ("signed_act", {"act_signed": "2024"}),
        ("signed_act", {"act_exists": "on"}),
        ("signed_act", {"act_signatories": "Ann, Mayor"}),
        ("focal_point", {"office_name": "Another"}),
        ("focal_point", {"office_name": "Another", "office_email": "another@alfa.example"}),
    ],
)
def test_chosen_and_typed_at_once_is_refused_at_the_field(chosen, typed, write, alfa):
    recorded = {
        "legal_basis": lambda: LegalAct.objects.create(city=alfa, kind="decree"),
        "signed_act": lambda: LegalAct.objects.create(city=alfa, kind="signed_act"),
        "focal_point": lambda: Unit.objects.create(city=alfa, name_en="Recorded"),
    }[chosen]()
    before = counts()
    found = errors(write(**{chosen: recorded.pk, **typed}))
    first = next(iter(typed))
    assert list(found) == [first]
    assert "not both" in found[first][0]
    assert counts() == before


def test_act_whose_number_is_recorded_already_is_refused(write, alfa, beta):
    LegalAct.objects.create(city=alfa, kind="decree", number="7/2024")
    LegalAct.objects.create(city=beta, kind="decree", number="8/2024")
    found = errors(write(basis_kind="decree", basis_number="7/2024"))
    assert "recorded already" in found["basis_number"][0]
    assert write(basis_kind="decree", basis_number="8/2024").status_code == 302


def test_error_in_a_panel_of_a_language_opens_it(write):
    answer = write(resources_pl="x" * 3001)
    assert list(errors(answer)) == ["resources_pl"]
    page = answer.content.decode()
    panel = page[: page.index('name="resources_pl"')].rpartition("<details")[2]
    assert " open>" in panel[: panel.index("<summary")]


# --- Own actions and choices ----------------------------------------------------------------------


def test_unchanged_lines_keep_their_rows_and_translations(write, row):
    write(own_1="First\nSecond\nThird")
    second = row.own_actions.get(text_en="Second")
    second.text_pl = "Drugie"
    second.save()
    write(own_1="Third\n  Second \n\nNew\nSecond")
    assert list(row.own_actions.values_list("text_en", "order")) == [
        ("Third", 1),
        ("Second", 2),
        ("New", 3),
    ]
    again = row.own_actions.get(text_en="Second")
    assert (again.pk, again.text_pl) == (second.pk, "Drugie")


def test_deleted_line_takes_its_translations_records_along(write, row):
    write(own_1="First")
    write(own_1="")
    assert not row.own_actions.exists()
    assert not Freshness.objects.filter(content_type__model="accessionownaction").exists()


def test_thirty_lines_are_taken_in_windows_line_ends(write, row):
    assert write(own_1="\r\n".join(f"Line {n}" for n in range(30))).status_code == 302
    assert row.own_actions.count() == 30


def test_unticked_choice_goes_and_ticked_ones_keep_their_rows(write, row):
    first, second = SuggestedAction.objects.order_by("order").values_list("pk", flat=True)
    write(chosen_1=[first, second])
    kept = row.choices.get(suggested_action=second).pk
    write(chosen_1=[second, second])
    assert list(row.choices.values_list("pk", flat=True)) == [kept]


def test_only_what_the_plan_suggests_in_public_is_offered(write, row, browse, person, alfa):
    second = SuggestedAction.objects.get(text_en="Answer")
    second.published_at = None
    second.save()
    url = f"/admin/members/accession/{row.pk}/change/"
    page = browse(person("editor", alfa)).get(url).content.decode()
    assert "Listen" in page
    assert "Answer" not in page
    assert "chosen_1" in errors(write(chosen_1=[second.pk]))


def test_what_was_chosen_stays_in_the_file_when_the_plan_withdraws_it(write, row):
    first, second = SuggestedAction.objects.order_by("order")
    write(chosen_1=[first.pk, second.pk])
    second.published_at = None
    second.save()
    assert write(chosen_1=[first.pk, second.pk]).status_code == 302
    assert set(row.choices.values_list("suggested_action", flat=True)) == {first.pk, second.pk}
    assert write(chosen_1=[first.pk]).status_code == 302
    assert row.choices.get().suggested_action == first


def test_paper_is_taken_off_the_file_and_stays_a_document(write, row, alfa):
    paper = make_document(alfa)
    write(attachments=[paper.pk])
    assert row.attachments.get() == paper
    write()
    assert not row.attachments.exists()
    assert Document.objects.filter(pk=paper.pk).exists()


# --- Shown safely ---------------------------------------------------------------------------------


def test_markup_in_every_text_is_shown_as_text_on_every_page(write, row, person, browse, alfa):
    evil = "<script>alert(1)</script>"
    answer = write(
        basis_kind="decree",
        basis_number=evil,
        basis_body=evil,
        basis_title=evil,
        act_signatories=f"{evil}, {evil}",
        act_file=upload(),
        office_name=evil,
        own_1=evil,
        resources_en=evil,
        paper_title=evil,
        paper_file=upload(PDF + b"2", f"{evil}.pdf"),
    )
    assert answer.status_code == 302
    office = person("secretariat")
    client = browse(office)
    client.post(f"{row.get_file_url()}note/", {"text": evil})
    for url in (
        row.get_file_url(),
        f"{row.get_file_url()}act/?bilingual=on",
        f"/admin/members/accession/{row.pk}/change/",
        f"/admin/members/accession/{row.pk}/history/",
        "/admin/members/accessionownaction/",
        f"{row.get_file_url()}do/submit/",
    ):
        page = client.get(url)
        assert page.status_code == 200, url
        assert evil not in page.content.decode(), url
    reason = client.post(f"{row.get_file_url()}do/withdraw/", {"why": evil})
    assert "&lt;script&gt;" in reason.content.decode()
    assert evil not in reason.content.decode()


def test_today_is_no_future(write):
    assert write(act_signed=timezone.localdate().isoformat()).status_code == 302


def test_file_alone_is_added_to_the_recorded_decision(write, row):
    """What the office asks for most often: attach the decision."""
    write(basis_kind="council_resolution", basis_number="12/2026")
    act = row.legal_basis
    assert write(legal_basis=act.pk, basis_file=upload()).status_code == 302
    act.refresh_from_db()
    assert row.legal_basis == act
    assert act.document.city_id == row.city_id
    assert LegalAct.objects.count() == 1
    found = errors(write(legal_basis=act.pk, basis_title="Other", basis_file=upload()))
    assert list(found) == ["basis_title"]


def test_file_alone_is_added_to_the_recorded_signed_act(write, row):
    write(act_signed="2024-02-01")
    act = row.signed_act
    assert write(signed_act=act.pk, act_file=upload()).status_code == 302
    act.refresh_from_db()
    assert act.document is not None


def test_address_alone_is_that_of_the_recorded_office(write, row):
    write(office_name="Office of Democracy")
    office = row.focal_point
    sent = {"focal_point": office.pk, "office_email": "democracy@alfa.example"}
    assert write(**sent).status_code == 302
    office.refresh_from_db()
    assert office.email == "democracy@alfa.example"
    assert Unit.objects.count() == 1
    assert "office_name" in errors(write(**sent, office_name="Another"))


# --- Two people -----------------------------------------------------------------------------------


@pytest.fixture
def editors(person, browse, alfa):
    """Two people of the city, each with the form open as it stands."""
    return browse(person("editor", alfa)), browse(person("editor", alfa))


def opened(client, row, **typed: object) -> dict[str, object]:
    page = client.get(f"/admin/members/accession/{row.pk}/change/")
    return {**fields_of(page, "accession_form"), **typed}


def sent(client, row, fields):
    return client.post(f"/admin/members/accession/{row.pk}/change/", fields)


def own_lines() -> list[str]:
    return list(AccessionOwnAction.objects.order_by("order").values_list("text_en", flat=True))


def test_lines_and_ticks_of_somebody_else_stay_where_one_did_not_touch_them(editors, row):
    """A point has two fields that are no columns of the file: they are merged like its columns."""
    key = str(SuggestedAction.objects.get(text_en="Listen").pk)
    ada, bo = editors
    late = opened(bo, row, resources_en="A full-time post.")
    assert sent(ada, row, opened(ada, row, own_1="Ours", chosen_1=[key])).status_code == 302
    assert sent(bo, row, late).status_code == 302
    row.refresh_from_db()
    assert own_lines() == ["Ours"]
    assert [choice.suggested_action_id for choice in row.choices.all()] == [int(key)]
    assert row.resources_en == "A full-time post."


def test_two_texts_under_one_point_are_asked_about_and_nothing_is_lost(editors, row):
    ada, bo = editors
    late = opened(bo, row, own_1="Theirs")
    sent(ada, row, opened(ada, row, own_1="Ours"))
    answer = sent(bo, row, late)
    assert "own_1" in errors(answer)
    (clash,) = answer.context["adminform"].form.clashes
    assert (clash.mine, clash.theirs) == ("Theirs", "Ours")
    assert own_lines() == ["Ours"]
    again = {**fields_of(answer, "accession_form"), clash.choice: "mine"}
    assert sent(bo, row, again).status_code == 302
    assert own_lines() == ["Theirs"]


def test_order_of_lines_is_part_of_what_somebody_wrote(editors, row, write):
    write(own_1="One\nTwo")
    ada, bo = editors
    late = opened(bo, row, resources_en="More.")
    sent(ada, row, opened(ada, row, own_1="Two\nOne"))
    sent(bo, row, late)
    assert own_lines() == ["Two", "One"]
