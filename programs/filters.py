"""The directory of programmes and its filters: one description for the page, its chips and its
exports."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.dates import FIRST_YEAR, LAST_YEAR
from languages.shared_values import shared_by_pages
from languages.text import current_language, translated
from languages.value_sets import Keys, ValueSets, in_all
from members.city_filter import point_choices
from members.filters import (
    CountryFilter,
    DirectoryFilter,
    TextFilter,
    countries_of,
)
from members.models import City, Ground, Organisation, TargetGroup
from programs.models import Edition, EditionEvent, Grant, Participation, Programme
from programs.programme_sets import LISTED, listed_programmes, sets_of_programmes

# Filters of which no facts tell.
ASKED_OF_ROWS = ("q", "year")

Choices = list[tuple[str, str]]
Programmes = QuerySet[Programme]


@shared_by_pages
def country_choices() -> Choices:
    return countries_of(listed_programmes(), "city__country__code")


def stage_choices() -> Choices:
    """The stages that say something; "not known" is no filter."""
    choices = []
    for value, label in Edition.Stage.choices:
        if value:
            choices.append((value, str(label)))
    return choices


@shared_by_pages
def city_choices() -> Choices:
    """Cities that carry a programme or join in one, by name."""
    programmes = listed_programmes()
    carries = Q(programmes__in=programmes)
    joins = Q(further_programmes__in=programmes)
    cities = City.objects.public().filter(carries | joins)
    listed = cities.listed(current_language())
    return titles_of(listed)


def titles_of(rows: QuerySet[Any]) -> Choices:
    """Of rows that are `listed`."""
    return list(rows.values_list("slug", "title").distinct())


@shared_by_pages
def ground_choices() -> Choices:
    programmes = listed_programmes()
    grounds = Ground.objects.public().filter(programmes__in=programmes)
    in_order = grounds.distinct().order_by("order", "slug")
    return named_choices(in_order)


@shared_by_pages
def target_choices() -> Choices:
    programmes = listed_programmes()
    groups = TargetGroup.objects.public().filter(programmes__in=programmes)
    in_order = groups.distinct().order_by("order", "slug")
    return named_choices(in_order)


def named_choices(rows: Iterable[Ground | TargetGroup]) -> Choices:
    choices = []
    for row in rows:
        name = translated(row, "name")
        choices.append((row.slug, str(name)))
    return choices


@shared_by_pages
def organisation_choices() -> Choices:
    """Organisations that lead a programme, take part in one or pay for one, by name."""
    programmes = listed_programmes()
    participations = Participation.objects.public().real()
    grants = Grant.objects.public().real()
    involved = (
        Q(led_programmes__in=programmes)
        | Q(participations__in=participations)
        | Q(grants__in=grants)
        | Q(further_grants__in=grants)
    )
    public = Organisation.objects.public()
    organisations = public.filter(involved)
    listed = organisations.listed(current_language())
    return titles_of(listed)


class ProgrammeFilter(DirectoryFilter):
    """Programmes by free text, place, kind, stage of an edition, year, and what and whom they
    serve."""

    q = TextFilter()
    country = CountryFilter(
        field_name="city__country__code",
        label=_("Country"),
        choices=country_choices,
        empty_label=_("All countries"),
    )
    city = django_filters.ChoiceFilter(
        method="by_city", label=_("City"), choices=city_choices, empty_label=_("All cities")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=Programme.Kind.choices, empty_label=_("All kinds")
    )
    stage = django_filters.ChoiceFilter(
        method="by_stage",
        label=_("Last known stage"),
        choices=stage_choices,
        empty_label=_("All stages"),
    )
    year = django_filters.NumberFilter(
        method="by_year",
        label=_("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        decimal_places=0,
        help_text=_("A year in which an edition ran or something happened."),
    )
    point = django_filters.ChoiceFilter(
        field_name="points__number",
        label=pgettext_lazy("filter", "Point of the plan"),
        choices=point_choices,
        empty_label=_("All points"),
    )
    ground = django_filters.ChoiceFilter(
        field_name="grounds__slug",
        label=_("Ground"),
        choices=ground_choices,
        empty_label=_("All grounds"),
    )
    target = django_filters.ChoiceFilter(
        field_name="target_groups__slug",
        label=_("For whom"),
        choices=target_choices,
        empty_label=_("All groups"),
    )
    organisation = django_filters.ChoiceFilter(
        method="by_organisation",
        label=_("Organisation"),
        choices=organisation_choices,
        empty_label=_("All organisations"),
    )

    class Meta:
        model = Programme
        fields: list[str] = []

    def _count(self, name: str) -> int:
        listed = self._sets.with_words(LISTED)
        return len(listed & self._keys_with(name, self.form.cleaned_data[name]))

    def _has_rows_without(self, name: str) -> bool:
        return bool(self._keys(others_than=name))

    def count_by(self, name: str) -> dict[str, int]:
        keys = self._keys(others_than=name)
        sets = self._sets
        counts = {}
        for value in sets.values_of(name):
            counts[value] = len(keys & sets.with_words(f"{name} {value}"))
        return counts

    @property
    def keys(self) -> Keys:
        """The programmes of the list."""
        return self._keys() if self.is_valid() else set()

    def _keys(self, others_than: str = "") -> Keys:
        """What the filters leave, perhaps all but one."""
        sets: list[AbstractSet[int]] = [self._sets.with_words(LISTED)]
        for name, value in self.form.cleaned_data.items():
            if value and name != others_than:
                sets.append(self._keys_with(name, value))
        return in_all(sets)

    def _keys_with(self, name: str, value: Any) -> AbstractSet[int]:
        """The programmes that one filter leaves by itself."""
        if name in ASKED_OF_ROWS:
            return self._keys_of_rows[name]
        return self._sets.with_words(f"{name} {value}")

    @cached_property
    def _keys_of_rows(self) -> dict[str, Keys]:
        """Of each filter without facts that the reader chose. One query for each."""
        keys = {}
        for name in ASKED_OF_ROWS:
            value = self.form.cleaned_data[name]
            if value:
                rows = self.filters[name].filter(listed_programmes(), value)
                keys[name] = set(rows.values_list("pk", flat=True))
        return keys

    @cached_property
    def _sets(self) -> ValueSets:
        return sets_of_programmes(current_language())

    def by_city(self, queryset: Programmes, name: str, value: str) -> Programmes:
        cities = City.objects.public().filter(slug=value)
        joined = cities.values("further_programmes")
        is_own = Q(city__slug=value)
        is_joined = Q(pk__in=joined)
        return queryset.filter(is_own | is_joined)

    def by_stage(self, queryset: Programmes, name: str, value: str) -> Programmes:
        editions = Edition.objects.public().filter(stage=value)
        programmes = editions.values("programme")
        return queryset.filter(pk__in=programmes)

    def by_year(self, queryset: Programmes, name: str, value: int) -> Programmes:
        """Partial dates begin with their year. Of an edition whose end is not known, only its first
        year is sure."""
        year = f"{int(value)}"
        end_of_year = f"{year}-99"
        had_begun = Q(period_from__gt="", period_from__lte=end_of_year)
        had_not_ended = Q(period_to__gte=year)
        begins = Q(period_from__startswith=year)
        ends = Q(period_to__startswith=year)
        ran = had_begun & had_not_ended | (begins | ends)

        event_begins = Q(starts__startswith=year)
        event_ends = Q(ends__startswith=year)
        events = EditionEvent.objects.public().filter(event_begins | event_ends)
        happened = Q(pk__in=events.values("edition"))

        editions = Edition.objects.public().filter(ran | happened)
        programmes = editions.values("programme")
        return queryset.filter(pk__in=programmes)

    def by_organisation(self, queryset: Programmes, name: str, value: str) -> Programmes:
        """Led by it, joined by it, or paid by it."""
        organisations = Organisation.objects.public().filter(slug=value)
        is_led = Q(lead_organisation__in=organisations)

        participations = Participation.objects.public()
        own_participations = participations.filter(organisation__in=organisations)
        is_joined = Q(pk__in=own_participations.values("programme"))

        is_fund = Q(fund__in=organisations)
        is_further_fund = Q(further_funds__in=organisations)
        grants = Grant.objects.public()
        own_grants = grants.filter(is_fund | is_further_fund)
        is_paid = Q(pk__in=own_grants.values("programme"))

        return queryset.filter(is_led | is_joined | is_paid)
