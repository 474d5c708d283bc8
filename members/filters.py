"""The directory's filters: one description for the page, its chips and, later, its exports."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters.fields import ChoiceField

from languages.search.results import matching_rows
from languages.text import labelled, translated
from members.countries import country_choices
from members.models import Action, City, Commitment, Membership, Point, Undertaking
from members.models.commitments import Answer, CommitmentQuerySet
from members.models.record import content_type_of
from members.strip import has_evidence

QUERY_LENGTH = 200

Cities = QuerySet[City]

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
    ("planned", pgettext_lazy("work of a city", "action planned")),
    ("in-progress", pgettext_lazy("work of a city", "action in progress")),
    ("done", pgettext_lazy("work of a city", "action done")),
    ("evidence", pgettext_lazy("work of a city", "action done, with evidence")),
    ("stopped", pgettext_lazy("work of a city", "action stopped")),
    ("sources", pgettext_lazy("work of a city", "only found in public sources")),
]
SORTS = [
    ("name", pgettext_lazy("order of a list", "name")),
    ("joined", pgettext_lazy("order of a list", "newest members first")),
    ("population", pgettext_lazy("order of a list", "largest first")),
]
FORMER = (Membership.Standing.WITHDRAWN, Membership.Standing.EXCLUDED)


class TextFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Free text, found in the index of all languages: without diacritics, also a word's start."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=QUERY_LENGTH,
            label=_("Name or word"),
            **kwargs,
        )

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        content_type = content_type_of(qs.model())
        rows = matching_rows(value).filter(content_type=content_type)
        keys = rows.values("object_id")
        return qs.filter(pk__in=keys)


def countries_of(rows: QuerySet[Any], path: str) -> list[tuple[str, str]]:
    """Countries of these rows, as choices by name; `path` is the lookup to a country's code."""
    with_country = rows.exclude(**{path: None})
    codes = with_country.order_by().values_list(path, flat=True)
    return country_choices(codes.distinct())


def member_country_choices() -> list[tuple[str, str]]:
    cities = City.objects.public().real()
    return countries_of(cities, "country__code")


def point_choices() -> list[tuple[str, str]]:
    points = Point.objects.public().filter(plan__in_force=True)
    choices = []
    for point in points:
        number = str(point.number)
        title = translated(point, "short_title")
        choices.append((number, f"{number}. {title}"))
    return choices


class Chip:
    """An active filter in words, how many rows it leaves alone, and the address without it."""

    def __init__(self, label: str, url: str, count: int | None = None) -> None:
        self.label = label
        self.url = url
        self.count = count


class CountryFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """A country by its two letters, in capitals or not: people write `country=pl`."""

    class field_class(ChoiceField):  # type: ignore[misc]  # noqa: N801 - django-filter's name
        def to_python(self, value: Any) -> Any:
            if isinstance(value, str):
                value = value.upper()
            return super().to_python(value)


class DirectoryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of a directory. A value that makes no sense leaves no rows: the form says which."""

    ORDER = "sort"

    @property
    def qs(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.queryset.none()
        if self.is_valid():
            rows = super().qs
        return rows

    @property
    def chips(self) -> list[Chip]:
        """The active filters."""
        if not self.is_valid():
            return []
        return [
            self._chip(name, value)
            for name, value in self.form.cleaned_data.items()
            if value and name != self.ORDER
        ]

    def _chip(self, name: str, value: str) -> Chip:
        others = self.data.copy()
        others.pop(name, None)
        others.pop("page", None)
        query_string = others.urlencode()
        field = self.form.fields[name]
        words = self._words(name, value)
        return Chip(
            label=labelled(field.label, words),
            url=f"?{query_string}",
            count=self._count(name),
        )

    def _count(self, name: str) -> int:
        """How many rows there are with this filter and no other."""
        values = {name: self.data.get(name)}
        filters = type(self)(values, queryset=self.queryset)
        return filters.qs.count()

    def _words(self, name: str, value: str) -> str:
        formfield = self.form.fields[name]
        if isinstance(formfield, forms.ChoiceField):
            choices: dict[Any, Any] = dict(formfield.choices)  # type: ignore[arg-type]
            return str(choices.get(value, value))
        return str(value)


class CityFilter(DirectoryFilter):
    """Cities by free text, country, standing and work on the plan.

    Without a standing: the members, as far as evidenced.
    """

    q = TextFilter()
    country = CountryFilter(
        field_name="country__code",
        label=_("Country"),
        choices=member_country_choices,
        empty_label=_("All countries"),
    )
    status = django_filters.ChoiceFilter(
        method="by_status", label=_("Membership"), choices=STATUSES, empty_label=_("Members")
    )
    point = django_filters.ChoiceFilter(
        method="by_point",
        label=_("Point of the plan"),
        choices=point_choices,
        empty_label=_("All points"),
    )
    work = django_filters.ChoiceFilter(
        method="by_work",
        label=_("What the city does"),
        choices=WORK,
        empty_label=_("Anything or nothing known"),
    )
    # Translators: by what the list is sorted
    sort = django_filters.ChoiceFilter(
        method="ordered", label=_("Order"), choices=SORTS[1:], empty_label=SORTS[0][1]
    )

    class Meta:
        model = City
        fields: list[str] = []

    @property
    def outside(self) -> QuerySet[City]:
        """Cities with the words that were looked for, which the other filters leave out."""
        words = self.form.cleaned_data.get("q") if self.is_valid() else ""
        if not words:
            return City.objects.none()
        everywhere = type(self)({"q": words, "status": "all"}, queryset=self.queryset)
        inside = self.qs.order_by().values("pk")
        rows: QuerySet[City] = everywhere.qs.exclude(pk__in=inside)
        return rows

    @property
    def qs(self) -> QuerySet[City]:
        rows = super().qs
        if not self.is_valid():
            return rows
        status = self.form.cleaned_data["status"]
        if status:
            return rows
        members = Membership.objects.public().open()
        return rows.filter(memberships__in=members)

    def by_status(self, queryset: Cities, name: str, value: str) -> Cities:
        memberships = Membership.objects.public()
        if value == "all":
            return queryset
        if value == "not-member":
            cities = memberships.values("city")
            return queryset.exclude(pk__in=cities)
        if value == "former":
            ended = memberships.filter(standing__in=FORMER)
            members = memberships.open().values("city")
            former_members = queryset.filter(memberships__in=ended)
            return former_members.exclude(pk__in=members)
        with_standing = memberships.filter(standing=value)
        return queryset.filter(memberships__in=with_standing)

    def by_point(self, queryset: Cities, name: str, value: str) -> Cities:
        """Cities that chose the point or do something there.

        With a kind of work, `by_work` asks for both at once.
        """
        if self.form.cleaned_data.get("work"):
            return queryset
        actions = Action.objects.public()
        is_chosen = Q(chosen=Answer.YES)
        has_action = Q(chosen=Answer.UNKNOWN, actions__in=actions)
        has_undertaking = Q(undertakings__in=Undertaking.objects.public())
        works_on_it = is_chosen | has_action | has_undertaking
        commitments = self._commitments().filter(works_on_it)
        cities = commitments.values("city")
        return queryset.filter(pk__in=cities)

    def by_work(self, queryset: Cities, name: str, value: str) -> Cities:
        commitments = self._commitments_with(value)
        cities = commitments.values("city")
        return queryset.filter(pk__in=cities)

    def _commitments_with(self, work: str) -> CommitmentQuerySet:
        """Public commitments with this kind of work (a key of `WORK`)."""
        commitments = self._commitments()
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
        if work == "evidence":
            actions = actions.filter(has_evidence(), status=Action.Status.DONE)
        else:
            actions = actions.filter(status=work.replace("-", "_"))
        return commitments.filter(actions__in=actions)

    def _commitments(self) -> CommitmentQuerySet:
        """Public ones that are not refused, under the chosen point of the plan if there is one."""
        rows = Commitment.objects.public().filter(point__plan__in_force=True)
        rows = rows.exclude(chosen=Answer.NO)
        number = self.form.cleaned_data.get("point")
        if not number:
            return rows
        return rows.filter(point__number=number)

    def ordered(self, queryset: Cities, name: str, value: str) -> Cities:
        orders = {"joined": "-memberships__joined", "population": "-population"}
        first = orders[value]
        return queryset.order_by(first, "index_rows__sort_key", "pk")
