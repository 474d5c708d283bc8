"""What public pages cost as the network grows: `python bench/growth.py 10000 100000`.

Loads the real data as `bench/pages.py` does, measures, then copies its cities in SQL, with their
memberships, commitments, actions and rows of the index, until there are so many, and measures
again. Prints processor milliseconds, queries and kilobytes. Without numbers: up to 10,000 cities.
"""

import sys
import tempfile
from collections.abc import Mapping
from typing import Any, NamedTuple

import pages

STEP = 1_000_000
PAGES = {
    "home": "/en/",
    "city_list": "/en/cities/",
    "city_list, filtered": "/en/cities/?country=PL&point=4",
    "city_list, page 3": "/en/cities/?page=3",
    "city_detail": "/en/cities/krakow/",
    "city_changes": "/en/cities/krakow/changes/",
    "country_detail": "/en/countries/pl/",
    "plan_detail": "/en/plan/",
    "point_detail": "/en/plan/7/",
    "programme_list": "/en/programmes/",
    "help_detail": "/en/help/krakow/",
    "search, a name": "/en/search/?q=krakau",
    "about": "/en/about/",
}


class Cost(NamedTuple):
    milliseconds: float
    queries: int
    kilobytes: float


def measure() -> dict[str, Cost]:
    from django.conf import settings  # noqa: PLC0415 - only now are the settings named
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    settings.KEPT_PAGES = False
    application = get_wsgi_application()
    costs = {}
    for kind, url in PAGES.items():
        pages.asked(application, url)
        with CaptureQueriesContext(connection) as queries:
            body = pages.asked(application, url)
        asked = len(queries)
        milliseconds = pages.milliseconds(application, url, 1)
        costs[kind] = Cost(milliseconds, asked, len(body) / 1000)
    return costs


def copy_cities(first: int, last: int) -> None:
    """These copies of all cities; the keys of each copy begin at its number of millions."""
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415

    from languages.models import IndexRow  # noqa: PLC0415
    from members.models import Action, City, Commitment, Membership  # noqa: PLC0415

    key = ContentType.objects.get_for_model(City).pk
    for number in range(first, last):
        offset = number * STEP
        own = {"id": f"id + {offset}"}
        slug = {"slug": f"slug || '-{number}'", "wikidata_id": "''", "geonames_id": "NULL"}
        copy(City, own | slug)
        copy(Membership, own | {"city_id": f"city_id + {offset}"})
        copy(Commitment, own | {"city_id": f"city_id + {offset}"})
        copy(Action, own | {"commitment_id": f"commitment_id + {offset}"})
        row = {"object_id": f"object_id + {offset}", "path": f"path || '{number}/'"}
        copy(IndexRow, own | row, f"AND content_type_id = {key}")


def copy(model: Any, changed: Mapping[str, str], condition: str = "") -> None:
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


def show(sizes: Mapping[int, dict[str, Cost]]) -> None:
    heads = "".join(f"{size:>12,}" + " " * 14 for size in sizes)
    print(f"\n{'cities':<22}{heads}")
    print(f"{'page':<22}" + f"{'ms':>8}{'queries':>9}{'kB':>9}" * len(sizes))
    for kind in PAGES:
        line = f"{kind:<22}"
        for costs in sizes.values():
            cost = costs[kind]
            line += f"{cost.milliseconds:>8.1f}{cost.queries:>9}{cost.kilobytes:>9.1f}"
        print(line)


def grow(wanted: list[int]) -> None:
    from django.db import connection  # noqa: PLC0415

    from members.models import City  # noqa: PLC0415

    real = City.objects.count()
    sizes = {real: measure()}
    copies = 1
    for size in wanted:
        needed = max(copies, round(size / real))
        copy_cities(copies, needed)
        copies = needed
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        sizes[City.objects.count()] = measure()
    show(sizes)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        pages.prepare(scratch)
        grow([int(number) for number in sys.argv[1:]] or [10_000])
