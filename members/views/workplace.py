"""The coordinator's first page: the city, what waits, its points.

One page shows what belongs together, one language at a time; each step is one button. The pages
stand in the administration, which signs people in and speaks their language.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.editing.buttons import Button
from members.editing.history import recent_in, records_of_cities
from members.models import City, Commitment, Point
from members.requests import AuthenticatedHttpRequest, user_of
from members.services import commitments
from members.strip import strips_for
from members.views.work import Context, Work, buttons_of_actions, confirm_button
from members.waiting import waiting_for

RECENT = 8


# --- The city -------------------------------------------------------------------------------------


def city_work(request: AuthenticatedHttpRequest, site: Context, slug: str) -> HttpResponse:
    """What waits, the strip and the points, what changed lately."""
    work = Work(request, site, slug)
    buttons = {
        "confirm_all": _confirm_all(work),
        "confirm": confirm_button(work),
        **buttons_of_actions(work),
    }
    if answer := work.pressed(buttons):
        return answer
    city = work.city
    strip = strips_for([city])[city.pk]
    kinds = [kind for kind in records_of_cities() if work.may_see(kind)]
    has_answers = any(column.own_bars or column.is_refused for column in strip.columns)
    recent = recent_in(city, kinds, RECENT)
    return work.page(
        "admin/city_work.html",
        title=str(city),
        waiting=waiting_for(city),
        strip=strip,
        points=_points(city, strip),
        recent=recent,
        can_confirm=work.may_speak and has_answers,
        confirm_label=_("Still true: confirm all of it"),
    )


def _points(city: City, strip: Any) -> list[tuple[Point, Any, Commitment | None]]:
    """Each point of the plan with its column of the strip and the city's promise."""
    columns = {column.number: column for column in strip.columns}
    promises = {row.point_id: row for row in city.commitments.all()}
    rows = Point.objects.public().filter(plan__in_force=True)
    points = []
    for point in rows.order_by("number"):
        column = columns.get(point.number)
        promise = promises.get(point.pk)
        points.append((point, column, promise))
    return points


def _confirm_all(work: Work) -> Button:
    def answer(count: int) -> HttpResponse:
        words = ngettext(
            "%(count)d point confirmed: still true today.",
            "%(count)d points confirmed: still true today.",
            count,
        )
        return work.report(words % {"count": count})

    return Button(lambda key: commitments.confirm(city=work.city, by=work.user), answer)


# --- The way in -----------------------------------------------------------------------------------


def own_page(request: HttpRequest) -> HttpResponse | None:
    """The page of the one city that a person coordinates; None for all others."""
    user = user_of(request)
    if user.is_secretariat or request.GET.get("all"):
        return None
    cities = City.objects.filter(pk__in=user.city_ids())
    first_two = list(cities[:2])
    if len(first_two) != 1:
        return None
    slug = first_two[0].slug
    return HttpResponseRedirect(reverse("admin:city_work", args=[slug]))
