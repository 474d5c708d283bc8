"""How long each kind of public page takes, in one process without a network between: `make bench`.

Works on a database of its own (SQLite in a scratch folder, or an empty PostgreSQL database named by
DATABASE_URL) with the real data. Prints milliseconds (median and 95th percentile), queries and
kilobytes. Nothing is asserted.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 30
PAGES = {
    "home": "/en/",
    "city_list": "/en/cities/",
    "city_list, one country": "/en/cities/?country=PL",
    "city_list, one point": "/en/cities/?point=4&work=in-progress",
    "city_detail": "/en/cities/krakow/",
    "country_detail": "/en/countries/de/",
    "plan_detail": "/en/plan/",
    "point_detail": "/en/plan/7/",
    "programme_list": "/en/programmes/",
    "programme_detail": "/en/programmes/otwarty-krakow/",
    "help_index": "/en/help/",
    "help_detail": "/en/help/krakow/",
    "search, a name": "/en/search/?q=krakau",
    "search, a common word": "/en/search/?q=stadt",
    "search, nothing": "/en/search/?q=qqqq",
    "about": "/en/about/",
}


def prepare(folder: str) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    os.environ.update(DEBUG="0", DJANGO_SETTINGS_MODULE="portal.settings", LOG_LEVEL="ERROR")
    os.environ.update(STATIC_ROOT=f"{folder}/static")
    os.environ.setdefault("SECRET_KEY", "only-for-measuring")
    os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
    os.environ.setdefault("CONTACT_EMAIL", "secretariat@example.org")
    import django  # noqa: PLC0415 - only now are the settings named
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    for command in ("migrate", "collectstatic"):
        call_command(command, interactive=False, verbosity=0)
    for command in ("load_reference", "load_network"):
        start = time.perf_counter()
        with Path(os.devnull).open("w") as nowhere:
            call_command(command, stdout=nowhere)
        print(f"{command:<26} {time.perf_counter() - start:6.1f} s")


def measure() -> None:
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client(headers={"host": "127.0.0.1"})
    print(f"\n{connection.vendor}: {ROUNDS} requests each\n")
    print(f"{'page':<26} {'median ms':>10} {'p95 ms':>8} {'queries':>8} {'kB':>6}")
    for kind, url in PAGES.items():
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            size = len(client.get(url).content)
        asked = len(queries)
        times = sorted(timed(client, url) for _round in range(ROUNDS))
        p95 = times[int(ROUNDS * 0.95) - 1]
        print(
            f"{kind:<26} {statistics.median(times):>10.1f} {p95:>8.1f} {asked:>8} "
            f"{size / 1000:>6.0f}"
        )


def timed(client: object, url: str) -> float:
    start = time.perf_counter()
    client.get(url)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        prepare(scratch)
        measure()
