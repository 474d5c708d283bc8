"""A whole accession file as one ZIP: an index page, the documents, the steps, SHA-256 sums."""

import csv
import hashlib
import io
import json
import zipfile
from typing import IO

from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils import timezone

from members.accession_file import File, snapshot
from members.forms.documents import EXTENSIONS
from members.models import AccessionStep, Document
from members.spreadsheet import plain_cell


def pack(file: File) -> IO[bytes]:
    """The archive, from its beginning. A document that is lost is listed as lost."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        documents = []
        for number, document in enumerate(file.documents, 1):
            documents.append(_add(archive, number, document))
        sums = {}
        for item in documents:
            if item["found"]:
                path = str(item["path"])
                sums[path] = str(item["sha256"])
        for path, text in _texts(file, documents).items():
            archive.writestr(path, text)
            sha256 = hashlib.sha256(text.encode())
            sums[path] = sha256.hexdigest()
        lines = [f"{digest}  {path}\n" for path, digest in sums.items()]
        archive.writestr("SHA256SUMS", "".join(lines))
    content.seek(0)
    return content


def _texts(file: File, documents: list[dict[str, object]]) -> dict[str, str]:
    """What is written about the file, by the path in the archive."""
    accession = file.accession
    steps = list(accession.steps.select_related("by", "meeting__held_in"))
    context = {
        "accession": accession,
        "file": file,
        "steps": steps,
        "documents": documents,
        "packed_at": timezone.now(),
    }
    return {
        "steps.csv": _steps(steps),
        "file.json": json.dumps(snapshot(file), ensure_ascii=False, indent=2),
        "index.html": render_to_string("admin/members/accession/archive.html", context),
    }


def _add(archive: zipfile.ZipFile, number: int, document: Document) -> dict[str, object]:
    """Copy a document into the archive; what is listed about it."""
    extension = EXTENSIONS.get(document.content_type, "bin")
    path = f"documents/{number:02}.{extension}"
    digest = _copy(document, archive, path)
    return {
        "document": document,
        "path": path,
        "found": digest is not None,
        "sha256": digest or "",
        "intact": digest == document.sha256,
    }


def _copy(document: Document, archive: zipfile.ZipFile, path: str) -> str | None:
    """The SHA-256 of what was copied; None where the file is lost."""
    digest = hashlib.sha256()
    try:
        with document.file.open("rb") as source, archive.open(path, "w") as target:
            for piece in source.chunks():
                digest.update(piece)
                target.write(piece)
    except (OSError, ValueError, SuspiciousFileOperation):
        # Gone from the disk, without a name, or with one that leads out of the store.
        return None
    return digest.hexdigest()


def _steps(steps: list[AccessionStep]) -> str:
    """The steps as CSV, with a heading."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["at", "verb", "from", "to", "by", "why", "meeting"])
    for step in steps:
        cells = [
            step.at.isoformat(),
            step.verb,
            step.from_status,
            step.to_status,
            str(step.by),
            step.why,
            step.meeting or "",
        ]
        writer.writerow([plain_cell(str(cell)) for cell in cells])
    return text.getvalue()
