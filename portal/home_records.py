"""What the first page tells: the examples of the day, a city whose strip is explained, what is
new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from languages.dates import RECENT_YEARS
from languages.text import current_language
from members.age import DatedFact, is_new, years_of
from members.citations import citations_of
from members.models import Action, City, Source
from members.strip import Strip, StripColumn, strips_for
from portal.models import Example, News

# Examples that are told at a time.
EXAMPLES = 3
# Joins and notices under "new".
NEWEST_JOINS, NEWEST_NEWS = 24, 4


@dataclass(frozen=True)
class ToldExample(DatedFact):
    """An action with its city and its first source."""

    action: Action
    source: Source | None

    @property
    def date(self) -> str:
        return self.action.status_as_of or self.action.starts

    @property
    def city(self) -> City:
        return self.action.commitment.city


def examples_of_today() -> list[ToldExample]:
    """Three of the examples that the office chose. The day alone decides which: everybody reads the
    same, tomorrow the next three follow. Three queries, whatever the number of examples."""
    keys = keys_in_turn()
    today = _of_day(keys, timezone.localdate().toordinal())
    rows = _tellable().filter(pk__in=today)
    rows = rows.select_related("action__commitment__city", "action__commitment__point")
    by_key = {row.pk: row.action for row in rows}
    actions = [by_key[key] for key in today if key in by_key]
    sources = {row.object_id: row.source for row in reversed(citations_of(actions))}
    return [ToldExample(action, sources.get(action.pk)) for action in actions]


def keys_in_turn() -> list[int]:
    """The examples that the first page tells, in the order of their turn."""
    keys = (
        _tellable()
        .order_by("pk")
        .values_list(
            "pk",
            flat=True,
        )
    )
    return list(keys)


def next_days(keys: Sequence[int]) -> dict[int, date]:
    """When the first page tells each of these examples next, today included."""
    today = timezone.localdate()
    days: dict[int, date] = {}
    for later in range(len(keys)):
        day = today + timedelta(days=later)
        for key in _of_day(keys, day.toordinal()):
            days.setdefault(key, day)
    return days


def _tellable() -> QuerySet[Example]:
    rows: QuerySet[Example] = Example.objects.public()
    return rows.filter(action__fictional=False, action__published_at__isnull=False)


def _of_day(keys: Sequence[int], day: int) -> list[int]:
    """Three neighbours of the ring of keys, three further each day."""
    count = min(EXAMPLES, len(keys))
    return [keys[(day * EXAMPLES + place) % len(keys)] for place in range(count)]


@dataclass(frozen=True)
class ExplainedStrip:
    """The strip of a real city."""

    city: City
    strip: Strip

    @property
    def readings(self) -> list[list[StripColumn]]:
        """The known columns, those that look alike and say the same together."""
        alike: dict[tuple[str, ...], list[StripColumn]] = {}
        for column in self.strip.columns:
            if column.is_known:
                alike.setdefault(_look_of(column), []).append(column)
        return list(alike.values())


def _look_of(column: StripColumn) -> tuple[str, ...]:
    """Its marks and its words."""
    return (
        column.words,
        column.bar_path,
        column.outline_path,
        column.dashed_path,
        column.dot_path,
    )


def strip_of(cities: Iterable[City]) -> ExplainedStrip | None:
    """Of the city of which most points are known; None where nothing is known of any."""
    by_key = {city.pk: city for city in cities}
    strips = strips_for(by_key.values())
    known = {key: sum(column.is_known for column in strip.columns) for key, strip in strips.items()}
    richest = max(known, key=lambda key: (known[key], -key), default=None)
    if richest is None or not known[richest]:
        return None
    return ExplainedStrip(by_key[richest], strips[richest])


@dataclass(frozen=True)
class NewRow(DatedFact):
    """Cities that joined in one month, or a notice."""

    on: str
    cities: list[City] = field(default_factory=list)
    news: News | None = None

    @property
    def date(self) -> str:
        return self.on


@dataclass(frozen=True)
class RowsTogether:
    """Rows under one heading, the newest first: at most a year old, or from earlier years."""

    rows: list[NewRow]
    are_new: bool

    @property
    def years(self) -> str:
        return years_of(row.on for row in self.rows)


def what_is_new(members: QuerySet[City]) -> list[RowsTogether]:
    """The newest joins and notices of the last three calendar years, those of the last twelve
    months apart: nothing older is called new. Two queries."""
    first_year = timezone.localdate().year - RECENT_YEARS + 1
    joined = (
        members.listed(current_language())  # type: ignore[attr-defined]
        .annotate(joined=F("memberships__joined"))
        .filter(joined__gte=str(first_year))
        .order_by("-joined", "index_rows__sort_key")[:NEWEST_JOINS]
    )
    by_month: dict[str, list[City]] = {}
    for city in joined:
        by_month.setdefault(city.joined[: len("YYYY-MM")], []).append(city)
    rows = [NewRow(month, cities=cities) for month, cities in by_month.items()]
    news = News.objects.public().real().newest()[:NEWEST_NEWS]
    rows += [NewRow(str(row.on), news=row) for row in news]
    recent = [row for row in rows if row.is_recent]
    recent.sort(key=lambda row: row.on, reverse=True)
    new = [row for row in recent if is_new(row.on)]
    earlier = [row for row in recent if not is_new(row.on)]
    groups = [RowsTogether(new, are_new=True), RowsTogether(earlier, are_new=False)]
    return [group for group in groups if group.rows]
