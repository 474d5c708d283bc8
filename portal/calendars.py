"""Events as calendar programs read them (iCalendar, RFC 5545)."""

import datetime
from collections.abc import Iterable
from urllib.parse import urlsplit

import icalendar
from django.conf import settings

from languages.markdown import plain
from languages.text import translated
from portal.models import Event

PRODUCT = "-//Ten Points//Events//EN"


def calendar(events: Iterable[Event]) -> bytes:
    """A calendar file with these events in the reader's language, and the rules of the time zones
    that they name."""
    file = icalendar.Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    rows = list(events)
    for event in rows:
        file.add_component(_entry(event))
    if rows:
        # The rules of the years that occur, not of all since 1970.
        first, last = min(row.first_day for row in rows), max(row.end_day for row in rows)
        file.add_missing_timezones(
            datetime.date(first.year, 1, 1), datetime.date(last.year + 1, 1, 1)
        )
    return file.to_ical()


def _entry(event: Event) -> icalendar.Event:
    entry = icalendar.Event()
    title, text = translated(event, "title"), translated(event, "text")
    entry.add("uid", f"event-{event.pk}@{urlsplit(settings.SITE_URL).hostname}")
    entry.add("dtstamp", event.published_at.astimezone(datetime.UTC))
    entry.add("sequence", event.version)
    entry.add("summary", title.value, parameters={"language": title.language})
    if text:
        entry.add("description", plain(text.value), parameters={"language": text.language})
    if event.place:
        entry.add("location", event.place)
    entry.add("url", settings.SITE_URL + event.get_absolute_url())
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    _add_time(entry, event)
    return entry


def _add_time(entry: icalendar.Event, event: Event) -> None:
    """Days for what lasts all day, its end being the day after the last; else moments with their
    time zone."""
    if event.all_day:
        entry.add("dtstart", event.first_day)
        entry.add("dtend", event.end_day + datetime.timedelta(days=1))
        return
    entry.add("dtstart", event.begins)
    if event.finishes:
        entry.add("dtend", event.finishes)
