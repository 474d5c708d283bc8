"""What each kind of public page costs, made anew and as a kept copy: `make bench`.

Works on a database of its own (SQLite in a scratch folder, or an empty PostgreSQL database named by
DATABASE_URL) with the real data, in one process without a network between. Prints processor
milliseconds (the least of three rounds), queries and kilobytes, raw and compressed, beside a
constant page of the same run. Nothing is asserted.
"""

import gzip
import os
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

ROUNDS = 3
# Requests of one round: made anew, and as a copy.
COLD, WARM = 3, 200
PAGES = {
    "home": "/en/",
    "city_list": "/en/cities/",
    "city_list, one country": "/en/cities/?country=PL",
    "city_list, one point": "/en/cities/?point=4&work=in-progress",
    "city_detail": "/en/cities/krakow/",
    "city_changes": "/en/cities/krakow/changes/",
    "city_feed": "/en/cities/krakow/feed/",
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
    "search_suggest": "/en/search/suggest/?q=kra",
    "figures": "/en/figures/",
    "about": "/en/about/",
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


def measure() -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    application = get_wsgi_application()
    asked(application, CONSTANT)
    constant = milliseconds(application, CONSTANT, WARM)
    print(f"\n{connection.vendor}; a constant page takes {constant:.2f} ms\n")
    print(f"{'page':<24}{'cold ms':>9}{'queries':>9}{'warm ms':>9}{'times':>7}{'kB':>7}{'gzip':>7}")
    for kind, url in PAGES.items():
        settings.KEPT_PAGES = False
        asked(application, url)
        with CaptureQueriesContext(connection) as queries:
            asked(application, url)
        # Read at once: the next request empties the log of queries.
        asked_of_database = len(queries)
        cold = milliseconds(application, url, COLD)
        settings.KEPT_PAGES = True
        small = asked(application, url)
        warm = milliseconds(application, url, WARM)
        print(
            f"{kind:<24}{cold:>9.1f}{asked_of_database:>9}{warm:>9.2f}{warm / constant:>7.1f}"
            f"{len(gzip.decompress(small)) / 1000:>7.1f}{len(small) / 1000:>7.1f}"
        )


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
        measure()
