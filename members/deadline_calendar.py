"""Deadlines as calendar programs read them (iCalendar, RFC 5545), at an address of one's own."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext as _

from members.deadlines import Deadline
from members.models import User

PRODUCT = "-//Ten Points//Deadlines//EN"
# Whoever has the address reads the deadlines; it names no person and signs nobody in.
ADDRESSES = Signer(salt="deadlines", sep=".")
# How often programs should ask again.
PAUSE = timedelta(hours=12)


def calendar_token(person: User) -> str:
    """The secret part of the address, "" for a person without one."""
    if not person.calendar_number:
        return ""
    return ADDRESSES.sign(f"{person.pk}-{person.calendar_number}")


def person_of_calendar(token: str) -> User | None:
    """Whose calendar it is; None for an address that was never given or is renewed."""
    try:
        text = ADDRESSES.unsign(token)
    except BadSignature:
        return None
    key, _dash, number = text.partition("-")
    if number == "0":
        return None
    people = User.objects.filter(
        pk=int(key),
        calendar_number=int(number),
    )
    return people.first()


def calendar_file(deadlines: Iterable[Deadline]) -> bytes:
    file = icalendar.Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("x-wr-calname", _("Ten Points: deadlines"))
    kind = {"value": "DURATION"}
    file.add(
        "refresh-interval",
        PAUSE,
        parameters=kind,
    )
    for deadline in deadlines:
        entry = _entry(deadline)
        file.add_component(entry)
    content: bytes = file.to_ical()
    return content


def _entry(deadline: Deadline) -> icalendar.Event:
    host = urlsplit(settings.SITE_URL).hostname
    today = timezone.localdate()
    midnight = datetime.combine(
        today,
        time.min,
        tzinfo=UTC,
    )
    last_day = deadline.last_day or deadline.day
    entry = icalendar.Event()
    entry.add("uid", f"{deadline.key}@{host}")
    entry.add("dtstamp", midnight)
    entry.add("summary", deadline.words)
    entry.add("url", settings.SITE_URL + deadline.url)
    entry.add("dtstart", deadline.day)
    day_after = last_day + timedelta(days=1)
    entry.add("dtend", day_after)
    # It takes no time of the day.
    entry.add("transp", "TRANSPARENT")
    return entry
