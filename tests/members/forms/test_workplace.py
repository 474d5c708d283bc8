"""Whatever is typed wrongly into an action, in the administration and on the coordinator's own
page: a message at the field, nothing half saved, nothing typed lost."""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone

from languages.text import column, translated_fields
from members.models import Action, ActionUpdate, Commitment, Evidence, Plan
from tests.conftest import PASSWORD
from tests.forms import fields_of
from tests.members.test_commitment_rights import LABELS
from tests.members.views.test_workplace import text

pytestmark = pytest.mark.django_db

SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(1)>"><b>bold</b>'
TYPED = "Typed for an hour"


@dataclass(frozen=True)
class Door:
    """One of the two pages on which an action is written: where it is, how its fields are
    called."""

    address: str
    form: str
    prefix: str
    save: dict
    evidence: str
    update: str
    add_evidence: dict
    add_update: dict

    def name(self, field: str) -> str:
        return f"{self.prefix}{field}"


ADMIN = Door(
    "/admin/members/action/{}/change/",
    "action_form",
    "",
    {"_save": "1"},
    "evidence-1-",
    "updates-1-",
    {"evidence-TOTAL_FORMS": "2", "_save": "1"},
    {"updates-TOTAL_FORMS": "2", "_save": "1"},
)
OWN = Door(
    "/admin/city/alfa/actions/{}/",
    "",
    "action-",
    {"do": "save"},
    "link-0-",
    "update-",
    {"do": "save"},
    {"do": "save"},
)
both = pytest.mark.parametrize("door", [ADMIN, OWN], ids=["admin", "own-page"])


@pytest.fixture
def action(alfa_rows) -> Action:
    Plan.objects.update(published_at=timezone.now())
    return alfa_rows["members.action"]


@pytest.fixture
def user(person, alfa):
    return person("editor", alfa, name="Ada")


@pytest.fixture
def ada(user, browse) -> Client:
    return browse(user)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Action, Evidence, ActionUpdate, Commitment))


def send(client: Client, door: Door, action: Action, fields: dict, button: dict):
    """What a browser sends of the opened page, with these fields typed."""
    address = door.address.format(action.pk)
    return client.post(address, {**fields_of(client.get(address), door.form), **fields, **button})


@both
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"starts": "2026-05", "due": "2025"}, "due"),
        ({"starts": "31.2.2026"}, "starts"),
        ({"status": "invented"}, "status"),
        ({"status": "stopped"}, "stopped_why_en"),
        ({"title_en": ""}, "title_en"),
        ({"title_en": "x" * 200_000}, "title_en"),
        ({"unit": "9" * 26}, "unit"),
        ({"existed_before": "\x00"}, "existed_before"),
    ],
)
def test_mistake_in_an_action_is_said_at_its_field(door, fields, wrong, ada, action):
    before = counts()
    typed = {door.name(name): value for name, value in {"description_en": TYPED, **fields}.items()}
    response = send(ada, door, action, typed, door.save)
    assert response.status_code == 200
    assert f"id_{door.name(wrong)}" in [link.field for link in response.context["error_links"]]
    assert fields_of(response)[door.name("description_en")] == [TYPED]
    assert (Action.objects.get(pk=action.pk).version, counts()) == (action.version, before)


@both
@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "http://127.0.0.1/",
        "http://10.1.2.3/x",
        "http://192.168.0.1/",
        "http://[::1]/",
        "http://localhost/",
        "https://user:pass@example.org/",
        "nonsense",
    ],
)
def test_evidence_that_nobody_may_open_is_said_at_its_field(door, address, ada, action):
    before = counts()
    fields = {f"{door.evidence}url": address, f"{door.evidence}note_en": TYPED}
    response = send(ada, door, action, fields, door.add_evidence)
    assert response.status_code == 200
    assert f"id_{door.evidence}url" in [link.field for link in response.context["error_links"]]
    back = fields_of(response)
    assert (back[f"{door.evidence}url"], back[f"{door.evidence}note_en"]) == ([address], [TYPED])
    assert counts() == before


@both
def test_same_evidence_twice_is_refused_and_comes_back(door, ada, action):
    before = counts()
    fields = {f"{door.evidence}url": "https://example.org/alfa", f"{door.evidence}note_en": TYPED}
    response = send(ada, door, action, fields, door.add_evidence)
    sentences = ("has this evidence already", "stands twice on the page")
    assert any(sentence in text(response) for sentence in sentences)
    assert fields_of(response)[f"{door.evidence}note_en"] == [TYPED]
    assert counts() == before


@both
def test_second_update_of_one_date_is_refused_and_comes_back(door, ada, action):
    before = counts()
    fields = {f"{door.update}on": "5.2024", f"{door.update}text_en": TYPED}
    response = send(ada, door, action, fields, door.add_update)
    sentences = ("There is an update of this date already", "stands twice on the page")
    assert any(sentence in text(response) for sentence in sentences)
    assert fields_of(response)[f"{door.update}text_en"] == [TYPED]
    assert counts() == before


def test_second_entry_for_one_point_is_refused_and_comes_back(ada, action, alfa_rows):
    page = "/admin/members/commitment/add/"
    fields = {**fields_of(ada.get(page), "commitment_form"), "statement_en": TYPED}
    fields |= {
        "city": alfa_rows["members.city"].pk,
        "point": alfa_rows["members.point"].pk,
        "chosen": "yes",
    }
    response = ada.post(page, fields)
    assert "There is an entry for this point already" in text(response)
    assert fields_of(response)["statement_en"] == [TYPED]


