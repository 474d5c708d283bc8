"""The coordinator's first page: the city, what waits, its points.

One page shows what belongs together, one language at a time; each step is one button. The pages
stand in the administration, which signs people in and speaks their language.
"""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from languages.dates import format_date
from languages.text import current_language
from members.accession_queue import file_of_candidate, waits_for
from members.editing.buttons import Button
from members.editing.history import recent_in, records_of_cities
from members.models import City, CityRole, Commitment, Point
from members.requests import AuthenticatedHttpRequest, user_of
from members.services import contacts, putting_off, teams
from members.strip import strips_for
from members.views.work import Context, Work, buttons_of_actions
from members.waiting import SORTS, desk_of, next_contact

RECENT = 5
# So many things are open; the others are folded.
OPEN = 5


# --- The city -------------------------------------------------------------------------------------


def city_work(request: AuthenticatedHttpRequest, site: Context, slug: str) -> HttpResponse:
    """What waits, the strip and the points, what changed lately."""
    work = Work(request, site, slug)
    buttons = {
        "checked": _checked(work),
        **buttons_of_actions(work),
        **_later_buttons(work),
    }
    if answer := work.pressed(buttons):
        return answer
    city = work.city
    strip = strips_for([city])[city.pk]
    kinds = [kind for kind in records_of_cities() if work.may_see(kind)]
    has_answers = any(column.own_bars or column.is_refused for column in strip.columns)
    recent = recent_in(city, kinds, RECENT)
    file = file_of_candidate(city)
    unsaved = teams.unsaved_pages(city, work.user)
    return work.page(
        "admin/city_work.html",
        title=str(city),
        desk=desk_of(city),
        file=file,
        waits_for=waits_for(file) if file else "",
        open_number=OPEN,
        strip=strip,
        points=_points(city, strip),
        recent=recent,
        unsaved=unsaved,
        may_see_team=work.may_see(CityRole),
        can_confirm=work.may_speak and has_answers,
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


def _checked(work: Work) -> Button:
    """A contact of the city is right; another city's is a 404. It goes on at the next one."""

    def check(key: int) -> None:
        row = get_object_or_404(
            work.city.support_contacts,
            pk=key,
        )
        contacts.check(
            contact=row,
            by=work.user,
        )

    def answer(result: None) -> HttpResponse:
        words = _("Noted: checked today, and right.")
        url = next_contact(work.city)
        return work.report(words, url)

    return Button(check, answer)


def _later_buttons(work: Work) -> dict[str, Button]:
    """For each sort of things: put one off, and take it up again."""
    buttons = {}
    for sort in SORTS:
        buttons[f"later-{sort}"] = _later(work, sort)
        buttons[f"now-{sort}"] = _now(work, sort)
    return buttons


def _later(work: Work, sort: str) -> Button:
    def put_off(key: int) -> date:
        return putting_off.put_off(
            city=work.city,
            sort=sort,
            key=key,
            by=work.user,
        )

    def answer(until: date) -> HttpResponse:
        day = format_date(until, current_language())
        words = _("Put off until %(day)s. It stands under “Put off” until then.")
        return work.report(words % {"day": day})

    return Button(put_off, answer)


def _now(work: Work, sort: str) -> Button:
    def take_up(key: int) -> None:
        putting_off.take_up(
            city=work.city,
            sort=sort,
            key=key,
            by=work.user,
        )

    return Button(take_up, work.says(_("It waits here again.")))


# --- The way in -----------------------------------------------------------------------------------


def own_page(request: HttpRequest) -> HttpResponse | None:
    """The page of the one city that a person coordinates, of a candidate its file; None for all
    others."""
    user = user_of(request)
    if user.is_secretariat or request.GET.get("all"):
        return None
    cities = City.objects.filter(pk__in=user.city_ids())
    first_two = list(cities[:2])
    if len(first_two) != 1:
        return None
    city = first_two[0]
    if file := file_of_candidate(city):
        return HttpResponseRedirect(file.get_file_url())
    return HttpResponseRedirect(reverse("admin:city_work", args=[city.slug]))
