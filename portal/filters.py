"""The list of news and its filters."""

import django_filters
from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from languages.text import current_language, translated
from members.filters import DirectoryFilter
from members.models import City, Point
from portal.models import News


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

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        asked = self.data.get("city")
        cities = _cities()
        self.filters["city"].extra["choices"] = [
            (s, title) for s, title, made_up in cities if not made_up or s == asked
        ]
        self.filters["point"].extra["choices"] = _points
        self.filters["year"].extra["choices"] = _years
        self.invented = asked in {slug for slug, _title, made_up in cities if made_up}

    @property
    def qs(self) -> QuerySet[News]:
        rows = super().qs
        return rows if self.invented else rows.real()

    def by_city(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(Q(city__slug=value) | Q(pk__in=_mentioning(value)))

    def by_point(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(points__plan__in_force=True, points__number=value)

    def by_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(on__startswith=value)


def _mentioning(slug: str) -> QuerySet:
    return News.cities.through.objects.filter(city__slug=slug).values("news")


def _cities() -> list[tuple[str, str, bool]]:
    """Cities with news: slug, name in the reader's language, whether invented."""
    public = News.objects.public()
    rows = City.objects.public().filter(Q(news__in=public) | Q(mentioned_in__in=public))
    return list(
        rows.listed(current_language()).values_list("slug", "title", "fictional").distinct()
    )


def _points() -> list[tuple[str, str]]:
    rows = (
        Point.objects.public()
        .filter(plan__in_force=True, news__in=News.objects.public())
        .distinct()
    )
    return [
        (str(point.number), f"{point.number}. {translated(point, 'short_title')}") for point in rows
    ]


def _years() -> list[tuple[str, str]]:
    years = (
        News.objects.public()
        .order_by()
        .annotate(year=Substr("on", 1, 4))
        .values_list("year", flat=True)
        .distinct()
    )
    return [(year, year) for year in sorted(years, reverse=True)]
