"""News: the list, one notice, the feed."""

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from languages.names import join_list
from languages.text import current_language, translated
from members.models import City, Point
from members.paging import page_or_404, query_without_page
from portal.feeds import atom
from portal.filters import NewsFilter
from portal.forms import FeedForm
from portal.models import News
from portal.queries import news_page

PER_PAGE = 20
IN_FEED = 30
FEED_CACHE = "public, max-age=900"


def news_list(request: HttpRequest) -> HttpResponse:
    """All news, filtered, the newest first."""
    filters = NewsFilter(request.GET, News.objects.public())
    page = page_or_404(Paginator(filters.qs.newest().select_related("picture"), PER_PAGE), request)
    context = {
        "filters": filters,
        "page_obj": page,
        "query_prefix": query_without_page(request),
        "feed_url": _feed_url(filters),
    }
    return render(request, "portal/news_list.html", context)


def _feed_url(filters: NewsFilter) -> str:
    """The feed of the list as it is filtered; a feed knows no years."""
    chosen = filters.form.cleaned_data if filters.is_valid() else {}
    query = "&".join(f"{name}={chosen[name]}" for name in ("city", "point") if chosen.get(name))
    return reverse("news_feed") + (f"?{query}" if query else "")


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
    city = _city(form.cleaned_data["city"])
    point = _point(form.cleaned_data["point"])
    rows = News.objects.public()
    # Nothing invented stands in a feed, but in that of the invented city itself.
    rows = rows.about(city) if city else rows
    rows = rows if city and city.fictional else rows.real()
    rows = (rows.filter(points=point) if point else rows).newest()[:IN_FEED]
    names = [
        str(translated(row, field)) for row, field in ((city, "name"), (point, "title")) if row
    ]
    about = join_list(names, current_language())
    title = _("News: %(what)s") % {"what": about} if about else _("News of cities against racism")
    query = request.GET.urlencode()
    page = reverse("news_list") + (f"?{query}" if query else "")
    text = atom(
        rows, title=title, address=request.get_full_path(), page=page, language=current_language()
    )
    return HttpResponse(
        text,
        content_type="application/atom+xml; charset=utf-8",
        headers={"Cache-Control": FEED_CACHE},
    )


def _city(slug: str) -> City | None:
    return get_object_or_404(City.objects.public(), slug=slug) if slug else None


def _point(number: int | None) -> Point | None:
    points: QuerySet = Point.objects.public().filter(Q(plan__in_force=True))
    return get_object_or_404(points, number=number) if number else None
