"""The list of news and its filters."""

from typing import Any, NamedTuple

import django_filters
from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from languages.text import current_language, translated
from members.filters import DirectoryFilter
from members.models import City, Point
from portal.models import News
from portal.models.news import NewsQuerySet


class NewsFilter(DirectoryFilter):
    """News by city, point and year. An invented city's stand here only for whoever asks for that
    city."""

    city = django_filters.ChoiceFilter(
        method="by_city", label=_("City"), empty_label=_("All cities and the network")
    )
    point = django_filters.ChoiceFilter(
        method="by_point", label=_("Point of the plan"), empty_label=_("All points")
    )
    year = django_filters.ChoiceFilter(
        method="by_year", label=_("Year"), empty_label=_("All years")
    )

    class Meta:
        model = News
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cities = self._offered_cities()
        self.asks_for_invented = any(city.fictional for city in cities)
        self._offer("city", [(city.slug, city.title) for city in cities])
        self._offer("point", _points)
        self._offer("year", _years)

    def _offered_cities(self) -> "list[CityWithNews]":
        """The real ones, and the one that is asked for."""
        slug = self.data.get("city")
        return [city for city in _cities() if not city.fictional or city.slug == slug]

    def _offer(self, name: str, choices: Any) -> None:
        self.filters[name].extra["choices"] = choices

    @property
    def qs(self) -> NewsQuerySet:
        rows: Any = super().qs
        news: NewsQuerySet = rows if self.asks_for_invented else rows.real()
        return news

    def by_city(self, queryset: QuerySet[News], name: str, value: str) -> QuerySet[News]:
        return queryset.filter(Q(city__slug=value) | Q(pk__in=_mentioning(value)))

    def by_point(self, queryset: QuerySet[News], name: str, value: str) -> QuerySet[News]:
        return queryset.filter(points__plan__in_force=True, points__number=value)

    def by_year(self, queryset: QuerySet[News], name: str, value: str) -> QuerySet[News]:
        return queryset.filter(on__startswith=value)


def _mentioning(slug: str) -> QuerySet[Any, Any]:
    mentions = News.cities.through.objects.filter(city__slug=slug)
    return mentions.values("news")


class CityWithNews(NamedTuple):
    """A city of the filter; the name is in the reader's language."""

    slug: str
    title: str
    fictional: bool


def _cities() -> list[CityWithNews]:
    news = News.objects.public()
    cities = City.objects.public().filter(Q(news__in=news) | Q(mentioned_in__in=news))
    listed: QuerySet[Any] = cities.listed(current_language())
    rows = listed.values_list("slug", "title", "fictional")
    return [CityWithNews(*row) for row in rows.distinct()]


def _points() -> list[tuple[str, str]]:
    news = News.objects.public()
    points = Point.objects.public().filter(plan__in_force=True, news__in=news).distinct()
    return [(str(point.number), _label(point)) for point in points]


def _label(point: Point) -> str:
    return f"{point.number}. {translated(point, 'short_title')}"


def _years() -> list[tuple[str, str]]:
    news = News.objects.public().order_by().annotate(year=Substr("on", 1, 4))
    years = news.values_list("year", flat=True).distinct()
    return [(year, year) for year in sorted(years, reverse=True)]
