"""The filters of the directory of cities: each value as a condition on a city.

Conditions on other tables are sub-queries (`pk IN …`): a city stands in a list once, however many
rows it has there.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.forms import Form, IntegerField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.names import number
from languages.shared_values import shared_by_pages
from languages.text import current_language, translated
from members.age import has_recent_status
from members.city_search import FoundCities, find_cities
from members.filters import (
    CountryFilter,
    DirectoryFilter,
    TextFilter,
    countries_of,
)
from members.models import Action, City, Commitment, Ground, Membership, Point, Undertaking
from members.models.actions import ActionQuerySet
from members.models.commitments import Answer, CommitmentQuerySet
from members.strip import has_evidence

Cities = QuerySet[City]
Choices = list[tuple[str, str]]
# Names of filters with what the reader chose.
Values = Mapping[str, Any]

STATUSES = [
    ("active", pgettext_lazy("membership", "active")),
    ("evidenced", pgettext_lazy("membership", "listed by a public source")),
    ("suspended", pgettext_lazy("membership", "suspended")),
    ("former", pgettext_lazy("membership", "former members")),
    ("not-member", pgettext_lazy("membership", "not listed as members")),
    ("all", pgettext_lazy("membership", "all cities")),
]
# What a city does: of one point where a point is chosen as well, else of any.
WORK = [
    ("chosen", pgettext_lazy("work of a city", "chosen by the city")),
    ("plan", pgettext_lazy("work of a city", "in the city’s own plan")),
    ("undertaken", pgettext_lazy("work of a city", "undertaken, point chosen by the network")),
    ("planned", pgettext_lazy("work of a city", "action planned, last three years")),
    ("in-progress", pgettext_lazy("work of a city", "action under way, last three years")),
    ("earlier", pgettext_lazy("work of a city", "planned or under way earlier, or undated")),
    ("done", pgettext_lazy("work of a city", "action done")),
    ("evidence", pgettext_lazy("work of a city", "action done, with evidence or a source")),
    ("stopped", pgettext_lazy("work of a city", "action stopped")),
    ("sources", pgettext_lazy("work of a city", "only found in public sources")),
]
SORTS = [
    ("name", pgettext_lazy("order of a list", "name")),
    ("joined", pgettext_lazy("order of a list", "newest")),
    ("population", pgettext_lazy("order of a list", "largest")),
]
# Inhabitants: the key of each group, its lower bound, and the bound above it.
POPULATIONS: dict[str, tuple[int, int | None]] = {
    "500000-": (500_000, None),
    "100000-500000": (100_000, 500_000),
    "20000-100000": (20_000, 100_000),
    "0-20000": (0, 20_000),
}
UNKNOWN = "unknown"
FIRST_YEAR, LAST_YEAR = 1900, 2100


# --- Choices --------------------------------------------------------------------------------------


@shared_by_pages
def member_country_choices() -> Choices:
    cities = City.objects.public().real()
    return countries_of(cities, "country__code")


@shared_by_pages
def region_choices() -> Choices:
    cities = City.objects.public().real().exclude(region="")
    names = cities.order_by("region").values_list("region", flat=True).distinct()
    return [(name, name) for name in names]


@shared_by_pages
def point_choices() -> Choices:
    points = Point.objects.public().filter(plan__in_force=True)
    choices = []
    for point in points:
        key = str(point.number)
        title = translated(point, "short_title")
        choices.append((key, f"{key}. {title}"))
    return choices


@shared_by_pages
def ground_choices() -> Choices:
    has_city = Q(organisations__city__isnull=False) | Q(programmes__city__isnull=False)
    grounds = Ground.objects.public().filter(has_city).distinct()
    choices = []
    for ground in grounds:
        name = translated(ground, "name")
        choices.append((ground.slug, str(name)))
    return choices


def population_choices() -> Choices:
    choices = []
    for key, bounds in POPULATIONS.items():
        choices.append((key, _population_words(*bounds)))
    unknown = pgettext_lazy("number of inhabitants", "not known")
    choices.append((UNKNOWN, str(unknown)))
    return choices


def _population_words(least: int, below: int | None) -> str:
    language = current_language()
    if below is None:
        words = pgettext_lazy("number of inhabitants", "{least} or more")
        return words.format(least=number(least, language))
    if not least:
        words = pgettext_lazy("number of inhabitants", "under {below}")
        return words.format(below=number(below, language))
    words = pgettext_lazy("number of inhabitants", "{least} to {below}")
    return words.format(least=number(least, language), below=number(below, language))


JOINED = [(UNKNOWN, pgettext_lazy("year of joining", "no year in a source"))]


# --- Conditions -----------------------------------------------------------------------------------


def _of_country(code: str) -> Q:
    return Q(country__code=code)


def _of_region(name: str) -> Q:
    return Q(region=name)


def _of_status(status: str) -> Q:
    memberships = Membership.objects.public()
    if status == "all":
        return Q()
    if status == "not-member":
        return ~Q(pk__in=memberships.values("city"))
    if status == "former":
        ended = memberships.filter(standing__in=Membership.FORMER)
        return Q(pk__in=ended.values("city")) & ~_members()
    with_standing = memberships.filter(standing=status)
    return Q(pk__in=with_standing.values("city"))


def _members() -> Q:
    """Cities that are members, as far as evidenced."""
    return Q(pk__in=Membership.objects.public().open().values("city"))


def _of_population(key: str) -> Q:
    if key == UNKNOWN:
        return Q(population__isnull=True)
    least, below = POPULATIONS[key]
    condition = Q(population__gte=least)
    return condition & Q(population__lt=below) if below else condition


def joined_memberships() -> QuerySet[Membership]:
    """Open ones of which a record tells when the city joined. The day on which a source first lists
    a city is none: figures and tables of the open data say so too."""
    memberships = Membership.objects.public()
    dated = memberships.open().exclude(joined="")
    listed = Membership.Standing.EVIDENCED
    joined: QuerySet[Membership] = dated.exclude(standing=listed)
    return joined


def _joined_after(year: int) -> Q:
    """In that year or later: a partial date begins with its year."""
    first = str(year)
    memberships = joined_memberships()
    later = memberships.filter(joined__gte=first)
    cities = later.values("city")
    return Q(pk__in=cities)


def _joined_before(year: int) -> Q:
    """In that year or earlier."""
    end = str(year + 1)
    memberships = joined_memberships()
    earlier = memberships.filter(joined__lt=end)
    cities = earlier.values("city")
    return Q(pk__in=cities)


def _joined_unknown(_key: str) -> Q:
    """Members of which no record tells when they joined; a list of members tells of itself."""
    memberships = joined_memberships()
    with_year = memberships.values("city")
    has_year = Q(pk__in=with_year)
    return _members() & ~has_year


def _of_ground(slug: str) -> Q:
    """Cities with a body or a programme for this ground. The relation `programmes` belongs to the
    app above, which this one does not import."""
    bodies = Q(organisations__grounds__slug=slug, organisations__published_at__isnull=False)
    programmes = Q(programmes__grounds__slug=slug, programmes__published_at__isnull=False)
    return Q(pk__in=City.objects.filter(bodies | programmes).values("pk"))


def commitments_with(*, point: str = "", work: str = "") -> CommitmentQuerySet:
    """Public commitments to the plan, of this point and with this kind of work; without a kind,
    all that the city chose or does something for."""
    commitments = Commitment.objects.public().filter(point__plan__in_force=True)
    commitments = commitments.exclude(chosen=Answer.NO)
    if point:
        commitments = commitments.filter(point__number=point)
    return _with_work(commitments, work) if work else _with_any_work(commitments)


def _with_any_work(commitments: CommitmentQuerySet) -> CommitmentQuerySet:
    is_chosen = Q(chosen=Answer.YES)
    has_action = Q(chosen=Answer.UNKNOWN, actions__in=Action.objects.public())
    has_undertaking = Q(undertakings__in=Undertaking.objects.public())
    return commitments.filter(is_chosen | has_action | has_undertaking)


def _with_work(commitments: CommitmentQuerySet, work: str) -> CommitmentQuerySet:
    """Those with this kind of work (a key of `WORK`)."""
    if work == "chosen":
        return commitments.chosen_here()
    if work == "plan":
        return commitments.in_plan()
    if work == "undertaken":
        assigned = Undertaking.objects.public().filter(point_assigned=True)
        return commitments.filter(undertakings__in=assigned)
    actions = Action.objects.public()
    if work == "sources":
        without_answer = commitments.filter(chosen=Answer.UNKNOWN, actions__in=actions)
        return without_answer.exclude(actions__origin=Action.Origin.STATED)
    return commitments.filter(actions__in=_actions_of(work, actions))


def _actions_of(work: str, actions: ActionQuerySet) -> ActionQuerySet:
    """Actions of this kind of work. An open action that is old or undated is no present one."""
    if work == "evidence":
        return actions.filter(has_evidence(), status=Action.Status.DONE)
    if work == "earlier":
        return actions.filter(status__in=Action.OPEN).exclude(has_recent_status())
    actions = actions.filter(status=work.replace("-", "_"))
    is_open = work in {"planned", "in-progress"}
    return actions.filter(has_recent_status()) if is_open else actions


CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "country": _of_country,
    "region": _of_region,
    "status": _of_status,
    "population": _of_population,
    "joined_after": _joined_after,
    "joined_before": _joined_before,
    "joined": _joined_unknown,
    "ground": _of_ground,
}


def condition_of(values: Values) -> Q:
    """What all these values ask of a city, without the words that it is looked for by. Without a
    status: the members, as far as evidenced."""
    condition = Q() if values.get("status") else _members()
    for name, condition_of_value in CONDITIONS.items():
        if values.get(name):
            condition &= condition_of_value(values[name])
    point, work = values.get("point") or "", values.get("work") or ""
    if point or work:
        condition &= Q(pk__in=commitments_with(point=point, work=work).values("city"))
    return condition


# --- The filter -----------------------------------------------------------------------------------


class YearFilter(django_filters.NumberFilter):  # type: ignore[misc]
    """A whole year of four digits."""

    field_class = IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=FIRST_YEAR, max_value=LAST_YEAR, **kwargs)


class CityTextFilter(TextFilter):
    """Free text by which the portal's search finds cities."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._found: dict[str, FoundCities] = {}

    def answer_to(self, text: str) -> FoundCities:
        """What a text asks for; the list, its facets and its chips ask once."""
        known = self._found.get(text)
        if known is None:
            known = find_cities(text)
            self._found[text] = known
        return known

    def filter(self, qs: Cities, value: str) -> Cities:
        if not value:
            return qs
        answer = self.answer_to(value)
        keys = answer.keys
        return qs.filter(pk__in=keys)


