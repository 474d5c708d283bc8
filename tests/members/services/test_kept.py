"""Files and texts wait until a form is saved: for their owner alone, and not for ever."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from members.models import Document, KeptFile, KeptForm
from members.services import kept
from tests.forms import fields_of
from tests.members.accession_cast import file_in

pytestmark = pytest.mark.django_db

ADD = "/admin/members/document/add/"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n%%EOF\n"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def ada(person, alfa, browse):
    return browse(person("lead", alfa, name="Ada"))


def pdf(name: str = "minutes.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def content_of(document: Document) -> bytes:
    with document.file.open() as file:
        return file.read()


def row_of(user, **fields) -> KeptFile:
    row = KeptFile(owner=user, name="minutes.pdf", size=len(PDF), **fields)
    row.file.save(row.name, ContentFile(PDF))
    return row


def test_file_of_a_refused_form_waits_and_is_saved_with_it(
    ada, alfa, django_capture_on_commit_callbacks
):
    refused = ada.post(ADD, {"title": "", "city": alfa.pk, "file": pdf()})
    html = refused.content.decode()
    assert "minutes.pdf" in html
    fields = fields_of(refused, "document_form")
    path = KeptFile.objects.get().file.name
    assert default_storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        response = ada.post(ADD, {**fields, "title": "Minutes", "_save": "1"})
    assert response.status_code == 302
    document = Document.objects.get()
    assert content_of(document) == PDF
    assert (document.size, document.content_type) == (len(PDF), "application/pdf")
    assert not KeptFile.objects.exists()
    assert not default_storage.exists(path)


def test_file_that_was_refused_is_not_kept(ada, alfa):
    response = ada.post(ADD, {"title": "", "city": alfa.pk, "file": pdf(content=b"no PDF")})
    assert "file" in response.context["adminform"].form.errors
    assert not KeptFile.objects.exists()


def test_new_file_takes_the_place_of_the_kept_one(ada, alfa):
    refused = ada.post(ADD, {"title": "", "city": alfa.pk, "file": pdf()})
    fields = fields_of(refused, "document_form")
    other = pdf("other.pdf", PDF + b"other")
    assert ada.post(ADD, {**fields, "title": "Other", "file": other}).status_code == 302
    assert content_of(Document.objects.get()) == PDF + b"other"


@pytest.mark.parametrize("key", ["", "nonsense", "\x00", "9" * 40])
def test_nonsense_is_no_kept_file(key, ada, alfa):
    response = ada.post(ADD, {"title": "Minutes", "city": alfa.pk, "file-kept": key})
    assert "file" in response.context["adminform"].form.errors


def test_kept_file_is_its_owners_alone(ada, alfa, person, browse):
    row = row_of(person("lead", alfa))
    fields = {"title": "Theirs", "city": alfa.pk, "file-kept": str(row.key)}
    response = ada.post(ADD, fields)
    assert response.status_code == 200
    assert "minutes.pdf" not in response.content.decode()
    office = browse(person("secretariat"))
    assert office.post(ADD, fields).status_code == 200
    assert not Document.objects.exists()


def test_kept_file_that_is_taken_away_is_not_saved(ada, alfa):
    refused = ada.post(ADD, {"title": "", "city": alfa.pk, "file": pdf()})
    fields = fields_of(refused, "document_form")
    fields |= {"title": "Minutes", "file-remove": fields["file-kept"]}
    assert "file" in ada.post(ADD, fields).context["adminform"].form.errors


def test_papers_of_an_accession_wait_too(ada, alfa, person):
    accession = file_in("draft", alfa, person("secretariat"))
    page = f"/admin/members/accession/{accession.pk}/change/"
    before = accession.attachments.count()
    fields = fields_of(ada.get(page), "accession_form")
    wrong = {"office_email": "nonsense", "paper_file": pdf("map.pdf")}
    refused = ada.post(page, {**fields, **wrong, "_save": "1"})
    assert list(refused.context["adminform"].form.errors) == ["office_email"]
    again = {**fields_of(refused, "accession_form"), "office_email": "", "_save": "1"}
    assert ada.post(page, again).status_code == 302
    assert accession.attachments.count() == before + 1
    assert content_of(accession.attachments.latest("pk")) == PDF


def test_oldest_files_of_a_person_make_room(person, alfa, monkeypatch):
    user, other = person("lead", alfa), person("lead", alfa)
    monkeypatch.setattr(kept, "MOST_FILES", 2)
    theirs = row_of(other)
    for name in ("one.pdf", "two.pdf", "three.pdf"):
        kept._keep_file(pdf(name), user)
    names = KeptFile.objects.filter(owner=user).values_list("name", flat=True)
    assert list(names.order_by("pk")) == ["two.pdf", "three.pdf"]
    assert KeptFile.objects.filter(pk=theirs.pk).exists()


def test_command_forgets_what_is_old(
    person, alfa, capsys, settings, django_capture_on_commit_callbacks
):
    settings.UNSAVED_DAYS = 3
    user = person("lead", alfa)
    long_ago = timezone.now() - timedelta(days=3, hours=1)
    old = row_of(user, kept_at=long_ago)
    young = row_of(user)
    KeptForm.objects.create(owner=user, page="/admin/city/alfa/points/1/", kept_at=long_ago)
    assert list(KeptFile.objects.of(user)) == [young]
    call_command("forget_kept", "--dry-run")
    assert capsys.readouterr().out == "Would be forgotten: 2.\n"
    assert KeptFile.objects.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        call_command("forget_kept")
    assert capsys.readouterr().out == "Forgotten: 2.\n"
    assert list(KeptFile.objects.all()) == [young]
    assert not default_storage.exists(old.file.name)
    assert not KeptForm.objects.exists()
