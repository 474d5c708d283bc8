"""The cities of an uploaded table: their addresses in this portal, or their names."""

from collections import defaultdict
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from languages.folding import fold
from languages.names import join_list
from languages.text import current_language, schema_languages
from members.models import City, Membership
from members.models.cities import city_name, with_distinction


class CityCells:
    """The cities with an open membership, by all that a person may write for them.

    Two queries. `memberships`: by the city's address.
    """

    def __init__(self) -> None:
        rows = Membership.objects.open().select_related("city__country")
        rows = rows.prefetch_related("city__former_slugs").order_by("city__slug")
        self.memberships = {row.city.slug: row for row in rows}
        self.addresses: dict[str, set[str]] = defaultdict(set)
        for slug, row in self.memberships.items():
            for name in names_of(row.city):
                self.addresses[_key(name)].add(slug)

    def address(self, text: str) -> str:
        """The address of the city that is meant. Raises ValidationError for none or several."""
        key = _key(text)
        if key in self.memberships:
            return key
        slugs = sorted(self.addresses.get(key, ()))
        if len(slugs) == 1:
            return slugs[0]
        if not slugs:
            message = _("No city with this name or address has an open membership.")
            raise ValidationError(message, code="unknown")
        message = _("Several cities have this name. Write the address of one: %(addresses)s.")
        addresses = join_list(slugs, current_language())
        raise ValidationError(message, code="ambiguous", params={"addresses": addresses})

    def name(self, slug: str) -> str:
        return str(self.memberships[slug].city)

    def joined(self, slug: str) -> str:
        """When the city joined, as it is recorded (partial date)."""
        return str(self.memberships[slug].joined)


def names_of(city: City) -> Iterator[str]:
    """What the city is called: by every page in every language, by itself, and once."""
    for code in schema_languages():
        yield str(city_name(city, code))
    for name in city.own_names:
        yield name
        yield with_distinction(city, name)
    for former in city.former_slugs.all():
        yield former.slug


def _key(text: str) -> str:
    return slugify(fold(text), allow_unicode=True)
