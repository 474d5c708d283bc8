"""Whom to turn to, in the order of use: reachable now, for what happened, in the reader's language.

Decision 0034 says why in this order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from languages.text import current_language
from members import telephone
from members.models import City, Country, SupportContact
from members.opening import OpenState, state_in_words, week_in_words

# The number that works throughout the European Union, and in most of Europe.
EMERGENCY = "112"

Kind = SupportContact.Kind
KINDS = list(Kind)
# Without a reason to turn to them, the others come first: the police number stands in the bar.
LATER_KINDS = (Kind.REPORT, Kind.POLICE)


@dataclass(frozen=True)
class HelpEntry:
    """A contact as one reader sees it at one moment."""

    contact: SupportContact
    state: OpenState | None
    language: str

    @property
    def is_local(self) -> bool:
        return self.contact.city_id is not None

    @property
    def phone(self) -> str:
        """Its number as its country writes it."""
        return telephone.write(self.contact.phone, self.contact.country_code)

    @property
    def second_phone(self) -> str:
        return telephone.write(self.contact.second_phone, self.contact.country_code)

    @property
    def state_in_words(self) -> str:
        """`Open now, until 18:00.`; empty where its hours are not known."""
        return state_in_words(self.state, self.language) if self.state else ""

    @property
    def week_in_words(self) -> str:
        """`Mon–Fri 10:00–18:00`; empty where its hours are not known."""
        opening = self.contact.opening
        return week_in_words(opening, self.language) if opening else ""

    @property
    def is_free(self) -> bool:
        return self.contact.free == SupportContact.Answer.YES

    def rank(self, situation: str) -> tuple[int, ...]:
        """The lower, the earlier in the list."""
        contact = self.contact
        return (
            int(contact.kind == Kind.GRAFFITI),
            self._rank_of_situation(situation),
            _first(contact.phone, contact.email or contact.online_form, contact.url),
            self._rank_of_state(),
            self._rank_of_language(),
            int(not self.is_local),
            int(not self.is_free),
            KINDS.index(Kind(contact.kind)),
            contact.pk,
        )

    def _rank_of_situation(self, situation: str) -> int:
        """For this, for everything, for something else."""
        own = self.contact.situations.split()
        if not situation:
            return int(self.contact.kind in LATER_KINDS)
        if situation in own:
            return 0
        return 2 if own else 1

    def _rank_of_state(self) -> int:
        """Open, opens today, then alike: opens another day, or not known."""
        state = self.state
        if state is None:
            return 2
        if state.is_open:
            return 0
        opens_today = state.change and state.change.date() == state.moment.date()
        return 1 if opens_today else 2

    def _rank_of_language(self) -> int:
        """The reader's language, not known, others."""
        languages = self.contact.languages.split()
        if not languages:
            return 1
        return 0 if self.language in languages else 2


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
    emergency: str = EMERGENCY

    @property
    def best(self) -> HelpEntry | None:
        return self.entries[0] if self.entries else None

    @property
    def others(self) -> list[HelpEntry]:
        return self.entries[1:]

    @property
    def local(self) -> list[HelpEntry]:
        """The others of the city and of its region."""
        return [entry for entry in self.others if entry.is_local]

    @property
    def national(self) -> list[HelpEntry]:
        """The others of the whole country."""
        return [entry for entry in self.others if not entry.is_local]

    @property
    def contacts(self) -> list[SupportContact]:
        return [entry.contact for entry in self.entries]


def help_for(city: City, situation: str = "") -> Help:
    """Whom to turn to in a city: its own contacts, those of its region and of its country."""
    own = Q(city=city)
    regions = _regions_of(city)
    regional = Q(city__in=regions)
    # An organisation that the city names itself is not named twice.
    named = regional & Q(organisation__support_contacts__city=city)
    contacts = _contacts(own | regional | Q(country=city.country_id))
    return _help(contacts.exclude(named), situation)


def help_in(country: Country, situation: str = "") -> Help:
    """Whom to turn to in a whole country."""
    return _help(_contacts(Q(country=country)), situation)


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
    emergency = EMERGENCY
    listed = []
    for contact in contacts:
        if contact.kind == Kind.EMERGENCY:
            emergency = contact.phone or emergency
        else:
            listed.append(contact)
    return Help(in_order(listed, moment, situation), emergency)


def in_order(
    contacts: Iterable[SupportContact], moment: datetime, situation: str = ""
) -> list[HelpEntry]:
    """The contacts for the current reader, the most useful first."""
    language = current_language()
    entries = []
    for contact in contacts:
        state = contact.open_state(moment)
        entries.append(HelpEntry(contact, state, language))
    return sorted(entries, key=lambda entry: entry.rank(situation))
