"""Cities that read the same: who else has this name?"""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from languages.text import columns, schema_languages, translated
from members.models import City

# Every column in which a name stands that readers see.
NAME_COLUMNS = ("local_name", *columns("name"))


def having_a_name_of(names: Collection[str]) -> QuerySet[City]:
    """The cities that have one of these names in any language, public or not."""
    condition = Q(pk__in=[])
    for name in NAME_COLUMNS:
        condition |= Q(**{f"{name}__in": names})
    return City._base_manager.filter(condition)


def names_by_language(city: City) -> set[tuple[str, str]]:
    """What readers see as the name: by language, and the local name, which stands beside it."""
    names = {("", city.local_name)}
    for code in schema_languages():
        text = translated(city, "name", code)
        names.add((code, str(text) or city.local_name))
    return names


def namesakes_in(country: int, names: Iterable[str], but: City | None = None) -> list[City]:
    """The cities of a country that have one of these names, in the order of their addresses."""
    wanted = {name for name in names if name}
    if not wanted:
        return []
    rows = having_a_name_of(wanted).filter(country=country)
    if but is not None and but.pk:
        rows = rows.exclude(pk=but.pk)
    return list(rows.order_by("slug"))
