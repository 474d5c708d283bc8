"""Keeping cities of one name apart, in the transaction of the city that changes."""

from django.db import transaction

from languages.upkeep import Keys, Upkeep
from members.models import City
from members.services import namesakes
from portal import index


def _tell_apart(keys: Keys) -> None:
    """Bring the distinctions up to date, and the index of the cities that are not written anyway
    because they changed themselves."""
    own = keys.get(City, set())
    if not own:
        return
    for city in namesakes.tell_apart(own):
        if city.pk not in own:
            index.refresh(city)


# Inside the block of the index, so that it hears which further cities are called otherwise now.
upkeep = Upkeep("namesakes", _tell_apart)
batch_writes = upkeep.batch_writes


def refresh(city: City) -> None:
    """After a city was saved or deleted. A service goes on with the name that it has now."""
    upkeep.refresh(city)
    rows = City._base_manager.filter(pk=city.pk)
    present = rows.values_list("distinguished_by", "distinction").first()
    city.distinguished_by, city.distinction = present or ("", "")


@transaction.atomic
def rebuild() -> int:
    """All cities anew; the number of those that were told apart otherwise."""
    keys = City._base_manager.values_list(
        "pk",
        flat=True,
    )
    changed = namesakes.tell_apart(list(keys))
    for city in changed:
        index.refresh(city)
    return len(changed)
