"""The files of documents, through a rights check."""

import logging
import unicodedata
from urllib.parse import quote

from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest
from django.utils.http import quote_etag
from django.utils.text import slugify
from django.views.decorators.http import condition, require_safe

from languages.folding import fold
from members.forms.documents import EXTENSIONS
from members.models import Document

logger = logging.getLogger(__name__)

# If a browser opens the file nevertheless, nothing in it runs, loads or sends.
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
LONGEST_NAME = 100


@require_safe
def document_file(request: HttpRequest, pk: int) -> FileResponse:
    """A public document for everybody, a private one for people who may view it; else 404."""
    document = Document.objects.public().filter(pk=pk).first()
    if document is None:
        document = _private_document(request, pk)
    if document is None:
        raise Http404
    response = _file(request, document)
    cache = "private, no-store"
    if document.public_since:
        cache = "no-cache"
    response["Cache-Control"] = cache
    return response


def _private_document(request: HttpRequest, pk: int) -> Document | None:
    if not request.user.is_authenticated:
        return None
    document = Document.objects.filter(pk=pk).first()
    if document is None:
        return None
    if not request.user.has_perm("view", document):
        return None
    return document


@condition(etag_func=lambda request, document: quote_etag(document.sha256))
def _file(request: HttpRequest, document: Document) -> FileResponse:
    try:
        content = document.file.open("rb")
    except (FileNotFoundError, IsADirectoryError, SuspiciousFileOperation, ValueError) as error:
        logger.error(
            "The file of document %s cannot be read: %s", document.pk, type(error).__name__
        )
        raise Http404 from error
    response = FileResponse(content, content_type=document.content_type)
    response["Content-Disposition"] = attachment(document)
    response["Content-Security-Policy"] = FILE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


def attachment(document: Document) -> str:
    """`Content-Disposition` with the title as the name of the file (RFC 6266).

    First in plain letters for old programs, then with all letters. It holds no path, no control
    character and no change of direction.
    """
    extension = EXTENSIONS.get(document.content_type, "bin")
    name = _file_name(document.title)
    if not name:
        name = f"document {document.pk}"
    plain = slugify(fold(name))[:LONGEST_NAME]
    if not plain:
        plain = f"document-{document.pk}"
    encoded = quote(
        f"{name}.{extension}",
        safe="",
    )
    parts = (
        "attachment",
        f'filename="{plain}.{extension}"',
        f"filename*=UTF-8''{encoded}",
    )
    return "; ".join(parts)


def _file_name(title: str) -> str:
    """The title without characters that a file name may not have."""
    text = ""
    for character in title:
        if _is_forbidden(character):
            text += " "
        else:
            text += character
    name = " ".join(text.split())
    return name[:LONGEST_NAME].strip(". ")


def _is_forbidden(character: str) -> bool:
    category = unicodedata.category(character)
    is_control = category.startswith("C")
    is_reserved = character in '<>:"/\\|?*'
    return is_control or is_reserved
