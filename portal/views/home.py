"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from languages.text import current_language
from members.city_sets import sets_of_cities
from members.figures import member_counts
from members.map.cities import map_of_network
from members.models import City, Membership, NetworkText, Point
from portal.home_records import examples_of_today, strip_of, what_is_new


def home(request: HttpRequest) -> HttpResponse:
    """What cities do: find yours, help, the map, three examples, how to read a city, the points of
    the plan, what is new, how to join."""
    members = (
        City.objects.public().real().filter(memberships__in=Membership.objects.public().open())
    )
    examples = examples_of_today()
    # Where the office chose no examples, the strip of any member is explained.
    explained = strip_of(example.city for example in examples) or strip_of(members)
    texts = NetworkText.wordings("headline", "name")
    sets = sets_of_cities(current_language())
    cities_of_points = sets.count_by_point({})
    points = list(Point.objects.public().filter(plan__in_force=True))
    context = {
        "headline": texts.get("headline") or texts.get("name"),
        "counts": member_counts(),
        "as_of": timezone.localdate(),
        "examples": examples,
        "explained": explained,
        "points": points,
        "point_rows": [(point, cities_of_points.get(str(point.number), 0)) for point in points],
        "new": what_is_new(members),
        **map_of_network(sets.members, request.GET),
    }
    return render(request, "portal/home.html", context)
