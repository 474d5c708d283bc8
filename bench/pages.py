"""What each kind of public page costs, and what it costs as the network grows: `make bench`.

Works on a database of its own (SQLite in a scratch folder, or an empty PostgreSQL database named by
DATABASE_URL) with the real data, in one process without a network between. Then copies the cities
until there are as many as wanted (`python bench/pages.py 10000 100000`; without a number 10,000),
and measures again. Prints for each page, beside a constant page of the same run:

- after an edit: the first page of a version in this process, and its queries;
- anew: the same page once another one has been made since the edit, and its queries;
- copy: its kept copy, how many constant pages that is, and p50 and p99 on the clock;
- kilobytes, raw and compressed.

Milliseconds are of the processor, the least of some rounds. Nothing is asserted.
"""

import gzip
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import growth

ROUNDS = 3
# Requests to a copy in a round.
WARM = 200
PAGES = {
    "home": "/en/",
    "city_list": "/en/cities/",
    "city_list, one country": "/en/cities/?country=PL",
    "city_list, one point": "/en/cities/?point=4&work=in-progress",
    "city_list, page 3": "/en/cities/?page=3",
    "city_detail, Krakow": "/en/cities/krakow/",
    "city_detail, Wien": "/en/cities/wien/",
    "city_detail, Pitea": "/en/cities/pitea/",
    "city_changes": "/en/cities/krakow/changes/",
    "city_feed": "/en/cities/krakow/feed/",
    "country_detail": "/en/countries/pl/",
    "plan_detail": "/en/plan/",
    "point_detail": "/en/plan/7/",
    "programme_list": "/en/programmes/",
    "programme_detail": "/en/programmes/otwarty-krakow/",
    "news_list": "/en/news/",
    "help_index": "/en/help/",
    "help_detail": "/en/help/krakow/",
    "search, a name": "/en/search/?q=krakau",
    "search, a common word": "/en/search/?q=stadt",
    "search, nothing": "/en/search/?q=qqqq",
    "search_suggest": "/en/search/suggest/?q=kra",
    "figures": "/en/figures/",
    "about": "/en/about/",
    "accessibility": "/en/accessibility/",
    "events_calendar": "/en/events/calendar.ics",
    "sitemap": "/sitemap.xml",
}
# The same text for everybody, from memory, through all of the middleware.
CONSTANT = "/robots.txt"
REQUEST = {
    "REQUEST_METHOD": "GET",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "8000",
    "HTTP_HOST": "127.0.0.1",
    "HTTP_ACCEPT_ENCODING": "gzip",
    "wsgi.url_scheme": "http",
    "wsgi.errors": sys.stderr,
}

Application = Callable[..., Any]


def prepare(folder: str) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    os.environ.update(DEBUG="0", DJANGO_SETTINGS_MODULE="portal.settings", LOG_LEVEL="ERROR")
    os.environ.update(STATIC_ROOT=f"{folder}/static", KEPT_PAGES_FOLDER=f"{folder}/pages")
    os.environ.setdefault("SECRET_KEY", "only-for-measuring")
    os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
    os.environ.setdefault("CONTACT_EMAIL", "secretariat@example.org")
    import django  # noqa: PLC0415 - only now are the settings named
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    for command in ("migrate", "collectstatic"):
        call_command(command, interactive=False, verbosity=0)
    for command in ("load_reference", "load_network"):
        start = time.process_time()
        with Path(os.devnull).open("w") as nowhere:
            call_command(command, stdout=nowhere)
        print(f"{command:<26} {time.process_time() - start:6.1f} CPU s")


class Cost(NamedTuple):
    """Milliseconds, queries, kilobytes of one page."""

    edited: float
    edited_queries: int
    anew: float
    anew_queries: int
    copy: float
    p50: float
    p99: float
    raw: float
    compressed: float


