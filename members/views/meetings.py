"""Meetings and what they decided."""

from collections import Counter

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from members.citations import citations_of
from members.models import City, Decision, Meeting
from members.paging import page_or_404, query_without_page

PER_PAGE = 50
StrOrPromise = str | Promise


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """All meetings, the latest first, each with the number of its decisions by outcome."""
    valid = Decision.objects.public().filter(annulled_at=None)
    decisions = Prefetch("decisions", valid, to_attr="valid_decisions")
    meetings = Meeting.objects.public().real().select_related("held_in").prefetch_related(decisions)
    meetings = meetings.order_by("-starts", "-pk")
    page = page_or_404(Paginator(meetings, PER_PAGE), request)
    for meeting in page.object_list:
        valid_decisions: list[Decision] = meeting.valid_decisions  # type: ignore[attr-defined]
        meeting.outcomes = outcomes_of(valid_decisions)  # type: ignore[attr-defined]
    context = {
        "page_obj": page,
        "query_prefix": query_without_page(request),
        "as_of": timezone.localdate(),
    }
    return render(request, "members/meeting_list.html", context)


def outcomes_of(decisions: list[Decision]) -> list[tuple[StrOrPromise, int]]:
    """How often each outcome occurs, in the order in which the model names them."""
    counts = Counter(decision.outcome for decision in decisions)
    outcomes: list[tuple[StrOrPromise, int]] = []
    for outcome in Decision.Outcome:
        number = counts[outcome]
        if number:
            outcomes.append((outcome.label, number))
    return outcomes


@require_safe
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """When, where, and each decision with its votes; an annulled one stays, marked as annulled."""
    public_cities = City.objects.public()
    host = Prefetch("host", public_cities)
    recused = Prefetch("recused", public_cities.order_by("slug"))
    meetings = Meeting.objects.public().select_related("held_in").prefetch_related(host)
    meeting = get_object_or_404(
        meetings,
        pk=pk,
    )
    rows = (
        Decision.objects.public()
        .filter(meeting=meeting)
        .select_related("meeting__held_in", "city__country")
        .prefetch_related(recused)
        .order_by("outcome", "city__slug", "pk")
    )
    decisions = list(rows)
    valid_decisions = [decision for decision in decisions if decision.annulled_at is None]
    annulled_decisions = [decision for decision in decisions if decision.annulled_at is not None]
    citations = citations_of([meeting, *decisions])
    context = {
        "meeting": meeting,
        "decisions": valid_decisions,
        "annulled": annulled_decisions,
        "citations": citations,
    }
    return render(request, "members/meeting_detail.html", context)
