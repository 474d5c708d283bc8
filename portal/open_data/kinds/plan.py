"""The plan's points, what cities promise under them, what they undertook, what they do."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from languages.dates import parse
from languages.text import Text, named
from members.age import age_of
from members.models import Action, Commitment, Evidence, Point, Record, Undertaking, Unit
from members.models.actions import known_as_of
from members.models.commitments import Answer
from members.point_states import AGE_LABELS, BASIS_LABELS, PointBasis
from portal.open_data.fields import (
    Codes,
    Field,
    Provenance,
    Type,
    about_row,
    city_fields,
    code,
    coded,
    day_of,
    key_field,
    many,
    page_field,
    point_fields,
    source_addresses,
    stored,
    text,
    translated_column,
    with_site,
)
from portal.open_data.filters import (
    ActionFilter,
    NoFilter,
    PromiseFilter,
    UndertakingFilter,
)
from portal.open_data.kind import BATCH, Kind, Rows, real_rows


def public_unit(row: Any) -> Text:
    """Only an office that is public itself."""
    return named(row.unit) if row.unit else Text("", "")


def with_unit(rows: Rows) -> Rows:
    return rows.prefetch_related(Prefetch("unit", Unit.objects.public()))


def unit_fields() -> list[Field]:
    return text("unit", _("Office that people may ask"), public_unit, example="Equality Office")


# --- Points ---------------------------------------------------------------------------------------


def point_rows() -> Rows:
    return real_rows(Point).filter(plan__in_force=True)


POINTS = Kind(
    name="points",
    title=_("Points of the plan"),
    meaning=_("The plan that members commit to."),
    fields=(
        Field("number", _("Number of the point of the plan"), Type.NUMBER,
              lambda point: point.number, example="3"),
        *translated_column(Point, "title", example="Training for the city’s staff"),
        *translated_column(Point, "short_title", example="Training"),
        *translated_column(Point, "objective", example="Everybody knows whom to turn to."),
        page_field(),
        *about_row(lambda point: ""),
    ),
    rows=point_rows,
    filters=NoFilter,
    in_order=lambda rows: rows.order_by("number"),
    folder="data/points/",
    key="number",
)  # fmt: skip

# --- Promises -------------------------------------------------------------------------------------

BASES: Codes = tuple(BASIS_LABELS.items())
AGES: Codes = tuple((age.value, label) for age, label in AGE_LABELS.items())


def age_fields(as_of: Callable[[Any], str]) -> list[Field]:
    """Whether the row is told as the present; by its `as_of`."""

    def value(row: Any) -> str:
        return age_of(as_of(row)).value

    return code("age", _("How old the newest information is"), AGES, value)


def promise_rows() -> Rows:
    undertakings = real_rows(Undertaking).order_by("pk")
    rows = real_rows(Commitment).filter(point__plan__in_force=True)
    fetched = with_unit(rows.select_related("city__country", "point"))
    return fetched.prefetch_related(
        Prefetch(
            "undertakings",
            undertakings,
            to_attr="public_undertakings",
        )
    )


def add_actions(rows: list[Any]) -> None:
    """To promises that are known from their actions alone: the dates of these and the addresses of
    their sources. Read as columns: a promise may have thousands of actions."""
    promises = {}
    for row in rows:
        row.action_dates, row.action_sources = set(), []
        if not row.chosen and not row.public_undertakings:
            promises[row.pk] = row
    actions = real_rows(Action).filter(commitment__in=promises).prefetch_related(None)
    dates = actions.order_by().values_list("commitment_id", "status_as_of", "stated_at")
    for key, status_as_of, stated_at in dates.distinct().iterator(chunk_size=BATCH):
        as_of = known_as_of(status_as_of, stated_at)
        promises[key].action_dates.add(as_of)
    for key, addresses in _sources_of(actions).items():
        promises[key].action_sources = list(addresses)


def _sources_of(actions: Rows) -> dict[int, dict[str, None]]:
    """By the key of the promise, each address once, in the order of actions and citations."""
    cited = actions.filter(citations__source__isnull=False).order_by("pk", "citations__pk")
    columns = cited.values_list(
        "commitment_id",
        "citations__source__url",
        "citations__source__title",
    )
    sources: dict[int, dict[str, None]] = defaultdict(dict)
    for key, url, title in columns.iterator(chunk_size=BATCH):
        sources[key][url or title] = None
    return sources


def basis_of(row: Any) -> str:
    """Which of the three origins the promise has; or that only actions are known; "" where nothing
    public is."""
    in_plan = [one for one in row.public_undertakings if not one.point_assigned]
    is_cited = row.origin == Record.Origin.CITED
    if row.chosen == Answer.YES and is_cited and in_plan:
        return PointBasis.PLAN
    if row.chosen:
        return PointBasis.STATED
    if row.public_undertakings:
        return PointBasis.ASSIGNED
    return PointBasis.ACTIONS if row.action_dates else ""


def confirmed_on(row: Any) -> str:
    return row.confirmed_on.isoformat() if row.confirmed_on else ""


def is_known_from_rows(row: Any) -> bool:
    """From its undertakings, else its actions. Not where the city speaks itself."""
    return basis_of(row) != PointBasis.STATED


def known_on(row: Any) -> str:
    """The last date for which it is known: by the city's word, else by what stands below."""
    if row.confirmed_on or not is_known_from_rows(row):
        return confirmed_on(row)
    below = [one.as_of for one in row.public_undertakings] or row.action_dates
    return max(filter(None, below), key=_last_day, default="")


