"""What feeds tell: news, actions and programmes that are new here, and public changes; of a city, a
country, a point, or of everything.

Nothing invented stands in a feed, but in that of the invented city itself.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst

from languages.dates import parse
from languages.text import current_language, labelled, named, translated
from members.age import status_words
from members.models import Action, City, Country, Point, Record
from members.models.cities import city_name
from portal.changes import (
    PublicChange,
    PublicEntries,
    by_whom,
    changes_in_country,
    changes_of,
    changes_of_everything,
    changes_under,
    new_text,
    readable,
)
from portal.feed_loads import (
    MOST_SINGLE,
    by_day,
    load_entry,
    loads_of,
    update_entry,
    without_loads,
)
from portal.feeds import MOST_ENTRIES, FeedEntry
from portal.models import News
from programs.models import Programme


@dataclass(frozen=True)
class FeedRows:
    """The rows that a feed tells of. `key`, `page`: of what it is about, as in the ids of entries,
    and where that is read."""

    key: str
    page: str
    news: QuerySet[News]
    actions: QuerySet[Action]
    programmes: QuerySet[Programme]
    changes: PublicEntries

    def entries(self) -> list[FeedEntry]:
        """As many of each kind as a feed holds: the latest are among them."""
        actions = self.actions.select_related("commitment__city")
        programmes = self.programmes.select_related("city")
        news = self.news.select_related("city")
        by_people = readable(self.changes.by_people[:MOST_ENTRIES])
        return [
            *self._added("news", news, news_entry),
            *self._added("actions", actions, _action_entry),
            *self._added("programmes", programmes, _programme_entry),
            # Where nothing changed but the bookkeeping, there is nothing to tell.
            *(_change_entry(change) for change in by_people if change.changes),
            *self._changed_together(),
        ]

    def _added(
        self, kind: str, rows: QuerySet[Any], entry_of: Callable[[Any], FeedEntry]
    ) -> list[FeedEntry]:
        """What is new; what a loader brought together on a day is one entry. Two queries."""
        loads = loads_of(rows)
        entries = [load_entry(load, kind, self.key, self.page) for load in loads]
        others = without_loads(rows, loads).order_by("-published_at", "-pk")
        return [*entries, *map(entry_of, others[:MOST_ENTRIES])]

    def _changed_together(self) -> list[FeedEntry]:
        """What loaders changed: one entry for a day on which it was much."""
        logged = self.changes.by_loaders[:MOST_ENTRIES]
        days = by_day(change for change in readable(logged) if change.changes)
        if len(logged) == MOST_ENTRIES and len(days) > 1:
            # There may be more of the earliest day: nobody knows yet whether it was much.
            days.popitem()
        entries = []
        for day, changes in days.items():
            if len(changes) > MOST_SINGLE:
                entries.append(update_entry(day, changes, self.key, self.page))
            else:
                entries += [_change_entry(change) for change in changes]
        return entries


def rows_of_city(city: City) -> FeedRows:
    return FeedRows(
        key=f"/cities/{city.pk}/",
        page=city.get_absolute_url(),
        news=News.objects.public().about(city),
        actions=Action.objects.public().filter(commitment__city=city),
        programmes=Programme.objects.public().filter(city=city),
        changes=changes_of(city),
    )


def rows_of_country(country: Country) -> FeedRows:
    real = Q(
        city__country=country,
        city__fictional=False,
    )
    return FeedRows(
        key=f"/countries/{country.code}/",
        page=country.get_absolute_url(),
        news=News.objects.public().real().filter(real),
        actions=_real_actions().filter(commitment__city__country=country),
        programmes=Programme.objects.public().real().filter(real),
        changes=changes_in_country(country),
    )


def rows_of_point(point: Point) -> FeedRows:
    programmes = Programme.objects.public().real().filter(points=point)
    return FeedRows(
        key=f"/plan/{point.pk}/",
        page=point.get_absolute_url(),
        news=News.objects.public().real().filter(points=point),
        actions=_real_actions().filter(commitment__point=point),
        programmes=programmes.exclude(city__fictional=True),
        changes=changes_under(point),
    )


def rows_of_everything() -> FeedRows:
    return FeedRows(
        key="/",
        page=reverse("home"),
        news=News.objects.public().real(),
        actions=_real_actions(),
        programmes=Programme.objects.public().real().exclude(city__fictional=True),
        changes=changes_of_everything(),
    )


def _real_actions() -> QuerySet[Action]:
    return Action.objects.public().real().filter(commitment__city__fictional=False)


# --- Entries --------------------------------------------------------------------------------------


def news_entries(rows: Iterable[News]) -> list[FeedEntry]:
    return [news_entry(news) for news in rows]


def news_entry(news: News) -> FeedEntry:
    title = translated(news, "title")
    return FeedEntry(
        key=f"/news/{news.slug}/",
        title=title.value,
        link=news.get_absolute_url(),
        text=translated(news, "lead").value,
        updated=_moment(news),
        language=title.language,
        author=_author_of(news),
        published=_day(news.on),
    )


def _action_entry(action: Action) -> FeedEntry:
    title = translated(action, "title")
    city = city_name(action.commitment.city).value
    words = [status_words(action), translated(action, "description").value]
    return FeedEntry(
        key=f"/actions/{action.pk}/",
        title=labelled(city, title.value or action.original_title),
        link=action.get_absolute_url(),
        text="\n\n".join(filter(None, words)),
        updated=_moment(action),
        language=title.language,
        author=city if action.is_stated else "",
    )


def _programme_entry(programme: Programme) -> FeedEntry:
    name = named(programme)
    kind = capfirst(str(programme.get_kind_display()))
    return FeedEntry(
        key=f"/programmes/{programme.pk}/",
        title=labelled(kind, name.value) if kind else name.value,
        link=programme.get_absolute_url(),
        text=translated(programme, "introduction").value,
        updated=_moment(programme),
        language=name.language,
        author=_author_of(programme),
    )


def _change_entry(change: PublicChange) -> FeedEntry:
    page = reverse("city_changes", args=[change.city.slug]) if change.city else change.url
    return FeedEntry(
        key=f"/changes/{change.pk}/",
        title=labelled(change.kind, change.name),
        link=f"{page}#change-{change.pk}" if change.city else page or reverse("home"),
        text=_in_words(change),
        updated=change.at,
        language=current_language(),
        author=by_whom(change),
        published=change.at,
    )


def _author_of(row: News | Programme) -> str:
    """The city where it states the row itself; "" for what the portal cites: then the portal."""
    is_stated = row.origin == Record.Origin.STATED
    return str(row.city) if is_stated and row.city else ""


def _in_words(change: PublicChange) -> str:
    """Plain text: the fields and what stands in them now."""
    lines = []
    for field in change.changes:
        label = field.label
        if field.language:
            label += f" ({field.language})"
        text = new_text(field) or "–"
        lines.append(labelled(label, text))
    return "\n\n".join(lines)


def _moment(row: News | Action | Programme) -> datetime.datetime:
    """Since when the public row is public."""
    return cast("datetime.datetime", row.published_at)


def _day(on: str) -> datetime.datetime | None:
    if not on:
        return None
    date = parse(on)
    day = date.first_day()
    midnight = datetime.time(tzinfo=datetime.UTC)
    return datetime.datetime.combine(day, midnight)
