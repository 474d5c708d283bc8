"""The list of news and its filters."""

from typing import Any, NamedTuple, cast

import django_filters
from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from languages.shared_values import shared_by_pages
from languages.text import current_language, translated
from members.filters import DirectoryFilter, counts_of, pairs_of
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
        invented = [city for city in cities if city.fictional]
        self.asks_for_invented = bool(invented)
        if not invented:
            self.queryset = self.queryset.real()
        choices = [(city.slug, city.title) for city in cities]
        self._offer("city", choices)
        self._offer("point", _points)
        self._offer("year", _years)

    def _offered_cities(self) -> "list[CityWithNews]":
        """The real ones, and the one that is asked for."""
        slug = self.data.get("city")
        offered = []
        for city in _cities():
            if city.fictional and city.slug != slug:
                continue
            offered.append(city)
        return offered

    def _offer(self, name: str, choices: Any) -> None:
        field_options = self.filters[name].extra
        field_options["choices"] = choices

    @property
    def qs(self) -> NewsQuerySet:
        return cast("NewsQuerySet", super().qs)

    def count_by(self, name: str) -> dict[str, int]:
        """One query."""
        rows = self.rows_without(name)
        if name == "city":
            own = pairs_of(rows, "city__slug")
            return counts_of(own.union(pairs_of(rows, "cities__slug")))
        if name == "point":
            in_force = rows.filter(points__plan__in_force=True)
            return counts_of(pairs_of(in_force, "points__number"))
        with_year = rows.annotate(year=Substr("on", 1, 4))
        return counts_of(pairs_of(with_year, "year"))

    def by_city(self, queryset: QuerySet[News], name: str, value: str) -> QuerySet[News]:
        is_by = Q(city__slug=value)
        mentions = Q(pk__in=_mentioning(value))
        return queryset.filter(is_by | mentions)

    def by_point(self, queryset: QuerySet[News], name: str, value: str) -> QuerySet[News]:
        return queryset.filter(points__plan__in_force=True, points__number=value)

    def by_year(self, queryset: QuerySet[News], name: str, value: str) -> QuerySet[News]:
        return queryset.filter(on__startswith=value)


def _mentioning(slug: str) -> QuerySet[Any, Any]:
    relation = News.cities.through
    mentions = relation.objects.all()
    own = mentions.filter(city__slug=slug)
    return own.values("news")


class CityWithNews(NamedTuple):
    """A city of the filter; the name is in the reader's language."""

    slug: str
    title: str
    fictional: bool


@shared_by_pages
def _cities() -> list[CityWithNews]:
    news = News.objects.public()
    publishes = Q(news__in=news)
    is_mentioned = Q(mentioned_in__in=news)
    cities = City.objects.public().filter(publishes | is_mentioned)
    listed: QuerySet[Any] = cities.listed(current_language())
    names = listed.values_list("slug", "title", "fictional")
    rows = names.distinct()
    return [CityWithNews(*row) for row in rows]


@shared_by_pages
def _points() -> list[tuple[str, str]]:
    news = News.objects.public()
    points = Point.objects.public().filter(plan__in_force=True, news__in=news)
    choices = []
    for point in points.distinct():
        value = str(point.number)
        choices.append((value, _label(point)))
    return choices


def _label(point: Point) -> str:
    title = translated(point, "short_title")
    return f"{point.number}. {title}"


@shared_by_pages
def _years() -> list[tuple[str, str]]:
    year_of_date = Substr("on", 1, 4)
    news = News.objects.public().order_by().annotate(year=year_of_date)
    years = news.values_list("year", flat=True).distinct()
    latest_first = sorted(years, reverse=True)
    return [(year, year) for year in latest_first]
