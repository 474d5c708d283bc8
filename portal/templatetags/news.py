"""How pages speak about news and events: when something takes place, what was told about a
programme."""

import datetime
from typing import Literal

from babel.dates import format_time, get_timezone_name
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from languages.dates import format_date, format_range
from languages.names import locale_of
from languages.text import current_language
from members.models import LegalAct, Point
from portal.models import Event, News
from portal.queries import LATEST
from programs.models import Programme

register = template.Library()


@register.simple_tag
def news_about(record: Programme | Point | LegalAct) -> list[News]:
    """`{% news_about programme as news %}`: the newest news that name a programme, a point, a legal
    act."""
    news = record.news.public().real().newest()
    return list(news[:LATEST])


@register.filter
def event_time(event: Event) -> SafeString:
    """Days and times written out, with the name of the time zone: `3 December 2026, 10:00–12:00
    (…)`."""
    start = event.first_day if event.all_day else event.begins
    words = _words(event)
    return format_html('<time datetime="{}">{}</time>', start.isoformat(), words)


def _words(event: Event) -> str:
    first = event.first_day.isoformat()
    last = event.end_day.isoformat()
    language = current_language()
    if event.starts is None:
        return format_range(first, last, language)
    pattern = _pattern(event)
    end = _clock(event.ends) if event.ends else ""
    return pattern.format(
        day=format_date(event.first_day, language),
        last_day=format_date(event.end_day, language),
        start=_clock(event.starts),
        end=end,
        zone=_zone(event.begins),
    )


def _pattern(event: Event) -> str:
    lasts_one_day = event.first_day == event.end_day
    if lasts_one_day and event.ends:
        # Translators: an event of one day, with its times and the name of the time zone.
        return _("{day}, {start}–{end} ({zone})")
    if lasts_one_day:
        return _("{day}, {start} ({zone})")
    if event.ends:
        # Translators: an event of several days, with the time of its beginning and of its end.
        return _("{day}, {start} – {last_day}, {end} ({zone})")
    return _("{day}, {start} – {last_day} ({zone})")


def _zone(moment: datetime.datetime) -> str:
    """The name of the time zone in summer or winter, by the clock: by the law of Ireland winter is
    the exception."""
    january = moment.replace(month=1, day=1)
    july = moment.replace(month=7, day=1)
    winter_offset = min(_offset(january), _offset(july))
    variant: Literal["daylight", "standard"] = "standard"
    if _offset(moment) > winter_offset:
        variant = "daylight"
    return get_timezone_name(
        moment,
        width="long",
        locale=locale_of(current_language()),
        zone_variant=variant,
    )


def _offset(moment: datetime.datetime) -> datetime.timedelta:
    """What the clock is ahead of UTC."""
    return moment.utcoffset() or datetime.timedelta()


def _clock(time: datetime.time) -> str:
    # Twenty-four hours everywhere: this is a European network.
    locale = locale_of(current_language())
    return format_time(time, "HH:mm", locale=locale)
