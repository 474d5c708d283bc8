"""Support contacts: where somebody who was discriminated against can turn to."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from members.models import (
    City,
    Country,
    Organisation,
    SupportContact,
)


def help_for(city: City) -> tuple[list[SupportContact], list[SupportContact]]:
    """Whom to turn to: the city's own contacts, and those of its country."""
    contacts = (
        SupportContact.objects.public()
        .filter(Q(city=city) | Q(country=city.country_id))
        .select_related("organisation")
        .order_by("organisation__kind", "pk")
    )
    return [c for c in contacts if c.city_id], equality_bodies_first(
        [c for c in contacts if not c.city_id]
    )


def regional_help_for(city: City) -> list[SupportContact]:
    """Contacts of the county or region that the place lies in, as far as that is a place of this
    portal itself."""
    if not city.region or city.kind in City.REGIONAL:
        return []
    regions = City.objects.public().filter(
        country=city.country_id, region=city.region, kind__in=City.REGIONAL
    )
    contacts = SupportContact.objects.public().filter(city__in=regions)
    # What the city names itself need not stand twice.
    further = contacts.exclude(organisation__support_contacts__city=city)
    return list(further.select_related("organisation", "city").order_by("pk"))


def contacts_to_check(contacts: QuerySet[SupportContact], today: date) -> QuerySet[SupportContact]:
    """Those of these contacts that are public and that nobody has checked for a year, or ever."""
    year_ago = today - timedelta(days=SupportContact.DAYS_BETWEEN_CHECKS)
    due = Q(last_checked_on=None) | Q(last_checked_on__lt=year_ago)
    return contacts.filter(due, published_at__isnull=False)


def help_in(country: Country) -> list[SupportContact]:
    """The contacts of a whole country, its equality body first."""
    contacts = (
        SupportContact.objects.public()
        .filter(country=country)
        .select_related("organisation")
        .order_by("pk")
    )
    return equality_bodies_first(list(contacts))


def equality_bodies_first(contacts: list[SupportContact]) -> list[SupportContact]:
    """An ombudsperson stands next: in many countries that office is the equality body."""
    kinds = [Organisation.Kind.EQUALITY_BODY, Organisation.Kind.OMBUDSPERSON]
    return sorted(
        contacts,
        key=lambda contact: [*kinds, contact.organisation.kind].index(contact.organisation.kind),
    )
