"""Events: the list, one event, calendar files."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from members.paging import page_or_404, query_without_page
from portal.calendars import calendar
from portal.models import Event
from portal.queries import event_page

PAST_PER_PAGE = 20
IN_CALENDAR = 200
CALENDAR = "text/calendar; charset=utf-8"


def event_list(request: HttpRequest) -> HttpResponse:
    """What comes, the next first; below it what is over, page by page."""
    public = Event.objects.public()
    events = public.real().select_related("city")
    upcoming = list(events.upcoming())
    past = Paginator(events.past(), PAST_PER_PAGE)
    context = {
        "upcoming": upcoming,
        "page_obj": page_or_404(past, request),
        "query_prefix": query_without_page(request),
    }
    return render(request, "portal/event_list.html", context)


def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """When, where, what, and the file for one's own calendar."""
    events = Event.objects.public().select_related("city__country")
    event = get_object_or_404(events, slug=slug)
    return render(request, "portal/event_detail.html", event_page(event))


def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """One event as a calendar file."""
    events = Event.objects.public()
    event = get_object_or_404(events, slug=slug)
    content = calendar([event])
    return _file(content, event.slug)


def events_calendar(request: HttpRequest) -> HttpResponse:
    """All events as one calendar, to be subscribed to."""
    events = Event.objects.public().real()
    latest_first = events.order_by("-first_day", "-pk")
    content = calendar(latest_first[:IN_CALENDAR])
    return _file(content, "events")


def _file(content: bytes, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'inline; filename="{name}.ics"',
        "Cache-Control": "public, max-age=900",
    }
    return HttpResponse(content, content_type=CALENDAR, headers=headers)
