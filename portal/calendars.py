"""Events as calendar programs read them (iCalendar, RFC 5545)."""

import datetime
from collections.abc import Iterable
from urllib.parse import urlsplit

import icalendar
from django.conf import settings

from languages.dates import EARLIEST_YEAR, Bounds
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
    rows = [event for event in events if _has_sane_days(event)]
    for event in rows:
        file.add_component(_entry(event))
    if rows:
        # The rules of the years that occur, not of all since 1970.
        first_year = min(row.first_day for row in rows).year
        last_year = max(row.end_day for row in rows).year
        after = datetime.date(last_year + 1, 1, 1)
        file.add_missing_timezones(datetime.date(first_year, 1, 1), after)
    content: bytes = file.to_ical()
    return content


def _has_sane_days(event: Event) -> bool:
    """Whether an event lies within the bounds of what may be typed today.

    A row from before may lie in the year 9998: the rules of its time zone, one for each year until
    then, took ten seconds, and calendars end with the year 9999.
    """
    last_day = Bounds.PLANNED.last_day()
    return event.first_day.year >= EARLIEST_YEAR and event.end_day <= last_day


def _entry(event: Event) -> icalendar.Event:
    entry = icalendar.Event()
    host = urlsplit(settings.SITE_URL).hostname
    entry.add("uid", f"event-{event.pk}@{host}")
    if event.published_at:
        entry.add("dtstamp", event.published_at.astimezone(datetime.UTC))
    entry.add("sequence", event.version)
    _add_texts(entry, event)
    if event.place:
        entry.add("location", event.place)
    entry.add("url", settings.SITE_URL + event.get_absolute_url())
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    _add_time(entry, event)
    return entry


def _add_texts(entry: icalendar.Event, event: Event) -> None:
    """The title and the text, each with the language that it is in."""
    title = translated(event, "title")
    language = {"language": title.language}
    entry.add("summary", title.value, parameters=language)
    text = translated(event, "text")
    if text:
        language = {"language": text.language}
        entry.add("description", plain(text.value), parameters=language)


def _add_time(entry: icalendar.Event, event: Event) -> None:
    """Days for what lasts all day, where the end is the day after the last; else moments with their
    time zone."""
    if event.all_day:
        day_after = event.end_day + datetime.timedelta(days=1)
        entry.add("dtstart", event.first_day)
        entry.add("dtend", day_after)
        return
    entry.add("dtstart", event.begins)
    if event.finishes:
        entry.add("dtend", event.finishes)
