"""Files in every state, brought there by the verbs themselves."""

import uuid

from django.core.files.base import ContentFile
from django.utils import timezone

from members.grounds import Vote
from members.models import (
    Accession,
    City,
    Document,
    LegalAct,
    Meeting,
    Plan,
    Point,
    Signatory,
    Unit,
    User,
)
from members.services import accessions
from members.services.accession_letters import Consent

# Every warning that a complete-enough file of these tests still has.
SEEN = frozenset(
    {
        "no_basis",
        "no_resources",
        "no_mailbox",
        "points_without_action",
        "act_without_date",
        "act_without_signatory",
    }
    | {"act_without_document", "basis_after_meeting", "signed_before_basis"}
    # These files are submitted today, and their meeting was in 2024.
    | {"vote_before_submission"}
)
CONSENT = Consent(warnings=SEEN)
PDF = b"%PDF-1.7\n%%EOF\n"


def make_document(city: City, title: str = "Act", content: bytes = PDF) -> Document:
    return Document.objects.create(
        storage_key=uuid.uuid4(),
        file=ContentFile(content, name="x.pdf"),
        title=title,
        sha256="0" * 64,
        size=len(content),
        content_type="application/pdf",
        city=city,
    )


def make_meeting(starts: str = "2024-05-01", **fields: object) -> Meeting:
    return Meeting.objects.create(
        kind="steering_committee", starts=starts, place=f"Place {uuid.uuid4().hex}", **fields
    )


def make_plan() -> Point:
    plan = Plan.objects.filter(in_force=True).first()
    if plan is None:
        plan = Plan.objects.create(name_en="Plan", in_force=True, published_at=timezone.now())
        for number in (1, 2):
            Point.objects.create(
                plan=plan,
                number=number,
                title_en=f"Point {number}",
                short_title_en=f"P{number}",
                published_at=timezone.now(),
            )
    return plan.points.first()


def fill(accession: Accession) -> Accession:
    """What no file is submitted without."""
    city = accession.city
    accession.signed_act = LegalAct.objects.create(
        city=city, kind="signed_act", passed="2024-03-01"
    )
    Signatory.objects.create(legal_act=accession.signed_act, name="Ann Example", office="Mayor")
    accession.focal_point = Unit.objects.create(
        city=city, name_en="Office", email=f"office@{city.slug}.example"
    )
    accession.save()
    return accession


def file_in(state: str, city: City, by: User) -> Accession:
    """A file of this city in this state, by the shortest way."""
    make_plan()
    row = fill(accessions.open_accession(city=city, by=by))
    if state == "draft":
        return row
    if state == "withdrawn":
        return accessions.withdraw(accession=row, by=by, why="No.", consent=CONSENT)
    row = accessions.submit(accession=row, by=by, consent=CONSENT)
    if state == "submitted":
        return row
    if state == "returned":
        return accessions.return_to_city(accession=row, by=by, why="Sign it.")
    row = accessions.begin_review(accession=row, by=by)
    if state == "under_review":
        return row
    row = accessions.put_on_agenda(accession=row, by=by, meeting=make_meeting(), consent=CONSENT)
    if state == "on_agenda":
        return row
    return decide(state, row, by)


def decide(state: str, row: Accession, by: User) -> Accession:
    if state == "admitted":
        return accessions.admit(accession=row, by=by, vote=Vote(), consent=CONSENT)
    if state == "deferred":
        return accessions.defer(accession=row, by=by, vote=Vote(), why="Later.", consent=CONSENT)
    return accessions.reject(accession=row, by=by, vote=Vote(), why="No.", consent=CONSENT)


def act_by(verb: str, row: Accession, by: User, meeting: Meeting | None = None) -> Accession:
    """Any verb with all that it needs."""
    why = "Because."
    calls = {
        "submit": lambda: accessions.submit(accession=row, by=by, consent=CONSENT),
        "return": lambda: accessions.return_to_city(accession=row, by=by, why=why),
        "review": lambda: accessions.begin_review(accession=row, by=by),
        "schedule": lambda: accessions.put_on_agenda(
            accession=row, by=by, meeting=meeting, consent=CONSENT
        ),
        "unschedule": lambda: accessions.take_off_agenda(accession=row, by=by, why=why),
        "admit": lambda: accessions.admit(accession=row, by=by, vote=Vote(), consent=CONSENT),
        "defer": lambda: accessions.defer(
            accession=row, by=by, vote=Vote(), why=why, consent=CONSENT
        ),
        "reject": lambda: accessions.reject(
            accession=row, by=by, vote=Vote(), why=why, consent=CONSENT
        ),
        "withdraw": lambda: accessions.withdraw(accession=row, by=by, why=why),
        "annul": lambda: accessions.annul_decision(accession=row, by=by, why=why),
    }
    return calls[verb]()
