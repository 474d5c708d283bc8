"""Answers of the API."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from languages.text import network_languages
from members.filters import DirectoryFilter
from portal.api.limits import HourlyLimit
from portal.api.pagination import KEY_DIGITS, RowPages
from portal.api.problems import NeverCompared, answer_problem
from portal.api.serializers import RowSerializer
from portal.kept_pages.tags import CACHE, has_answer_already, tag_of
from portal.models import RowChange
from portal.open_data.fields import Field, with_site
from portal.open_data.formats.table import LICENCE
from portal.open_data.kind import BadQuery, Kind, refuse_unknown, values_of
from portal.open_data.kinds import KINDS
from portal.services.open_data import changes_noted_at, never_compared

YES = "yes"
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Link, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
    ),
}
PREFLIGHT = {
    **CORS,
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}


class JsonOnly(BaseContentNegotiation):
    """JSON, whatever somebody accepts: a browser shows it as well."""

    def select_parser(self, request: Request, parsers: Any) -> None:
        return None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class PublicView(APIView):
    """Reading for everybody: no accounts, one language, an hourly limit, an ETag.

    Views of rows know their tag before they read (`RowView`); that of the others is a hash of what
    they say.
    """

    http_method_names = ["get", "head", "options"]
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (HourlyLimit,)
    renderer_classes = (JSONRenderer,)
    parser_classes = ()
    content_negotiation_class = JsonOnly
    # Parameters of the address beside `lang`.
    parameters: tuple[str, ...] = ()
    limit_headers: dict[str, str] = {}
    tag = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.language = language_of(request)
        with override(self.language):
            answer: Any = super().dispatch(request, *args, **kwargs)
            if isinstance(answer, Response):
                answer.render()
        if answer.status_code == 200:
            answer = self._conditional(request, answer)
        headers = {**CORS, **self.limit_headers, "Content-Language": self.language}
        for name, value in headers.items():
            answer.headers[name] = value
        return answer

    def _conditional(self, request: HttpRequest, answer: Response) -> HttpResponseBase:
        """The answer, or that the reader has it already."""
        if self.tag:
            answer.headers["ETag"] = self.tag
        else:
            set_response_etag(answer)
        answer.headers["Cache-Control"] = CACHE
        answer.headers["Link"] = f'<{LICENCE}>; rel="license"'
        etag = answer.headers["ETag"]
        return (
            get_conditional_response(
                request,
                etag=etag,
                response=answer,
            )
            or answer
        )

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is not understood, before any row is read."""
        super().initial(request, *args, **kwargs)
        refuse_unknown(request.query_params, ["lang", *self.known_parameters()])
        code = request.query_params.get("lang", self.language)
        if code not in network_languages():
            raise BadQuery({"lang": [_("One of: %(codes)s.") % {"codes": codes_of_languages()}]})

    def known_parameters(self) -> list[str]:
        return list(self.parameters)

    def get_exception_handler(self) -> Any:
        return answer_problem

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """What a browser asks before it sends `If-None-Match` from another site."""
        answer: HttpResponse = Response(status=204, headers=PREFLIGHT)
        return answer


def language_of(request: HttpRequest) -> str:
    """`?lang=`, else the network's first language: an answer never depends on the browser."""
    try:
        codes = request.GET.getlist("lang")
    except SuspiciousOperation:
        # Too many parameters: the view answers with a problem.
        codes = []
    # Two languages are none: the view answers with a problem.
    code = codes[0] if len(codes) == 1 else ""
    return code if code in network_languages() else settings.LANGUAGE_CODE


def codes_of_languages() -> str:
    return ", ".join(network_languages())


# --- Rows -----------------------------------------------------------------------------------------


class RowView(PublicView):
    """Rows of one kind."""

    kind: Kind
    serializer_class: type[RowSerializer]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.tag = tag_of(request._request)

    def answer_without_rows(self, request: Request) -> HttpResponseBase | None:
        """304 where the reader has this answer already. Ask it once the question is understood."""
        answer = has_answer_already(request._request, self.tag)
        if answer is not None:
            answer.headers["ETag"] = self.tag
            answer.headers["Cache-Control"] = CACHE
        return answer

    def only(self, request: Request) -> list[Field] | None:
        """The fields of `?fields=slug,name`; None for all."""
        text = request.query_params.get("fields")
        if text is None:
            return None
        known = self.kind.fields_by_name
        texts = [name.strip() for name in text.split(",")]
        names = list(dict.fromkeys(texts))
        unknown = [name for name in names if name not in known]
        if unknown:
            sentence = _("There is no such field: %(name)s") % {"name": unknown[0] or "“”"}
            hint = _("One of: %(codes)s.") % {"codes": ", ".join(known)}
            raise BadQuery({"fields": [sentence, hint]})
        return [known[name] for name in names]

    def values(self, rows: list[Any], only: list[Field] | None) -> list[dict[str, Any]]:
        self.kind.make_ready(rows)
        serializer = self.serializer_class(rows, many=True, context={"only": only})
        values: list[dict[str, Any]] = list(serializer.data)
        return values


class RowList(RowView):
    """All public rows of a kind, page by page; the filters are those of the page."""

    parameters = ("fields", "cursor", "page_size")

    def known_parameters(self) -> list[str]:
        return [*self.parameters, *filters_of(self.kind)]

    def get(self, request: Request) -> HttpResponseBase:
        only = self.only(request)
        pages = RowPages(self.kind.name, chosen_in(request, filters_of(self.kind)))
        pages.refuse_nonsense(request)
        matches = self.kind.filtered(request.query_params, self.kind.rows())
        answer = self.answer_without_rows(request)
        if answer is not None:
            return answer
        rows = list(pages.paginate_queryset(matches, request, view=self) or [])
        return pages.get_paginated_response(self.values(rows, only))