@both
def test_action_deleted_meanwhile_gives_the_text_back(door, ada, action):
    address = door.address.format(action.pk)
    fields = fields_of(ada.get(address), door.form)
    Action.objects.all().delete()
    for typed, button in (
        ({door.name("description_en"): TYPED}, door.save),
        ({f"{door.evidence}note_en": TYPED}, door.add_evidence),
        ({f"{door.update}text_en": TYPED}, door.add_update),
    ):
        response = ada.post(address, {**fields, **typed, **button})
        assert response.status_code == 404
        assert TYPED in text(response)


@pytest.mark.parametrize(
    ("label", "tie", "name"),
    [
        ("evidence", "action", "note_en"),
        ("actionupdate", "action", "text_en"),
        ("indicator", "commitment", "name_en"),
        ("action", "commitment", "title_en"),
    ],
)
def test_parent_deleted_meanwhile_is_an_error_at_its_field(label, tie, name, ada, action):
    page = f"/admin/members/{label}/add/"
    fields = {**fields_of(ada.get(page), f"{label}_form"), tie: "999999", name: TYPED}
    response = ada.post(page, fields)
    assert response.status_code == 200
    assert f"id_{tie}" in [link.field for link in response.context["error_links"]]
    assert fields_of(response)[name] == [TYPED]


@both
@pytest.mark.parametrize(("role", "code"), [("viewer", 403), ("", 401)])
def test_role_withdrawn_between_opening_and_saving_gives_the_text_back(
    door, role, code, ada, user, action
):
    address = door.address.format(action.pk)
    fields = {
        **fields_of(ada.get(address), door.form),
        door.name("description_en"): TYPED,
        **door.save,
    }
    before = counts()
    if role:
        user.roles.update(role=role)
    else:
        user.roles.all().delete()
    response = ada.post(address, fields)
    assert response.status_code == code
    assert TYPED in text(response)
    assert (Action.objects.get(pk=action.pk).version, counts()) == (action.version, before)


@both
def test_text_sent_after_the_session_ended_is_saved_after_signing_in(door, ada, user, action):
    address = door.address.format(action.pk)
    fields = {
        **fields_of(ada.get(address), door.form),
        door.name("description_en"): TYPED,
        **door.save,
    }
    stranger = Client()
    response = stranger.post(address, fields)
    assert (response.status_code, TYPED in text(response)) == (401, True)
    carried = {**fields_of(response), "login": user.email, "password": PASSWORD}
    response = stranger.post("/accounts/unsent/", carried)
    again = {name: value for name, value in fields_of(response).items() if name != "q"}
    assert stranger.post(address, {**again, **door.save}).status_code == 302
    assert Action.objects.get(pk=action.pk).description_en == TYPED


@both
def test_long_text_is_kept_whole(door, ada, action):
    long = "x" * 5000
    assert (
        send(ada, door, action, {door.name("description_en"): long}, door.save).status_code == 302
    )
    assert Action.objects.get(pk=action.pk).description_en == long


@both
def test_text_beyond_its_limit_is_refused_and_stays_in_its_field(door, ada, action):
    long = "x" * 200_001
    name = door.name("description_en")
    response = send(ada, door, action, {name: long}, door.save)
    assert response.status_code == 200
    assert "Shorten it by 195001 characters." in text(response)
    assert fields_of(response)[name] == [long]
    assert Action.objects.get(pk=action.pk).description_en != long


def test_markup_in_every_text_stays_text_on_every_page(ada, action, alfa_rows, client):
    for label in LABELS:
        row = alfa_rows[f"members.{label}"]
        texts = translated_fields(type(row)) if label != "draft" else []
        for name in texts:
            setattr(row, column(name, "en"), SCRIPT)
        if label == "review":
            row.replied_at, row.replied_by = timezone.now(), row.reviewed_by
        row.save()
    source = alfa_rows["members.source"]
    source.title = SCRIPT
    source.save()
    address = OWN.address.format(action.pk)
    own = ["/admin/city/alfa/", "/admin/city/alfa/points/1/", address, f"{address}?language=pl"]
    own += [f"/admin/members/{label}/" for label in LABELS]
    own += [
        f"/admin/members/{label}/{alfa_rows[f'members.{label}'].pk}/history/"
        for label in LABELS[:-1]
    ]
    own += [
        f"/admin/members/{label}/{alfa_rows[f'members.{label}'].pk}/change/"
        for label in LABELS[:-1]
    ]
    public = [
        "cities/alfa/",
        "cities/alfa/changes/",
        "cities/alfa/feed/",
        "plan/1/",
        "search/?q=alert",
        "cities/",
    ]
    found = {url: text(ada.get(url)) for url in own} | {
        f"/en/{url}": text(client.get(f"/en/{url}")) for url in public
    }
    assert [
        url for url, html in found.items() if "<script>alert" in html or "<img src=x" in html
    ] == []
    assert "&lt;script&gt;alert(1)" in found["/en/cities/alfa/"]
    assert "<b>bold" not in found["/en/cities/alfa/"]
