"""Letters about a transition: to whom they go, and what they are filled in with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import override

from languages.dates import format_partial
from members import emails
from members.accession_file import Remark
from members.models import Accession, City, CityRole, Letter, Meeting, User
from members.models.cities import city_name
from members.services import letters


@dataclass(frozen=True)
class Mailbox:
    """An address and the language in which it is written to."""

    to: str
    language: str


@dataclass(frozen=True)
class PlannedLetter:
    """A letter that a transition will write, in the recipient's language."""

    kind: str
    to: str
    language: str
    context: Mapping[str, str]

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.to}"

    def composed(self) -> emails.Composed:
        return emails.compose(
            self.kind,
            self.language,
            self.context,
        )


@dataclass(frozen=True)
class Consent:
    """What the person read and confirmed on the page before the step.

    `warnings`: codes of remarks. `letters`: subject and text in the person's words, by
    `PlannedLetter.key`.
    """

    warnings: frozenset[str] = frozenset()
    letters: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def refuse_unconfirmed(remarks: Iterable[Remark], consent: Consent | None) -> None:
    """Raise ValidationError for remarks that block or that the person has not confirmed."""
    confirmed = consent.warnings if consent else frozenset()
    errors = [
        ValidationError(remark.text, code=remark.code)
        for remark in remarks
        if remark.blocks or remark.code not in confirmed
    ]
    if errors:
        raise ValidationError(errors)


@dataclass(frozen=True)
class AccessionNews:
    """What a letter tells about a file. `on`: the day of the vote (partial date)."""

    accession: Accession
    why: str = ""
    meeting: Meeting | None = None
    on: str = ""


def to_city(kind: str, news: AccessionNews) -> list[PlannedLetter]:
    """Letters of one kind to the coordinators of the file's city; none without a kind."""
    if not kind:
        return []
    boxes = mailboxes(news.accession.city)
    planned = []
    for to, language in boxes:
        box = Mailbox(to, emails.letter_language(language))
        planned.append(_about_accession(kind, box, news))
    return planned


def to_secretariat(kind: str, news: AccessionNews) -> list[PlannedLetter]:
    """Letters of one kind to the office; none without a kind."""
    if not kind:
        return []
    boxes = secretariat()
    planned = []
    for to, language in boxes:
        box = Mailbox(to, emails.letter_language(language))
        planned.append(_about_accession(kind, box, news))
    return planned


def about_membership(kind: str, city: City, *, why: str, on: str) -> list[PlannedLetter]:
    """Letters about a change of standing to the city's coordinators; none without a kind.

    `on`: the day from which the change holds (partial date).
    """
    if not kind:
        return []
    boxes = mailboxes(city)
    planned = []
    for to, language in boxes:
        box = Mailbox(to, emails.letter_language(language))
        planned.append(_about_membership(kind, box, city, why, on))
    return planned


def write(
    planned: list[PlannedLetter], consent: Consent | None, about: models.Model, by: User
) -> list[Letter]:
    """Put letters into the outbox in the confirmed words, in the step's transaction."""
    words = consent.letters if consent else {}
    rows = []
    for letter in planned:
        words_of_letter = words.get(letter.key)
        rows.append(_write_one(letter, words_of_letter, about, by))
    return rows


def mailboxes(city: City) -> list[tuple[str, str]]:
    """Addresses and languages of a city's lead coordinators and editors.

    Where there is nobody, its focal point's mailbox in the city's language.
    """
    roles = CityRole.objects.current().filter(
        city=city,
        role__in=[CityRole.Role.LEAD, CityRole.Role.EDITOR],
        user__is_active=True,
    )
    boxes = roles.values_list("user__email", "user__language").distinct()
    if boxes:
        return sorted(set(boxes))
    focal_points = city.units.filter(is_focal_point=True)
    unit = focal_points.exclude(email="").first()
    if unit is None:
        return []
    return [(unit.email, city.source_language)]


def secretariat() -> list[tuple[str, str]]:
    """The network's mailbox; without one, everybody of the secretariat."""
    if settings.CONTACT_EMAIL:
        return [(settings.CONTACT_EMAIL, settings.LANGUAGE_CODE)]
    people = User.objects.of_secretariat()
    boxes = people.values_list("email", "language")
    return list(boxes.order_by("pk"))


def _about_accession(kind: str, box: Mailbox, news: AccessionNews) -> PlannedLetter:
    accession = news.accession
    context = {
        "city": _city_name(accession.city, box.language),
        "reason": news.why,
        "meeting": _meeting_name(news.meeting, box.language),
        "date": format_partial(news.on, box.language),
        "link": emails.link_to(accession.get_file_url, box.language),
    }
    return PlannedLetter(
        kind=kind,
        to=box.to,
        language=box.language,
        context=context,
    )


def _about_membership(kind: str, box: Mailbox, city: City, why: str, on: str) -> PlannedLetter:
    language = box.language
    context = {
        "city": _city_name(city, language),
        "reason": why,
        "date": format_partial(on, language),
        "link": emails.link_to(city.get_absolute_url, language),
    }
    return PlannedLetter(kind, box.to, language, context)


def _city_name(city: City, language: str) -> str:
    return str(city_name(city, language))


def _meeting_name(meeting: Meeting | None, language: str) -> str:
    with override(language):
        return str(meeting) if meeting else ""


def _write_one(
    letter: PlannedLetter, words: tuple[str, str] | None, about: models.Model, by: User
) -> Letter:
    subject, text = words or (None, None)
    new = letters.NewLetter(
        kind=letter.kind,
        to=letter.to,
        language=letter.language,
        context=letter.context,
        subject=subject,
        text=text,
    )
    return letters.write(letter=new, about=about, by=by)
