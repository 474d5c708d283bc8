"""The files of documents, through a rights check."""

import logging
import unicodedata
from urllib.parse import quote

from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.http import quote_etag
from django.utils.text import slugify
from django.views.decorators.http import condition, require_safe

from languages.folding import fold
from members.forms.documents import EXTENSIONS
from members.models import Document

logger = logging.getLogger(__name__)

# Were a browser to open the file in spite of everything, nothing in it runs, loads or sends.
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
LONGEST_NAME = 100


@require_safe
def document_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A public document for everybody; a private one for whoever may read it in the administration;
    else 404."""
    document = Document.objects.public().filter(pk=pk).first() or _private_document(request, pk)
    if document is None:
        raise Http404
    response = _file(request, document)
    response["Cache-Control"] = "no-cache" if document.public_since else "private, no-store"
    return response


def _private_document(request: HttpRequest, pk: int) -> Document | None:
    if not request.user.is_authenticated:
        return None
    document = Document.objects.filter(pk=pk).first()
    return document if document and request.user.has_perm("view", document) else None


@condition(etag_func=lambda request, document: quote_etag(document.sha256))
def _file(request: HttpRequest, document: Document) -> HttpResponse:
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
    """`Content-Disposition` with the title as the file's name: in plain letters for old programs,
    then as it is written (RFC 6266). No path, no control character and no change of direction gets
    into it."""
    extension = EXTENSIONS.get(document.content_type, "bin")
    written = "".join(_harmless(character) for character in document.title)
    name = " ".join(written.split())[:LONGEST_NAME].strip(". ") or f"document {document.pk}"
    plain = slugify(fold(name))[:LONGEST_NAME] or f"document-{document.pk}"
    return (
        f'attachment; filename="{plain}.{extension}"; '
        f"filename*=UTF-8''{quote(f'{name}.{extension}', safe='')}"
    )


def _harmless(character: str) -> str:
    forbidden = character in '<>:"/\\|?*' or unicodedata.category(character).startswith("C")
    return " " if forbidden else character
