"""The network in figures, and each figure as a file."""

from dataclasses import dataclass
from itertools import chain

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from languages.text import current_language
from members.models import Point
from members.paging import page_or_404, query_without_page
from portal.figures.drawing import Bars, Uprights, draw, number_of
from portal.figures.figure import Figure, Row
from portal.figures.gallery import FIGURES
from portal.figures.matrix import MatrixFilter, cities_to_compare, matrix_rows
from portal.figures.sources import SourcesBehind, sources_behind, sources_of_matrix
from portal.figures.tables import figure_csv, matrix_csv
from portal.kept_pages.tags import answer_tagged, tag_of
from portal.open_data.formats.table import today
from portal.open_data.kind import BATCH, BadQuery, reasons_of, refuse_unknown
from portal.views.data import BY_READER, byte_order_mark, read_only_file, refused

# The matrix scrolls in itself: all cities of today's network stand on one page, and on paper.
PER_PAGE = 200
MATRIX = "matrix"
# The matrix stands before the figure of the points.
BEFORE_MATRIX = ("members", "countries")
# On a phone the page shows of these their sentence, and the rest when somebody opens them.
FOLDED = ("points", "channels", "checks", "help-languages", "translations")
# Figures of which the denominator stands at the head of the page.
TOTALS = ("members", "points", "channels")


@dataclass(frozen=True)
class FigureOnPage:
    """A figure with its drawing and its sources."""

    figure: Figure
    drawing: Uprights | Bars | None
    sources: SourcesBehind | None

    @property
    def is_folded(self) -> bool:
        return self.figure.name in FOLDED

    @property
    def lines(self) -> list[tuple[Row, list[str]]]:
        """The rows of its table, the numbers as a reader writes them."""
        lines = []
        for row in self.figure.rows:
            words = [number_of(self.figure, value) for value in row.numbers]
            lines.append((row, words))
        return lines

    @property
    def csv_url(self) -> str:
        return reverse("figure_file", args=[self.figure.name])


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """All figures; the matrix with filters in the query string, a page of it at a time."""
    filters = MatrixFilter(request.GET, queryset=cities_to_compare())
    page = page_or_404(Paginator(filters.qs, PER_PAGE), request)
    behind = sources_behind()
    figures = [_on_page(count(), behind) for count in FIGURES.values()]
    context = {
        "first_figures": [item for item in figures if item.figure.name in BEFORE_MATRIX],
        "other_figures": [item for item in figures if item.figure.name not in BEFORE_MATRIX],
        "figures": [item.figure for item in figures],
        "totals": [item.figure for item in figures if item.figure.name in TOTALS],
        "filters": filters,
        "page_obj": page,
        "file_query": filters.query,
        "query_prefix": query_without_page(request),
        "matrix": list(matrix_rows(page.object_list)),
        "points": Point.objects.public().filter(plan__in_force=True),
        "known_of_all": filters.known_of_all(),
        "matrix_sources": _sources_of_matrix(filters, behind),
        "as_of": timezone.localdate(),
    }
    return render(request, "portal/figures.html", context, status=filters.status)


def _sources_of_matrix(filters: MatrixFilter, behind: dict[str, SourcesBehind]) -> SourcesBehind:
    """Of all actions, or of those that the filters choose: two queries more."""
    chosen = filters.active
    if not chosen:
        return behind["actions"]
    point = chosen.get("point", "")
    return sources_of_matrix(filters.qs, point)


def _on_page(figure: Figure, behind: dict[str, SourcesBehind]) -> FigureOnPage:
    return FigureOnPage(
        figure=figure,
        drawing=draw(figure),
        sources=behind.get(figure.kind),
    )


@read_only_file
def figure_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """The numbers of a figure as CSV; 400 for a query that it does not know."""
    tag = tag_of(request)
    if name != MATRIX and name not in FIGURES:
        raise Http404(_("There is no figure of this name."))
    filters = MatrixFilter(request.GET, queryset=cities_to_compare())
    known = filters.filters if name == MATRIX else ()
    try:
        refuse_unknown(request.GET, known)
        if name == MATRIX and not filters.is_valid():
            raise BadQuery(reasons_of(filters.form))
    except BadQuery as refusal:
        return refused(request, refusal)

    def make() -> HttpResponseBase:
        return _file_of(request, name, filters)

    return answer_tagged(request, tag, BY_READER, make)


def _file_of(request: HttpRequest, name: str, filters: MatrixFilter) -> HttpResponseBase:
    mark = byte_order_mark(request)
    language = current_language()
    headers = {
        "Content-Disposition": f'attachment; filename="figures-{name}-{language}-{today()}.csv"',
        "Content-Language": language,
    }
    media_type = "text/csv; charset=utf-8; header=present"
    if name == MATRIX:
        pieces = matrix_csv(filters.qs.iterator(chunk_size=BATCH))
        return StreamingHttpResponse(
            chain([mark], pieces), content_type=media_type, headers=headers
        )
    text = mark + figure_csv(FIGURES[name]())
    return HttpResponse(
        text,
        content_type=media_type,
        headers=headers,
    )
