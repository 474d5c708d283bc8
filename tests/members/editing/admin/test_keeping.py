"""What is typed on the page of an entry and not saved: the page opens with it, for its writer."""

import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from members.models import Accession, KeptForm, SuggestedAction, Unit
from members.services import accessions
from tests.forms import fields_of
from tests.members.accession_cast import PDF, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(person, alfa) -> Accession:
    point = make_plan()
    SuggestedAction.objects.create(
        point=point, order=1, text_en="Listen", published_at=timezone.now()
    )
    return accessions.open_accession(city=alfa, by=person("secretariat"))


@pytest.fixture
def url(row) -> str:
    return f"/admin/members/accession/{row.pk}/change/"


@pytest.fixture
def client(browse, person, alfa):
    return browse(person("editor", alfa))


def typed(client, url: str, **changes: object) -> dict[str, object]:
    """The fields of the page as its writer leaves them."""
    fields = fields_of(client.get(url), "accession_form")
    fields.pop("csrfmiddlewaretoken", None)
    return {**fields, **changes}


def keep(client, url: str, fields: dict[str, object]) -> None:
    """What the page's script sends every few seconds."""
    query = urlencode({"page": url})
    answer = client.post(f"/admin/kept/?{query}", fields)
    assert answer.status_code == 204


def opened(client, url: str) -> dict[str, list[str]]:
    return fields_of(client.get(url), "accession_form")


def test_what_a_script_kept_stands_in_the_form_again(client, url, row):
    fields = typed(client, url, basis_number="KF 2026:58", own_1="Ask\r\nAnswer")
    keep(client, url, fields)
    page = client.get(url)
    fields = fields_of(page, "accession_form")
    assert fields["basis_number"] == ["KF 2026:58"]
    assert fields["own_1"][0].split() == ["Ask", "Answer"]
    assert "is not saved yet" in page.content.decode()
    row.refresh_from_db()
    assert not row.own_actions.exists()


def test_what_was_not_changed_is_not_kept(client, url):
    keep(client, url, typed(client, url))
    assert "is not saved yet" not in client.get(url).content.decode()


def test_refused_form_is_kept_with_its_file(client, url):
    """Also where no script runs: a file without the kind of decision, which is needed."""
    fields = typed(client, url, basis_number="KF 2026:58")
    fields["basis_file"] = SimpleUploadedFile("act.pdf", PDF, content_type="application/pdf")
    assert client.post(url, fields).status_code == 200
    page = client.get(url)
    assert fields_of(page, "accession_form")["basis_number"] == ["KF 2026:58"]
    assert "act.pdf" in page.content.decode()
    kept = opened(client, url)
    assert client.post(url, {**kept, "basis_kind": "council_resolution"}).status_code == 302
    act = Accession.objects.get().legal_basis
    assert act.number == "KF 2026:58"
    assert act.document.title


def test_saving_forgets(client, url):
    keep(client, url, typed(client, url, paper_title="Budget"))
    assert client.post(url, opened(client, url)).status_code == 302
    assert not KeptForm.objects.exists()


def test_it_can_be_thrown_away(client, url):
    keep(client, url, typed(client, url, basis_number="KF 2026:58"))
    answer = client.post(url, {"_forget": "yes"})
    assert answer["Location"] == url
    assert opened(client, url)["basis_number"] == [""]


def test_nobody_else_sees_it(client, url, browse, person, alfa):
    keep(client, url, typed(client, url, basis_number="KF 2026:58"))
    for other in (person("editor", alfa), person("secretariat")):
        assert "KF 2026:58" not in browse(other).get(url).content.decode()


def test_what_others_saved_meanwhile_is_not_overwritten(client, url, row, browse, person, alfa):
    keep(client, url, typed(client, url, basis_number="KF 2026:58"))
    other = browse(person("editor", alfa))
    changes = {"own_1": "Ask", "chosen_1": []}
    assert other.post(url, typed(other, url, **changes)).status_code == 302
    fields = opened(client, url)
    assert fields["own_1"] == ["Ask"]
    client.post(url, {**fields, "basis_kind": "council_resolution"})
    row.refresh_from_db()
    assert row.legal_basis.number == "KF 2026:58"
    assert row.own_actions.count() == 1


