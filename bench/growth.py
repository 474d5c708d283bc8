"""A larger network for measuring: the real cities copied in SQL, with their memberships,
commitments, actions and rows of the index."""

from collections.abc import Mapping
from typing import Any

# The keys of each copy begin at its number of millions.
STEP = 1_000_000


def copy_cities(size: int) -> int:
    """Copy all real cities until there are about so many. Gives how many there are."""
    from django.db import connection  # noqa: PLC0415 - only now are the settings named

    from members.models import City  # noqa: PLC0415

    real = City.objects.filter(pk__lt=STEP).count()
    there = City.objects.count() // real
    for number in range(there, round(size / real)):
        _copy_once(number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return City.objects.count()


def _copy_once(number: int) -> None:
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415

    from languages.models import IndexRow  # noqa: PLC0415
    from members.models import Action, City, Commitment, Membership  # noqa: PLC0415

    key = ContentType.objects.get_for_model(City).pk
    offset = number * STEP
    own = {"id": f"id + {offset}"}
    slug = {"slug": f"slug || '-{number}'", "wikidata_id": "''", "geonames_id": "NULL"}
    of_city = {"city_id": f"city_id + {offset}"}
    _copy(City, own | slug)
    _copy(Membership, own | of_city)
    _copy(Commitment, own | of_city)
    _copy(Action, own | {"commitment_id": f"commitment_id + {offset}"})
    row = {"object_id": f"object_id + {offset}", "path": f"path || '{number}/'"}
    _copy(IndexRow, own | row, f"AND content_type_id = {key}")


def _copy(model: Any, changed: Mapping[str, str], condition: str = "") -> None:
    """Insert the first million's rows again; `changed`: expressions for some columns."""
    from django.db import connection  # noqa: PLC0415

    names = [field.column for field in model._meta.concrete_fields]
    values = [changed.get(name, f'"{name}"') for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({columns}) '  # noqa: S608 - names of Django
            f'SELECT {", ".join(values)} FROM "{model._meta.db_table}" '
            f"WHERE id < {STEP} {condition}"
        )
