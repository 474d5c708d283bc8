"""A full disk: no half of a file stays, the form says so and keeps what was typed."""

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from members.models import Document, KeptFile
from members.uploads import RESERVE, is_disk_full
from tests.forms import fields_of

pytestmark = pytest.mark.django_db

ADD = "/admin/members/document/add/"
MEGABYTE = 1024 * 1024


def pdf(size: int = 1000) -> SimpleUploadedFile:
    content = b"%PDF-1.7\n" + b" " * size + b"\n%%EOF\n"
    return SimpleUploadedFile("minutes.pdf", content, "application/pdf")


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A real disk of one megabyte more than the reserve."""
    folder = tmp_path / "disk"
    folder.mkdir()
    size = f"size={RESERVE + MEGABYTE}"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root can make a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def ada(person, alfa, browse):
    return browse(person("lead", alfa, name="Ada"))


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def add(client, alfa, upload):
    fields = {"title": "Minutes of May", "city": alfa.pk, "file": upload, "_save": "1"}
    return client.post(ADD, fields)


def test_file_that_does_not_fit_leaves_nothing_behind(small_disk, settings):
    settings.MEDIA_ROOT = str(small_disk)
    content = b"x" * (RESERVE + 2 * MEGABYTE)
    with pytest.raises(OSError, match="No space left") as raised:
        default_storage.save("documents/ab/one", ContentFile(content))
    assert is_disk_full(raised.value)
    assert files_in(small_disk) == []
    default_storage.save("documents/ab/one", ContentFile(b"small"))
    assert len(files_in(small_disk)) == 1


def test_form_says_that_there_is_no_room_and_keeps_the_rest(small_disk, settings, ada, alfa):
    settings.MEDIA_ROOT = str(small_disk)
    response = add(ada, alfa, pdf(2 * MEGABYTE))
    assert response.status_code == 200
    assert "no room for this file" in response.text
    assert fields_of(response, "document_form")["title"] == ["Minutes of May"]
    assert not Document.objects.exists()
    assert not KeptFile.objects.exists()
    assert files_in(small_disk) == []
    assert add(ada, alfa, pdf()).status_code == 302
    assert Document.objects.get().title == "Minutes of May"


def test_upload_is_taken_to_its_end_where_the_disk_of_uploads_is_full(
    small_disk, settings, ada, alfa
):
    """The fields after the file arrive, too."""
    settings.FILE_UPLOAD_TEMP_DIR = str(small_disk)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * RESERVE)
    response = add(ada, alfa, pdf(4 * MEGABYTE))
    assert response.status_code == 200
    assert "no room for this file" in response.text
    assert fields_of(response, "document_form")["title"] == ["Minutes of May"]
    assert files_in(small_disk) == [filler]
    filler.unlink()
    assert add(ada, alfa, pdf(4 * MEGABYTE)).status_code == 302


def test_disk_that_fills_between_the_check_and_the_writing(monkeypatch, ada, alfa, settings):
    """Nothing is saved, and the person reads that nothing can be."""

    def full(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    ada.raise_request_exception = False
    response = add(ada, alfa, pdf())
    assert response.status_code == 503
    assert "Nothing can be saved for the moment" in response.text
    assert not Document.objects.exists()


def test_other_errors_of_the_disk_are_faults():
    assert not is_disk_full(OSError(errno.EACCES, "Permission denied"))
    assert not is_disk_full(ValueError("No space left on device"))
