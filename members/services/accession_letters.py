"""Who gets which letter about a step of an accession or a membership."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import override

from languages.dates import format_partial
from languages.text import translated
from members import emails
from members.models import (
    Accession,
    AccessionStep,
    City,
    CityRole,
    Letter,
    Meeting,
    MembershipStep,
    User,
)
from members.services import letters

Verb = AccessionStep.Verb

# Which letters a step sends: to the city's coordinators, and to the secretariat.
TO_CITY = {
    Verb.OPEN: "accession_opened",
    Verb.SUBMIT: "accession_submitted",
    Verb.RETURN: "accession_returned",
    Verb.REVIEW: "accession_review_started",
    Verb.SCHEDULE: "accession_on_agenda",
    Verb.UNSCHEDULE: "accession_off_agenda",
    Verb.DEFER: "accession_deferred",
    Verb.ADMIT: "accession_admitted",
    Verb.REJECT: "accession_rejected",
    Verb.ANNUL: "decision_annulled",
}
TO_SECRETARIAT = {Verb.SUBMIT: "accession_arrived", Verb.WITHDRAW: "accession_withdrawn"}
OF_MEMBERSHIP = {
    MembershipStep.Verb.SUSPEND: "membership_suspended",
    MembershipStep.Verb.RESTORE: "membership_restored",
    MembershipStep.Verb.WITHDRAW: "membership_withdrawn",
    MembershipStep.Verb.EXCLUDE: "membership_excluded",
    MembershipStep.Verb.ANNUL: "decision_annulled",
}


@dataclass(frozen=True)
class Planned:
    """A letter that a step will send, in the recipient's language."""

    kind: str
    to: str
    language: str
    context: Mapping[str, str]

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.to}"

    def composed(self) -> emails.Composed:
        return emails.compose(self.kind, self.language, self.context)


@dataclass(frozen=True)
class Consent:
    """What the person saw and confirmed on the page before the step: warnings, and letters in their
    own words."""

    warnings: frozenset[str] = frozenset()
    # By `Planned.key`: subject and text as edited on the page.
    letters: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def planned_for_accession(
    verb: str, accession: Accession, *, why: str = "", meeting: Meeting | None = None
) -> list[Planned]:
    """The letters of a step, before it is taken."""
    city = accession.city
    found = []
    if kind := TO_CITY.get(verb):
        found += [
            _planned(kind, to, language, accession, why, meeting)
            for to, language in mailboxes(city)
        ]
    if kind := TO_SECRETARIAT.get(verb):
        found += [
            _planned(kind, to, language, accession, why, meeting) for to, language in secretariat()
        ]
    return found


def planned_for_membership(verb: str, city: City, *, why: str, on: str) -> list[Planned]:
    """The letters of a change of standing, before it is made."""
    kind = OF_MEMBERSHIP.get(verb)
    if kind is None:
        return []
    return [
        Planned(
            kind,
            to,
            language,
            {**_of_city(city, language), "reason": why, "date": format_partial(on, language)},
        )
        for to, language in mailboxes(city)
    ]


def write(planned: list[Planned], consent: Consent, about: object, by: User) -> list[Letter]:
    """Put the letters into the outbox, in the words that were confirmed. Part of the step's
    transaction."""
    return [_draft(letter, consent, about, by) for letter in planned]


def mailboxes(city: City) -> list[tuple[str, str]]:
    """Addresses and languages of the city's lead coordinators and editors; without any, its focal
    point's mailbox."""
    roles = CityRole.objects.current().filter(
        city=city, role__in=[CityRole.Role.LEAD, CityRole.Role.EDITOR]
    )
    people = (
        roles.filter(user__is_active=True).values_list("user__email", "user__language").distinct()
    )
    found = sorted(set(people))
    if found:
        return found
    unit = city.units.filter(is_focal_point=True).exclude(email="").first()
    return [(unit.email, city.source_language)] if unit else []


def secretariat() -> list[tuple[str, str]]:
    """The network's mailbox, else everybody of the secretariat."""
    if settings.CONTACT_EMAIL:
        return [(settings.CONTACT_EMAIL, settings.LANGUAGE_CODE)]
    people = User.objects.filter(is_secretariat=True, is_active=True).order_by("pk")
    return list(people.values_list("email", "language"))


def _planned(
    kind: str, to: str, language: str, accession: Accession, why: str, meeting: Meeting | None
) -> Planned:
    context = {
        **_of_city(accession.city, language),
        "reason": why,
        "meeting": _meeting(meeting, language),
        "link": f"{settings.SITE_URL}{accession.get_file_url()}",
    }
    return Planned(kind, to, emails.letter_language(language), context)


def _of_city(city: City, language: str) -> dict[str, str]:
    link = f"{settings.SITE_URL}{city.get_absolute_url()}"
    return {"city": str(translated(city, "name", language)), "link": link}


def _meeting(meeting: Meeting | None, language: str) -> str:
    with override(language):
        return str(meeting) if meeting else ""


def _draft(letter: Planned, consent: Consent, about: object, by: User) -> Letter:
    subject, text = consent.letters.get(letter.key, (None, None))
    new = letters.NewLetter(letter.kind, letter.to, letter.language, letter.context, subject, text)
    return letters.write(letter=new, about=about, by=by)
