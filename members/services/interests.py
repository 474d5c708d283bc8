"""A city thinks about joining: receiving what it writes, confirming, answering, forgetting.

The only writer of expressions of interest.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from members import limits
from members.models import City, CityRole, Country, ExpressionOfInterest, User
from members.services import accession_letters, accessions, cities, letters, people
from members.services.cities import NewCity
from members.services.people import fingerprint

Outcome = ExpressionOfInterest.Outcome

# Within an hour: from one computer, and from all. Within a day: to one mailbox, so that nobody is
# pestered through us.
PER_SENDER, PER_HOUR, PER_MAILBOX = 5, 60, 3
UNCONFIRMED_DAYS = 30
ANSWERED_DAYS = 365


class TooMany(Exception):
    """The form was used more often than people use it."""


@transaction.atomic
def receive(*, typed: dict[str, str], sender: str) -> ExpressionOfInterest:
    """Keep what was typed and write to the address that was given. Raises TooMany, and then nothing
    is kept.

    `typed` holds the form's cleaned fields; `sender` a fingerprint (`limits.sender_of`).
    """
    email = typed["email"].strip().lower()
    _refuse_too_many(sender, email)
    token = secrets.token_urlsafe(32)
    names = ("city_name", "person_name", "office", "language", "message")
    interest = ExpressionOfInterest.objects.create(
        country=Country.objects.get(code=typed["country"]),
        email=email,
        token_hash=fingerprint(token),
        **{name: typed[name] for name in names},
    )
    _ask_to_confirm(interest, token)
    return interest


def _refuse_too_many(sender: str, email: str) -> None:
    now = timezone.now()
    received = ExpressionOfInterest.objects.filter(received_at__gt=now - timedelta(days=1))
    if (
        limits.count_use("interest", sender) > PER_SENDER
        or received.filter(received_at__gt=now - timedelta(hours=1)).count() >= PER_HOUR
        or received.filter(email=email).count() >= PER_MAILBOX
    ):
        raise TooMany


@transaction.atomic
def confirm(*, interest: ExpressionOfInterest) -> None:
    """Whoever wrote has opened the link: from now on the secretariat has it in its queue. A second
    time does nothing."""
    row = _locked(interest)
    if row.confirmed_at is None:
        row.confirmed_at = timezone.now()
        row.save(update_fields=["confirmed_at"])
        _tell_office(row)


@transaction.atomic
def decline(*, interest: ExpressionOfInterest, why: str, by: User) -> None:
    """Answer "not now", with the reason. Raises PermissionDenied for all but the secretariat,
    ValidationError where it was answered already."""
    row = _locked(interest, by)
    row.answer = why
    _answer(row, Outcome.NOT_NOW, by)


@transaction.atomic
def accept(
    *, interest: ExpressionOfInterest, city: City | NewCity, email: str, language: str, by: User
) -> City:
    """Make the city a candidate: a new one is written down as a draft, its lead coordinator is
    invited, and it has a file to work in. Everything or nothing.

    Raises PermissionDenied for all but the secretariat; ValidationError where it was answered
    already, nobody has confirmed it, or one of the three cannot be done, with the field that is to
    blame.
    """
    row = _locked(interest, by)
    if row.confirmed_at is None:
        message = _("Nobody has confirmed this yet. Wait until the link in the letter was opened.")
        raise ValidationError(message, code="unconfirmed")
    chosen = cities.add(new=city) if isinstance(city, NewCity) else city
    _invite_lead(email, chosen, language, by)
    _open_file(chosen, by)
    row.city = chosen
    _answer(row, Outcome.CANDIDATE, by)
    return chosen


def _invite_lead(email: str, city: City, language: str, by: User) -> None:
    """Whoever holds the role, or was invited to it, needs no second letter."""
    try:
        people.refuse_invitation(email=email, city=city, role=CityRole.Role.LEAD, by=by)
    except ValidationError:
        return
    try:
        people.invite(email=email, city=city, role=CityRole.Role.LEAD, language=language, by=by)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error


def _open_file(city: City, by: User) -> None:
    """The draft of an accession, unless the city works on one already."""
    if city.accessions.open().exists():
        return
    try:
        accessions.open_accession(city=city, by=by)
    except ValidationError as error:
        raise ValidationError({"city": error.messages}) from error


@transaction.atomic
def forget(*, now: object = None) -> tuple[int, int]:
    """Delete what nobody confirmed within 30 days, and take the person out of what was answered a
    year ago.

    Returns how many were deleted and how many anonymised. City, country, dates and outcome stay, so
    that the network can count them.
    """
    today = now or timezone.now()
    unconfirmed = ExpressionOfInterest.objects.filter(
        confirmed_at=None,
        answered_at=None,
        received_at__lt=today - timedelta(days=UNCONFIRMED_DAYS),
    )
    for row in unconfirmed:
        letters.forget(about=row)
    _all, counts = unconfirmed.delete()
    answered = ExpressionOfInterest.objects.select_for_update(of=("self",)).filter(
        anonymised_at=None, answered_at__lt=today - timedelta(days=ANSWERED_DAYS)
    )
    old = list(answered)
    for row in old:
        for name in ExpressionOfInterest.PERSONAL:
            setattr(row, name, "")
        row.anonymised_at = today
        row.save()
        letters.forget(about=row)
    return counts.get(ExpressionOfInterest._meta.label, 0), len(old)


def refuse_answered(interest: ExpressionOfInterest) -> None:
    """Raise ValidationError where somebody has answered."""
    if interest.answered_at is not None:
        raise ValidationError(_("This has been answered already."), code="answered")


def _locked(interest: ExpressionOfInterest, by: User | None = None) -> ExpressionOfInterest:
    """The row as it is now, kept from others until the transaction ends; with `by`, theirs to
    answer."""
    row = ExpressionOfInterest.objects.select_for_update(of=("self",)).get(pk=interest.pk)
    if by is not None:
        if not by.has_perm("change", row):
            raise PermissionDenied
        refuse_answered(row)
    return row


def _answer(row: ExpressionOfInterest, outcome: str, by: User) -> None:
    row.outcome, row.answered_at, row.answered_by = outcome, timezone.now(), by
    row.save()


def _ask_to_confirm(interest: ExpressionOfInterest, token: str) -> None:
    with override(interest.language):
        link = settings.SITE_URL + reverse("interest_confirm", args=[token])
    letters.draft(
        kind="interest_confirm",
        to=interest.email,
        language=interest.language,
        context={"city": interest.city_name, "link": link},
        about=interest,
        by=None,
    )


def _tell_office(interest: ExpressionOfInterest) -> None:
    link = settings.SITE_URL + reverse(
        "admin:members_expressionofinterest_change", args=[interest.pk]
    )
    for to, language in accession_letters.secretariat():
        letters.draft(
            kind="interest_received",
            to=to,
            language=language,
            context={"city": interest.city_name, "link": link},
            about=interest,
            by=None,
        )
