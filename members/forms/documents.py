"""What may be uploaded: PDF files and pictures. The content decides, never the name of the file."""

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from members.editing.forms.kept_files import KeptFileField
from members.editing.forms.merging import MergingForm
from members.forms.infected import refuse_infected
from members.models import City, Document
from members.picture_files import (
    CutOffError,
    NotAPictureError,
    TooManyPixelsError,
    cut_off_refusal,
    heic_refusal,
    is_heic,
    refuse_undecodable,
    size_refusal,
)


@dataclass(frozen=True)
class FileKind:
    """A kind of file: how it begins, its type on the web, the end of its name."""

    beginning: bytes
    content_type: str
    extension: str
    # Pillow's name of its format; empty for what is no picture.
    picture: str = ""


PDF = FileKind(b"%PDF-", "application/pdf", "pdf")
KINDS = (
    PDF,
    FileKind(b"\xff\xd8\xff", "image/jpeg", "jpg", "JPEG"),
    FileKind(b"\x89PNG\r\n\x1a\n", "image/png", "png", "PNG"),
)
# ISO 32000-1, annex H: readers take a PDF file whose head stands within its first 1,024 bytes and
# whose end within the last 1,024.
PDF_EDGE = 1024
PDF_END = b"%%EOF"
ACCEPTED = ".pdf,.jpg,.jpeg,.png"
EXTENSIONS = {kind.content_type: kind.extension for kind in KINDS}


class DocumentForm(MergingForm):
    """A document and its file. The file never changes: citations and the fingerprint rest on it."""

    file = KeptFileField(
        label=pgettext_lazy("of a document", "File"),
        help_text=gettext_lazy("A PDF file, or a picture as JPEG or PNG."),
        accept=ACCEPTED,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    class Meta:
        model = Document
        fields = ["title", "language", "city", "file"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields.get("file")
        if file is None or self.instance._state.adding:
            return
        file.disabled = True
        file.help_text = _(
            "The file of a document cannot be replaced. Upload a new version as a "
            "document of its own."
        )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Check the content and note what the file is."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        file = self.fields["file"]
        if not file.disabled:
            describe(self.instance, upload)
        return upload

    def changed_columns(self) -> list[str]:
        """A document has no texts per language."""
        return []


def checked_document(
    upload: "UploadedFile[bytes]", *, title: str, language: str, city: City
) -> Document:
    """A private document of the city, checked and not saved yet.

    Raises ValidationError for a file that may not be uploaded.
    """
    document = Document(title=title, language=language, city=city, file=upload)
    describe(document, upload)
    return document


def describe(document: Document, upload: "UploadedFile[bytes]") -> None:
    """Check a file's size, kind and harmlessness, and note what it is. Raises ValidationError."""
    check_upload(upload)
    note_file(document, upload)


def check_upload(upload: "UploadedFile[bytes]") -> None:
    """Raise ValidationError for a file that may not be uploaded."""
    refuse_too_large(upload)
    kind = kind_of(upload)
    refuse_infected(upload)
    if kind.picture:
        refuse_damaged_picture(upload, kind)
    else:
        refuse_cut_off(upload)


def note_file(document: Document, upload: "UploadedFile[bytes]") -> None:
    """Note what a checked file is."""
    document.content_type = kind_of(upload).content_type
    document.sha256 = sha256_of(upload)
    document.size = upload.size or 0
    document.storage_key = uuid.uuid4()


def refuse_too_large(upload: "UploadedFile[bytes]") -> None:
    """Raise ValidationError for a file of more than `Document.MEGABYTES` (of 1024 × 1024 bytes)."""
    most = Document.MEGABYTES * 1024 * 1024
    if (upload.size or 0) > most:
        raise ValidationError(
            _("This file is too large. It may have at most %(megabytes)d MB."),
            code="too_large",
            params={"megabytes": Document.MEGABYTES},
        )


def kind_of(upload: "UploadedFile[bytes]") -> FileKind:
    """The kind of file by its first bytes. Raises ValidationError for any other.

    Only a PDF file may have something before its head: a byte-order mark, a line of a scanner.
    """
    upload.seek(0)
    beginning: bytes = upload.read(PDF_EDGE)
    for kind in KINDS:
        if beginning.startswith(kind.beginning):
            return kind
    if is_heic(beginning):
        raise heic_refusal()
    if PDF.beginning in beginning and not _is_web_page(beginning):
        return PDF
    raise ValidationError(
        _(
            "This is not a PDF, JPEG or PNG file, whatever its name says. Save it as PDF and "
            "choose it again."
        ),
        code="kind",
    )


def _is_web_page(beginning: bytes) -> bool:
    """HTML, XML or SVG that mentions a PDF file is none."""
    return beginning.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"<")


def refuse_damaged_picture(upload: "UploadedFile[bytes]", kind: FileKind) -> None:
    """Raise ValidationError for a picture that cannot be decoded to its end."""
    try:
        refuse_undecodable(cast("BinaryIO", upload), [kind.picture])
    except TooManyPixelsError as error:
        raise size_refusal(error) from error
    except CutOffError as error:
        raise cut_off_refusal() from error
    except NotAPictureError as error:
        sentence = _(
            "This picture is damaged and cannot be shown. Save it anew and choose it again."
        )
        raise ValidationError(sentence, code="damaged") from error


def refuse_cut_off(upload: "UploadedFile[bytes]") -> None:
    """Raise ValidationError for a PDF file without its end."""
    upload.seek(max(0, (upload.size or 0) - PDF_EDGE))
    end: bytes = upload.read()
    upload.seek(0)
    if PDF_END not in end:
        sentence = _(
            "This PDF file is cut off: its end is missing. Fetch the whole file from where it "
            "comes and choose it again."
        )
        raise ValidationError(sentence, code="cut_off")


def sha256_of(upload: "UploadedFile[bytes]") -> str:
    """The fingerprint of the whole file, as hexadecimal digits."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
