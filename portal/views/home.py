"""The first page."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from languages.text import current_language
from members.figures import member_counts
from members.map.cities import map_of
from members.models import City, Membership, NetworkText, Point
from portal.queries import latest_news

NEWEST = 6


def home(request: HttpRequest) -> HttpResponse:
    """What the network is, find your city, three counted facts, the points, the map, the newest
    members."""
    members = (
        City.objects.public().real().filter(memberships__in=Membership.objects.public().open())
    )
    newest = (
        members.listed(current_language())
        .exclude(memberships__joined="")
        .annotate(joined=F("memberships__joined"))
        .select_related("country")
        .order_by("-joined", "index_rows__sort_key")[:NEWEST]
    )
    region, query = request.GET.get("region"), request.META["QUERY_STRING"]
    context = {
        "counts": member_counts(),
        "as_of": timezone.localdate(),
        "newest": newest,
        "news": latest_news(),
        "points": Point.objects.public().filter(plan__in_force=True),
        "network_sentence": NetworkText.wordings("one_sentence").get("one_sentence"),
        **map_of(members, region, query),
    }
    return render(request, "portal/home.html", context)
