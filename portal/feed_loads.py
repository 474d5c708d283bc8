"""What loaders bring together is one entry of a feed: three hundred rows of a table would push out
whatever people did meanwhile.

A load is what was published from public sources on one day (UTC), if that is much. Its entry keeps
its id, and its moment is that of its newest row.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.dates import format_partial
from languages.names import number
from languages.text import current_language, labelled
from members.models import Record
from portal.changes import PublicChange
from portal.feeds import MOST_ENTRIES, FeedEntry

# So many rows of a day still stand each by itself.
MOST_SINGLE = 5
# So many changed entries are named.
MOST_NAMED = 10
DAY = TruncDate("published_at", tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Load:
    """How many rows were published on a day, and when the last of them was."""

    day: datetime.date
    count: int
    last: datetime.datetime


def loads_of(rows: QuerySet[Any]) -> list[Load]:
    """The latest loads, as many as a feed holds. One query."""
    cited = rows.filter(origin=Record.Origin.CITED).order_by().annotate(day=DAY)
    days = cited.values("day").annotate(
        count=Count("pk", distinct=True),
        last=Max("published_at"),
    )
    full_days = days.filter(count__gt=MOST_SINGLE).order_by("-day")[:MOST_ENTRIES]
    return [Load(row["day"], row["count"], row["last"]) for row in full_days]


def without_loads(rows: QuerySet[Any], loads: Iterable[Load]) -> QuerySet[Any]:
    """What stands in none of these loads."""
    days = [load.day for load in loads]
    in_a_load = Q(origin=Record.Origin.CITED, day__in=days)
    others: QuerySet[Any] = rows.annotate(day=DAY).exclude(in_a_load)
    return others


def load_entry(load: Load, kind: str, key: str, page: str) -> FeedEntry:
    return FeedEntry(
        key=f"{key}loads/{kind}/{load.day:%Y-%m-%d}/",
        title=_added(kind, load.count),
        link=page,
        text=_("Each stands on its page with its sources."),
        updated=load.last,
        language=current_language(),
    )


def by_day(changes: Iterable[PublicChange]) -> dict[datetime.date, list[PublicChange]]:
    """Changes, the latest first, by their day in UTC."""
    days: dict[datetime.date, list[PublicChange]] = defaultdict(list)
    for change in changes:
        day = change.at.astimezone(datetime.UTC).date()
        days[day].append(change)
    return days


def update_entry(day: datetime.date, changes: list[PublicChange], key: str, page: str) -> FeedEntry:
    """Changes of one day, the latest first, as one entry."""
    named = [labelled(change.kind, change.name) for change in changes[:MOST_NAMED]]
    if len(changes) > MOST_NAMED:
        named.append("…")
    words = _("Brought up to date from public sources, %(date)s")
    return FeedEntry(
        key=f"{key}updates/{day:%Y-%m-%d}/",
        title=words % {"date": format_partial(day.isoformat(), current_language())},
        link=page,
        text="\n\n".join(named),
        updated=changes[0].at,
        language=current_language(),
    )


def _added(kind: str, count: int) -> str:
    if kind == "news":
        words = ngettext(
            "%(count)s news item added from public sources",
            "%(count)s news items added from public sources",
            count,
        )
    elif kind == "programmes":
        words = ngettext(
            "%(count)s programme added from public sources",
            "%(count)s programmes added from public sources",
            count,
        )
    else:
        words = ngettext(
            "%(count)s action added from public sources",
            "%(count)s actions added from public sources",
            count,
        )
    return words % {"count": number(count, current_language())}
