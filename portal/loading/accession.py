"""The accession file of the demonstration.

Its people take it through the portal's own transitions.
"""

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
from portal.loading.papers import one_page

WHY_WITHDRAWN = "The demonstration writes to nobody."


# What the TOML file says, as read.
Facts = dict[str, Any]


@transaction.atomic
def load_accession(path: Path) -> bool:
    """Open, fill and submit the file in this TOML and begin its review.

    Returns whether there was anything to do: a city that has a file, whatever became of it since,
    is left alone.
    """
    facts = tomllib.loads(path.read_text(encoding="utf-8"))
    city = City.objects.get(slug=facts["city"])
    if city.accessions.exists() or city.memberships.exists():
        return False
    lead = User.objects.get(email=facts["lead"])
    office = User.objects.get(email=facts["office"])
    language = facts["language"]
    with override(language):
        accession = accessions.open_accession(city=city, by=lead)
        _write(accession, facts, lead)
        warnings = _warnings(accession)
        consent = Consent(warnings=warnings)
        accession = accessions.submit(accession=accession, by=lead, consent=consent)
        accession = accessions.begin_review(accession=accession, by=office)
    # In the same transaction: the letters stand in the outbox to be looked at, and nothing is
    # printed at the start.
    letters.withdraw_unsent(about=accession, why=WHY_WITHDRAWN, by=office)
    return True


def _warnings(accession: Accession) -> frozenset[str]:
    """Everything that the portal remarks: the demonstration confirms it."""
    file = accession_file.read(accession)
    remarks = accession_file.remarks(file)
    return frozenset(remark.code for remark in remarks)


def _write(accession: Accession, facts: Facts, by: User) -> None:
    """What the city's coordinator writes into the form."""
    parts = _parts(accession, facts)
    accession_parts.keep_new(accession=accession, parts=parts, by=by)
    acts = accession.city.legal_acts
    units = accession.city.units
    accession.legal_basis = acts.get(number=facts["legal_basis"])
    accession.focal_point = units.get(is_focal_point=True)
    columns = _set_texts(accession, "resources", facts["resources"])
    entries.save(record=accession, by=by, changed=columns)
    accession_parts.keep_lines(accession=accession, parts=parts, by=by)
    own_actions = accession.own_actions
    for texts in facts["own"]:
        number = texts["point"]
        action = own_actions.get(point__number=number)
        columns = _set_texts(action, "text", texts)
        entries.save(record=action, by=by, changed=columns)


def _parts(accession: Accession, facts: Facts) -> NewParts:
    file = accession_file.read(accession)
    points = {point.point.number: point.point.pk for point in file.points}
    chosen = set()
    for number, orders in facts["chosen"].items():
        point = points[int(number)]
        chosen |= {_suggested_action(point, order) for order in orders}
    language = facts["language"]
    own = {}
    for texts in facts["own"]:
        point = points[texts["point"]]
        own[point] = [texts[language]]
    act = facts["act"]
    return NewParts(
        signed_act=_act(accession, act),
        signatories=_signatories(act),
        chosen=chosen,
        own=own,
    )


def _suggested_action(point: int, order: int) -> int:
    suggested = SuggestedAction.objects.get(point=point, order=order)
    return suggested.pk


def _signatories(act: Facts) -> list[Signatory]:
    signatories = []
    people = act["signatories"]
    for order, person in enumerate(people, 1):
        signatory = Signatory(order=order, **person)
        signatories.append(signatory)
    return signatories


def _act(accession: Accession, facts: Facts) -> LegalAct:
    language = accession.source_language
    # On a computer whose clock stands before that day, nobody has signed yet.
    is_signed = facts["signed"] <= timezone.localdate().isoformat()
    return LegalAct(
        city=accession.city,
        kind=LegalAct.Kind.SIGNED_ACT,
        language=language,
        source_language=language,
        title=facts["title"],
        passed=facts["signed"] if is_signed else "",
        document=_paper(accession, facts),
    )


def _paper(accession: Accession, facts: Facts) -> Document:
    content = one_page(facts["pages"])
    upload = SimpleUploadedFile("act.pdf", content, content_type="application/pdf")
    return checked_document(
        upload,
        title=facts["title"],
        language=accession.source_language,
        city=accession.city,
    )


def _set_texts(record: Any, name: str, texts: Facts) -> list[str]:
    """Set a text in every language that the file has. Returns the columns."""
    columns = []
    for code, text in texts.items():
        if code == "point":
            continue
        key = column(name, code)
        setattr(record, key, text)
        columns.append(key)
    return columns
