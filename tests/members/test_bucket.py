"""Files in an S3-compatible storage: the same rights, the same pages, an outage that is said."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from members import bucket
from members.models import Document, KeptFile
from members.uploads import StorageAway
from portal.models import Picture
from portal.services.open_data import publish_data
from tests.forms import fields_of
from tests.members.test_uploads import ADD, pdf
from tests.object_storage import files_in, new_bucket
from tests.portal.test_pictures import picture_file

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def files():
    with files_in(new_bucket()):
        yield


@pytest.fixture
def office(person, browse):
    client = browse(person("secretariat"))
    client.raise_request_exception = False
    return client


def fields_with(upload, **more: object) -> dict[str, object]:
    return {"title": "Minutes of May", "file": upload, "_save": "1", **more}


def test_document_goes_into_the_bucket_and_comes_back_through_the_portal(files, office, client):
    content = pdf().read()
    assert office.post(ADD, fields_with(pdf())).status_code == 302
    document = Document.objects.get()
    assert default_storage.listdir("")[0] == ["documents"]
    address = f"/documents/{document.pk}/"
    assert client.get(address).status_code == 404
    response = office.get(address)
    assert b"".join(response.streaming_content) == content
    assert response["Content-Length"] == str(len(content))
    assert response["Cache-Control"] == "private, no-store"
    with pytest.raises(NotImplementedError):
        default_storage.url(document.file.name)
    # The pages of the administration ask for no address either.
    assert office.get(f"/admin/members/document/{document.pk}/change/").status_code == 200
    default_storage.delete(document.file.name)
    assert office.get(address).status_code == 404


def test_file_of_an_unsaved_form_waits_in_the_bucket(files, office):
    """The next request, perhaps to another machine, finds it."""
    response = office.post(ADD, fields_with(pdf(), title=""))
    kept = KeptFile.objects.get()
    assert kept.is_there
    fields = {**fields_of(response), "title": "Minutes", "_save": "1"}
    assert office.post(ADD, fields).status_code == 302
    document = Document.objects.get()
    assert document.sha256 == hashlib.sha256(pdf().read()).hexdigest()


def test_picture_card_and_release_lie_in_the_bucket(files, office, alfa, client):
    picture = SimpleUploadedFile("wall.jpg", picture_file(), "image/jpeg")
    inline = {f"attachments-{part}": 0 for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    news = {"source_language": "en", "on": "2026-03-21", "title_en": "A day", "credit": "Ada, CC0"}
    fields = {**news, **inline, "picture_text_en": "A red wall", "picture_file": picture}
    office.post("/admin/portal/news/add/", fields)
    row = Picture.objects.get()
    width = row.widths()[0]
    response = office.get(f"/pictures/{row.pk}/{width}.jpg")
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8")
    assert client.get(f"/pictures/{row.pk}/{width}.jpg").status_code == 404

    card = client.get("/en/cities/alfa/card.png")
    assert default_storage.listdir(f"cards/city-{alfa.pk}/en")[1]
    alfa.name_en = "Alfa Nova"
    alfa.save()
    assert client.get("/en/cities/alfa/card.png").content != card.content
    assert len(default_storage.listdir(f"cards/city-{alfa.pk}/en")[1]) == 1


def test_archive_of_the_open_data_lies_in_the_bucket(files, alfa, client):
    release = publish_data()
    again = publish_data()
    assert again.file == release.file
    content = b"".join(client.get(again.url).streaming_content)
    assert (len(content), hashlib.sha256(content).hexdigest()) == (again.size, again.sha256)


def test_name_is_free_after_the_file_has_another_one(files):
    default_storage.save("a.txt", ContentFile(b"one"))
    default_storage.save("b.txt", ContentFile(b"two"))
    default_storage.rename("a.txt", "b.txt")
    assert not default_storage.exists("a.txt")
    with default_storage.open("b.txt") as file:
        assert file.read() == b"one"
    assert default_storage.size("b.txt") == 3
    # No file takes the place of another one of the same name.
    assert default_storage.save("b.txt", ContentFile(b"three")) != "b.txt"


# --- It does not answer ---------------------------------------------------------------------------


@pytest.fixture
def away(monkeypatch):
    """Nobody listens there."""
    monkeypatch.setattr(bucket, "ATTEMPTS", 1)
    with files_in("none", NOWHERE):
        yield


def test_storage_that_is_away_is_an_outage_and_the_form_comes_back(away, office, alfa, client):
    calls = (
        lambda: default_storage.open("a"),
        lambda: default_storage.save("a", ContentFile(b"x")),
        lambda: default_storage.delete("a"),
        lambda: default_storage.listdir(""),
        lambda: default_storage.size("a"),
        lambda: default_storage.rename("a", "b"),
    )
    for call in calls:
        with pytest.raises(StorageAway, match="storage of files refuses"):
            call()
    response = office.post(ADD, fields_with(pdf()), headers={"origin": "http://testserver"})
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "Minutes of May" in response.content.decode()
    assert not Document.objects.exists()
    # What needs no file is answered, and a card is drawn.
    assert client.get("/en/cities/alfa/").status_code == 200
    assert client.get("/en/cities/alfa/card.png").content.startswith(b"\x89PNG")


def test_bucket_that_does_not_exist_is_an_outage_too(files):
    with files_in("none"), pytest.raises(StorageAway):
        default_storage.save("a", ContentFile(b"x"))