class RowDetail(RowView):
    """One public row by its key."""

    parameters = ("fields",)

    def get(self, request: Request, key: str) -> HttpResponseBase:
        only = self.only(request)
        is_number = key.isascii() and key.isdigit() and len(key) <= KEY_DIGITS
        if self.kind.key != "slug" and not is_number:
            raise NotFound
        row = self.kind.rows().filter(**{self.kind.lookup: key}).first()
        if row is None:
            raise NotFound
        answer = self.answer_without_rows(request)
        return answer or Response(self.values([row], only)[0])


def filters_of(kind: Kind) -> list[str]:
    """The names of a kind's filters. Rows stand in the order of keys: they have no other."""
    names = kind.filters.base_filters
    return [name for name in names if name != DirectoryFilter.ORDER]


def chosen_in(request: Request, names: Iterable[str]) -> dict[str, str]:
    """The filters of a question: what leaves other rows is another list."""
    query = request.query_params
    chosen = {}
    for name in names:
        value = query.get(name)
        if value:
            chosen[name] = value
    return chosen


# --- What there is, and what changed --------------------------------------------------------------


class Root(PublicView):
    """The addresses of all kinds."""

    def get(self, request: Request) -> Response:
        return Response(what_there_is())


def what_there_is() -> dict[str, Any]:
    return {
        "kinds": {name: address_of(f"api_{name}") for name in KINDS},
        "changes": address_of("api_changes"),
        "schema": address_of("api_schema"),
        "catalogue": address_of("data_catalogue"),
        "languages": network_languages(),
        "licence": LICENCE,
    }


def address_of(name: str, *args: Any) -> str:
    """The whole address of a route."""
    return with_site(reverse(name, args=args))


class Changes(PublicView):
    """Rows that are new, changed or gone since a moment; as of the last comparison.

    With `rows=yes` each brings the row as it is now: a mirror need not ask for each.
    """

    parameters = ("since", "kind", "rows", "cursor", "page_size")

    def get(self, request: Request) -> Response:
        changes = self._filtered(request)
        has_rows = _wants_rows(request)
        # Read before the rows: what is compared meanwhile is told twice rather than never.
        noted_at = changes_noted_at()
        if noted_at is None or never_compared(_kinds_asked(request)):
            raise NeverCompared
        pages = RowPages("changes", chosen_in(request, ("since", "kind")))
        rows = list(
            pages.paginate_queryset(
                changes,
                request,
                view=self,
            )
            or []
        )
        values = [_change(row) for row in rows]
        if has_rows:
            _add_rows(values)
        answer = pages.get_paginated_response(values)
        answer.data["until"] = noted_at.isoformat()
        answer.data["noted_at"] = noted_at.isoformat()
        return answer

    def _filtered(self, request: Request) -> Any:
        changes = RowChange.objects.all()
        kind = request.query_params.get("kind")
        if kind is not None:
            if kind not in KINDS:
                raise BadQuery({"kind": [_("One of: %(codes)s.") % {"codes": ", ".join(KINDS)}]})
            changes = changes.filter(kind=kind)
        since = request.query_params.get("since")
        if since is not None:
            changes = changes.filter(changed_at__gt=moment_of(since))
        return changes


def _kinds_asked(request: Request) -> list[Kind]:
    """Of all kinds, or of the one that `kind` names."""
    name = request.query_params.get("kind")
    return [KINDS[name]] if name else [*KINDS.values()]


def moment_of(text: str) -> Any:
    """A day, which begins at midnight UTC, or a moment with its zone; raises BadQuery for any other
    text."""
    sentence = _(
        "A day or a moment with its zone, for example 2026-11-29 or 2026-11-29T12:00:00+00:00."
    )
    if DAY.fullmatch(text):
        text = f"{text}T00:00:00+00:00"
    try:
        # In an address "+" means a space.
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 1900 < moment.year < 9000:
        raise BadQuery({"since": [sentence]})
    return moment


def _change(row: RowChange) -> dict[str, Any]:
    address = "" if row.gone else address_of(f"api_{row.kind}_row", row.key)
    return {
        "kind": row.kind,
        "key": row.key,
        "changed_at": row.changed_at.isoformat(),
        "gone": row.gone,
        "url": address,
    }


def _wants_rows(request: Request) -> bool:
    text = request.query_params.get("rows")
    if text not in (None, YES):
        raise BadQuery({"rows": [_("One of: %(codes)s.") % {"codes": YES}]})
    return text == YES


def _add_rows(changes: list[dict[str, Any]]) -> None:
    """`row`: all fields as they are now; None where the row is gone, or has gone since the
    comparison. Some queries for each kind."""
    keys: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if not change["gone"]:
            keys[change["kind"]].append(change["key"])
    values = {}
    for name, wanted in keys.items():
        kind = KINDS[name]
        rows = list(kind.rows().filter(**{f"{kind.lookup}__in": wanted}))
        kind.make_ready(rows)
        for row in rows:
            key = str(getattr(row, kind.lookup))
            values[name, key] = values_of(kind, row)
    for change in changes:
        change["row"] = values.get((change["kind"], change["key"]))


class Missing(PublicView):
    """Any other address below the API."""

    schema = None

    def get(self, request: Request, rest: str) -> Response:
        raise Http404
