"""The files of documents: who reads them, how they are sent, what is taken in."""

import hashlib
import io
import struct
import uuid
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from members.forms.documents import DocumentForm
from members.models import City, CityRole, Country, Document, User

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n%%EOF\n"


def picture(kind: str, mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((120, 80), 60).convert(mode).save(buffer, kind)
    return buffer.getvalue()


def enormous_png() -> bytes:
    """A PNG that says that it has 60,000 × 60,000 pixels, and holds none."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    end = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    return b"\x89PNG\r\n\x1a\n" + chunk + end


JPEG = picture("JPEG")
PNG = picture("PNG")
ROLES = ["lead", "editor", "viewer", "committee"]
PEOPLE = [
    "visitor",
    "secretariat",
    *[f"{role} of {slug}" for slug in ("krakow", "lund") for role in ROLES],
    "former",
]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def cities():
    poland, sweden = Country.objects.create(code="PL"), Country.objects.create(code="SE")
    return {
        "krakow": City.objects.create(
            slug="krakow", name_en="Krakow", local_name="Kraków", country=poland
        ),
        "lund": City.objects.create(slug="lund", name_en="Lund", local_name="Lund", country=sweden),
        "": None,
    }


@pytest.fixture
def secretariat():
    return User.objects.create_user("office@example.org", name="Office", is_secretariat=True)


def person(name, cities):
    """Somebody by a line of PEOPLE; None for the visitor."""
    if name == "visitor":
        return None
    somebody = User.objects.create_user(
        f"{name.replace(' ', '-')}@example.org", name=name, is_secretariat=name == "secretariat"
    )
    role, _of, slug = name.partition(" of ")
    today = timezone.localdate()
    if slug:
        CityRole.objects.create(user=somebody, city=cities[slug], role=role)
    elif name == "former":
        CityRole.objects.create(
            user=somebody,
            city=cities["krakow"],
            role="lead",
            since=today - timedelta(days=9),
            until=today,
        )
    return somebody


def upload(content=PDF, name="resolution.pdf", content_type="application/pdf"):
    return SimpleUploadedFile(name, content, content_type=content_type)


def form_for(file, **fields):
    return DocumentForm(
        {"title": "Uchwała", "language": "pl", **fields}, {"file": file} if file else {}
    )


def make_document(city=None, *, public=False, content=PDF, title="Uchwała nr XXV/2021"):
    form = form_for(upload(content), title=title, city=city.pk if city else "")
    assert form.is_valid(), form.errors
    document = form.save()
    if public:
        document.public_since = timezone.now()
        document.save()
    return document


def get(client, document, **kwargs):
    return client.get(f"/documents/{document.pk}/", **kwargs)


def content_of(response):
    return b"".join(response.streaming_content)


# --- Who reads ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("slug", ["krakow", ""])
@pytest.mark.parametrize("public", [True, False])
def test_document_file_is_for_whoever_may_read_it(client, cities, who, slug, public):
    document = make_document(cities[slug], public=public)
    if somebody := person(who, cities):
        client.force_login(somebody)
    of_the_city = (
        who in {"lead of krakow", "editor of krakow", "viewer of krakow"} and slug == "krakow"
    )
    response = get(client, document)
    if public or who == "secretariat" or of_the_city:
        assert response.status_code == 200
        assert content_of(response) == PDF
        assert response["Cache-Control"] == ("no-cache" if public else "private, no-store")
    else:
        assert response.status_code == 404
        assert PDF not in response.content


def test_document_file_is_closed_to_a_person_switched_off(client, cities):
    document = make_document(cities["krakow"])
    somebody = person("lead of krakow", cities)
    client.force_login(somebody)
    User.objects.filter(pk=somebody.pk).update(is_active=False)
    assert get(client, document).status_code == 404


def test_document_file_answers_strangers_alike_whether_it_exists(client, cities):
    private = get(client, make_document(cities["krakow"]))
    missing = client.get("/documents/999999/")
    assert (private.status_code, missing.status_code) == (404, 404)
    strip = str.maketrans("", "", "0123456789")
    assert private.text.translate(strip) == missing.text.translate(strip)


def test_document_file_etag_does_not_open_a_private_document(client, cities):
    document = make_document(cities["krakow"])
    response = get(client, document, headers={"if-none-match": f'"{document.sha256}"'})
    assert response.status_code == 404


@pytest.mark.parametrize(
    "pk", ["0", "9" * 30, "9" * 5000, "-1", "1.0", "²", "%00", "../1", "..%2f1"]
)
def test_document_file_of_a_number_that_is_none(client, cities, pk):
    assert client.get(f"/documents/{pk}/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_document_file_is_only_read(client, cities, method):
    document = make_document(cities["krakow"], public=True)
    assert getattr(client, method)(f"/documents/{document.pk}/").status_code == 405


# --- How it is sent -------------------------------------------------------------------------------


def test_document_file_headers(client, cities):
    document = make_document(cities["krakow"], public=True)
    response = get(client, document)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(PDF))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert (
        response["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    )
    assert response["X-Frame-Options"] == "DENY"
    assert response["ETag"] == f'"{hashlib.sha256(PDF).hexdigest()}"'
    assert response["Content-Disposition"] == (
        'attachment; filename="uchwala-nr-xxv-2021.pdf"; '
        "filename*=UTF-8''Uchwa%C5%82a%20nr%20XXV%202021.pdf"
    )
    response.close()


def test_document_file_is_sent_once_to_whoever_keeps_it(client, cities):
    document = make_document(cities["krakow"], public=True)
    response = get(client, document, headers={"if-none-match": f'"{document.sha256}"'})
    assert response.status_code == 304
    assert response.content == b""


def test_document_file_head(client, cities):
    document = make_document(cities["krakow"], public=True)
    response = client.head(f"/documents/{document.pk}/")
    assert response.status_code == 200
    assert response.getvalue() == b""


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ('a"; filename=evil.html; x="', "a-filenameevilhtml-x.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("x\r\nSet-Cookie: a=b", "x-set-cookie-ab.pdf"),
        ("\u202efdp.exe", "fdpexe.pdf"),
        ("Рішення", "document-1.pdf"),
        ("…", "document-1.pdf"),
        ("x" * 300, "x" * 100 + ".pdf"),
    ],
)
def test_document_file_name_is_harmless(client, cities, title, plain):
    document = make_document(cities["krakow"], public=True)
    Document.objects.filter(pk=document.pk).update(title=title)
    response = get(client, document)
    disposition = response["Content-Disposition"]
    assert disposition.startswith(
        f'attachment; filename="{plain.replace("-1.", f"-{document.pk}.")}"; filename*=UTF-8'
    )
    assert disposition.isascii()
    for forbidden in ("%2F", "%5C", "%0D", "%0A", "%22", "%E2%80%AE", ".."):
        assert forbidden not in disposition
    assert "Set-Cookie" not in response
    response.close()


def test_document_file_lost_on_the_disk(client, cities, caplog):
    document = make_document(cities["krakow"], public=True)
    Path(document.file.path).unlink()
    assert get(client, document).status_code == 404
    assert f"document {document.pk}" in caplog.text


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "../../../../etc/passwd",
        "/etc/passwd",
        "documents/../../secret.txt",
        "",
        ".",
    ],
)
def test_document_file_never_leaves_its_folder(client, cities, media, name):
    document = make_document(cities["krakow"], public=True)
    (media.parent / "secret.txt").write_text("secret")
    Document.objects.filter(pk=document.pk).update(file=name)
    assert get(client, document).status_code == 404


# --- What is taken in -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png")],
)
def test_document_form_knows_the_kind_by_the_content(media, content, content_type):
    form = form_for(upload(content, name="../../anything.exe", content_type="text/html"))
    assert form.is_valid(), form.errors
    document = form.save()
    document.refresh_from_db()
    assert document.content_type == content_type
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.size == len(content)
    assert isinstance(document.storage_key, uuid.UUID)
    key = str(document.storage_key)
    assert document.file.name == f"documents/{key[:2]}/{key}"
    assert (media / document.file.name).read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"<html>%PDF-1.7</html>",
        b"\xef\xbb\xbf\n<svg>%PDF-1.7%%EOF</svg>",
        b" " * 1024 + PDF,
        b"GIF89a",
        b"PK\x03\x04",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF",
        b"\xff\xd8",
        b"\x89PNG",
        b"MZ",
        b" ",
        b"\x00",
    ],
)
def test_document_form_refuses_what_only_poses_as_a_pdf(content):
    form = form_for(upload(content))
    assert not form.is_valid()
    assert form.errors.as_data()["file"][0].code == "kind"
    assert "whatever its name says" in form.errors["file"][0]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + PDF,
        b"\n" + PDF,
        b"Scanned 2026-11-29\r\n".ljust(1000) + PDF,
        PDF + b"\0" * 900,
        PDF.replace(b"\n%%EOF", b"\r%%EOF"),
    ],
    ids=["byte-order mark", "empty line", "line of a scanner", "filled up", "old ends of lines"],
)
def test_document_form_takes_a_pdf_as_programs_write_it(content):
    form = form_for(upload(content))
    assert form.is_valid(), form.errors
    assert form.instance.content_type == "application/pdf"
    assert form.instance.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (JPEG[: 2 * len(JPEG) // 3], "cut_off", "The picture is cut off"),
        (PNG[: 2 * len(PNG) // 3], "cut_off", "The picture is cut off"),
        (PDF[:-8], "cut_off", "This PDF file is cut off"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 200, "damaged", "This picture is damaged"),
        (JPEG[:2] + b"\0" + JPEG[3:], "kind", "This is not a PDF"),
        (b"\0\0\0\x24ftypmif1" + b"\0" * 200, "heic", "export it as JPEG"),
        (enormous_png(), "too_many_pixels", "3600 megapixels"),
    ],
    ids=["JPEG", "PNG", "PDF", "rubbish", "no JPEG", "HEIC", "enormous"],
)
def test_document_form_says_what_is_wrong_with_a_file(content, code, words):
    form = form_for(upload(content))
    assert form.errors.as_data()["file"][0].code == code
    assert words in form.errors["file"][0]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_document_form_takes_a_picture_of_every_mode_as_it_is(mode):
    content = picture("PNG", mode)
    form = form_for(upload(content))
    assert form.is_valid(), form.errors
    assert form.instance.sha256 == hashlib.sha256(content).hexdigest()


def test_document_form_refuses_an_empty_file():
    form = form_for(upload(b""))
    assert form.errors.as_data()["file"][0].code == "empty"
    assert "0 bytes" in form.errors["file"][0]


def test_document_form_refuses_a_missing_file():
    assert form_for(None).errors.as_data()["file"][0].code == "required"


@pytest.mark.parametrize(
    ("size", "accepted"),
    [(20 * 1024 * 1024, True), (20 * 1024 * 1024 + 1, False), (21 * 1024 * 1024, False)],
)
def test_document_form_limits_the_size(size, accepted):
    content = PDF[:9].ljust(size - len(PDF), b"\x00") + PDF[9:]
    form = form_for(upload(content.ljust(size)))
    assert form.is_valid() == accepted
    if not accepted:
        assert "20 MB" in form.errors["file"][0]


def test_document_form_takes_a_long_file_name():
    assert form_for(upload(name="u" * 240 + ".pdf")).is_valid()


def test_document_form_keeps_the_file_of_an_existing_document():
    document = make_document()
    before = Document.objects.values().get()
    form = DocumentForm(
        {"title": "New title", "language": "pl"}, {"file": upload(PNG)}, instance=document
    )
    assert form.is_valid(), form.errors
    form.save()
    after = Document.objects.values().get()
    assert after == {**before, "title": "New title"}
    assert Path(Document.objects.get().file.path).read_bytes() == PDF


def test_document_form_changes_the_title_of_a_document_whose_file_is_lost():
    document = make_document()
    Path(document.file.path).unlink()
    form = DocumentForm({"title": "New title", "language": "pl"}, instance=Document.objects.get())
    assert form.is_valid(), form.errors
    assert form.save().title == "New title"


def test_document_form_shows_no_address_of_the_file():
    html = str(DocumentForm(instance=make_document())["file"])
    assert "href" not in html
    assert "disabled" in html


def test_document_form_takes_two_documents_of_the_same_content():
    first, second = make_document(), make_document()
    assert first.sha256 == second.sha256
    assert first.file.name != second.file.name
