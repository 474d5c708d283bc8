"""What happens to a city as a whole: it is taken in as a draft."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from languages.folding import fold
from languages.text import column
from members.models import City, Country, FormerSlug


@dataclass(frozen=True)
class NewCity:
    """What must be known of a city before it can be written down. `language`: in which the name is."""

    name: str
    country: Country
    language: str
    kind: str = City.Kind.CITY
    slug: str = ""


def add(*, new: NewCity) -> City:
    """Write down a city as a draft, with an address of its own. To be called within an action's transaction.

    Raises ValidationError (for `slug`) where no address can be made of the name, or somebody took it meanwhile.
    """
    slug = new.slug or free_slug(new.name, new.kind)
    if not slug:
        message = _("Write an address in Latin letters: none can be made of this name.")
        raise ValidationError({"slug": ValidationError(message, code="required")})
    city = City(slug=slug, country=new.country, kind=new.kind, local_name=new.name, source_language=new.language)
    setattr(city, column("name", new.language), new.name)
    try:
        with transaction.atomic():
            city.save()
    except IntegrityError as error:
        message = _("Another city has or had this address.")
        raise ValidationError({"slug": ValidationError(message, code="unique")}) from error
    return city


def free_slug(name: str, kind: str = City.Kind.CITY) -> str:
    """The name folded to Latin letters; with the kind behind it where another city has that address, then a number.
    Empty where nothing is left of the name."""
    plain = slugify(fold(name))[:60].strip("-")
    if not plain:
        return ""
    with_kind = f"{plain}-{kind}"
    number = 2
    for slug in (plain, with_kind):
        if not _taken(slug):
            return slug
    while _taken(f"{with_kind}-{number}"):
        number += 1
    return f"{with_kind}-{number}"


def _taken(slug: str) -> bool:
    return City.objects.filter(slug=slug).exists() or FormerSlug.objects.filter(slug=slug).exists()
