"""Open: a city, or the office for it, begins a file."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from members.models import Accession, AccessionStep, City, Membership, User
from members.services import accession_letters
from members.services.accession_letters import AccessionNews
from members.services.accession_transitions.step import AccessionTransition
from members.transitions import OFFICE_AND_LEAD


@transaction.atomic
def open_accession(*, city: City, by: User) -> Accession:
    """Begin a city's file as a draft.

    Raises PermissionDenied for who does not lead the city, ValidationError as `refuse_opening`.
    """
    if not OPEN.may_be_taken_by(by, city.pk):
        raise PermissionDenied
    refuse_opening(city)
    row = _new_row(city)
    AccessionStep.objects.create(
        accession=row,
        verb=OPEN.verb,
        to_status=row.status,
        by=by,
    )
    planned = OPEN.planned_letters(AccessionNews(row))
    accession_letters.write(planned, None, row, by)
    return row


def refuse_opening(city: City) -> None:
    """Raise ValidationError for a member, and for a city that has an open file."""
    standings = (Membership.Standing.ACTIVE, Membership.Standing.SUSPENDED)
    memberships = city.memberships.filter(standing__in=standings)
    if memberships.exists():
        message = _("This city is a member already.")
        raise ValidationError(message, code="member")
    if city.accessions.open().exists():
        raise open_already()


def open_already() -> ValidationError:
    return ValidationError(_("This city has an open accession already."), code="open")


def _new_row(city: City) -> Accession:
    language = city.source_language
    row = Accession(city=city, source_language=language, fictional=city.fictional)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise open_already() from error
    return row


# A file is opened on the form of a new file.
OPEN = AccessionTransition(
    verb=AccessionStep.Verb.OPEN,
    from_statuses=(),
    to_status=Accession.Status.DRAFT,
    roles=OFFICE_AND_LEAD,
    has_page=False,
    letter_to_city="accession_opened",
    service=open_accession,
)
