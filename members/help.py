"""Support contacts: where somebody who was discriminated against can turn to."""

from collections.abc import Iterable

from django.db.models import Q

from members.models import City, Country, Organisation, SupportContact


def help_for(city: City) -> tuple[list[SupportContact], list[SupportContact]]:
    """Whom to turn to: the city's own contacts, and those of its country."""
    is_for_city = Q(city=city) | Q(country=city.country_id)
    contacts = SupportContact.objects.public().filter(is_for_city)
    rows = contacts.select_related("organisation")
    own = []
    national = []
    for contact in rows.order_by("organisation__kind", "pk"):
        if contact.city_id:
            own.append(contact)
        else:
            national.append(contact)
    return own, equality_bodies_first(national)


def regional_help_for(city: City) -> list[SupportContact]:
    """Contacts of the county or region in which the city lies, if that is in the portal."""
    if not city.region or city.kind in City.REGIONAL:
        return []
    regions = City.objects.public().filter(
        country=city.country_id,
        region=city.region,
        kind__in=City.REGIONAL,
    )
    contacts = SupportContact.objects.public().filter(city__in=regions)
    # An organisation that the city names itself is not named twice.
    others = contacts.exclude(organisation__support_contacts__city=city)
    rows = others.select_related("organisation", "city")
    return list(rows.order_by("pk"))


def help_in(country: Country) -> list[SupportContact]:
    """The contacts of a whole country, its equality body first."""
    contacts = SupportContact.objects.public().filter(country=country)
    rows = contacts.select_related("organisation").order_by("pk")
    return equality_bodies_first(rows)


def equality_bodies_first(contacts: Iterable[SupportContact]) -> list[SupportContact]:
    """Equality bodies by name, then ombudspersons, then the others."""
    return sorted(contacts, key=_rank)


def _rank(contact: SupportContact) -> int:
    kinds = Organisation.EQUALITY_BODIES
    kind = contact.organisation.kind
    if kind not in kinds:
        return len(kinds)
    return kinds.index(kind)
