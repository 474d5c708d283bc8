"""The directory of programmes, and a programme."""

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from languages.text import current_language, language_columns
from members.citations import citations_of
from members.models import Action, LegalAct, Organisation, Record, Unit
from members.paging import page_or_404, query_without_page
from programs import export
from programs.filters import ProgrammeFilter, shown
from programs.models import (
    Edition,
    EditionEvent,
    Evaluation,
    Participation,
    Programme,
    ProgrammeItem,
    ProgrammeLink,
    Spending,
)

PER_PAGE = 50
# Who leads stands first, who evaluates last.
ROLES = Participation.Role.values


def programme_list(request: HttpRequest) -> HttpResponse:
    """Programmes by name, with filters in the query string."""
    filters = ProgrammeFilter(request.GET, queryset=listed())
    editions = Prefetch(
        "editions",
        Edition.objects.public().order_by("period_from", "pk"),
        to_attr="public_editions",
    )
    rows = filters.qs.defer(*language_columns(Programme)).prefetch_related(editions)
    context = {
        "filters": filters,
        "page_obj": page_or_404(Paginator(rows, PER_PAGE), request),
        "query_prefix": query_without_page(request),
        "as_of": timezone.localdate(),
    }
    return render(request, "programs/programme_list.html", context)


def listed() -> QuerySet[Programme]:
    """The directory before any filter, in the order of the reader's language."""
    return shown().listed(current_language()).select_related("city", "city__country")


def programme_export_csv(request: HttpRequest) -> HttpResponse:
    """Exactly the list that the same query shows, for a spreadsheet."""
    rows = export.rows_of(ProgrammeFilter(request.GET, queryset=listed()).qs)
    return download(export.as_csv(rows), "text/csv; charset=utf-8", "csv")


def programme_export_json(request: HttpRequest) -> HttpResponse:
    """Exactly the list that the same query shows, for programs."""
    rows = export.rows_of(ProgrammeFilter(request.GET, queryset=listed()).qs)
    return download(export.as_json(rows), "application/json; charset=utf-8", "json")


def download(text: str, content_type: str, ending: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{export.file_name(ending)}"'}
    return HttpResponse(text, content_type=content_type, headers=headers)


def programme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A programme: its stage, what it sets out to do, who runs and pays it, what others say, its
    editions, sources."""
    # Only a public organisation or office: what is not published is not named on another row's page
    # either.
    lead = Prefetch("lead_organisation", Organisation.objects.public())
    unit = Prefetch("coordinating_unit", Unit.objects.public())
    programme = get_object_or_404(
        Programme.objects.public().select_related("city__country").prefetch_related(lead, unit),
        slug=slug,
    )
    editions = editions_of(programme)
    participations = list(
        programme.participations.public().select_related("organisation").order_by("pk")
    )
    participations.sort(key=lambda participation: ROLES.index(participation.role))
    further = Prefetch(
        "further_funds", Organisation.objects.public(), to_attr="public_further_funds"
    )
    grants = list(
        programme.grants.public().select_related("fund").prefetch_related(further).order_by("pk")
    )
    coverage = list(programme.coverage.public().select_related("source").order_by("pk"))
    acts = {act.pk: act for edition in editions for act in edition.legal_acts.all()}
    parts = [part for edition in editions for part in parts_of(edition)]
    context = {
        "programme": programme,
        "editions": editions,
        "items_edition": next((e for e in editions if e.public_items or e.declared_items), None),
        "acts": list(acts.values()),
        "spendings": [row for edition in reversed(editions) for row in edition.public_spendings],
        "evaluations": [row for edition in editions for row in edition.public_evaluations],
        "participations": participations,
        "grants": grants,
        "coverage": coverage,
        "documents": programme.documents.public().order_by("pk"),
        "links": ProgrammeLink.objects.public().filter(programme=programme).select_related("other"),
        "linked_from": ProgrammeLink.objects.public()
        .filter(other=programme)
        .select_related("programme"),
        "points": programme.points.public().order_by("number"),
        "grounds": programme.grounds.public().order_by("order"),
        "target_groups": programme.target_groups.public().order_by("order"),
        "actions": actions_of(programme),
        "further_cities": programme.further_cities.public(),
        "citations": citations_of(
            [programme, *editions, *acts.values(), *parts, *participations, *grants, *coverage]
        ),
    }
    return render(request, "programs/programme_detail.html", context)


def editions_of(programme: Programme) -> list[Edition]:
    """The public editions, the newest first, each with its public parts."""
    evaluators = Prefetch("evaluators", Organisation.objects.public(), to_attr="public_evaluators")
    evaluations = (
        Evaluation.objects.public()
        .select_related("source", "reply_source")
        .prefetch_related(evaluators)
        .order_by("pk")
    )
    parts = {
        "items": ProgrammeItem.objects.public().order_by("kind", "order"),
        "events": EditionEvent.objects.public().order_by("starts", "pk"),
        "spendings": Spending.objects.public().order_by("year", "kind"),
        "evaluations": evaluations,
    }
    acts = Prefetch("legal_acts", LegalAct.objects.public().select_related("city", "document"))
    prefetched = [Prefetch(name, rows, to_attr=f"public_{name}") for name, rows in parts.items()]
    editions = list(
        programme.editions.public()
        .order_by("-period_from", "-pk")
        .prefetch_related(acts, *prefetched)
    )
    for edition in editions:
        edition.public_events.sort(key=lambda event: event.starts or event.ends)
    return editions


def actions_of(programme: Programme) -> QuerySet[Action]:
    """What the city does under the plan and this programme contributes to, point by point."""
    actions = programme.actions.public().select_related("commitment__city", "commitment__point")
    return actions.order_by("commitment__point__number", "starts", "pk")


def parts_of(edition: Edition) -> list[Record]:
    """What stands on the page with sources of its own."""
    return [*edition.public_events, *edition.public_spendings, *edition.public_evaluations]
