"""The directory of programmes, and a programme."""

from django.core.paginator import Paginator
from django.db.models import F, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from languages.text import current_language, language_columns
from members.models import LegalAct, Organisation
from members.paging import page_or_404, query_without_page
from members.queries import citations_of
from programs.filters import ProgrammeFilter
from programs.models import Edition, EditionEvent, Programme, ProgrammeItem, ProgrammeLink

PER_PAGE = 50


def programme_list(request: HttpRequest) -> HttpResponse:
    """Programmes by name, with filters in the query string."""
    programmes = (
        Programme.objects.public()
        .real()
        .by_name(current_language())
        .annotate(title=F("index_rows__title"), title_language=F("index_rows__title_language"))
        .select_related("city", "city__country")
        .defer(*language_columns(Programme))
    )
    filters = ProgrammeFilter(request.GET, queryset=programmes)
    editions = Prefetch("editions", Edition.objects.public().order_by("period_from", "pk"), to_attr="public_editions")
    page = page_or_404(Paginator(filters.qs.prefetch_related(editions), PER_PAGE), request)
    context = {
        "filters": filters,
        "page_obj": page,
        "query_prefix": query_without_page(request),
        "total": Programme.objects.public().real().count(),
        "as_of": timezone.localdate(),
    }
    return render(request, "programs/programme_list.html", context)


def programme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A programme: what it is, its editions with stages and items, who takes part, its sources."""
    # Only a public organisation: what is not published is not named on another row's page either.
    lead = Prefetch("lead_organisation", Organisation.objects.public())
    programme = get_object_or_404(
        Programme.objects.public().select_related("city__country").prefetch_related(lead), slug=slug
    )
    editions = list(
        programme.editions.public()
        .order_by("-period_from", "-pk")
        .prefetch_related(
            Prefetch("items", ProgrammeItem.objects.public().order_by("kind", "order"), to_attr="public_items"),
            Prefetch("events", EditionEvent.objects.public().order_by("starts", "pk"), to_attr="public_events"),
            Prefetch("legal_acts", LegalAct.objects.public().select_related("city", "document")),
        )
    )
    for edition in editions:
        edition.public_events.sort(key=lambda event: event.starts or event.ends)
    acts = [act for edition in editions for act in edition.legal_acts.all()]
    events = [event for edition in editions for event in edition.public_events]
    participations = list(programme.participations.public().select_related("organisation").order_by("pk"))
    context = {
        "programme": programme,
        "editions": editions,
        "participations": participations,
        "links": ProgrammeLink.objects.public().filter(programme=programme).select_related("other"),
        "linked_from": ProgrammeLink.objects.public().filter(other=programme).select_related("programme"),
        "points": programme.points.public().order_by("number"),
        "grounds": programme.grounds.public().order_by("order"),
        "further_cities": programme.further_cities.public(),
        "citations": citations_of([programme, *editions, *acts, *events, *participations]),
    }
    return render(request, "programs/programme_detail.html", context)
