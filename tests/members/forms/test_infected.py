"""Uploads looked at by ClamAV: a small clamd of our own on a Unix socket answers whatever the test
wants."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from members.forms import infected
from members.models import Accession, Document, LegalAct
from tests.members.accession_cast import PDF, file_in

CANNOT = "cannot be checked for viruses at the moment"


class Clamd:
    """Reads one INSTREAM at a time and answers `answer`; "hang" never answers, "slam" closes
    without a word."""

    def __init__(self, path: str) -> None:
        self.answer: bytes | str = b"stream: OK\0"
        self.received: list[bytes] = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(path)
        self._socket.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                talk, _peer = self._socket.accept()
            except OSError:
                return
            with talk:
                self._talk(talk)

    def _talk(self, talk: socket.socket) -> None:
        if self.answer == "slam":
            return
        with talk.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!L", stream.read(4))[0]:
                content += stream.read(length)
        self.received.append(content)
        if self.answer == "hang":
            time.sleep(1)
        else:
            talk.sendall(self.answer)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def clamd(settings, tmp_path, monkeypatch) -> Iterator[Clamd]:
    settings.CLAMAV_SOCKET = str(tmp_path / "clamd")
    monkeypatch.setattr(infected, "SECONDS", 0.3)
    scanner = Clamd(settings.CLAMAV_SOCKET)
    yield scanner
    scanner.close()


def pdf(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("act.pdf", content, content_type="application/pdf")


def test_clean_file_comes_in_and_is_read_from_its_beginning(clamd):
    upload = pdf(PDF + b"x" * 200_000)
    infected.refuse_infected(upload)
    assert clamd.received == [PDF + b"x" * 200_000]
    assert upload.read(5) == b"%PDF-"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", "virus scanner found something"),
        (b"INSTREAM size limit exceeded. ERROR\0", CANNOT),
        (b"\xff\xfe garbage\0", CANNOT),
        (b"x" * 100_000, CANNOT),
        (b"", CANNOT),
        ("hang", CANNOT),
        ("slam", CANNOT),
    ],
)
def test_file_that_was_not_found_clean_is_refused(answer, sentence, clamd):
    clamd.answer = answer
    with pytest.raises(ValidationError, match=sentence):
        infected.refuse_infected(pdf())


def test_scanner_that_is_away_keeps_files_out(settings, tmp_path):
    settings.CLAMAV_SOCKET = str(tmp_path / "nobody-here")
    with pytest.raises(ValidationError, match=CANNOT):
        infected.refuse_infected(pdf())


def test_without_a_scanner_nothing_is_asked(settings):
    settings.CLAMAV_SOCKET = ""
    infected.refuse_infected(pdf())


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [b"stream: Eicar FOUND\0", b"what?\0", "hang"])
def test_infected_paper_leaves_nothing_of_the_form_behind(
    answer, clamd: Clamd, person: Callable, browse: Callable, alfa, settings, tmp_path
):
    office = person("secretariat")
    row = file_in("draft", alfa, office)
    clamd.answer = answer
    before = (Document.objects.count(), LegalAct.objects.count(), Accession.objects.get().version)
    typed = {
        "source_language": "en",
        "basis_kind": "decree",
        "basis_number": "7",
        "basis_file": pdf(),
    }
    page = browse(office).post(f"/admin/members/accession/{row.pk}/change/", typed)
    assert list(page.context["adminform"].form.errors) == ["basis_file"]
    assert (
        Document.objects.count(),
        LegalAct.objects.count(),
        Accession.objects.get().version,
    ) == before
    assert not list((tmp_path / "media").rglob("*.*"))
    assert 'value="7"' in page.content.decode()
