"""Web addresses (slugs) for new rows: made from names, and free."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.text import slugify

from languages.folding import fold, words
from members.models import City, FormerSlug

# Characters that a number behind a slug may take: `-999`.
ROOM_FOR_NUMBER = 4
CITY_SLUG_LENGTH = 60


def free_slug(model: type[Model], name: str) -> str:
    """A slug made from a name that no row of the model has yet: `Otwarty Kraków` →
    `otwarty-krakow`."""
    meta: Any = model._meta
    field = meta.get_field("slug")
    longest: int = field.max_length - ROOM_FOR_NUMBER
    latin_words = [word for word in words(name) if word.isascii()]
    slug = "-".join(latin_words)
    slug = slug[:longest].strip("-")
    rows = model._base_manager.all()
    return numbered(slug or meta.model_name, rows)


def numbered(slug: str, rows: QuerySet[Any]) -> str:
    """The slug, with a number behind it where one of these rows has it already:
    `otwarty-krakow-2`."""
    similar = rows.filter(slug__startswith=slug)
    used = set(similar.values_list("slug", flat=True))
    next_slug = slug
    number = 1
    while next_slug in used:
        number += 1
        next_slug = f"{slug}-{number}"
    return next_slug


def free_city_slug(name: str, kind: str = City.Kind.CITY) -> str:
    """A slug for a new city: `lodz`, `lodz-county`, `lodz-county-2`.

    The name in Latin letters; with the kind behind it where another city has or had that slug, then
    a number. Empty where no letter of the name is left.
    """
    plain = slugify(fold(name))[:CITY_SLUG_LENGTH].strip("-")
    if not plain:
        return ""
    if not _is_used_by_city(plain):
        return plain
    with_kind = f"{plain}-{kind}"
    next_slug = with_kind
    number = 1
    while _is_used_by_city(next_slug):
        number += 1
        next_slug = f"{with_kind}-{number}"
    return next_slug


def _is_used_by_city(slug: str) -> bool:
    """Whether a city has or had this slug."""
    cities = City.objects.filter(slug=slug)
    if cities.exists():
        return True
    former_slugs = FormerSlug.objects.filter(slug=slug)
    return former_slugs.exists()
