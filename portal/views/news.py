"""News: the list, and one notice."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from members.paging import page_or_404, query_without_page
from portal.filters import NewsFilter
from portal.models import News
from portal.queries import news_page

PER_PAGE = 20
FEED_FILTERS = ("city", "point")


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
    return render(request, "portal/news_list.html", context, status=filters.status)


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