def _last_day(on: str) -> tuple[date, str]:
    """Of dates with the same last day the more exact one is the later."""
    return parse(on).last_day(), on


def promise_sources(row: Any) -> list[str]:
    """Its own, and those of the rows from which it is known."""
    addresses = source_addresses(row)
    if is_known_from_rows(row):
        for one in row.public_undertakings:
            addresses += source_addresses(one)
        addresses += row.action_sources
    unique = dict.fromkeys(addresses)
    return list(unique)


PROMISES = Kind(
    name="promises",
    title=_("Promises of cities"),
    meaning=_(
        "What ties a city to a point of the plan: one row for a city and a point. A promise is "
        "only what the city stated here or its own plan names; the field “basis” tells it from "
        "what the network put under the point, and from points with actions alone."
    ),
    fields=(
        key_field(),
        *city_fields(lambda row: row.city),
        *point_fields(lambda row: row.point),
        *coded(Commitment, "chosen", meaning=_("Whether the city chose the point")),
        *code("basis", _("Origin of the promise"), BASES, basis_of),
        *translated_column(Commitment, "statement",
                     example="The city trains its staff every year."),
        *translated_column(Commitment, "resources", example="One post since 2024."),
        *unit_fields(),
        Field("confirmed_on", _("Last day on which the city wrote or confirmed it"), Type.DAY,
              confirmed_on),
        Field("undertakings", _("How many undertakings of the city stand under it"), Type.NUMBER,
              lambda row: len(row.public_undertakings), provenance=Provenance.PORTAL),
        page_field(),
        *age_fields(known_on),
        *about_row(known_on, promise_sources),
    ),
    rows=promise_rows,
    filters=PromiseFilter,
    in_order=lambda rows: rows.order_by("city__slug", "point__number"),
    folder="data/promises/",
    prepare=add_actions,
)  # fmt: skip

# --- Undertakings ---------------------------------------------------------------------------------


def undertaking_rows() -> Rows:
    rows = real_rows(Undertaking).filter(commitment__point__plan__in_force=True)
    return rows.select_related("commitment__city__country", "commitment__point")


def by_city_and_point(rows: Rows) -> Rows:
    return rows.order_by("commitment__city__slug", "commitment__point__number", "pk")


def promise_key(row: Any) -> int:
    key: int = row.commitment_id
    return key


def promise_field() -> Field:
    return Field("promise", _("Key of the promise, as in the table of promises"), Type.NUMBER,
                 promise_key, provenance=Provenance.PORTAL)  # fmt: skip


