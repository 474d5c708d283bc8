"""How pages speak about news and events: when something takes place, what was told about a
programme."""

import datetime
from collections.abc import Iterable

from babel.dates import format_time, get_timezone_name
from django import template
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from languages.dates import format_date, format_range
from languages.names import locale_of
from languages.text import current_language
from portal.models import Event, News
from portal.queries import LATEST

register = template.Library()


@register.simple_tag
def news_about(record: models.Model) -> Iterable[News]:
    """`{% news_about programme as news %}`: the newest news that name a programme, a point, a legal
    act."""
    return list(record.news.public().real().newest()[:LATEST])


@register.filter
def event_time(event: Event) -> SafeString:
    """Days and times written out, with the name of the time zone: `3 December 2026, 10:00–12:00
    (…)`."""
    start = event.first_day if event.all_day else event.begins
    return format_html('<time datetime="{}">{}</time>', start.isoformat(), _words(event))


def _words(event: Event) -> str:
    first, last = event.first_day.isoformat(), event.end_day.isoformat()
    language = current_language()
    if event.all_day:
        return format_range(first, last, language)
    values = {
        "day": format_date(event.first_day, language),
        "last_day": format_date(event.end_day, language),
        "start": _clock(event.starts),
        "end": _clock(event.ends) if event.ends else "",
        "zone": _zone(event.begins),
    }
    if first == last:
        # Translators: an event of one day, with its times and the name of the time zone.
        pattern = _("{day}, {start}–{end} ({zone})") if event.ends else _("{day}, {start} ({zone})")
    elif event.ends:
        # Translators: an event of several days, with the time of its beginning and of its end.
        pattern = _("{day}, {start} – {last_day}, {end} ({zone})")
    else:
        pattern = _("{day}, {start} – {last_day} ({zone})")
    return pattern.format(**values)


def _zone(moment: datetime.datetime) -> str:
    """The name of the time zone in summer or winter, by the clock: by the law of Ireland winter is
    the exception."""
    winter = min(moment.replace(month=month, day=1).utcoffset() for month in (1, 7))
    variant = "daylight" if moment.utcoffset() > winter else "standard"
    return get_timezone_name(
        moment, width="long", locale=locale_of(current_language()), zone_variant=variant
    )


def _clock(time: datetime.time) -> str:
    # Twenty-four hours everywhere: this is a European network.
    return format_time(time, "HH:mm", locale=locale_of(current_language()))
