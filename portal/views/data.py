"""Tables of the public rows, to take away."""

from base64 import b64encode
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from languages.text import current_language, labelled
from members.spreadsheet import BYTE_ORDER_MARK
from portal.api.reference import example_query, filters_in_words, reference_in
from portal.api.views import PREFLIGHT
from portal.kept_pages.tags import answer_tagged, tag_of
from portal.models import DataRelease
from portal.open_data import catalogue as dcat
from portal.open_data import csvw
from portal.open_data.dictionary import HEADINGS, dictionary_of
from portal.open_data.formats import FORMATS, endings_of
from portal.open_data.formats.table import LICENCE, KindTable, attribution, file_name
from portal.open_data.kind import BadQuery, Kind, refuse_unknown
from portal.open_data.kinds import KINDS
from portal.open_data.moments import moments_by_kind, moments_of_all
from portal.open_data.offers import OfferedTable
from portal.services.open_data import FOLDER, kinds_lacking

JSON_LD = "application/ld+json"
TURTLE = "text/turtle"
# Programs on other sites may read it: they ask by CORS, for which Cross-Origin-Resource-Policy says
# nothing.
FOR_OTHER_SITES = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link",
    "Link": f'<{LICENCE}>; rel="license"',
}
# A table has a byte order mark or none.
BY_READER = {**FOR_OTHER_SITES, "Vary": "Accept"}
CSV = "text/csv"
CSVM = "application/csvm+json"
HTML = "text/html"
PLAIN = {"ensure_ascii": False, "indent": 1}
View = Callable[..., HttpResponseBase]


def read_only_file(view: View) -> View:
    """A file that programs read, from other sites too: GET, HEAD, and what a browser asks before it
    sends a condition from another site (OPTIONS)."""
    read = require_safe(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(
                status=HTTPStatus.NO_CONTENT,
                headers=PREFLIGHT,
            )
        return read(
            request,
            *args,
            **kwargs,
        )

    return answer


@read_only_file
def export(request: HttpRequest, kind: str, ending: str) -> HttpResponseBase:
    """Exactly the list that the page shows by the same query; 400 for a query that it does not
    know."""
    tag = tag_of(request)
    described = KINDS[kind]
    if ending not in endings_of(described.has_places):
        raise Http404(_("There is no table of this kind."))
    rows = described.in_order(described.rows())
    try:
        refuse_unknown(request.GET, described.filters.base_filters)
        matches = described.filtered(request.GET, rows)
    except BadQuery as refusal:
        return refused(request, refusal)
    address = settings.SITE_URL + request.get_full_path()
    table = KindTable(described, matches, current_language(), address)

    def make() -> HttpResponseBase:
        return _as_file(request, table, ending)

    headers = {**BY_READER, **_links_of(request, described, ending)}
    return answer_tagged(request, tag, headers, make)


def _as_file(request: HttpRequest, table: KindTable, ending: str) -> StreamingHttpResponse:
    """The table in pieces; none of them for HEAD."""
    media_type, write = FORMATS[ending]
    name = file_name(table.kind, table.language, ending)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Language": table.language,
    }
    pieces = write(table) if request.method == "GET" else iter(())
    if ending == "csv":
        pieces = chain([byte_order_mark(request)], pieces)
    return StreamingHttpResponse(pieces, content_type=media_type, headers=headers)


def _links_of(request: HttpRequest, kind: Kind, ending: str) -> dict[str, str]:
    """The terms; of a whole table as CSV also the file that describes it, by which programs find it
    (Model for Tabular Data and Metadata on the Web, 5.2)."""
    is_whole = request.GET.urlencode() == kind.everything
    if ending != "csv" or not is_whole:
        return {}
    address = settings.SITE_URL + reverse("data_csv_metadata")
    described = f'<{address}>; rel="describedby"; type="{CSVM}"'
    return {"Link": f"{FOR_OTHER_SITES['Link']}, {described}"}


def byte_order_mark(request: HttpRequest) -> str:
    """By which a spreadsheet knows that a file is UTF-8. For browsers, which save the file.

    Programs read the charset in the head of the answer; most of them take the mark for a part of
    the first column's name.
    """
    preferred = request.get_preferred_type([CSV, HTML])
    return BYTE_ORDER_MARK if preferred == HTML else ""