def costs_of_pages(application: Application) -> dict[str, Cost]:
    costs = {}
    for kind, url in PAGES.items():
        asked(application, url)
        edited, edited_queries = _cost(application, url, before=edit)
        anew, anew_queries = _cost(application, url, before=forget_copies)
        body = asked(application, url)
        copy = milliseconds(application, url, WARM)
        seconds = _seconds(application, url)
        costs[kind] = Cost(
            edited,
            edited_queries,
            anew,
            anew_queries,
            copy,
            p50=statistics.median(seconds) * 1000,
            p99=statistics.quantiles(seconds, n=100)[-1] * 1000,
            raw=len(gzip.decompress(body)) / 1000,
            compressed=len(body) / 1000,
        )
    return costs


def edit() -> None:
    """A write to a table that pages show: every copy is of another version now."""
    from members.models import Country  # noqa: PLC0415

    Country.objects.filter(code="PL").update(code="PL")


def forget_copies() -> None:
    from django.conf import settings  # noqa: PLC0415

    shutil.rmtree(settings.KEPT_PAGES_FOLDER, ignore_errors=True)


def _cost(application: Application, url: str, before: Callable[[], None]) -> tuple[float, int]:
    """Milliseconds of the processor, the least of some rounds, and queries. `before`: what is done
    before each request, and not counted."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    times = []
    for _round in range(ROUNDS):
        before()
        start = time.process_time()
        asked(application, url)
        times.append(time.process_time() - start)
    before()
    with CaptureQueriesContext(connection) as queries:
        asked(application, url)
    return min(times) * 1000, len(queries)


def _seconds(application: Application, url: str) -> list[float]:
    """On the clock, each of some requests."""
    seconds = []
    for _time in range(WARM):
        start = time.perf_counter()
        asked(application, url)
        seconds.append(time.perf_counter() - start)
    return seconds


HEAD = (
    f"{'page':<24}{'edited':>8}{'asked':>6}{'anew':>8}{'asked':>6}{'grows':>7}"
    f"{'copy':>7}{'times':>6}{'p50':>7}{'p99':>7}{'kB':>7}{'gzip':>6}"
)


def show(costs: Mapping[str, Cost], first: Mapping[str, Cost], constant: float) -> None:
    """`first`: of the smallest network, for how much a page grows."""
    print(HEAD)
    for kind, cost in costs.items():
        grows = cost.anew / first[kind].anew
        print(
            f"{kind:<24}{cost.edited:>8.1f}{cost.edited_queries:>6}{cost.anew:>8.1f}"
            f"{cost.anew_queries:>6}{grows:>7.1f}{cost.copy:>7.2f}{cost.copy / constant:>6.1f}"
            f"{cost.p50:>7.2f}{cost.p99:>7.2f}{cost.raw:>7.1f}{cost.compressed:>6.1f}"
        )


def measure(sizes: list[int]) -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    settings.KEPT_PAGES = True
    application = get_wsgi_application()
    first: dict[str, Cost] = {}
    for size in [0, *sizes]:
        cities = growth.copy_cities(size)
        asked(application, CONSTANT)
        constant = milliseconds(application, CONSTANT, WARM)
        costs = costs_of_pages(application)
        first = first or costs
        print(f"\n{connection.vendor}, {cities:,} cities; a constant page takes {constant:.2f} ms")
        show(costs, first, constant)


def asked(application: Application, url: str) -> bytes:
    """The body of the answer, as a server gets it."""
    path, _mark, query = url.partition("?")
    environ = {**REQUEST, "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": BytesIO()}
    response = application(environ, lambda status, headers, error=None: None)
    try:
        return b"".join(response)
    finally:
        response.close()


def milliseconds(application: Application, url: str, times: int) -> float:
    """Of the processor, for one request: the least of all rounds."""
    rounds = []
    for _round in range(ROUNDS):
        start = time.process_time()
        for _time in range(times):
            asked(application, url)
        rounds.append((time.process_time() - start) / times)
    return min(rounds) * 1000


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        prepare(scratch)
        measure([int(number) for number in sys.argv[1:]] or [10_000])
