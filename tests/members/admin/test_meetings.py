"""The page of a meeting: which file may be its minutes."""

import pytest
from django.utils import timezone

from members.models import Document, Meeting
from tests.forms import fields_of
from tests.members.accession_cast import file_in, make_document, make_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def meeting() -> Meeting:
    return make_meeting()


def make_files(alfa, office) -> dict[str, Document]:
    """A file of each kind of owner and reader, one of them a signed act of a candidate."""
    row = file_in("under_review", alfa, office)
    act = make_document(alfa, "Signed act")
    row.signed_act.document = act
    row.signed_act.save()
    public = make_document(alfa, "Public file")
    Document.objects.filter(pk=public.pk).update(public_since=timezone.now())
    minutes = make_document(alfa, "Minutes")
    Document.objects.filter(pk=minutes.pk).update(city=None)
    return {"private": act, "public": public, "network": minutes}


@pytest.mark.parametrize(
    ("kind", "is_taken"), [("private", False), ("public", True), ("network", True)]
)
def test_minutes_are_no_file_that_a_city_keeps_to_itself(
    kind, is_taken, meeting, alfa, office, browse
):
    file = make_files(alfa, office)[kind]
    client = browse(office)
    address = f"/admin/members/meeting/{meeting.pk}/change/"
    page = client.get(address)
    offered = page.context["adminform"].form.fields["minutes"].queryset
    assert (file in offered) == is_taken
    assert (file.title in page.text) == is_taken
    answer = client.post(address, {**fields_of(page, "meeting_form"), "minutes": file.pk})
    meeting.refresh_from_db()
    if is_taken:
        assert meeting.minutes == file
    else:
        assert list(answer.context["adminform"].form.errors) == ["minutes"]
        assert meeting.minutes is None


def test_minutes_that_are_chosen_stay_and_are_not_made_public(
    meeting, alfa, office, browse, client
):
    """A file of before the rule stays chosen, and nobody else reads it by that."""
    file = make_files(alfa, office)["private"]
    Meeting.objects.filter(pk=meeting.pk).update(minutes=file, published_at=timezone.now())
    address = f"/admin/members/meeting/{meeting.pk}/change/"
    desk = browse(office)
    answer = desk.post(address, {**fields_of(desk.get(address), "meeting_form"), "place": "Here"})
    assert answer.status_code == 302
    meeting.refresh_from_db()
    assert (meeting.minutes, meeting.place) == (file, "Here")
    assert Document.objects.get(pk=file.pk).public_since is None
    assert client.get(f"/documents/{file.pk}/").status_code == 404
    assert file.title not in client.get(f"/en/meetings/{meeting.pk}/").text
