"""The plan, its points, grounds of discrimination and organisations."""

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from languages.text import current_language
from members.citations import citations_of
from members.models import (
    Ground,
    LegalAct,
    Organisation,
    Plan,
    Point,
    SuggestedAction,
    SupportContact,
)
from portal.promises import cities_working_on
from programs.models import Evaluation, Grant, Participation, Programme


def plan_detail(request: HttpRequest) -> HttpResponse:
    """All points on one page."""
    actions = Prefetch(
        "suggested_actions", SuggestedAction.objects.public().order_by("order"), to_attr="actions"
    )
    plan = get_object_or_404(Plan.objects.public(), in_force=True)
    points = list(Point.objects.public().filter(plan=plan).prefetch_related(actions))
    context = {"plan": plan, "points": points, "citations": citations_of([plan, *points])}
    return render(request, "portal/plan_detail.html", context)


def point_detail(request: HttpRequest, number: int) -> HttpResponse:
    """What a point means, the actions the plan suggests, the programmes that serve it."""
    points = list(Point.objects.public().filter(plan__in_force=True).select_related("plan"))
    by_number = {point.number: point for point in points}
    point = get_object_or_404(Point, pk=by_number[number].pk if number in by_number else None)
    actions = list(point.suggested_actions.public().order_by("order"))
    context = {
        "point": point,
        "total": len(points),
        "previous": by_number.get(number - 1),
        "next": by_number.get(number + 1),
        "actions": actions,
        "working": cities_working_on(point),
        "programmes": Programme.objects.public()
        .real()
        .filter(points=point)
        .select_related("city")
        .by_name(current_language()),
        "citations": citations_of([point, *actions]),
    }
    return render(request, "portal/point_detail.html", context)


def ground_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A ground of discrimination: where it is forbidden, who works on it."""
    ground = get_object_or_404(Ground.objects.public(), slug=slug)
    context = {
        "ground": ground,
        "grounds": Ground.objects.public(),
        "organisations": Organisation.objects.public()
        .real()
        .filter(grounds=ground)
        .select_related("city"),
        "programmes": Programme.objects.public()
        .real()
        .filter(grounds=ground)
        .select_related("city")
        .by_name(current_language()),
        "citations": citations_of([ground]),
    }
    return render(request, "portal/ground_detail.html", context)


def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An organisation or an equality body: its tasks, what it takes part in, where it gives
    help."""
    # Only a public act: what is not published is not named on another row's page either.
    act = Prefetch("appointed_by", LegalAct.objects.public())
    organisation = get_object_or_404(
        Organisation.objects.public().select_related("city", "country").prefetch_related(act),
        slug=slug,
    )
    tasks = list(organisation.tasks.public().order_by("order"))
    contacts = list(
        SupportContact.objects.public()
        .filter(organisation=organisation)
        .select_related("organisation", "city", "country")
        .order_by("pk")
    )
    acts = [organisation.appointed_by] if organisation.appointed_by else []
    context = {
        "organisation": organisation,
        "tasks": tasks,
        "grounds": organisation.grounds.public().order_by("order"),
        "contacts": contacts,
        "participations": Participation.objects.public()
        .filter(organisation=organisation)
        .select_related("programme", "programme__city"),
        "led": organisation.led_programmes.public()
        .exclude(participations__organisation=organisation)
        .select_related("city")
        .order_by("pk"),
        "grants": Grant.objects.public()
        .filter(Q(fund=organisation) | Q(further_funds=organisation))
        .select_related("programme", "programme__city")
        .distinct()
        .order_by("pk"),
        "evaluations": Evaluation.objects.public()
        .filter(evaluators=organisation)
        .select_related("edition__programme")
        .order_by("pk"),
        "citations": citations_of([organisation, *tasks, *contacts, *acts]),
    }
    return render(request, "portal/organisation_detail.html", context)
