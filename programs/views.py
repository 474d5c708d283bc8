"""The directory of programmes, and a programme."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from languages.text import current_language, language_columns
from members.citations import citations_of
from members.models import (
    Action,
    LegalAct,
    Organisation,
    Record,
    RecordQuerySet,
    Undertaking,
    Unit,
)
from members.paging import page_or_404, query_without_page
from programs.filters import ProgrammeFilter
from programs.models import (
    Edition,
    EditionEvent,
    Evaluation,
    Grant,
    Participation,
    Programme,
    ProgrammeItem,
    ProgrammeLink,
    Spending,
)
from programs.programme_sets import keys_newest_first, listed_programmes
from programs.stages import dated_stages, with_stages
from programs.time_axis import TimeAxis, time_axis

# What a row of an action or an undertaking names.
WITH_COMMITMENT = ("commitment__city", "commitment__point")
PER_PAGE = 50
# Who leads stands first, who evaluates last.
ROLES = Participation.Role.values


def programme_list(request: HttpRequest) -> HttpResponse:
    """Programmes, the newest first, with filters in the query string."""
    filters = ProgrammeFilter(request.GET, queryset=programmes_by_name())
    filters.offer_what_leads_somewhere()
    found = filters.keys
    keys = [key for key in keys_newest_first(current_language()) if key in found]
    page: Any = page_or_404(Paginator(keys, PER_PAGE), request)
    page.object_list = _rows(page.object_list)
    context = {
        "filters": filters,
        "page_obj": page,
        "query_prefix": query_without_page(request),
        "as_of": timezone.localdate(),
    }
    return render(request, "programs/programme_list.html", context, status=filters.status)


def _rows(keys: Iterable[int]) -> list[Programme]:
    """The programmes of a page in the order of these keys, each with its public editions."""
    columns = language_columns(Programme)
    rows = programmes_by_name().filter(pk__in=keys).defer(*columns)
    by_key = {row.pk: row for row in with_stages(rows)}
    return [by_key[key] for key in keys if key in by_key]


def programmes_by_name() -> RecordQuerySet[Programme]:
    """The directory before any filter, in the order of the reader's language."""
    programmes = listed_programmes().listed(current_language())
    return programmes.select_related("city", "city__country")


def programme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A programme: its stage, what it sets out to do, who runs and pays it, what others say, its
    editions, sources."""
    programme = _programme(slug)
    editions = editions_of(programme)
    participations = participations_of(programme)
    grants = grants_of(programme)
    coverage = list(programme.coverage.public().select_related("source").order_by("pk"))
    acts: dict[int, LegalAct] = {}
    evaluations: list[Evaluation] = []
    parts: list[Record] = []
    for edition in editions:
        acts |= {act.pk: act for act in edition.legal_acts.all()}
        evaluations += edition.public_evaluations
        parts += parts_of(edition)
    spendings: list[Spending] = []
    for edition in reversed(editions):
        spendings += edition.public_spendings
    with_sources: list[Record] = [
        programme,
        *editions,
        *acts.values(),
        *parts,
        *participations,
        *grants,
        *coverage,
    ]
    context = {
        "programme": programme,
        "editions": editions,
        "items_edition": next(filter(has_items, editions), None),
        "acts": list(acts.values()),
        "spendings": spendings,
        "evaluations": evaluations,
        "axis": _axis_of(editions),
        "participations": participations,
        "grants": grants,
        "coverage": coverage,
        **_related_to(programme),
        "citations": citations_of(with_sources),
    }
    return render(request, "programs/programme_detail.html", context)


def _axis_of(editions: list[Any]) -> TimeAxis | None:
    """The years of a programme: its editions, and what happened in them."""
    events = [event for edition in editions for event in edition.public_events]
    return time_axis([event.starts or event.ends for event in events], editions, is_named=False)


def _programme(slug: str) -> Programme:
    """The public programme; 404 if there is none."""
    # Only a public organisation or office: what is not published is not named on another row's page
    # either.
    lead = Prefetch("lead_organisation", Organisation.objects.public())
    unit = Prefetch("coordinating_unit", Unit.objects.public())
    public = Programme.objects.public()
    programmes = public.select_related("city__country").prefetch_related(lead, unit)
    return get_object_or_404(programmes, slug=slug)


def _related_to(programme: Programme) -> dict[str, object]:
    """Public rows of other kinds that the page names without sources of their own."""
    links = ProgrammeLink.objects.public()
    return {
        "documents": programme.documents.public().order_by("pk"),
        "links": links.filter(programme=programme).select_related("other"),
        "linked_from": links.filter(other=programme).select_related("programme"),
        "points": programme.points.public().order_by("number"),
        "grounds": programme.grounds.public().order_by("order"),
        "target_groups": programme.target_groups.public().order_by("order"),
        "actions": actions_of(programme),
        "undertakings": undertakings_of(programme),
        "further_cities": programme.further_cities.public(),
    }


def participations_of(programme: Programme) -> list[Participation]:
    """Who takes part, in the order of the roles."""
    public = programme.participations.public().order_by("pk")
    rows = public.select_related("organisation")
    return sorted(rows, key=lambda row: ROLES.index(row.role))


def grants_of(programme: Programme) -> list[Grant]:
    public = Organisation.objects.public()
    further = Prefetch("further_funds", public, to_attr="public_further_funds")
    grants = programme.grants.public().order_by("pk")
    rows = grants.select_related("fund").prefetch_related(further)
    return list(rows)


def has_items(edition: Edition) -> bool:
    return bool(edition.public_items or edition.declared_items)


def editions_of(programme: Programme) -> list[Edition]:
    """The public editions, the newest first, each with its public parts."""
    public_acts = LegalAct.objects.public().select_related("city", "document")
    acts = Prefetch("legal_acts", public_acts)
    parts = _parts_of_editions()
    public = dated_stages(programme.editions.public())
    editions = public.order_by("-period_from", "-pk")
    rows = list(editions.prefetch_related(acts, *parts))
    for edition in rows:
        edition.public_events.sort(key=lambda event: event.starts or event.ends)
    return rows


def _parts_of_editions() -> list[Any]:
    """Fetched as `public_items`, `public_events` and so on."""
    public = Organisation.objects.public()
    evaluators = Prefetch("evaluators", public, to_attr="public_evaluators")
    evaluations = Evaluation.objects.public().select_related("source", "reply_source")
    parts = {
        "items": ProgrammeItem.objects.public().order_by("kind", "order"),
        "events": EditionEvent.objects.public().order_by("starts", "pk"),
        "spendings": Spending.objects.public().order_by("year", "kind"),
        "evaluations": evaluations.prefetch_related(evaluators).order_by("pk"),
    }
    return [Prefetch(name, rows, to_attr=f"public_{name}") for name, rows in parts.items()]


def actions_of(programme: Programme) -> QuerySet[Action]:
    """What the city does under the plan and this programme contributes to, point by point."""
    actions = programme.actions.public()
    in_order = actions.order_by("commitment__point__number", "starts", "pk")
    return in_order.select_related(*WITH_COMMITMENT)


def undertakings_of(programme: Programme) -> QuerySet[Undertaking]:
    """What the city undertook in it, point by point; a heading undertakes nothing."""
    undertakings = programme.undertakings.public().filter(is_heading=False)
    in_order = undertakings.order_by("commitment__point__number", "pk")
    return in_order.select_related(*WITH_COMMITMENT)


def parts_of(edition: Edition) -> list[Record]:
    """What stands on the page with sources of its own."""
    return [
        *edition.public_events,
        *edition.public_spendings,
        *edition.public_evaluations,
    ]
