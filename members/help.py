"""Whom to turn to, in the order of use: reachable now, for what happened, in the reader's language.

Decision 0034 says why in this order.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from babel.languages import get_official_languages
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from languages.names import country_name
from languages.templatetags.text import inline
from languages.text import Text, current_language
from members import telephone
from members.age import Age, age_of, year_of
from members.models import City, Country, Situation, SupportContact
from members.models.cities import city_name
from members.opening import OpenState, state_in_words, week_in_words

# The number that works throughout the European Union, and in most of Europe.
EMERGENCY = "112"

Kind = SupportContact.Kind
KINDS = list(Kind)
# Without a reason to turn to them, the others come first: the police number stands in the bar.
LATER_KINDS = (Kind.REPORT, Kind.POLICE)
# Who is there for what happened, if the contact itself ticks nothing or ticks it among others.
FIRST_KINDS = {
    Situation.INSULTED: (Kind.ADVICE, Kind.VICTIMS),
    Situation.ATTACKED: (Kind.VICTIMS, Kind.POLICE),
    Situation.REFUSED: (Kind.ADVICE, Kind.COMPLAINT),
    Situation.SCHOOL: (Kind.ADVICE, Kind.COMPLAINT),
    Situation.OFFICE: (Kind.COMPLAINT, Kind.ADVICE),
    Situation.ONLINE: (Kind.VICTIMS, Kind.POLICE, Kind.REPORT),
}


@dataclass(frozen=True)
class HelpEntry:
    """A contact as one reader sees it at one moment."""

    contact: SupportContact
    state: OpenState | None
    language: str
    # Of a contact whom one cannot call or write to: the next one that can be.
    next: "HelpEntry | None" = None

    @property
    def is_local(self) -> bool:
        return self.contact.city_id is not None

    @property
    def is_for_walls(self) -> bool:
        contact = self.contact
        return contact.kind == Kind.GRAFFITI

    @property
    def phone(self) -> str:
        """Its number as its country writes it."""
        contact = self.contact
        country = contact.country_code
        return telephone.write(contact.phone, country)

    @property
    def second_phone(self) -> str:
        contact = self.contact
        country = contact.country_code
        return telephone.write(contact.second_phone, country)

    @property
    def state_in_words(self) -> str:
        """`Open now, until 18:00.`; empty where its hours are not known."""
        state = self.state
        if not state:
            return ""
        return state_in_words(state, self.language)

    @property
    def week_in_words(self) -> str:
        """`Mon–Fri 10:00–18:00`; empty where its hours are not known."""
        contact = self.contact
        opening = contact.opening
        if not opening:
            return ""
        return week_in_words(opening, self.language)

    @property
    def is_free(self) -> bool:
        contact = self.contact
        answer = contact.free
        return answer == SupportContact.Answer.YES

    @property
    def warning(self) -> str:
        """That its hours are years old; empty for recent hours, and for those without a date."""
        contact = self.contact
        has_hours = contact.opening or contact.hours
        if not has_hours:
            return ""
        if not self.has_old_hours:
            return ""
        year = year_of(contact.hours_as_of)
        words = _("These hours are from %(year)s and may have changed.")
        return words % {"year": year}

    @property
    def has_old_hours(self) -> bool:
        contact = self.contact
        age = age_of(contact.hours_as_of)
        return age is Age.OLD

    def rank(self, situation: str) -> tuple[int, ...]:
        """The lower, the earlier in the list."""
        contact = self.contact
        return (
            int(self.is_for_walls),
            int(self._is_for_something_else(situation)),
            int(not contact.can_be_told),
            self._rank_of_situation(situation),
            _first(contact.phone, contact.email or contact.online_form),
            self._rank_of_state(),
            self._rank_of_language(),
            int(not self.is_local),
            int(not self.is_free),
            self._rank_of_kind(situation),
            contact.pk,
        )

    def _is_for_something_else(self, situation: str) -> bool:
        own = self.contact.situations
        if not situation:
            return False
        if not own:
            return False
        return situation not in own.split()

    def _rank_of_situation(self, situation: str) -> int:
        """For this; also for this; for everything."""
        contact = self.contact
        kind = Kind(contact.kind)
        if not situation:
            return int(kind in LATER_KINDS)
        first = FIRST_KINDS[Situation(situation)]
        if kind in first:
            return 0
        if contact.situations:
            return 1
        return 2

    def _rank_of_kind(self, situation: str) -> int:
        """As what happened asks for it, then in the order of all kinds."""
        kind = Kind(self.contact.kind)
        place = KINDS.index(kind)
        if not situation:
            return place
        first = FIRST_KINDS[Situation(situation)]
        if kind in first:
            return first.index(kind)
        return len(first) + place

    def _rank_of_state(self) -> int:
        """Open; open by hours that are years old; opens today; then alike: opens another day, or
        not known."""
        state = self.state
        if state is None:
            return 3
        if state.is_open:
            return int(self.has_old_hours)
        if not state.change:
            return 3
        today = state.moment.date()
        if state.change.date() == today:
            return 2
        return 3

    def _rank_of_language(self) -> int:
        """The reader's language, then all others.

        A body of which no languages are known speaks those of its country, and nobody knows more.
        """
        contact = self.contact
        languages = contact.languages.split()
        if not languages:
            country = contact.country_code
            official = get_official_languages(country, de_facto=True)
            languages = list(official)
        is_spoken = self.language in languages
        return int(not is_spoken)


def _first(*texts: str) -> int:
    """The place of the first text that is not empty."""
    for place, text in enumerate(texts):
        if text:
            return place
    return len(texts)


@dataclass(frozen=True)
class Help:
    """What the help page of a place shows, the best first, and the number to call in danger."""

    entries: list[HelpEntry]
    # The country's own contact for danger, where one is known.
    emergency_contact: SupportContact | None = None

    @property
    def emergency(self) -> str:
        """The number to call in danger."""
        own = self.emergency_contact
        if own is None:
            return EMERGENCY
        return own.phone or EMERGENCY

    @property
    def other_emergency(self) -> SupportContact | None:
        """The contact for danger where its number is not the one that most people know: it says
        why."""
        if self.emergency == EMERGENCY:
            return None
        return self.emergency_contact

    @property
    def best(self) -> HelpEntry | None:
        return self.entries[0] if self.entries else None

    @property
    def has_a_way(self) -> bool:
        """Whether one can call or write to somebody here; else the emergency number comes first."""
        best = self.best
        if best is None:
            return False
        return best.contact.can_be_told

    @property
    def others(self) -> list[HelpEntry]:
        return self.entries[1:]

    @property
    def local(self) -> list[HelpEntry]:
        """The others of the city and of its region."""
        helping = self._helping()
        return [entry for entry in helping if entry.is_local]

    @property
    def national(self) -> list[HelpEntry]:
        """The others of the whole country."""
        helping = self._helping()
        return [entry for entry in helping if not entry.is_local]

    def _helping(self) -> list[HelpEntry]:
        """The others that are there for people, not for walls."""
        others = self.others
        return [entry for entry in others if not entry.is_for_walls]

    @property
    def for_walls(self) -> list[HelpEntry]:
        """The others that remove graffiti: after all that help people."""
        others = self.others
        return [entry for entry in others if entry.is_for_walls]

    @property
    def contacts(self) -> list[SupportContact]:
        return [entry.contact for entry in self.entries]


def help_for(city: City, situation: str = "") -> Help:
    """Whom to turn to in a city."""
    return _help(contacts_for(city), situation)


def contacts_for(city: City) -> QuerySet[SupportContact]:
    """Its own, those of its region and of its country."""
    own = Q(city=city)
    regions = _regions_of(city)
    regional = Q(city__in=regions)
    # An organisation that the city names itself is not named twice.
    named = regional & Q(organisation__support_contacts__city=city)
    contacts = _contacts(own | regional | Q(country=city.country_id))
    return contacts.exclude(named)


def help_in(country: Country, situation: str = "") -> Help:
    """Whom to turn to in a whole country."""
    return _help(contacts_in(country), situation)


def contacts_in(country: Country) -> QuerySet[SupportContact]:
    of_country = Q(country=country)
    return _contacts(of_country)


def _regions_of(city: City) -> QuerySet[City]:
    """The county or region in which the city lies, if the network has it."""
    if not city.region or city.kind in City.REGIONAL:
        return City.objects.none()
    return City.objects.public().filter(
        country=city.country_id, region=city.region, kind__in=City.REGIONAL
    )


def _contacts(condition: Q) -> QuerySet[SupportContact]:
    contacts = SupportContact.objects.public().reachable().filter(condition)
    return contacts.select_related("organisation", "city__country", "country")


def _help(contacts: Iterable[SupportContact], situation: str) -> Help:
    moment = timezone.now()
    emergency_contact = None
    listed = []
    for contact in contacts:
        if contact.kind == Kind.EMERGENCY:
            emergency_contact = contact
        else:
            listed.append(contact)
    return Help(in_order(listed, moment, situation), emergency_contact)


def in_order(
    contacts: Iterable[SupportContact], moment: datetime, situation: str = ""
) -> list[HelpEntry]:
    """The contacts for the current reader, the most useful first."""
    language = current_language()
    entries = []
    for contact in contacts:
        state = contact.open_state(moment)
        entries.append(HelpEntry(contact, state, language))
    entries.sort(key=lambda entry: entry.rank(situation))
    with_next = []
    for place, entry in enumerate(entries):
        later = entries[place + 1 :]
        candidates = later + entries
        with_next.append(_with_next(entry, candidates))
    return with_next


def _with_next(entry: HelpEntry, candidates: Iterable[HelpEntry]) -> HelpEntry:
    """Where nobody can be called or written to, with the first of these whom one can call; else
    the first whom one can write to."""
    if entry.contact.can_be_told:
        return entry
    for_people = [other for other in candidates if not other.is_for_walls]
    reachable = [other for other in for_people if other.contact.can_be_told]
    by_telephone = [other for other in reachable if other.contact.phone]
    best = next(iter(by_telephone or reachable), None)
    return replace(entry, next=best)


@dataclass(frozen=True)
class HelpPlace:
    """Where a reader is: the slug of its help page, and its name."""

    slug: str
    name: Text | str


def place_of_city(city: City) -> HelpPlace:
    return HelpPlace(city.slug, inline(city_name(city)))


def place_of_country(code: str) -> HelpPlace:
    slug = code.lower()
    name = country_name(code, current_language())
    return HelpPlace(slug, name)
