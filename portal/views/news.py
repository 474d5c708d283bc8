"""News: the list, one notice, the feed."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from languages.names import join_list
from languages.text import current_language, translated
from members.models import City, Point
from members.models.cities import city_name
from members.paging import page_or_404, query_without_page
from portal.feeds import atom
from portal.filters import NewsFilter
from portal.forms import FeedForm
from portal.models import News
from portal.queries import news_page

PER_PAGE = 20
IN_FEED = 30
FEED_FILTERS = ("city", "point")
FEED_CACHE = "public, max-age=900"
ATOM = "application/atom+xml; charset=utf-8"


def news_list(request: HttpRequest) -> HttpResponse:
    """All news, filtered, the newest first."""
    filters = NewsFilter(request.GET, News.objects.public())
    filters.offer_what_leads_somewhere()
    rows = filters.qs.newest().select_related("picture")
    page = page_or_404(Paginator(rows, PER_PAGE), request)
    context = {
        "filters": filters,
        "page_obj": page,
        "query_prefix": query_without_page(request),
        "feed_url": _feed_url(filters),
    }
    return render(request, "portal/news_list.html", context)


def _feed_url(filters: NewsFilter) -> str:
    """The feed of the list as it is filtered; a feed knows no years."""
    address = reverse("news_feed")
    if not filters.is_valid():
        return address
    values = filters.form.cleaned_data
    known = {name: values[name] for name in FEED_FILTERS if values[name]}
    query = urlencode(known)
    return f"{address}?{query}" if query else address


def news_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One notice with its picture, quotation, attachments, and what it is about."""
    news = get_object_or_404(
        News.objects.public().select_related("city__country", "picture"), slug=slug
    )
    return render(request, "portal/news_detail.html", news_page(news))


def news_feed(request: HttpRequest) -> HttpResponse:
    """The newest news as an Atom feed: all, of one city (`?city=slug`) or one point (`?point=3`).
    404 for others."""
    form = FeedForm(request.GET)
    if not form.is_valid():
        raise Http404(_("There is no such feed."))
    values = form.cleaned_data
    city = _city(values["city"])
    point = _point(values["point"])
    page = reverse("news_list")
    query = request.GET.urlencode()
    if query:
        page += f"?{query}"
    news = _news_about(city, point)
    text = atom(
        news[:IN_FEED],
        title=_feed_title(city, point),
        address=request.get_full_path(),
        page=page,
        language=current_language(),
    )
    headers = {"Cache-Control": FEED_CACHE}
    return HttpResponse(text, content_type=ATOM, headers=headers)


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


def _point(number: int | None) -> Point | None:
    if not number:
        return None
    points = Point.objects.public().filter(plan__in_force=True)
    return get_object_or_404(points, number=number)
