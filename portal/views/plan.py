"""The plan, its points, grounds of discrimination and organisations."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from languages.text import current_language
from members.citations import citations_of
from members.city_sets import sets_of_cities
from members.models import (
    Ground,
    LegalAct,
    Organisation,
    Plan,
    Point,
    SuggestedAction,
    SupportContact,
)
from portal.point_work import work_on
from portal.year_plot import year_plot
from programs.models import Evaluation, Grant, Participation, Programme
from programs.stages import newest_programmes


def plan_detail(request: HttpRequest) -> HttpResponse:
    """All points on one page."""
    plan = get_object_or_404(Plan.objects.public(), in_force=True)
    suggested = SuggestedAction.objects.public().order_by("order")
    actions = Prefetch("suggested_actions", suggested, to_attr="actions")
    own_points = Point.objects.public().filter(plan=plan)
    points = list(own_points.prefetch_related(actions))
    context = {
        "plan": plan,
        "lines": plan_lines(points),
        "citations": citations_of([plan, *points]),
    }
    return render(request, "portal/plan_detail.html", context)


@dataclass(frozen=True)
class PlanLine:
    """A point, how many cities work on it, and the length of its bar: a percentage, of which the
    point with most cities has all."""

    point: Point
    cities: int
    width: str


def plan_lines(points: Iterable[Point]) -> list[PlanLine]:
    """One query."""
    sets = sets_of_cities(current_language())
    counts = sets.count_by_point({})
    most = max(counts.values(), default=0) or 1
    lines = []
    for point in points:
        cities = counts.get(str(point.number), 0)
        lines.append(PlanLine(point, cities, f"{100 * cities / most:.0f}%"))
    return lines


def point_detail(request: HttpRequest, number: int) -> HttpResponse:
    """What a point means, the actions the plan suggests, the programmes that serve it."""
    in_force = Point.objects.public().filter(plan__in_force=True)
    points = list(in_force.select_related("plan"))
    by_number = {point.number: point for point in points}
    key = by_number[number].pk if number in by_number else None
    point = get_object_or_404(Point, pk=key)
    suggested = point.suggested_actions.public()
    actions = list(suggested.order_by("order"))
    programmes = Programme.objects.public().real().filter(points=point).select_related("city")
    work = work_on(point)
    context = {
        "point": point,
        "points": points,
        "total": len(points),
        "previous": by_number.get(number - 1),
        "next": by_number.get(number + 1),
        "actions": actions,
        "work": work,
        "plot": year_plot(work.dated.rows),
        "programmes": newest_programmes(programmes.by_name(current_language())),
        "citations": citations_of([point, *actions, *work.actions]),
    }
    return render(request, "portal/point_detail.html", context)


def ground_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A ground of discrimination: where it is forbidden, who works on it."""
    ground = get_object_or_404(Ground.objects.public(), slug=slug)
    organisations = Organisation.objects.public().real().filter(grounds=ground)
    programmes = Programme.objects.public().real().filter(grounds=ground).select_related("city")
    context = {
        "ground": ground,
        "grounds": Ground.objects.public(),
        "organisations": organisations.select_related("city"),
        "programmes": newest_programmes(programmes.by_name(current_language())),
        "citations": citations_of([ground]),
    }
    return render(request, "portal/ground_detail.html", context)


def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An organisation or an equality body: its tasks, what it takes part in, where it gives
    help."""
    # Only a public act: what is not published is not named on another row's page either.
    act = Prefetch("appointed_by", LegalAct.objects.public())
    public = Organisation.objects.public()
    organisations = public.select_related("city", "country").prefetch_related(act)
    organisation = get_object_or_404(organisations, slug=slug)
    tasks = list(organisation.tasks.public().order_by("order"))
    contacts = _contacts_of(organisation)
    acts = [organisation.appointed_by] if organisation.appointed_by else []
    context = {
        "organisation": organisation,
        "tasks": tasks,
        "grounds": organisation.grounds.public().order_by("order"),
        "contacts": contacts,
        **_programmes_of(organisation),
        "citations": citations_of([organisation, *tasks, *contacts, *acts]),
    }
    return render(request, "portal/organisation_detail.html", context)


def _contacts_of(organisation: Organisation) -> list[SupportContact]:
    contacts = SupportContact.objects.public().filter(organisation=organisation)
    related = contacts.select_related("organisation", "city", "country")
    return list(related.order_by("pk"))


def _programmes_of(organisation: Organisation) -> dict[str, object]:
    """The programmes that it takes part in, leads, pays for or has evaluated."""
    participations = Participation.objects.public().filter(organisation=organisation)
    led = organisation.led_programmes.public()
    only_led = led.exclude(participations__organisation=organisation)
    is_fund = Q(fund=organisation)
    is_further_fund = Q(further_funds=organisation)
    grants = Grant.objects.public().filter(is_fund | is_further_fund)
    related_grants = grants.select_related("programme", "programme__city")
    evaluations = Evaluation.objects.public().filter(evaluators=organisation)
    return {
        "participations": participations.select_related("programme", "programme__city"),
        "led": only_led.select_related("city").order_by("pk"),
        "grants": related_grants.distinct().order_by("pk"),
        "evaluations": evaluations.select_related("edition__programme").order_by("pk"),
    }
