"""The version of all public pages: it changes with everything that somebody publishes, and with
every release of the portal.

Read it before the rows: then a page made of old rows never counts as a page of the new version.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.utils import timezone

from portal.models.dated import DatedQuerySet

WORDS = "SELECT word FROM portal_pageversion ORDER BY word"
# What the portal is made of, below its folder.
SOURCES = ("portal", "programs", "members", "languages", "templates", "locale", "data", "static")
ENDINGS = {".py", ".html", ".txt", ".svg", ".mo", ".csv", ".toml", ".json", ".css", ".js"}
PLAIN = (str, bool, int, float, date)


def page_version() -> str:
    """Empty where nothing is known of it: then no copy may be kept. One query."""
    with connection.cursor() as cursor:
        cursor.execute(WORDS)
        words = [word for (word,) in cursor.fetchall()]
    if not words:
        return ""
    text = ",".join([release(), *words])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


# --- The release ----------------------------------------------------------------------------------


@cache
def release() -> str:
    """A short text that changes with the code, the words, the data files and the settings of this
    process."""
    total = hashlib.sha256()
    for name, value in sorted(_plain_settings()):
        total.update(f"{name}={value!r}\n".encode())
    for path in _files():
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _plain_settings() -> Iterator[tuple[str, Any]]:
    """Those whose value is a text, a number, a date, or a list of them. Of the languages the
    codes."""
    yield "LANGUAGES", [code for code, _name in settings.LANGUAGES]
    for name in dir(settings):
        is_said = name.isupper() and not name.startswith("SECRET_KEY")
        value = getattr(settings, name) if is_said else None
        parts = value if isinstance(value, list | tuple) else [value]
        if value is not None and all(isinstance(part, PLAIN) for part in parts):
            yield name, value


def _files() -> list[Path]:
    folders = [settings.BASE_DIR / name for name in SOURCES]
    # Where the portal was installed from a wheel, the packages lie elsewhere.
    folders.append(Path(__file__).resolve().parent.parent)
    files = {
        settings.BASE_DIR / "requirements.txt",
        Path(settings.STATIC_ROOT) / "staticfiles.json",
    }
    for folder in folders:
        files.update(path for path in folder.rglob("*") if path.suffix in ENDINGS)
    return sorted(path for path in files if path.is_file())


# --- The clock ------------------------------------------------------------------------------------


def next_change(since: datetime | None = None) -> datetime:
    """When pages that were read at this moment, or now, change without a write: at midnight, or
    when an entry appears that was published ahead of time."""
    now = since or timezone.now()
    moments = [midnight(now)]
    for model in _models_published_ahead():
        coming = model._default_manager.filter(published_at__gt=now)
        moment = coming.aggregate(first=Min("published_at"))["first"]
        if moment:
            moments.append(moment)
    return min(moments)


def midnight(now: datetime | None = None) -> datetime:
    """The end of today in the portal's time zone."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=timezone.get_current_timezone())


@cache
def _models_published_ahead() -> list[Any]:
    models = apps.get_app_config("portal").get_models()
    return [model for model in models if isinstance(model._default_manager.all(), DatedQuerySet)]
