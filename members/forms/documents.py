"""What may be uploaded: PDF files and pictures. The content decides, never the name of the file."""

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from members.editing.forms.kept_files import KeptFileField
from members.editing.forms.merging import MergingForm
from members.forms.infected import refuse_infected
from members.models import City, Document


@dataclass(frozen=True)
class FileKind:
    """A kind of file: how it begins, its type on the web, the end of its name."""

    beginning: bytes
    content_type: str
    extension: str


KINDS = (
    FileKind(b"%PDF-", "application/pdf", "pdf"),
    FileKind(b"\xff\xd8\xff", "image/jpeg", "jpg"),
    FileKind(b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)
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
    kind_of(upload)
    refuse_infected(upload)


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
    """The kind of file by its first bytes. Raises ValidationError for any other."""
    upload.seek(0)
    longest = max(len(kind.beginning) for kind in KINDS)
    beginning: bytes = upload.read(longest)
    for kind in KINDS:
        if beginning.startswith(kind.beginning):
            return kind
    raise ValidationError(
        _(
            "This is not a PDF, JPEG or PNG file, whatever its name says. Save it as PDF and "
            "choose it again."
        ),
        code="kind",
    )


def sha256_of(upload: "UploadedFile[bytes]") -> str:
    """The fingerprint of the whole file, as hexadecimal digits."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
