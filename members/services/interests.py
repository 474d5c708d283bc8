"""A city thinks about joining: to receive what it writes, confirm, answer and forget it.

The only writer of expressions of interest.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import emails, limits
from members.models import City, CityRole, Country, ExpressionOfInterest, User
from members.services import accession_letters, accessions, cities, letters, people
from members.services.cities import NewCity
from members.services.people import fingerprint

Outcome = ExpressionOfInterest.Outcome

# Most uses of the form. Within an hour: from one computer, and from all. Within a day: for one
# mailbox, so that nobody sends letters to a stranger through the portal.
PER_SENDER, PER_HOUR, PER_MAILBOX = 5, 60, 3
# Fields of the form that the row keeps as they are.
FIELDS = ("city_name", "person_name", "office", "language", "message")


class TooMany(Exception):
    """The form was used more often than people use it."""


@transaction.atomic
def receive(*, values: dict[str, str], sender: str) -> ExpressionOfInterest | None:
    """Save what a city writes, and ask for a confirmation at its address.

    `values` holds the form's cleaned fields; `sender` is a fingerprint (`limits.sender_of`). Raises
    TooMany, and then nothing is saved. The same words from the same computer within an hour are a
    button that was pressed twice: None, and nothing is saved.
    """
    words = [values[name] for name in (*FIELDS, "email", "country")]
    if limits.count_use("interest_words", limits.fingerprint_of(sender, *words)) > 1:
        return None
    address = values["email"]
    email = address.strip().lower()
    _refuse_too_many(sender, email)
    token = secrets.token_urlsafe(32)
    country = Country.objects.get(code=values["country"])
    fields = {name: values[name] for name in FIELDS}
    interest = ExpressionOfInterest.objects.create(
        country=country,
        email=email,
        token_hash=fingerprint(token),
        **fields,
    )
    _ask_to_confirm(interest, token)
    return interest


def _refuse_too_many(sender: str, email: str) -> None:
    now = timezone.now()
    day_ago = now - timedelta(days=1)
    hour_ago = now - timedelta(hours=1)
    uses = limits.count_use("interest", sender)
    if uses > PER_SENDER:
        raise TooMany
    of_day = ExpressionOfInterest.objects.filter(received_at__gt=day_ago)
    of_hour = of_day.filter(received_at__gt=hour_ago)
    if of_hour.count() >= PER_HOUR:
        raise TooMany
    of_mailbox = of_day.filter(email=email)
    if of_mailbox.count() >= PER_MAILBOX:
        raise TooMany


@transaction.atomic
def confirm(*, interest: ExpressionOfInterest) -> None:
    """The link in the letter was opened: from now on the secretariat has it in its queue.

    A second time does nothing.
    """
    row = _locked(interest)
    if row.confirmed_at is None:
        row.confirmed_at = timezone.now()
        row.save(update_fields=["confirmed_at"])
        _tell_office(row)


@transaction.atomic
def decline(*, interest: ExpressionOfInterest, why: str, by: User) -> None:
    """Answer "not now", with the reason.

    Raises PermissionDenied for all but the secretariat, ValidationError where it was answered
    already.
    """
    row = _locked(interest, by)
    row.answer = why
    _answer(row, Outcome.NOT_NOW, by)


@transaction.atomic
def accept(
    *, interest: ExpressionOfInterest, city: City | NewCity, email: str, language: str, by: User
) -> City:
    """Make the city a candidate. Everything or nothing.

    A new city is saved as a draft, its accession is opened, and its lead coordinator is invited,
    by a letter that leads to the file.
    Raises PermissionDenied for all but the secretariat; ValidationError where it was answered
    already, nobody has confirmed it, or one of the three fails, with the name of the field.
    """
    row = _locked(interest, by)
    if row.confirmed_at is None:
        message = _("Nobody has confirmed this yet. Wait until the link in the letter was opened.")
        raise ValidationError(message, code="unconfirmed")
    if isinstance(city, NewCity):
        city = cities.add(new=city)
    _open_file(city, by)
    _invite_lead(email, city, language, by)
    row.city = city
    _answer(row, Outcome.CANDIDATE, by)
    return city


def _invite_lead(email: str, city: City, language: str, by: User) -> None:
    """Invite the lead coordinator, unless the person has the role or an invitation to it."""
    role = CityRole.Role.LEAD
    try:
        people.refuse_invitation(email=email, city=city, role=role, by=by)
    except ValidationError:
        return
    try:
        people.invite(email=email, city=city, role=role, language=language, by=by)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error


def _open_file(city: City, by: User) -> None:
    """Open an accession, unless the city works on one already."""
    if city.accessions.open().exists():
        return
    try:
        accessions.open_accession(city=city, by=by)
    except ValidationError as error:
        raise ValidationError({"city": error.messages}) from error


@transaction.atomic
def forget(*, now: datetime | None = None) -> tuple[int, int]:
    """Delete what nobody confirmed for INTEREST_DAYS, and the personal data of what was answered
    ANSWERED_INTEREST_DAYS ago.

    Returns the number of deleted and of anonymised rows. City, country, dates and outcome stay, so
    that the network can count them.
    """
    today = now or timezone.now()
    deleted = _delete_unconfirmed(today)
    anonymised = _anonymise_answered(today)
    return deleted, anonymised


def _delete_unconfirmed(today: datetime) -> int:
    rows = ExpressionOfInterest.objects.filter(
        confirmed_at=None,
        answered_at=None,
        received_at__lt=today - timedelta(days=settings.INTEREST_DAYS),
    )
    for row in rows:
        letters.forget(about=row)
    _all, counts = rows.delete()
    return counts.get(ExpressionOfInterest._meta.label, 0)


def _anonymise_answered(today: datetime) -> int:
    last_day = today - timedelta(days=settings.ANSWERED_INTEREST_DAYS)
    rows = list(
        ExpressionOfInterest.objects.select_for_update(of=("self",)).filter(
            anonymised_at=None, answered_at__lt=last_day
        )
    )
    for row in rows:
        _anonymise(row, today)
    return len(rows)


def _anonymise(row: ExpressionOfInterest, at: datetime) -> None:
    for name in ExpressionOfInterest.PERSONAL:
        setattr(row, name, "")
    row.anonymised_at = at
    row.save()
    letters.forget(about=row)


@transaction.atomic
def forget_one(*, interest: ExpressionOfInterest) -> None:
    """Whoever wrote it is erased: what was answered names nobody any more, the rest is deleted."""
    row = _locked(interest)
    if row.answered_at is not None:
        _anonymise(row, timezone.now())
        return
    letters.forget(about=row)
    row.delete()


def refuse_answered(interest: ExpressionOfInterest) -> None:
    """Raise ValidationError where somebody has answered."""
    if interest.answered_at is not None:
        raise ValidationError(_("This has been answered already."), code="answered")


def _locked(interest: ExpressionOfInterest, by: User | None = None) -> ExpressionOfInterest:
    """The row as it is now, locked until the transaction ends.

    With `by`: somebody who answers it. Raises PermissionDenied without the right, ValidationError
    where it was answered already.
    """
    locked = ExpressionOfInterest.objects.select_for_update(of=("self",))
    row = locked.get(pk=interest.pk)
    if by is not None:
        if not by.has_perm("change", row):
            raise PermissionDenied
        refuse_answered(row)
    return row


def _answer(row: ExpressionOfInterest, outcome: str, by: User) -> None:
    row.outcome = outcome
    row.answered_at = timezone.now()
    row.answered_by = by
    row.save()


def _ask_to_confirm(interest: ExpressionOfInterest, token: str) -> None:
    language = interest.language
    link = emails.site_link("interest_confirm", [token], language)
    _write("interest_confirm", interest.email, language, link, interest)


def _tell_office(interest: ExpressionOfInterest) -> None:
    mailboxes = accession_letters.secretariat()
    for to, language in mailboxes:
        link = emails.site_link(
            "admin:members_expressionofinterest_change", [interest.pk], language
        )
        _write("interest_received", to, language, link, interest)


def _write(kind: str, to: str, language: str, link: str, interest: ExpressionOfInterest) -> None:
    letter = letters.NewLetter(
        kind=kind,
        to=to,
        language=language,
        context={"city": interest.city_name, "link": link},
    )
    letters.write(letter=letter, about=interest, by=None)
