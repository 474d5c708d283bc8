"""The directory's filters: one description for the page, its chips and, later, its exports."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters.fields import ChoiceField

from languages.names import country_name
from languages.search.results import matching_rows
from languages.sorting import sort_key
from languages.text import current_language, labelled, translated
from members.models import Action, City, Commitment, Membership, Point
from members.models.commitments import Answer
from members.models.record import content_type_of
from members.strip import evidenced

QUERY_LENGTH = 200

STATUSES = [
    ("active", pgettext_lazy("membership", "active")),
    ("evidenced", pgettext_lazy("membership", "evidenced")),
    ("suspended", pgettext_lazy("membership", "suspended")),
    ("former", pgettext_lazy("membership", "former members")),
    ("not-member", pgettext_lazy("membership", "not evidenced as members")),
    ("all", pgettext_lazy("membership", "all cities of the portal")),
]
# What a city does: of one point where a point is chosen as well, else of any.
WORK = [
    ("chosen", pgettext_lazy("work of a city", "chosen by the city")),
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


class TextFilter(django_filters.CharFilter):
    """Free text, found through the index: without diacritics, in all languages, as a beginning of a
    word."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=QUERY_LENGTH, label=_("Name or word"), **kwargs)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        rows = matching_rows(value).filter(content_type=content_type_of(qs.model()))
        return qs.filter(pk__in=rows.values("object_id"))


def countries_of(rows: QuerySet, path: str) -> list[tuple[str, str]]:
    """Countries that occur among the rows, by the lookup to their code, in the order of the
    reader's language."""
    language = current_language()
    codes = rows.exclude(**{path: None}).order_by().values_list(path, flat=True).distinct()
    names = [(code, country_name(code, language)) for code in codes]
    return sorted(names, key=lambda item: sort_key(item[1], language))


def country_choices() -> list[tuple[str, str]]:
    return countries_of(City.objects.public().real(), "country__code")


def point_choices() -> list[tuple[str, str]]:
    points = Point.objects.public().filter(plan__in_force=True)
    return [
        (str(point.number), f"{point.number}. {translated(point, 'short_title')}")
        for point in points
    ]


class Chip:
    """An active filter in words, how many it leaves alone, and the address of the list without
    it."""

    def __init__(self, label: str, url: str, count: int | None = None) -> None:
        self.label = label
        self.url = url
        self.count = count


class CountryFilter(django_filters.ChoiceFilter):
    """A country by its two letters, in capitals or not: `country=pl` is what people type."""

    class field_class(ChoiceField):  # noqa: N801 - django-filter's name
        def to_python(self, value: Any) -> Any:
            return super().to_python(value.upper() if isinstance(value, str) else value)


class DirectoryFilter(django_filters.FilterSet):
    """Filters of a directory. A value that makes no sense leaves nothing: the form says which, the
    page what to loosen."""

    ORDER = "sort"

    @property
    def qs(self) -> QuerySet:
        return super().qs if self.is_valid() else self.queryset.none()

    @property
    def chips(self) -> list[Chip]:
        """The active filters, each with the query that is left when it is taken away."""
        if not self.is_valid():
            return []
        chips = []
        for name, value in self.form.cleaned_data.items():
            if value and name != self.ORDER:
                rest = self.data.copy()
                rest.pop(name, None)
                rest.pop("page", None)
                label = labelled(self.form.fields[name].label, self._words(name, value))
                chips.append(Chip(label, f"?{rest.urlencode()}", self._alone(name)))
        return chips

    def _alone(self, name: str) -> int:
        """How many there are with this filter and no other."""
        return type(self)({name: self.data.get(name)}, queryset=self.queryset).qs.count()

    def _words(self, name: str, value: str) -> str:
        formfield = self.form.fields[name]
        if isinstance(formfield, forms.ChoiceField):
            return str(dict(formfield.choices).get(value, value))
        return str(value)


class CityFilter(DirectoryFilter):
    """Cities by free text, country, standing and work on the plan. Without a standing: the members,
    as far as evidenced."""

    q = TextFilter()
    country = CountryFilter(
        field_name="country__code",
        label=_("Country"),
        choices=country_choices,
        empty_label=_("All countries"),
    )
    status = django_filters.ChoiceFilter(
        method="by_status", label=_("Standing"), choices=STATUSES, empty_label=_("Members")
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
    def qs(self) -> QuerySet[City]:
        rows = super().qs
        if self.is_valid() and not self.form.cleaned_data["status"]:
            return rows.filter(memberships__in=Membership.objects.public().open())
        return rows

    def by_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        public = Membership.objects.public()
        if value == "former":
            left = queryset.filter(memberships__in=public.filter(standing__in=FORMER))
            return left.exclude(pk__in=public.open().values("city"))
        if value == "not-member":
            return queryset.exclude(pk__in=public.values("city"))
        return (
            queryset
            if value == "all"
            else queryset.filter(memberships__in=public.filter(standing=value))
        )

    def by_point(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Cities that chose the point or do something there; with a kind of work, `by_work` asks
        for both at once."""
        if self.form.cleaned_data.get("work"):
            return queryset
        working = Q(chosen=Answer.YES) | Q(
            chosen=Answer.UNKNOWN, actions__in=Action.objects.public()
        )
        return queryset.filter(pk__in=self._commitments().filter(working).values("city"))

    def by_work(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        commitments = self._commitments()
        if value == "chosen":
            return queryset.filter(pk__in=commitments.filter(chosen=Answer.YES).values("city"))
        actions = Action.objects.public()
        if value == "sources":
            unsaid = commitments.filter(chosen=Answer.UNKNOWN, actions__in=actions)
            return queryset.filter(
                pk__in=unsaid.exclude(actions__origin=Action.Origin.STATED).values("city")
            )
        if value == "evidence":
            actions = actions.filter(evidenced(), status=Action.Status.DONE)
        else:
            actions = actions.filter(status=value.replace("-", "_"))
        return queryset.filter(pk__in=commitments.filter(actions__in=actions).values("city"))

    def _commitments(self) -> QuerySet[Commitment]:
        """Public ones, under the chosen point of the plan if there is one."""
        rows = (
            Commitment.objects.public().filter(point__plan__in_force=True).exclude(chosen=Answer.NO)
        )
        number = self.form.cleaned_data.get("point")
        return rows.filter(point__number=number) if number else rows

    def ordered(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        order = {"joined": ["-memberships__joined"], "population": ["-population"]}[value]
        return queryset.order_by(*order, "index_rows__sort_key", "pk")
