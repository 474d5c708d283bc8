"""Actions by point and status, and by the age of what is known."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.dates import RECENT_YEARS
from languages.names import number
from languages.text import current_language, translated
from members.age import is_recent, year_of
from members.city_sets import sets_of_cities
from members.models import Action, Point
from members.models.commitments import Answer
from members.strip import has_own_evidence, has_source
from portal.figures.figure import Column, Figure, Row, Shape

Status = Action.Status
# In the order of the columns and of the parts of a bar: the surest first.
STATUSES = (Status.DONE, Status.IN_PROGRESS, Status.PLANNED, Status.STOPPED, Status.UNKNOWN)
# Of those done: what was added to an action to show it, and what was published elsewhere.
EVIDENCED = "done_with_evidence"
SOURCED = "done_with_source"
# By the number of a point, and a status or one of these two.
Counts = Counter[tuple[int, str]]
# Of the age of what is known: years before the recent ones that stand together.
MIDDLE_YEARS = 3
OLDER_YEARS = 5


def counted_actions() -> QuerySet[Action]:
    """Public actions of real cities under the plan in force; not what others say of a point that
    the city did not choose."""
    actions = Action.objects.public().real().filter(commitment__city__fictional=False)
    under_plan = actions.filter(commitment__point__plan__in_force=True)
    return under_plan.exclude(commitment__chosen=Answer.NO)


def name_of_status(status: str) -> str:
    """The key of a status in files."""
    return status or "status_unknown"


# --- By point -------------------------------------------------------------------------------------


def actions_by_point() -> Figure:
    """How many actions under each point are planned, under way, done, stopped."""
    columns = ("commitment__point__number", "status", "is_evidenced", "is_sourced")
    actions = counted_actions().annotate(is_evidenced=has_own_evidence(), is_sourced=has_source())
    counts: Counts = Counter()
    for point, status, is_evidenced, is_sourced in actions.values_list(*columns):
        counts[point, status] += 1
        if status == Status.DONE:
            counts[point, EVIDENCED] += is_evidenced
            counts[point, SOURCED] += is_sourced
    total = _sum_of(counts, *STATUSES)
    sentence = _(
        "Actions: {actions}. Of these done: {done}, with evidence: {evidenced}, named by a public "
        "source: {sourced}."
    )
    language = current_language()
    return Figure(
        name="points",
        title=_("Actions under each point"),
        sentence=sentence.format(
            actions=number(total, language),
            done=number(_sum_of(counts, Status.DONE), language),
            evidenced=number(_sum_of(counts, EVIDENCED), language),
            sourced=number(_sum_of(counts, SOURCED), language),
        ),
        reading=_(
            "Each action counts once, under its own point, with the status that the city or a "
            "source gives. Evidence is what somebody added to an action to show it; a public "
            "source only names it. A short bar means that little was found, not that little is "
            "done."
        ),
        whole=_("actions under a point of the plan, stated by cities or found in public sources"),
        total=total,
        head=Column("point", _("Point of the plan")),
        columns=_columns_of_statuses(),
        rows=tuple(_rows_of_points(counts)),
        shape=Shape.PARTS,
        drawn=tuple(name_of_status(status) for status in STATUSES),
        kind="actions",
        unit="actions",
    )


def _sum_of(counts: Counts, *names: str) -> int:
    """The sum of all points."""
    return sum(count for (_point, name), count in counts.items() if name in names)


def _columns_of_statuses() -> tuple[Column, ...]:
    columns = [Column(name_of_status(status), str(status.label)) for status in STATUSES]
    return (
        *columns,
        Column(EVIDENCED, pgettext("work of a city", "action done, with evidence")),
        Column(SOURCED, pgettext("work of a city", "action done, named by a public source")),
        Column("cities_with_something_known", _("Cities with something known")),
    )


def _rows_of_points(counts: Counts) -> Iterable[Row]:
    sets = sets_of_cities(current_language())
    cities = sets.count_by_point({"status": "all"})
    for point in Point.objects.public().filter(plan__in_force=True):
        key = str(point.number)
        title = translated(point, "short_title")
        numbers = [counts[point.number, name] for name in (*STATUSES, EVIDENCED, SOURCED)]
        yield Row(
            key,
            f"{key}. {title}",
            (*numbers, cities.get(key, 0)),
            point.get_absolute_url(),
        )


# --- By age ---------------------------------------------------------------------------------------


def actions_by_age() -> Figure:
    """How old the newest information on actions is."""
    actions = counted_actions().only("status", "status_as_of", "stated_at")
    facts = [(action.status, action.as_of) for action in actions]
    is_open = [on for status, on in facts if status in Action.OPEN]
    old = [on for on in is_open if not is_recent(on)]
    sentence = _(
        "Planned or under way: {open}. Of these nothing is known from the last three years, or "
        "there is no date at all: {old}."
    )
    language = current_language()
    return Figure(
        name="age",
        title=_("How old the information is"),
        sentence=sentence.format(
            open=number(len(is_open), language), old=number(len(old), language)
        ),
        reading=_(
            "By the year for which a status is known. What was under way years ago may have ended "
            "since: an old status does not tell how things stand today."
        ),
        whole=_("actions under a point of the plan, stated by cities or found in public sources"),
        total=len(facts),
        head=Column("period", _("Newest information")),
        columns=(
            Column("done", str(Status.DONE.label)),
            Column("open", _("planned or under way")),
            Column("other", _("stopped, or status not known")),
        ),
        rows=tuple(_rows_of_ages(facts)),
        shape=Shape.PARTS,
        drawn=("done", "open", "other"),
        kind="actions",
        unit="actions",
    )


def _rows_of_ages(facts: list[tuple[str, str]]) -> Iterable[Row]:
    """From the newest period to the oldest, then what has no date."""
    counts: Counter[tuple[str, str]] = Counter()
    first, periods = _periods()
    for status, on in facts:
        counts[_period_of(on, periods), _group(status)] += 1
    labels = {key: key.replace("-", "–") for key in periods}
    labels[_before(first)] = _before_words(first)
    labels[""] = _("no date in the source")
    for key, label in labels.items():
        numbers = tuple(counts[key, group] for group in ("done", "open", "other"))
        yield Row(key, label, numbers)


def _periods() -> tuple[int, dict[str, range]]:
    """The first year of all, and the years of each period, the newest first."""
    last = timezone.localdate().year
    periods = {}
    for length in (RECENT_YEARS, MIDDLE_YEARS, OLDER_YEARS):
        first = last - length + 1
        periods[f"{first}-{last}"] = range(first, last + 1)
        last = first - 1
    return last + 1, periods


def _period_of(on: str, periods: dict[str, range]) -> str:
    if not on:
        return ""
    year = int(year_of(on))
    for key, years in periods.items():
        if year in years:
            return key
    first = min(years.start for years in periods.values())
    return _before(first) if year < first else next(iter(periods))


def _before(year: int) -> str:
    """The key of all years before this one, as EDTF writes it."""
    return f"../{year - 1}"


def _before_words(year: int) -> str:
    return _("before {year}").format(year=year)


def _group(status: str) -> str:
    if status == Status.DONE:
        return "done"
    return "open" if status in Action.OPEN else "other"
