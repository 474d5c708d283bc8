"""The demonstration's accession file, taken through the portal's own steps by the demonstration's
own people."""

import tomllib
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from languages.text import column
from members import accession_file
from members.forms.accessions import NewParts
from members.forms.documents import checked_document
from members.models import Accession, City, Document, LegalAct, Signatory, SuggestedAction, User
from members.services import accession_parts, accessions, entries, letters
from members.services.accession_letters import Consent

WHY_WITHDRAWN = "The demonstration writes to nobody."


@transaction.atomic
def load_accession(path: Path) -> bool:
    """Open, fill and submit the file in this TOML and begin its review. Returns whether there was
    anything to do: a city that has a file, whatever became of it since, is left alone."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    city = City.objects.get(slug=told["city"])
    if city.accessions.exists() or city.memberships.exists():
        return False
    lead, office = User.objects.get(email=told["lead"]), User.objects.get(email=told["office"])
    with override(told["language"]):
        accession = accessions.open_accession(city=city, by=lead)
        _write(accession, told, lead)
        seen = frozenset(
            remark.code for remark in accession_file.remarks(accession_file.read(accession))
        )
        accession = accessions.submit(accession=accession, by=lead, consent=Consent(warnings=seen))
        accession = accessions.begin_review(accession=accession, by=office)
    # In the same transaction: they stand in the outbox to be looked at, and nothing is printed at
    # the start.
    letters.withdraw_unsent(about=accession, why=WHY_WITHDRAWN, by=office)
    return True


def _write(accession: Accession, told: dict[str, Any], by: User) -> None:
    """What the city's coordinator types into the form."""
    parts = _parts(accession, told)
    accession_parts.keep_new(accession=accession, parts=parts, by=by)
    accession.legal_basis = accession.city.legal_acts.get(number=told["legal_basis"])
    accession.focal_point = accession.city.units.get(is_focal_point=True)
    entries.save(record=accession, by=by, changed=_put(accession, "resources", told["resources"]))
    accession_parts.keep_lines(accession=accession, parts=parts, by=by)
    for texts in told["own"]:
        action = accession.own_actions.get(point__number=texts["point"])
        entries.save(record=action, by=by, changed=_put(action, "text", texts))


def _parts(accession: Accession, told: dict[str, Any]) -> NewParts:
    points = {point.point.number: point.point.pk for point in accession_file.read(accession).points}
    places = [(int(number), place) for number, chosen in told["chosen"].items() for place in chosen]
    return NewParts(
        signed_act=_act(accession, told["act"]),
        signatories=[
            Signatory(order=order, **who) for order, who in enumerate(told["act"]["signatories"], 1)
        ],
        chosen={
            SuggestedAction.objects.get(point=points[n], order=place).pk for n, place in places
        },
        own={points[texts["point"]]: [texts[told["language"]]] for texts in told["own"]},
    )


def _act(accession: Accession, told: dict[str, Any]) -> LegalAct:
    language = accession.source_language
    return LegalAct(
        city=accession.city,
        kind=LegalAct.Kind.SIGNED_ACT,
        language=language,
        source_language=language,
        title=told["title"],
        # On a computer whose clock stands before that day, nobody has signed yet.
        passed=told["signed"] if told["signed"] <= timezone.localdate().isoformat() else "",
        document=_paper(accession, told),
    )


def _paper(accession: Accession, told: dict[str, Any]) -> Document:
    upload = SimpleUploadedFile("act.pdf", one_page(told["pages"]), content_type="application/pdf")
    return checked_document(
        upload, title=told["title"], language=accession.source_language, city=accession.city
    )


def _put(record: Any, name: str, texts: dict[str, Any]) -> list[str]:
    """Set a text in every language that is given; the columns."""
    columns = {column(name, code): text for code, text in texts.items() if code != "point"}
    for key, text in columns.items():
        setattr(record, key, text)
    return list(columns)


def one_page(lines: list[str]) -> bytes:
    """A PDF of one page with a few lines of plain letters, the same bytes each time."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 16 Tf 24 TL 72 740 Td {shown} ET".encode("ascii")
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R "
        b">>\nstartxref\n%d\n%%%%EOF\n"
    )
    return content + end % (len(bodies) + 1, table, len(bodies) + 1, len(content))
