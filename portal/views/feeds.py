"""Atom feeds: of a city, a country, a point, the network, and of the news alone."""

from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from languages.names import join_list
from languages.text import current_language, translated
from members.models import City, Country, Point
from members.models.cities import city_name
from members.standing import standing_of
from portal.feed_entries import (
    FeedRows,
    news_entries,
    rows_of_city,
    rows_of_country,
    rows_of_everything,
    rows_of_point,
)
from portal.feeds import MOST_ENTRIES, Feed, answer, newest
from portal.forms import FeedForm
from portal.models import News


@require_safe
def city_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """News, new actions and programmes, and public changes of a city."""
    city = get_object_or_404(
        City.objects.public(),
        slug=slug,
    )
    feed = Feed(
        title=_("What changed: %(city)s") % {"city": city},
        subtitle=str(standing_of(city) or ""),
        address=request.path,
        page=reverse("city_changes", args=[slug]),
        language=current_language(),
        entries=newest(rows_of_city(city).entries()),
        since=city.published_at,
    )
    return answer(request, feed)


@require_safe
def country_feed(request: HttpRequest, code: str) -> HttpResponse:
    """The same of all cities of a country."""
    country = get_object_or_404(Country.objects.public(), code=code.upper())
    cities = City.objects.public().real().filter(country=country)
    title = _("What changed: %(city)s") % {"city": country}
    return _answer(request, title, country.get_absolute_url(), rows_of_country(country), cities)


@require_safe
def point_feed(request: HttpRequest, number: int) -> HttpResponse:
    """The same of all that cities do under a point of the plan."""
    points = Point.objects.public().filter(plan__in_force=True)
    point = get_object_or_404(points, number=number)
    numbered = f"{point.number}. {translated(point, 'short_title')}"
    title = _("What changed: %(city)s") % {"city": numbered}
    cities = City.objects.public().real()
    return _answer(request, title, point.get_absolute_url(), rows_of_point(point), cities)


@require_safe
def network_feed(request: HttpRequest) -> HttpResponse:
    """The same of the whole network."""
    cities = City.objects.public().real()
    return _answer(
        request, _("What changed in the network"), reverse("home"), rows_of_everything(), cities
    )


def _answer(
    request: HttpRequest, title: str, page: str, rows: FeedRows, cities: QuerySet[City]
) -> HttpResponse:
    entries = newest(rows.entries())
    feed = Feed(
        title=title,
        address=request.path,
        page=page,
        language=current_language(),
        entries=entries,
        since=None if entries else _newest_of(cities),
    )
    return answer(request, feed)


def _newest_of(cities: QuerySet[City]) -> datetime | None:
    """Since when the newest of the cities is public."""
    moment: datetime | None = cities.aggregate(newest=Max("published_at"))["newest"]
    return moment


# --- News alone -----------------------------------------------------------------------------------


@require_safe
def news_feed(request: HttpRequest) -> HttpResponse:
    """The newest news as an Atom feed: all, of one city (`?city=slug`) or one point (`?point=3`).
    404 for others."""
    form = FeedForm(request.GET)
    if not form.is_valid():
        raise Http404(_("There is no such feed."))
    values = form.cleaned_data
    city = _city(values["city"])
    number = values["point"]
    point = _point(number) if number else None
    page = reverse("news_list")
    query = request.GET.urlencode()
    if query:
        page += f"?{query}"
    news = _news_about(city, point)
    feed = Feed(
        title=_feed_title(city, point),
        address=_address(city, point),
        page=page,
        language=current_language(),
        entries=news_entries(news[:MOST_ENTRIES]),
        since=city.published_at if city else None,
    )
    return answer(request, feed)


def _address(city: City | None, point: Point | None) -> str:
    """The same for the same feed, whatever else stands in the address: it is the id of the feed."""
    values: dict[str, object] = {}
    if city:
        values["city"] = city.slug
    if point:
        values["point"] = point.number
    address = reverse("news_feed")
    return f"{address}?{urlencode(values)}" if values else address


def _news_about(city: City | None, point: Point | None) -> QuerySet[News]:
    rows = News.objects.public()
    if city:
        rows = rows.about(city)
    if point:
        rows = rows.filter(points=point)
    # Nothing invented stands in a feed, but in that of the invented city itself.
    is_invented = city is not None and city.fictional
    if not is_invented:
        rows = rows.real()
    return rows.newest()


def _feed_title(city: City | None, point: Point | None) -> str:
    texts = []
    if city:
        texts.append(city_name(city))
    if point:
        texts.append(translated(point, "title"))
    if not texts:
        return _("News of cities against racism")
    names = [str(text) for text in texts]
    what = join_list(names, current_language())
    return _("News: %(what)s") % {"what": what}


def _city(slug: str) -> City | None:
    if not slug:
        return None
    return get_object_or_404(City.objects.public(), slug=slug)


def _point(number: int) -> Point:
    points = Point.objects.public().filter(plan__in_force=True)
    return get_object_or_404(
        points,
        number=number,
    )