def refused(request: HttpRequest, refusal: BadQuery) -> HttpResponse:
    lines = []
    for name, sentences in refusal.errors.items():
        reason = " ".join(sentences)
        lines.append(labelled(name, reason))
    return render(request, "portal/data/refused.html", {"lines": lines[:20]}, status=400)


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What there is to take away: the archive, each kind with its files, the terms."""
    moments = moments_by_kind()
    release = DataRelease.objects.first()
    context = {
        "tables": [OfferedTable.of(kind, moments[kind.name]) for kind in KINDS.values()],
        "licence": LICENCE,
        "attribution": attribution(),
        "as_of": timezone.localdate(),
        "release": release,
        "lacking": kinds_lacking(release),
        "last_change": moments_of_all(moments).modified,
    }
    return render(request, "portal/data.html", context)


@require_safe
def data_table(request: HttpRequest, name: str) -> HttpResponse:
    """One kind: its files, as the filters of the address leave them, and its dictionary."""
    if name not in KINDS:
        raise Http404(_("There is no table of this kind."))
    kind = KINDS[name]
    is_filtered = any(request.GET.get(own) for own in kind.filters.base_filters)
    query = request.GET if is_filtered else QueryDict(kind.everything)
    filters = kind.filters(query, queryset=kind.rows())
    parameters = filters_in_words(kind, filters.form)
    example = reverse(f"{name}_export", args=["csv"]) + example_query(parameters)
    context = {
        "table": OfferedTable.of(kind, moments_by_kind()[name]),
        "headings": HEADINGS,
        "dictionary": dictionary_of(kind),
        "filters": filters,
        "fitting": filters.qs.count() if is_filtered else None,
        "parameters": parameters,
        "example": example,
        "cited": f"data/{name}/",
        "as_of": timezone.localdate(),
    }
    return render(request, "portal/data_table.html", context, status=filters.status)


# --- The archive, and descriptions for programs ---------------------------------------------------


@read_only_file
def archive(request: HttpRequest, name: str) -> HttpResponseBase:
    """The archive of this name; 404 for one that is no longer kept. Its tag is its hash."""
    releases = DataRelease.objects.filter(file=f"{FOLDER}/{name}")
    release = get_object_or_404(releases)
    digest = b64encode(bytes.fromhex(release.sha256)).decode()
    headers = {
        # RFC 9530.
        "Repr-Digest": f"sha-256=:{digest}:",
        **FOR_OTHER_SITES,
    }

    def make() -> FileResponse:
        try:
            file = default_storage.open(release.file)
        except FileNotFoundError:
            raise Http404(_("This archive is no longer kept.")) from None
        return FileResponse(
            file,
            as_attachment=True,
            filename=name,
        )

    return answer_tagged(request, f'"{release.sha256}"', headers, make)


@read_only_file
def csv_metadata(request: HttpRequest) -> HttpResponse:
    """All tables of this language described (CSV on the Web); 400 for any query."""
    try:
        refuse_unknown(request.GET, ())
    except BadQuery as refusal:
        return refused(request, refusal)
    addresses = {}
    for name, kind in KINDS.items():
        query = f"?{kind.everything}" if kind.everything else ""
        addresses[name] = settings.SITE_URL + reverse(f"{name}_export", args=["csv"]) + query
    group = csvw.table_group(addresses, KINDS)
    return JsonResponse(group, content_type=CSVM, json_dumps_params=PLAIN)


@read_only_file
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """The catalogue at one address: Turtle for whoever prefers it, else JSON-LD; 400 for any
    query."""
    try:
        refuse_unknown(request.GET, ())
    except BadQuery as refusal:
        return refused(request, refusal)
    preferred = request.get_preferred_type([JSON_LD, TURTLE, "application/json"])
    write, media_type = dcat.as_json_ld, JSON_LD
    if preferred == TURTLE:
        write, media_type = dcat.as_turtle, TURTLE
    headers = {"Vary": "Accept", **FOR_OTHER_SITES}

    def make() -> HttpResponse:
        text = write(dcat.resources())
        return HttpResponse(
            text,
            content_type=f"{media_type}; charset=utf-8",
        )

    return answer_tagged(request, tag_of(request, media_type), headers, make)


@require_safe
def api_reference(request: HttpRequest) -> HttpResponse:
    """The API for people: the same description that programs read."""
    language = current_language()
    context = {
        "reference": reference_in(language),
        "schema_url": reverse("api_schema") + f"?lang={language}",
        "limit": settings.API_PER_HOUR,
    }
    return render(request, "portal/api_reference.html", context)