class CityFilterForm(Form):
    """The form of the directory of cities. No city joined in a time that ends before it begins."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first = values.get("joined_after")
        last = values.get("joined_before")
        if first and last and last < first:
            self.add_error("joined_before", _("This year is before the first one."))
        return values


class CityFilter(DirectoryFilter):
    """Cities by free text, place, size, membership and work on the plan.

    The filters describe the fields of the form; `condition_of` says what a value means.
    """

    q = CityTextFilter()
    country = CountryFilter(
        label=_("Country"), choices=member_country_choices, empty_label=_("All countries")
    )
    region = django_filters.ChoiceFilter(label=_("Region"), choices=region_choices)
    point = django_filters.ChoiceFilter(
        label=_("Point of the plan"), choices=point_choices, empty_label=_("All points")
    )
    work = django_filters.ChoiceFilter(
        label=_("What the city does"), choices=WORK, empty_label=_("Anything or nothing known")
    )
    ground = django_filters.ChoiceFilter(
        label=_("Ground of discrimination"), choices=ground_choices
    )
    joined_after = YearFilter(label=_("Joined in this year or later"))
    joined_before = YearFilter(label=_("Joined in this year or earlier"))
    joined = django_filters.ChoiceFilter(label=_("Year of joining"), choices=JOINED)
    population = django_filters.ChoiceFilter(label=_("Inhabitants"), choices=population_choices)
    status = django_filters.ChoiceFilter(
        label=_("Membership"), choices=STATUSES, empty_label=_("Members")
    )
    # Translators: by what the list is sorted
    sort = django_filters.ChoiceFilter(label=_("Order"), choices=SORTS[1:], empty_label=SORTS[0][1])

    class Meta:
        model = City
        form = CityFilterForm
        fields: list[str] = []

    @property
    def point_numbers(self) -> list[int]:
        """The points of the plan in force, which the form offers."""
        numbers = []
        for key, _title in self.choices_of("point"):
            number_of_point = int(key)
            numbers.append(number_of_point)
        return numbers

    @property
    def values(self) -> dict[str, Any]:
        """What the reader chose; empty where something makes no sense."""
        return dict(self.form.cleaned_data) if self.is_valid() else {}

    @property
    def found_cities(self) -> FoundCities | None:
        """What the text of the reader asks for; None without a text."""
        values = self.values
        text = values.get("q")
        if not text:
            return None
        own = self.filters["q"]
        answer: FoundCities = own.answer_to(text)
        return answer

    def filter_queryset(self, queryset: Cities) -> Cities:
        values = self.values
        rows = self.rows(values)
        sort = values.get(self.ORDER)
        if sort == "joined":
            memberships = joined_memberships().filter(city=OuterRef("pk"))
            rows = rows.annotate(newest=Subquery(memberships.values("joined")[:1]))
            newest = F("newest").desc(nulls_last=True)
            return rows.order_by(newest, "index_rows__sort_key", "pk")
        if sort == "population":
            largest = F("population").desc(nulls_last=True)
            return rows.order_by(largest, "index_rows__sort_key", "pk")
        return rows

    def rows(self, values: Values) -> Cities:
        """The cities of these values, in the order of the names."""
        cities: Cities = self.filters["q"].filter(self.queryset, values.get("q") or "")
        return cities.filter(condition_of(values))

    @cached_property
    def with_words(self) -> set[int] | None:
        """The keys of the cities with the words that were looked for; None where none were. One
        query with words."""
        words = self.values.get("q")
        if not words:
            return None
        cities: Cities = self.filters["q"].filter(self.queryset.order_by(), words)
        return set(cities.values_list("pk", flat=True))

    @property
    def outside(self) -> Cities:
        """Cities with the words that were looked for, which the other filters leave out."""
        values = self.values
        if not values.get("q"):
            return City.objects.none()
        everywhere = self.rows({"q": values["q"], "status": "all"})
        inside = self.rows(values).order_by().values("pk")
        return everywhere.exclude(pk__in=inside)

    @property
    def finds_among_all(self) -> bool:
        """Whether cities that are no members fit what was asked of members."""
        return self.count_of(self.values | {"status": "all"}) > 0

    def count_of(self, values: Values) -> int:
        """How many cities these values leave."""
        return self.rows(values).count()

    def _has_rows_without(self, name: str) -> bool:
        others = {key: value for key, value in self.values.items() if key != name}
        return self.count_of(others) > 0

    def _count(self, name: str) -> int:
        return self.count_of({name: self.values[name]})