UNDERTAKINGS = Kind(
    name="undertakings",
    title=_("Undertakings of cities"),
    meaning=_("What a city undertook in a plan or a decision of its own."),
    fields=(
        key_field(),
        promise_field(),
        *city_fields(lambda row: row.commitment.city),
        *point_fields(lambda row: row.commitment.point),
        stored(Undertaking, "point_assigned", Type.TRUTH),
        stored(Undertaking, "is_heading", Type.TRUTH),
        *translated_column(
            Undertaking, "statement", example="The city trains its staff every year."
        ),
        stored(Undertaking, "original_statement", Type.TEXT, example="Szkolenia dla pracowników"),
        stored(Undertaking, "original_language", Type.LANGUAGE),
        stored(Undertaking, "plan_title", Type.TEXT, example="Sampleton against Racism"),
        stored(Undertaking, "plan_edition", Type.TEXT, example="2024–2028"),
        stored(Undertaking, "decided_on", Type.DATE),
        stored(Undertaking, "decided_by", Type.TEXT, example="City Council"),
        stored(Undertaking, "carried_by", Type.TEXT, example="Equality Office"),
        *age_fields(lambda row: row.as_of),
        *about_row(lambda row: row.as_of),
    ),
    rows=undertaking_rows,
    filters=UndertakingFilter,
    in_order=by_city_and_point,
    folder="data/undertakings/",
)

# --- Actions --------------------------------------------------------------------------------------


def action_rows() -> Rows:
    evidence = Evidence.objects.public().select_related("source", "document").order_by("pk")
    points = Point.objects.public().order_by("number")
    rows = real_rows(Action).filter(commitment__point__plan__in_force=True)
    fetched = with_unit(rows.select_related("commitment__city__country", "commitment__point"))
    return fetched.prefetch_related(
        Prefetch("evidence", evidence, to_attr="public_evidence"),
        Prefetch("further_points", points, to_attr="public_further_points"),
    )


def evidence_addresses(action: Any) -> list[str]:
    return [evidence_address(evidence) for evidence in action.public_evidence]


def evidence_address(evidence: Evidence) -> str:
    """Of the source or of the public document."""
    source = evidence.source
    if source:
        return source.url or source.title
    path = reverse("document_file", args=[evidence.document_id])
    return with_site(path)


ACTIONS = Kind(
    name="actions",
    title=_("Actions of cities"),
    meaning=_("What cities do under the points of the plan."),
    fields=(
        key_field(),
        promise_field(),
        *city_fields(lambda row: row.commitment.city),
        *point_fields(lambda row: row.commitment.point),
        many("further_points", _("Further points that it serves"),
             lambda row: [point.number for point in row.public_further_points],
             type=Type.NUMBER, example="4"),
        stored(Action, "point_assigned", Type.TRUTH),
        *translated_column(Action, "title", example="Training for the city’s staff"),
        stored(Action, "original_title", Type.TEXT, example="Szkolenia dla pracowników"),
        stored(Action, "original_language", Type.LANGUAGE),
        *translated_column(Action, "description",
                     example="The equality office trains the staff of all counters."),
        *coded(Action, "status"),
        *translated_column(Action, "stopped_why", example="The money ran out."),
        stored(Action, "starts", Type.DATE),
        stored(Action, "due", Type.DATE),
        *coded(Action, "existed_before"),
        stored(Action, "carried_by", Type.TEXT, example="Equality Office"),
        *unit_fields(),
        many("evidence", _("Evidence: addresses of sources and documents"), evidence_addresses,
             type=Type.ADDRESS),
        Field("stated_on", _("Day on which the city stated it"), Type.DAY,
              lambda row: day_of(row.stated_at)),
        page_field(),
        *age_fields(lambda row: row.as_of),
        *about_row(lambda row: row.as_of),
    ),
    rows=action_rows,
    filters=ActionFilter,
    in_order=by_city_and_point,
    folder="data/actions/",
)  # fmt: skip