def test_both_who_wrote_the_same_field_are_asked(client, url, browse, person, alfa):
    keep(client, url, typed(client, url, own_1="Mine"))
    other = browse(person("editor", alfa))
    other.post(url, typed(other, url, own_1="Theirs"))
    fields = opened(client, url)
    assert fields["own_1"] == ["Mine"]
    page = client.post(url, fields)
    assert page.status_code == 200
    assert "Theirs" in page.content.decode()


def test_every_entry_keeps_what_is_typed(browse, person, alfa):
    """The kind: any stock form of an entry, with its rows and its draft."""
    unit = Unit.objects.create(city=alfa, name_en="Office", source_language="en")
    url = f"/admin/members/unit/{unit.pk}/change/"
    client = browse(person("editor", alfa))
    fields = fields_of(client.get(url), "unit_form")
    keep(client, url, {**fields, "name_en": "Office for equality"})
    fields = fields_of(client.get(url), "unit_form")
    assert fields["name_en"] == ["Office for equality"]


@pytest.mark.parametrize(
    "fields",
    [
        {"seen": "nonsense", "own_1": "Ask"},
        {"basis_file-kept": "no-key", "basis_number": "1"},
        {"chosen_1": ["no", "9" * 40], "legal_basis": "x"},
        {"source_language": "xx", "resources_en": "\x00"},
    ],
)
def test_nonsense_that_was_kept_opens_the_page(client, url, fields):
    keep(client, url, fields)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("role", ["viewer", "committee", "neighbor", "nobody"])
def test_what_somebody_keeps_of_a_foreign_page_opens_nothing(role, url, browse, person, alfa, beta):
    """A script may send what it likes: the page asks for the right, and nothing is written."""
    cities = {"neighbor": beta, "nobody": None}
    name = "editor" if role == "neighbor" else role
    user = person(name, cities.get(role, alfa))
    KeptForm.objects.create(owner=user, page=url, fields=[["own_1", "FOREIGN"]])
    answer = browse(user).get(url, follow=True)
    assert "FOREIGN" not in answer.content.decode()


# --- Two windows of one person --------------------------------------------------------------------


def send(client, url: str, fields: dict[str, object], since: str):
    query = urlencode({"page": url, "since": since})
    return client.post(f"/admin/kept/?{query}", fields)


def mark_on(client, url: str) -> str:
    """What a window knows to be kept when its page opens."""
    [mark] = re.findall(r'data-kept-mark="([^"]*)"', client.get(url).text)
    return mark


def test_second_window_does_not_replace_what_the_first_one_keeps(client, url, row):
    first, second = mark_on(client, url), mark_on(client, url)
    assert first == second == ""
    fields = typed(client, url)
    kept = send(client, url, {**fields, "own_1": "Of the first"}, first)
    assert kept.status_code == 204
    refused = send(client, url, {**fields, "own_1": "Of the second"}, second)
    assert refused.status_code == 409
    assert opened(client, url)["own_1"] == ["Of the first"]
    # The first window writes on, from the mark that it was given.
    again = send(client, url, {**fields, "own_1": "More"}, kept.headers["X-Kept-Mark"])
    assert again.status_code == 204
    # A window that opened with it knows it.
    third = mark_on(client, url)
    assert third == again.headers["X-Kept-Mark"]
    assert send(client, url, {**fields, "own_1": "Of the third"}, third).status_code == 204


@pytest.mark.parametrize("since", ["x", "\x00", "[]", "9" * 400])
def test_mark_of_nothing_replaces_nothing(since, client, url, row):
    fields = typed(client, url)
    assert send(client, url, {**fields, "own_1": "One"}, since).status_code == 204
    assert send(client, url, {**fields, "own_1": "Two"}, since).status_code == 409
    assert opened(client, url)["own_1"] == ["One"]


def test_page_says_what_happens_to_text_in_a_second_window(client, url):
    assert "in another window you typed something else on this page" in client.get(url).text
