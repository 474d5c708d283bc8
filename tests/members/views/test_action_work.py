"""The page of an action as one form: nothing typed is lost, and one press saves everything."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from members.models import (
    Action,
    Commitment,
    Document,
    Evidence,
    KeptFile,
    KeptForm,
    Plan,
    Point,
    SuggestedAction,
)
from tests.forms import fields_of

pytestmark = pytest.mark.django_db

POINT = "/admin/city/alfa/points/1/"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n%%EOF\n"
TYPED = "Typed for an hour"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def action(alfa_rows) -> Action:
    Plan.objects.update(published_at=timezone.now())
    SuggestedAction.objects.update(published_at=timezone.now())
    return alfa_rows["members.action"]


@pytest.fixture
def page(action) -> str:
    return f"/admin/city/alfa/actions/{action.pk}/"


@pytest.fixture
def ada(person, alfa, browse) -> Client:
    return browse(person("lead", alfa, name="Ada"))


def text(response) -> str:
    return response.content.decode()


def answer_for(client: Client, document: Document) -> int:
    """The status of the answer. Reading the file to its end closes it, and not the database."""
    response = client.get(f"/documents/{document.pk}/")
    if response.streaming:
        assert b"".join(response.streaming_content)
    return response.status_code


def pdf(name: str = "annual_report.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def send(client: Client, page: str, button: str, **fields):
    """What a browser sends of the opened page, with these fields typed."""
    typed = {name.replace("__", "-"): value for name, value in fields.items()}
    return client.post(page, {**fields_of(client.get(page)), **typed, "do": button})


def test_further_points_are_kept_and_taken_away(ada, action, page):
    plan = action.commitment.point.plan
    other = Point.objects.create(
        plan=plan, number=2, title_en="Two", short_title_en="T", published_at=timezone.now()
    )
    fields = fields_of(ada.get(page))
    name = "action-further_points"
    assert ada.post(page, {**fields, name: [other.pk], "do": "save"}).status_code == 302
    assert list(action.further_points.all()) == [other]
    fields = fields_of(ada.get(page))
    assert fields.pop(name) in (str(other.pk), [str(other.pk)])
    assert ada.post(page, {**fields, "do": "save"}).status_code == 302
    assert not action.further_points.exists()


def test_one_press_saves_everything_on_the_page(ada, action, page, client):
    indicator = action.indicators.create(
        commitment=action.commitment, name_en="Passengers", published_at=timezone.now()
    )
    value = f"value-{indicator.pk}-"
    response = send(
        ada,
        page,
        "save",
        **{
            "action-description_en": TYPED,
            "links": "2",
            "link-0-url": "https://example.com/one",
            "link-1-url": "https://example.com/two",
            "proof-files": [pdf(), pdf("minutes.pdf", PDF + b"2")],
            "update-text_en": "It began.",
            "update-on": "2025",
            f"{value}on": "2025",
            f"{value}value": "12",
            f"{value}source_title": "Own count",
            "languages": "pl",
            "text-pl-title_pl": "Tytuł",
        },
    )
    assert response.status_code == 302
    action.refresh_from_db()
    assert (action.description_en, action.title_pl) == (TYPED, "Tytuł")
    assert action.evidence.count() == 5
    assert (action.updates.count(), indicator.values.count()) == (2, 1)
    titles = {document.title for document in Document.objects.public()}
    assert titles == {"annual report", "minutes"}
    html = text(client.get("/en/cities/alfa/"))
    assert "annual report" in html
    assert "example.com/two" in html


def test_pieces_are_removed_with_the_same_press(ada, alfa_rows, action, page):
    piece = alfa_rows["members.evidence"]
    assert send(ada, page, "save", **{f"piece-{piece.pk}-remove": "on"}).status_code == 302
    assert not Evidence.objects.filter(pk=piece.pk).exists()


@pytest.mark.parametrize("button", ["more-links", "language-pl", "adopt:{}", "deny:{}"])
def test_no_button_loses_what_was_typed(button, ada, action, page):
    typed = {"action-description_en": TYPED, "link-0-note_en": "A note", "proof-files": pdf()}
    response = send(ada, page, button.format(action.pk), **typed)
    assert response.status_code == 302
    back = ada.get(page)
    fields = fields_of(back)
    assert fields["action-description_en"] == [TYPED]
    assert fields["link-0-note_en"] == ["A note"]
    assert "annual_report.pdf" in text(back)
    assert not back.context["error_links"]
    assert Action.objects.get(pk=action.pk).description_en != TYPED
    del fields["link-0-note_en"]
    assert ada.post(page, {**fields, "do": "save"}).status_code == 302
    assert Action.objects.get(pk=action.pk).description_en == TYPED
    assert Document.objects.filter(title="annual report").exists()
    assert not KeptForm.objects.exists()
    assert not KeptFile.objects.exists()


def test_what_a_service_refuses_loses_nothing_either(ada, alfa_rows, action):
    Commitment.objects.update(chosen="no")
    response = send(
        ada, POINT, "begin", **{"promise-statement_en": TYPED, "own-title": "Another action"}
    )
    assert response.status_code == 302
    back = ada.get(POINT)
    assert "does not work on this point" in text(back)
    fields = fields_of(back)
    assert (fields["promise-statement_en"], fields["own-title"]) == ([TYPED], ["Another action"])


@pytest.mark.parametrize("button", ["take_up", "begin"])
def test_planning_an_action_keeps_the_promise_that_was_typed(button, ada, action, alfa_rows):
    key = f":{alfa_rows['members.suggestedaction'].pk}" if button == "take_up" else ""
    before = Action.objects.count()
    typed = {"promise-statement_en": TYPED, "own-title": "" if key else "A tram"}
    response = send(ada, POINT, f"{button}{key}", **typed)
    assert response["Location"] == POINT
    assert Action.objects.count() == before + 1
    fields = fields_of(ada.get(POINT))
    assert (fields["promise-statement_en"], fields["own-title"]) == ([TYPED], [""])


def test_title_of_an_action_is_saved_with_the_point(ada, action):
    response = send(ada, POINT, "save", **{"promise-statement_en": TYPED, "own-title": "A tram"})
    tram = Action.objects.get(title_en="A tram")
    assert response["Location"].startswith(f"/admin/city/alfa/actions/{tram.pk}/")
    assert Commitment.objects.get(city__slug="alfa").statement_en == TYPED


def test_what_was_typed_is_thrown_away_with_one_press(ada, action, page):
    send(ada, page, "more-links", **{"action-description_en": TYPED})
    assert ada.post(page, {"do": "forget"}).status_code == 302
    assert fields_of(ada.get(page))["action-description_en"] != [TYPED]


def test_what_was_typed_is_its_writers_alone(ada, action, page, person, alfa, browse):
    send(ada, page, "more-links", **{"action-description_en": TYPED})
    for other in (person("editor", alfa), person("secretariat")):
        assert TYPED not in text(browse(other).get(page))


def test_text_kept_by_a_script_is_there_again(ada, action, page):
    fields = {**fields_of(ada.get(page)), "action-description_en": TYPED}
    assert ada.post(f"/admin/kept/?page={page}", fields).status_code == 204
    assert "csrfmiddlewaretoken" not in str(KeptForm.objects.get().fields)
    html = text(ada.get(page))
    assert TYPED in html
    assert "is not saved yet" in html
    assert send(ada, page, "save").status_code == 302
    assert Action.objects.get(pk=action.pk).description_en == TYPED
    # The script's last sending arrives after the page was saved: it says nothing new.
    ada.post(f"/admin/kept/?page={page}", fields)
    assert "is not saved yet" not in text(ada.get(page))


@pytest.mark.parametrize(
    "page", ["", "/", "/en/", "//example.org/admin/", "/admin/nonsense/", "/admin/login/", "/\x00"]
)
def test_only_pages_of_the_administration_are_kept(page, ada, action):
    assert ada.post("/admin/kept/", {"text": TYPED}, query_params={"page": page}).status_code == 400
    assert not KeptForm.objects.exists()


def test_too_much_text_is_not_kept(ada, action, page):
    response = ada.post(f"/admin/kept/?page={page}", {"text": "x" * 1_500_001})
    assert response.status_code == 413
    assert ada.get(f"/admin/kept/?page={page}").status_code == 405


def test_stranger_keeps_nothing(client, action, page):
    assert client.post(f"/admin/kept/?page={page}", {"text": TYPED}).status_code == 302
    assert not KeptForm.objects.exists()


# --- Files ----------------------------------------------------------------------------------------


def test_file_of_a_refused_page_is_kept_and_the_bad_one_is_named(ada, action, page):
    bad = SimpleUploadedFile("quarter.heic", b"ftypheic", "image/heic")
    response = send(ada, page, "save", **{"proof-files": [pdf(), bad], "action-title_en": ""})
    targets = [error.field for error in response.context["error_links"]]
    assert targets == ["id_action-title_en", "id_proof-files"]
    assert "“quarter.heic”" in text(response)
    again = {**fields_of(response), "action-title_en": "Title", "do": "save"}
    assert ada.post(page, again).status_code == 302
    assert [row.title for row in Document.objects.filter(evidence__action=action)] == [
        "annual report"
    ]


def test_file_for_the_office_alone_is_not_public(ada, action, page, client):
    fields = {"proof-files": pdf(), "proof-office_only": "on"}
    assert send(ada, page, "save", **fields).status_code == 302
    document = Document.objects.get(title="annual report")
    assert answer_for(client, document) == 404
    assert "annual report" not in text(client.get("/en/cities/alfa/"))
    piece = document.evidence.get()
    assert send(ada, page, "save", **{f"piece-{piece.pk}-office_only": ""}).status_code == 302
    assert answer_for(client, document) == 200
    assert "annual report" in text(client.get("/en/cities/alfa/"))


def test_file_becomes_public_and_private_with_its_action(ada, alfa, action, page, client):
    Action.objects.update(published_at=None, origin="stated", stated_at=timezone.now())
    send(ada, page, "save", **{"proof-files": pdf()})
    document = Document.objects.get(title="annual report")
    assert answer_for(client, document) == 404
    send(ada, page, "publish")
    assert answer_for(client, document) == 200
    listed = "/admin/members/action/"
    ada.post(listed, {"action": "withdraw_selected", "_selected_action": action.pk})
    assert answer_for(client, document) == 404


def test_removed_file_is_private_unless_something_else_names_it(ada, action, page, alfa_rows):
    send(ada, page, "save", **{"proof-files": [pdf(), pdf("act.pdf", PDF + b"2")]})
    act = Document.objects.get(title="act")
    alfa_rows["members.legalact"].document = act
    alfa_rows["members.legalact"].save()
    pieces = Evidence.objects.filter(action=action).exclude(document=None)
    assert send(ada, page, "save", **{f"piece-{one.pk}-remove": "on" for one in pieces})
    act.refresh_from_db()
    assert act.public_since
    assert not Document.objects.get(title="annual report").public_since


def test_file_is_private_once_its_evidence_is_deleted(ada, action, page, client):
    send(ada, page, "save", **{"proof-files": pdf()})
    document = Document.objects.get(title="annual report")
    delete = f"/admin/members/evidence/{document.evidence.get().pk}/delete/"
    assert ada.post(delete, {"post": "yes"}).status_code == 302
    assert answer_for(client, document) == 404
    assert answer_for(ada, document) == 200


def test_same_file_is_evidence_once(ada, action, page):
    response = send(ada, page, "save", **{"proof-files": [pdf(), pdf("copy.pdf")]})
    assert "“copy.pdf”: this action has this evidence already" in text(response)
    assert not Document.objects.filter(evidence__action=action).exists()
    send(ada, page, "save", **{"proof-files": pdf()})
    assert Document.objects.filter(evidence__action=action).count() == 1
    response = send(ada, page, "save", **{"proof-files": pdf("again.pdf")})
    assert "this action has this evidence already" in text(response)


def test_file_that_the_city_has_is_chosen(ada, alfa, action, page, beta_rows):
    own = Document.objects.create(
        storage_key="7b0f8a52-0f5e-4b6c-9a55-2f6f2f1f0001",
        file=ContentFile(PDF, name="x.pdf"),
        title="Minutes of May",
        sha256="1" * 64,
        size=9,
        content_type="application/pdf",
        city=alfa,
    )
    assert "Minutes of May" in text(ada.get(page))
    foreign = beta_rows["members.document"].pk
    assert send(ada, page, "save", **{"proof-documents": foreign}).status_code == 200
    assert send(ada, page, "save", **{"proof-documents": own.pk}).status_code == 302
    own.refresh_from_db()
    assert own.public_since
    assert own.evidence.get().action == action


def test_one_address_twice_is_refused_at_the_second(ada, action, page):
    address = "https://example.com/one"
    fields = {"links": "2", "link-0-url": address, "link-1-url": address}
    response = send(ada, page, "save", **fields)
    assert [error.field for error in response.context["error_links"]] == ["id_link-1-url"]


# --- A draft --------------------------------------------------------------------------------------


def test_draft_holds_the_new_rows_of_the_page(ada, action, page, alfa_rows):
    piece = alfa_rows["members.evidence"]
    fields = {
        "action-description_en": TYPED,
        "link-0-url": "https://example.com/one",
        f"piece-{piece.pk}-remove": "on",
        "languages": "pl",
        "text-pl-title_pl": "Tytuł",
    }
    response = send(ada, page, "draft", **fields)
    assert response["Location"] == f"/admin/members/action/{action.pk}/change/"
    draft = action.drafts.get()
    assert (draft.values["description_en"], draft.values["title_pl"]) == (TYPED, "Tytuł")
    opened = fields_of(ada.get(response["Location"]), "action_form")
    assert ada.post(response["Location"], {**opened, "_save": "1"}).status_code == 302
    action.refresh_from_db()
    assert (action.description_en, action.title_pl) == (TYPED, "Tytuł")
    assert [one.source.url for one in action.evidence.all()] == ["https://example.com/one"]


@pytest.mark.parametrize(
    "fields",
    [
        {"proof-files": True},
        {"languages": "pl", "text-pl-evidence-EVIDENCE-note_pl": "Zdjęcia"},
    ],
)
def test_what_no_draft_holds_is_refused_and_stays(fields, ada, action, page, alfa_rows):
    evidence = str(alfa_rows["members.evidence"].pk)
    typed = {name.replace("EVIDENCE", evidence): value for name, value in fields.items()}
    if "proof-files" in typed:
        typed["proof-files"] = pdf()
    response = send(ada, page, "draft", **typed, **{"action-description_en": TYPED})
    assert response.status_code == 200
    assert "A draft keeps no" in text(response)
    assert fields_of(response)["action-description_en"] == [TYPED]
    assert not action.drafts.exists()
