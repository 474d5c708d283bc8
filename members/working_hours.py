"""When a town hall works: letters of the office to many cities arrive then."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_HOUR = time(8)
LAST_HOUR = time(17)
SATURDAY = 5


def next_working_moment(after: datetime, zone: str) -> datetime:
    """The first moment, not before `after`, at which it is Monday to Friday between 8:00 and 17:00
    in a time zone such as "Europe/Warsaw". Public holidays are not known."""
    moment = after.astimezone(ZoneInfo(zone))
    while not _is_working(moment):
        moment = _next_beginning(moment)
    return moment


def _is_working(moment: datetime) -> bool:
    is_weekday = moment.weekday() < SATURDAY
    return is_weekday and FIRST_HOUR <= moment.time() < LAST_HOUR


def _next_beginning(moment: datetime) -> datetime:
    """The next eight o'clock after it, of that day or the following one."""
    day = moment.date()
    if moment.time() >= FIRST_HOUR:
        day += timedelta(days=1)
    return datetime.combine(day, FIRST_HOUR, tzinfo=moment.tzinfo)
