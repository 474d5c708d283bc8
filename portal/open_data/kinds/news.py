"""News and events."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from members.models import City, Point
from portal.filters import NewsFilter
from portal.models import Event, News
from portal.open_data.fields import (
    Field,
    Type,
    about_row,
    city_fields,
    label_of,
    many,
    page_field,
    slug_field,
    stored,
    translated_column,
)
from portal.open_data.filters import EventFilter
from portal.open_data.kind import Kind, Rows, real_rows


def with_points(rows: Rows) -> Rows:
    points = Point.objects.public().order_by("number")
    fetched = rows.select_related("city__country")
    return fetched.prefetch_related(Prefetch("points", points, to_attr="public_points"))


def point_numbers(row: Any) -> list[int]:
    return [point.number for point in row.public_points]


def news_rows() -> Rows:
    cities = City.objects.public().order_by("slug")
    rows = with_points(real_rows(News))
    return rows.prefetch_related(Prefetch("cities", cities, to_attr="public_cities"))


NEWS = Kind(
    name="news",
    title=_("News"),
    meaning=_("What cities and the network tell of their work. A quotation is its speaker’s."),
    fields=(
        slug_field(),
        stored(News, "on", Type.DATE, name="date"),
        *translated_column(News, "title", example="Training for the city’s staff"),
        *translated_column(News, "lead", example="Sampleton joins the network."),
        *translated_column(News, "body", example="The council voted on Monday."),
        *city_fields(lambda row: row.city),
        many("further_cities", _("Further cities"),
             lambda row: [city.slug for city in row.public_cities], example="exampleby"),
        many("points", _("Points of the plan"), point_numbers, type=Type.NUMBER),
        stored(News, "quotation", Type.TEXT, example="We begin today."),
        stored(News, "quotation_language", Type.LANGUAGE),
        stored(News, "speaker", Type.TEXT, example="Jane Sample"),
        *translated_column(News, "office", example="Mayor"),
        page_field(),
        *about_row(lambda row: row.on),
    ),
    rows=news_rows,
    filters=NewsFilter,
    in_order=lambda rows: rows.order_by("-on", "-pk"),
    folder="news/",
    key="slug",
)  # fmt: skip


def event_rows() -> Rows:
    return with_points(real_rows(Event))


def clock(time: Any) -> str:
    """`18:30`; "" for an event that lasts all day."""
    return time.isoformat(timespec="minutes") if time else ""


EVENTS = Kind(
    name="events",
    title=_("Events"),
    meaning=_("What cities and the network invite to."),
    fields=(
        slug_field(),
        *translated_column(Event, "title", example="Training for the city’s staff"),
        *translated_column(Event, "text", example="An evening about work and origin."),
        *city_fields(lambda row: row.city),
        stored(Event, "first_day", Type.DAY),
        stored(Event, "last_day", Type.DAY),
        Field("starts", label_of(Event, "starts"), Type.TEXT, lambda row: clock(row.starts),
              unit=_("time of the day where it happens"), example="18:30"),
        Field("ends", label_of(Event, "ends"), Type.TEXT, lambda row: clock(row.ends),
              unit=_("time of the day where it happens"), example="20:00"),
        stored(Event, "time_zone", Type.TEXT, example="Europe/Warsaw"),
        stored(Event, "place", Type.TEXT, example="Town Hall"),
        stored(Event, "url", Type.ADDRESS),
        many("points", _("Points of the plan"), point_numbers, type=Type.NUMBER),
        stored(Event, "cancelled", Type.TRUTH),
        page_field(),
        *about_row(lambda row: row.first_day.isoformat()),
    ),
    rows=event_rows,
    filters=EventFilter,
    in_order=lambda rows: rows.order_by("-first_day", "-pk"),
    folder="events/",
    key="slug",
)  # fmt: skip
