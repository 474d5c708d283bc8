"""A whole accession file as one ZIP: an index page, every document, every step, every
fingerprint."""

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
from members.models import Document
from members.spreadsheet import plain_cell


def pack(file: File) -> IO[bytes]:
    """The archive, from its beginning. A lost document is listed as lost: nothing is left out
    silently."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        documents = [
            _add(archive, number, document) for number, document in enumerate(file.documents, 1)
        ]
        steps = list(file.accession.steps.select_related("by", "meeting"))
        sums = {str(item["path"]): str(item["sha256"]) for item in documents if item["found"]}
        texts = {
            "steps.csv": _steps(steps),
            "file.json": json.dumps(snapshot(file), ensure_ascii=False, indent=2),
        }
        context = {
            "accession": file.accession,
            "file": file,
            "steps": steps,
            "documents": documents,
            "packed_at": timezone.now(),
        }
        texts["index.html"] = render_to_string("admin/members/accession/archive.html", context)
        for path, text in texts.items():
            archive.writestr(path, text)
            sums[path] = hashlib.sha256(text.encode()).hexdigest()
        archive.writestr(
            "SHA256SUMS", "".join(f"{digest}  {path}\n" for path, digest in sums.items())
        )
    content.seek(0)
    return content


def _add(archive: zipfile.ZipFile, number: int, document: Document) -> dict[str, object]:
    path = f"documents/{number:02}.{EXTENSIONS.get(document.content_type, 'bin')}"
    digest = hashlib.sha256()
    try:
        with document.file.open("rb") as source, archive.open(path, "w") as target:
            for piece in source.chunks():
                digest.update(piece)
                target.write(piece)
        found = True
    except (OSError, ValueError, SuspiciousFileOperation):
        # Gone from the disk, without a name, or with one that leads out of the store.
        found = False
    return {
        "document": document,
        "path": path,
        "found": found,
        "sha256": digest.hexdigest(),
        "intact": found and digest.hexdigest() == document.sha256,
    }


def _steps(steps: list) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["at", "verb", "from", "to", "by", "why", "meeting"])
    for step in steps:
        row = [
            step.at.isoformat(),
            step.verb,
            step.from_status,
            step.to_status,
            str(step.by),
            step.why,
            step.meeting or "",
        ]
        writer.writerow([plain_cell(str(cell)) for cell in row])
    return text.getvalue()
