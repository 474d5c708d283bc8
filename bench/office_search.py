"""How long the office's search over everything takes: `bench/office_search.py [UNITS]`.

Works on the database that DATABASE_URL names: a copy with data in it (`make demo`). Adds so many
invented units, and takes them away again at the end. Prints milliseconds of the processor and the
number of queries for each search.
"""

import os
import statistics
import sys
import time
from pathlib import Path

ROUNDS = 7
UNITS = 50_000
ASKED = (
    "Krakow",
    "quixotically",
    "Sampleton",
    "office",
    "office 4711",
    "invented office",
    "secretariat@example.org",
    "racism",
    "of",
    "nothingofthekind",
)


def prepare() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.update(DEBUG="0", DJANGO_SETTINGS_MODULE="portal.settings", LOG_LEVEL="ERROR")
    os.environ.setdefault("SECRET_KEY", "only-for-measuring")
    os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
    os.environ.setdefault("CONTACT_EMAIL", "secretariat@example.org")
    import django  # noqa: PLC0415 - only now are the settings named

    django.setup()


def add_units(count: int) -> None:
    from languages.search.lists import write_rows  # noqa: PLC0415
    from members.models import City, Unit  # noqa: PLC0415

    cities = list(City.objects.values_list("pk", flat=True))
    units = []
    for number in range(count):
        name = f"Invented office {number}"
        if not number:
            name = "Quixotically invented office"
        city = cities[number % len(cities)]
        unit = Unit(city_id=city, name_en=name, source_language="en")
        units.append(unit)
    Unit.objects.bulk_create(units, batch_size=1000)
    write_rows(Unit, ["name_en", "email"])


def measure() -> None:
    from django.contrib import admin  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import RequestFactory  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from members.editing.admin.all_lists import (  # noqa: PLC0415
        AllListsQuery,
        search_lists,
        searched_lists,
    )
    from members.models import User  # noqa: PLC0415

    request = RequestFactory().get("/admin/search/")
    request.user = User.objects.filter(is_secretariat=True, is_active=True)[0]
    lists = searched_lists(admin.site.get_app_list(request))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {len(lists)} lists")
    print("| search | entries | processor ms | least ms | queries |\n|---|---:|---:|---:|---:|")
    for text in ASKED:
        with CaptureQueriesContext(connection) as queries:
            found = search_lists(request, lists, AllListsQuery(text))
        spent = []
        for _round in range(ROUNDS):
            start = time.process_time()
            search_lists(request, lists, AllListsQuery(text))
            spent.append((time.process_time() - start) * 1000)
        total = sum(one.count for one in found)
        middle = statistics.median(spent)
        print(
            f"| {text} | {total} | {middle:.1f} | {min(spent):.1f} | {len(queries)} |", flush=True
        )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else UNITS
    prepare()
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        add_units(count)
        measure()
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
