"""The directory of programmes and its filters: one description for the page, its chips and its
exports."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.dates import FIRST_YEAR, LAST_YEAR
from languages.text import current_language, translated
from members.city_filter import point_choices
from members.filters import (
    Chip,
    CountryFilter,
    DirectoryFilter,
    TextFilter,
    countries_of,
    counts_of,
    pairs_of,
)
from members.models import City, Ground, Organisation, RecordQuerySet, TargetGroup
from programs.models import Edition, EditionEvent, Grant, Participation, Programme

Choices = list[tuple[str, str]]
Programmes = QuerySet[Programme]


def listed_programmes() -> RecordQuerySet[Programme]:
    """What the directory lists: public, and of no invented city."""
    return Programme.objects.public().real()


def country_choices() -> Choices:
    return countries_of(listed_programmes(), "city__country__code")


def stage_choices() -> Choices:
    """The stages that say something; "not known" is no filter."""
    choices = []
    for value, label in Edition.Stage.choices:
        if value:
            choices.append((value, str(label)))
    return choices


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


def ground_choices() -> Choices:
    programmes = listed_programmes()
    grounds = Ground.objects.public().filter(programmes__in=programmes)
    in_order = grounds.distinct().order_by("order", "slug")
    return named_choices(in_order)


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

    @property
    def chips(self) -> list[Chip]:
        """Each with the number of programmes that it finds by itself."""
        chips = super().chips
        if not chips:
            return []
        values = self.form.cleaned_data
        names = [name for name, value in values.items() if value]
        for chip, name in zip(chips, names, strict=True):
            own_filter = self.filters[name]
            programmes = self.queryset.all()
            own = own_filter.filter(programmes, values[name])
            chip.count = own.count()
        return chips

    def count_by(self, name: str, rows: Programmes) -> dict[str, int]:
        if name == "city":
            own = pairs_of(rows, "city__slug")
            return counts_of(own.union(pairs_of(rows, "further_cities__slug")))
        if name == "stage":
            editions = Edition.objects.public().filter(programme__in=rows)
            return counts_of(pairs_of(editions, "stage", "programme"))
        if name == "organisation":
            return counts_of(_organisations_and_programmes(rows))
        return super().count_by(name, rows)

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


def _organisations_and_programmes(rows: Programmes) -> QuerySet[Any, Any]:
    """Who leads, joins or pays for these programmes: addresses of organisations, with the keys of
    the programmes."""
    leads = pairs_of(rows, "lead_organisation__slug")
    participations = Participation.objects.public().filter(programme__in=rows)
    joined = pairs_of(participations, "organisation__slug", "programme")
    grants = Grant.objects.public().filter(programme__in=rows)
    paid = pairs_of(grants, "fund__slug", "programme")
    paid_further = pairs_of(grants, "further_funds__slug", "programme")
    return leads.union(joined, paid, paid_further)
